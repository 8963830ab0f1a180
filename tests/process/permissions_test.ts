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

/** What a flag of Deno lets a program do, in the table's words: of what it names, of anything, or of nothing. */
function rightOf(flags: string[], name: string): string[] | "any" | "none" {
  const flag = flags.find((one) => one.split("=")[0] === `--allow-${name}`);
  if (flag === undefined) return "none";
  return flag.includes("=") ? flag.slice(flag.indexOf("=") + 1).split(",") : "any";
}

const FILES: Readonly<Record<string, string>> = {
  ".": "the project",
  "_fresh": "`_fresh`",
  "static/styles.css": "the bundled stylesheet",
};

/** A task's row in the table, from what its program runs with. */
function rowOf(task: string, command: string): string[] {
  const flags = flagsOf(task);
  const words = (right: ReturnType<typeof rightOf>, names: Readonly<Record<string, string>>) =>
    Array.isArray(right) ? right.map((one) => names[one] ?? one).join(" and ") : right;
  const denied = flags.find((flag) => flag.startsWith("--deny-net="))?.includes("169.254.169.254");
  const net = rightOf(flags, "net");
  return [
    `\`${task}\``,
    command.includes("deno task build") ? "`build`" : "",
    words(rightOf(flags, "run"), {}),
    net === "any" ? denied ? "all but the metadata services of clouds" : "all" : words(net, {}),
    `reads ${words(rightOf(flags, "read"), FILES)}, writes ${words(rightOf(flags, "write"), FILES)}`,
    words(rightOf(flags, "ffi"), { node_modules: "from `node_modules`" }),
  ];
}

Deno.test("SECURITY.md says of every task that runs a program what it may do", async () => {
  const read = (name: string) => Deno.readTextFile(new URL(`../../${name}`, import.meta.url));
  const { tasks } = JSON.parse(await read("deno.json")) as { tasks: Record<string, string> };
  const section = (await read("SECURITY.md")).split("\n## Permissions\n")[1]!;
  const table = section.split("\n").filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  const expected = Object.entries(tasks).filter(([, command]) => command.includes("deno run "))
    .map(([task, command]) => rowOf(task, command));
  assertEquals(table, expected);
});
