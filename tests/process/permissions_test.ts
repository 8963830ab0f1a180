import { flagsOf } from "@/tests/helpers/deno.ts";
import { assertEquals } from "@/tests/helpers/assert.ts";

/** What a program with the flags of a task is let do, of some things that an intruder would. */
async function mayDo(task: string): Promise<Record<string, string>> {
  const program = `
    const tried = {
      metadata: () => Deno.connect({ hostname: "169.254.169.254", port: 80 }),
      "metadata by IPv6": () => Deno.connect({ hostname: "fd00:ec2::254", port: 80 }),
      loopback: () => Deno.connect({ hostname: "127.0.0.1", port: 9 }),
      program: () => new Deno.Command("/bin/true").output(),
      library: () => Deno.dlopen("/lib/x86_64-linux-gnu/libc.so.6", {}),
      "file elsewhere": () => Deno.writeTextFile("/tmp/servicehub-permissions-test/none", ""),
      source: () => Deno.writeTextFile("serve.ts", "", { createNew: true }),
      secret: () => Deno.readTextFile("/etc/hostname"),
    };
    const answers = {};
    for (const [name, run] of Object.entries(tried)) {
      answers[name] = await Promise.resolve().then(run).then(() => "done", (error) => error.name);
    }
    console.log(JSON.stringify(answers));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...flagsOf(task), "-"],
    cwd: new URL("../../", import.meta.url),
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(program));
  await writer.close();
  return JSON.parse(new TextDecoder().decode((await child.output()).stdout));
}

Deno.test("tasks run with what they need: no cloud's metadata, no libraries, programs only where PostgreSQL is embedded", async () => {
  const start = {
    metadata: "NotCapable",
    "metadata by IPv6": "NotCapable",
    loopback: "ConnectionRefused",
    program: "done",
    library: "NotCapable",
    "file elsewhere": "NotFound",
    source: "AlreadyExists",
    secret: "done",
  };
  assertEquals(await mayDo("start"), start);
  assertEquals(await mayDo("serve"), { ...start, program: "NotCapable" });
  const nothing = Object.fromEntries(Object.keys(start).map((name) => [name, "NotCapable"]));
  assertEquals(await mayDo("build"), { ...nothing, program: "done" });
  assertEquals(await mayDo("strings"), nothing);
  assertEquals(await mayDo("attack"), { ...nothing, loopback: "ConnectionRefused" });
});
