/** How tests start programs of the project. */

const ALLOWED = ["net", "read", "write", "env", "run", "sys", "ffi"].map((name) => `--allow-${name}`);

/** What tests may do, with node_modules taken as they are: checking them takes as long as a start itself. */
export const PERMITTED = ["--node-modules-dir=manual", ...ALLOWED];

const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("../../deno.json", import.meta.url))) as {
  tasks: Record<string, string>;
};

/** The flags that a task of deno.json runs its program with. @throws Error when there is no such task */
export function flagsOf(task: string): string[] {
  const flags = /deno run (.*) \S+\.ts/.exec(tasks[task] ?? "")?.[1];
  if (!flags) throw new Error(`Cannot find the flags of the task "${task}"`);
  return flags.split(" ");
}
