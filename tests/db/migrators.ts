/** Processes that migrate: migrator.ts, run as many times as a test wants. */

const PROGRAM = new URL("migrator.ts", import.meta.url).pathname;
// A connection by socket is a write to it.
const ALLOWED = ["net", "read", "write", "env", "sys"].map((name) => `--allow-${name}`);

/** Starts one; `options` are those of migrator.ts. */
export function migrator(options: unknown): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--node-modules-dir=manual",
      ...ALLOWED,
      PROGRAM,
      JSON.stringify(options),
    ],
    cwd: new URL("../../", import.meta.url),
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

/** Its exit code, and what it ran or why it couldn't. */
// deno-lint-ignore no-explicit-any -- a list of names, or an error
export async function outcome(child: Deno.ChildProcess): Promise<{ code: number; said: any }> {
  const { code, stdout } = await child.output();
  const text = new TextDecoder().decode(stdout);
  return { code, said: text === "" ? null : JSON.parse(text) };
}
