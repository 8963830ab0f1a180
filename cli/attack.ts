/** Probes a running installation for holes between organisations and between roles, over HTTP as anybody could. */
import { type Options, readAccounts, readOptions, USAGE } from "./attack/options.ts";
import { type Result, run } from "./attack/run.ts";
import { CannotRun } from "./attack/wire.ts";

const [FOUND, COULD_NOT_RUN] = [1, 2];

try {
  const options = readOptions(Deno.args);
  if (options === null) write(Deno.stdout, USAGE);
  else Deno.exit(await attack(options));
} catch (error) {
  if (!(error instanceof CannotRun)) throw error;
  write(Deno.stderr, error.message);
  Deno.exit(COULD_NOT_RUN);
}

async function attack(options: Options): Promise<number> {
  const started = Date.now();
  const stop = new AbortController();
  // The second time the process ends as usual.
  const interrupted = () => {
    Deno.removeSignalListener("SIGINT", interrupted);
    stop.abort(new CannotRun("Stopped"));
  };
  Deno.addSignalListener("SIGINT", interrupted);
  const say = (line: string) => write(options.json ? Deno.stderr : Deno.stdout, line);
  const [A, B] = ["ATTACK_A", "ATTACK_B"].map((name) => readAccounts(name, Deno.env.get(name)));
  const result = await run({ options, accounts: { A, B }, stop: stop.signal, say });
  tell(result, options, Math.round((Date.now() - started) / 1000));
  if (result.error !== null) return COULD_NOT_RUN;
  return result.report.findings.length > 0 ? FOUND : 0;
}

function tell({ report, requests, left, error }: Result, { url, json }: Options, seconds: number): void {
  const { probes, findings, skipped } = report;
  const cause = error === null ? null : reasonOf(error);
  if (json) {
    const { origin } = url;
    const result = { url: origin, seconds, requests, probes, findings, skipped, left, error: cause };
    write(Deno.stdout, JSON.stringify(result, null, 2));
  } else {
    for (const one of skipped) write(Deno.stdout, `Not probed: ${one}`);
    for (const one of left) write(Deno.stdout, `Left behind: ${one}`);
    write(Deno.stdout, `${probes} probes, ${findings.length} findings (${requests} requests, ${seconds} s)`);
  }
  if (cause !== null) write(Deno.stderr, `Cannot finish the attack: ${cause}`);
}

function reasonOf(error: unknown): string {
  if (error instanceof CannotRun) return error.message;
  if (error instanceof DOMException && error.name === "TimeoutError") return "--minutes have passed";
  throw error;
}

function write(stream: { writeSync(bytes: Uint8Array): number }, line: string): void {
  const bytes = new TextEncoder().encode(line + "\n");
  for (let at = 0; at < bytes.length;) at += stream.writeSync(bytes.subarray(at));
}
