/** Processes with workers (tests/faults/worker.ts), and the sink that their jobs report to. */
import { type Desk } from "./desk.ts";
import { targetOf } from "./cluster.ts";
import { PERMITTED } from "./deno.ts";

const PROGRAM = new URL("../faults/worker.ts", import.meta.url).pathname;

/** What a job of kind "probe" told the sink. */
export interface Report {
  tenantId: string;
  id: string;
  attempts: number;
  pid: number;
  /** When it came, in milliseconds of `performance.now()`. */
  at: number;
}

/** What becomes of the job: `hang` answers when the sink closes. */
export type Verdict = "ok" | "fail" | "die" | "hang";

export interface Sink extends AsyncDisposable {
  url: string;
  /** Everything that came, in order. */
  reports: Report[];
  /** Says what becomes of a job; "ok" unless set. */
  verdict: (report: Report) => Verdict;
}

/** A server that jobs report to. */
export function openSink(): Sink {
  const reports: Report[] = [];
  const closing = Promise.withResolvers<void>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const report = { ...await request.json(), at: performance.now() };
    reports.push(report);
    const verdict = sink.verdict(report);
    if (verdict === "hang") await closing.promise;
    return new Response(verdict);
  });
  const sink: Sink = {
    url: `http://127.0.0.1:${server.addr.port}`,
    reports,
    verdict: () => "ok",
    async [Symbol.asyncDispose]() {
      closing.resolve();
      await server.shutdown();
    },
  };
  return sink;
}

/** A process with workers on the desk's database. */
export interface WorkerProcess extends AsyncDisposable {
  pid: number;
  /** Resolves when it has ended. */
  ended: Promise<Deno.CommandStatus>;
  kill(signal?: Deno.Signal): void;
}

/** Starts workers in a process of their own, with leases of `leaseSeconds`. @returns once they look for jobs */
export async function startWorkerProcess(
  desk: Desk,
  { sink, leaseSeconds, env = {} }: { sink: string; leaseSeconds: number; env?: Record<string, string> },
): Promise<WorkerProcess> {
  const options = {
    target: targetOf(desk.cluster, desk.database),
    leaseSeconds,
    sink,
    env: { DATA_DIR: desk.config.DATA_DIR, ...env },
  };
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", ...PERMITTED, PROGRAM, JSON.stringify(options)],
    cwd: new URL("../../", import.meta.url),
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const said = child.stdout.getReader();
  await said.read();
  said.releaseLock();
  const reading = child.stdout.cancel();
  const kill = (signal: Deno.Signal = "SIGKILL") => {
    try {
      child.kill(signal);
    } catch {
      // It has ended.
    }
  };
  return {
    pid: child.pid,
    ended: child.status,
    kill,
    async [Symbol.asyncDispose]() {
      kill("SIGCONT");
      kill();
      await child.status;
      await reading;
    },
  };
}

/** Makes `many` jobs of kind "probe" for an organisation, due now. @returns their ids, in order */
export async function makeProbes(desk: Desk, { tenantId, many, orderKey = null }: {
  tenantId: string;
  many: number;
  orderKey?: string | null;
}): Promise<string[]> {
  const rows = await desk.look<{ id: string }>(
    `insert into jobs (tenant_id, id, kind, order_key) select $1, uuidv7(), 'probe', $3::text
    from generate_series(1, $2::int) returning id`,
    [tenantId, many, orderKey],
  );
  return rows.map(({ id }) => id).sort();
}
