/** Test files that run one after the other in one process (in_turn.ts). */
import { PERMITTED } from "./deno.ts";

/** What a batch came to; `times` are in milliseconds and hold what a file loads and sets up as well. */
export interface Result {
  passed: number;
  failed: number;
  output: string;
  times: Map<string, number>;
}

const ROOT = new URL("../../", import.meta.url);
/** Files that take minutes start first, then the files of folders that take long or wait: each in a process of its own. */
const LONGEST = [
  "tests/domain/demo_test.ts",
  "tests/security/xss_test.ts",
  "tests/faults/mail_kill_test.ts",
  "tests/process/dev_test.ts",
  "tests/e2e/story_test.ts",
  "tests/security/text_sweep_test.ts",
  "tests/security/lost_sight_test.ts",
  "tests/security/screens_test.ts",
  "tests/domain/search_index_test.ts",
  "tests/domain/ticket_plans_test.ts",
];
const LONG = ["tests/e2e", "tests/faults", "tests/process", "tests/embedded", "tests/db"];
/** Starting a process costs as much as a short test file does. */
const FILES_AT_MOST = 8;
/** How a file's output begins, and the line in which one of its tests ends. */
const BEGINS = /^(\S+_test\.tsx?) \.\.\./;
const ENDS = /^ {2}\S.* \.\.\. (ok|FAILED)\b/;
/** What is said in between of a file that takes its time. */
const RUNNING = /'[^']*' has been running for over \(.*\)$/;
const LIMIT_MS = 900_000;

/** Groups files for {@linkcode runBatch}, what takes longest first. */
export function batchesOf(files: string[]): string[][] {
  const folderOf = (file: string) => file.slice(0, Math.max(0, file.lastIndexOf("/")));
  const longest = LONGEST.filter((file) => files.includes(file)).map((file) => [file]);
  const folders = Map.groupBy(files.filter((file) => !LONGEST.includes(file)), folderOf);
  const long = LONG.flatMap((folder) => (folders.get(folder) ?? []).map((file) => [file]));
  const short = [...folders].filter(([folder]) => !LONG.includes(folder)).flatMap(([, inFolder]) =>
    Array.from(
      { length: Math.ceil(inFolder.length / FILES_AT_MOST) },
      (_, i) => inFolder.slice(i * FILES_AT_MOST, (i + 1) * FILES_AT_MOST),
    )
  );
  return [...longest, ...long, ...short];
}

/**
 * Runs files in a process of their own, and ends whatever they left running. A process that dies, or doesn't end in a
 * quarter of an hour, has failed, whatever it printed.
 */
export async function runBatch(
  files: string[],
  env: Record<string, string>,
  stop: AbortSignal,
): Promise<Result> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-check", "--quiet", ...PERMITTED, "tests/helpers/in_turn.ts", "--", ...files],
    cwd: ROOT,
    env: { ...env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    // A process group of its own.
    detached: true,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const end = () => endGroup(child.pid);
  const limit = setTimeout(end, LIMIT_MS);
  stop.addEventListener("abort", end);
  const reading = Promise.all([watch(child.stdout), new Response(child.stderr).text()]);
  const { code } = await child.status;
  clearTimeout(limit);
  stop.removeEventListener("abort", end);
  end();
  const [{ output, times, passed, failed }, errors] = await reading;
  return { passed, failed: Math.max(failed, code === 0 ? 0 : 1), output: output + errors, times };
}

function endGroup(leader: number): void {
  try {
    Deno.kill(-leader, "SIGKILL");
  } catch {
    // Nobody is left.
  }
}

/** A file's time ends with the last line that it prints, and begins where the one before it ended. */
async function watch(stdout: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Result> {
  const result: Result = { passed: 0, failed: 0, output: "", times: new Map() };
  let [rest, begun, file, ended] = ["", "", "", performance.now()];
  for await (const text of stdout.pipeThrough(new TextDecoderStream())) {
    result.output += text;
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const part of lines) {
      const line = begun + part;
      begun = RUNNING.test(line) ? line.replace(RUNNING, "") : "";
      if (begun) continue;
      file = BEGINS.exec(line)?.[1] ?? file;
      const end = ENDS.exec(line)?.[1];
      if (end === "ok") result.passed++;
      else if (end) result.failed++;
    }
    if (file === "") continue;
    const now = performance.now();
    result.times.set(file, (result.times.get(file) ?? 0) + now - ended);
    ended = now;
  }
  return result;
}
