import type { RequestInfo } from "@/domain/cx.ts";
import { claimJobs, type Job, settleJobs, untilNextJob } from "@/domain/jobs/claim.ts";
import { type JobOutcome, outcomeOfFailure } from "@/domain/jobs/outcome.ts";
import type { Services } from "@/ports.ts";
import { log } from "@/log.ts";
import type { Lane } from "./handlers.ts";

/** Seconds that a worker holds a job; when it has died, others take the job after that (REL-03). */
const HOLD = 55;
/** A handler that takes longer is taken to have failed, in milliseconds. */
const DEADLINE_MS = 30_000;
/** Between two looks that others ask for, in milliseconds; the first is at once. */
const PACE_MS = 100;
/** What ends within this time is written down together, in milliseconds; sooner where nothing else runs. */
const GATHER_MS = 25;
/** A worker that nobody wakes looks this often, in milliseconds. */
const POLL_MS = 5_000;
/** With this many processes lost, a job is run while nothing else is. */
const SUSPECT = 2;

/** Jobs of a kind that run at once while people wait for the process, and when it looks again, in milliseconds. */
const POLITE = { slots: 2, againMs: 50 };

/** What a worker did so far, in jobs. */
export interface Done {
  done: number;
  /** Done without doing anything, with a note why. */
  skipped: number;
  failed: number;
}

/** The worker of one kind of job. */
export interface Worker {
  /** Looks for due jobs now, or soon where it just did. */
  wake(): void;
  /** Resolves with what was done when nothing is due and nothing runs. */
  idle(): Promise<Done>;
  /** Claims nothing more, and resolves when what runs has been settled. */
  stop(): Promise<void>;
}

/** What the workers of a process share, so that a job that may end the process runs alone. */
export interface Company {
  running: Set<Promise<void>>;
  suspect: Promise<void> | undefined;
}

/**
 * Does the jobs of one kind, several at once, in batches of claims and settlements: woken, or when the next is due, or
 * after 5 s. Any number of processes may have one.
 *
 * @param options `hold` in seconds, for tests that kill workers; `once` stops looking when nothing is due; `isBusy`
 *   tells whether people wait for this process: they go first
 */
export function startWorker(
  services: Services,
  kind: string,
  {
    handler,
    slots,
    perTenant,
    hold = HOLD,
    once = false,
    isBusy = () => false,
    company = { running: new Set(), suspect: undefined },
  }:
    & Lane
    & { hold?: number; once?: boolean; isBusy?: () => boolean; company?: Company },
): Worker {
  const request: RequestInfo = { requestId: `job-${kind}`, ip: "", userAgent: "", services };
  const total: Done = { done: 0, skipped: 0, failed: 0 };
  const running = new Map<string, number>();
  let free = slots;
  let stopped = false;
  let pumping: Promise<void> | undefined;
  let again = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sooner: ReturnType<typeof setTimeout> | undefined;
  let settled: { job: Job; outcome: JobOutcome }[] = [];
  let settling: Promise<void> | undefined;
  let gathered = () => {};
  /** Jobs whose handlers run. */
  let active = 0;
  /** Whether the last look may have left something due. */
  let more = false;
  let lookedAt = -Infinity;
  let idlers: (() => void)[] = [];

  function wake(): void {
    const wait = lookedAt + PACE_MS - performance.now();
    if (wait <= 0 && !pumping) look();
    else sooner ??= setTimeout(look, Math.max(0, wait));
  }

  function look(): void {
    clearTimeout(sooner);
    sooner = undefined;
    again = true;
    pumping ??= pump().finally(() => {
      pumping = undefined;
      if (again && !stopped && free > 0) look();
      else restIfIdle();
    });
  }

  async function pump(): Promise<void> {
    clearTimeout(timer);
    while (again && !stopped && free > 0) {
      again = false;
      const most = isBusy() ? Math.min(free, POLITE.slots - (slots - free)) : free;
      if (most <= 0) {
        later(POLITE.againMs);
        break;
      }
      lookedAt = performance.now();
      try {
        await company.suspect;
        const jobs = await claimJobs(kind, { most, hold, perTenant, held: running });
        for (const job of jobs) start(job);
        more = jobs.length >= most || [...running.values()].some((count) => count >= perTenant);
        if (jobs.length > 0) again = true;
        else await plan();
      } catch (error) {
        log("error", "Jobs not claimed", { kind, error });
        later(1_000);
      }
    }
  }

  /** Sleeps until the next is due; another process may hold it then, so at least a little. */
  async function plan(): Promise<void> {
    if (!once && !stopped) later(Math.max(50, Math.min(await untilNextJob(kind) ?? POLL_MS, POLL_MS)));
  }

  function later(ms: number): void {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(look, ms);
  }

  function restIfIdle(): void {
    if (free < slots || settling || again || pumping) return;
    const waiting = idlers;
    idlers = [];
    for (const told of waiting) told();
  }

  function start(job: Job): void {
    free--;
    active++;
    running.set(job.tenantId, (running.get(job.tenantId) ?? 0) + 1);
    const work = job.lost >= SUSPECT
      ? alone(job)
      : company.suspect
      ? company.suspect.then(() => attempt(job))
      : attempt(job);
    company.running.add(work);
    work.finally(() => company.running.delete(work));
  }

  async function alone(job: Job): Promise<void> {
    const others = [...company.running];
    const turn = company.suspect = (company.suspect ?? Promise.resolve())
      .then(() => Promise.all(others)).then(() => attempt(job));
    await turn;
    if (company.suspect === turn) company.suspect = undefined;
  }

  async function attempt(job: Job): Promise<void> {
    const outcome = stopped ? { state: "back" as const, wait: 0, note: null } : await outcomeOfAttempt(job);
    settled.push({ job, outcome });
    active--;
    settling ??= gather().then(settle);
    if (active === 0) gathered();
    await settling;
  }

  function gather(): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, GATHER_MS);
      gathered = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  async function outcomeOfAttempt(job: Job): Promise<JobOutcome> {
    const deadline = new AbortController();
    let ticking: ReturnType<typeof setTimeout> | undefined;
    try {
      const late = new Promise<never>((_, reject) =>
        ticking = setTimeout(() => {
          deadline.abort();
          reject(new Error(`Took longer than ${DEADLINE_MS / 1000} s`));
        }, DEADLINE_MS)
      );
      const { note = null } = await Promise.race([handler(request, job, { signal: deadline.signal }), late]);
      total[note === null ? "done" : "skipped"]++;
      return { state: "done", wait: 0, note };
    } catch (error) {
      total.failed++;
      const outcome = outcomeOfFailure(error, job);
      log("warn", "Job failed", { kind, jobId: job.id, attempts: job.attempts, state: outcome.state, error });
      return outcome;
    } finally {
      clearTimeout(ticking);
    }
  }

  async function settle(): Promise<void> {
    const batch = settled;
    settled = [];
    settling = undefined;
    let freed = false;
    try {
      freed = (await settleJobs(batch)).freed;
    } catch (error) {
      // The leases run out, and the jobs are done again.
      log("error", "Jobs not settled", { kind, jobs: batch.length, error });
    }
    for (const { job } of batch) {
      free++;
      const left = running.get(job.tenantId)! - 1;
      if (left > 0) running.set(job.tenantId, left);
      else running.delete(job.tenantId);
    }
    if (!stopped && (freed || more)) look();
    else restIfIdle();
  }

  return {
    wake,
    async idle() {
      const resting = new Promise<void>((done) => idlers.push(done));
      look();
      await resting;
      return { ...total };
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(sooner);
      await pumping;
      await Promise.all(company.running);
    },
  };
}
