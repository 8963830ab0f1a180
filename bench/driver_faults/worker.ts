/**
 * One driver under load, as a process of its own since a driver may crash it. Takes a `Task` as JSON in its only
 * argument, writes its `Counts` as one JSON line four times a second, and ends after `seconds`, or as soon as every
 * transaction hangs.
 */
import { DRIVERS, type InTenant, type Target } from "./drivers.ts";

/** What a worker is told to do. */
export interface Task {
  driver: string;
  target: Target;
  tenants: string[];
  /** Transactions under way at once; more than the pool has connections. */
  concurrency: number;
  seconds: number;
}

/** What a worker saw so far. */
export interface Counts {
  transactions: number;
  reads: number;
  /** Reads that brought at least one row of another tenant. */
  wrongTenant: number;
  /** Transactions that were neither done nor failed after 5 s. */
  hung: number;
  /** Errors that no caller could catch: unheard, each ends the process. */
  uncaught: number;
  /** Transactions that failed, as they should when their connection dies. */
  failed: number;
  uncaughtTexts: string[];
}

const HUNG_AFTER_MS = 5_000;
/** With nothing done or failed for so long, nothing will be. */
const WEDGED_AFTER_MS = 4_000;
const READS = 3;
const WORK_MS = 60;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

type Load = { inTenant: InTenant; counts: Counts; lastSettled: number };

async function run(task: Task, counts: Counts): Promise<void> {
  const inTenant = DRIVERS[task.driver]?.(task.target);
  if (!inTenant) throw new Error(`Cannot run driver "${task.driver}": it is unknown`);
  const until = performance.now() + task.seconds * 1000;
  const load = { inTenant, counts, lastSettled: performance.now() };
  const wedged = () => performance.now() - load.lastSettled > WEDGED_AFTER_MS;
  await Promise.all(Array.from({ length: task.concurrency }, async (_, index) => {
    for (let turn = index; performance.now() < until && !wedged(); turn++) {
      const tenant = task.tenants[turn % task.tenants.length]!;
      await transact(tenant, load);
    }
  }));
}

async function transact(tenant: string, load: Load): Promise<void> {
  const { counts } = load;
  const work = load.inTenant(tenant, async (read) => {
    for (let number = 0; number < READS; number++) {
      const seen = await read();
      counts.reads++;
      if (seen.some((other) => other !== tenant)) counts.wrongTenant++;
      await pause(Math.random() * WORK_MS); // a handler does other things between its statements
    }
  }).then(() => counts.transactions++, () => counts.failed++)
    .finally(() => load.lastSettled = performance.now());
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => timer = setTimeout(resolve, HUNG_AFTER_MS, "late"));
  if (await Promise.race([work, late]) === "late") counts.hung++;
  clearTimeout(timer);
}

function countUncaught(counts: Counts): void {
  const note = (event: Event, cause: unknown) => {
    event.preventDefault();
    counts.uncaught++;
    const text = String(cause);
    if (!counts.uncaughtTexts.includes(text)) counts.uncaughtTexts.push(text);
  };
  globalThis.addEventListener("error", (event) => note(event, event.error));
  globalThis.addEventListener("unhandledrejection", (event) => note(event, event.reason));
}

if (import.meta.main) {
  const task: Task = JSON.parse(Deno.args[0] ?? "{}");
  const none = { transactions: 0, reads: 0, wrongTenant: 0, hung: 0, uncaught: 0, failed: 0 };
  const counts: Counts = { ...none, uncaughtTexts: [] };
  const report = () => Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(counts)}\n`));
  countUncaught(counts);
  setInterval(report, 250);
  await run(task, counts);
  report();
  Deno.exit(0); // connections that hang would keep it alive
}
