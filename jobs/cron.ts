import type { RequestInfo } from "@/domain/cx.ts";
import type { Services } from "@/ports.ts";
import { log } from "@/log.ts";
import { cleanUp } from "./clean_up.ts";
import { closeAllResolved } from "./close_resolved.ts";
import { evaluateSla } from "./evaluate_sla.ts";
import { foldCounts } from "./fold_counts.ts";
import { rollOutSla } from "./roll_out_sla.ts";
import { sealAudits } from "./seal_audit.ts";
import { sweepAllFiles } from "./sweep_files.ts";
import { wakeAllTickets } from "./wake_tickets.ts";
import { startWorkers } from "./workers.ts";

/** What runs by the clock: every process ticks; the claims see to it that nothing runs twice. */
interface Ticking {
  name: string;
  /** Begins nothing new once `signal` is aborted. */
  run: (request: RequestInfo, signal: AbortSignal) => Promise<unknown>;
  /** Runs half a minute after the tick as well: what it finds then has waited for no more than a minute for sure. */
  twice?: true;
}

const HALF_MINUTE_MS = 30_000;

const EVERY_MINUTE: Ticking[] = [
  { name: "wake workers", run: ({ services }) => Promise.resolve(services.wake()) },
  { name: "evaluate service levels", run: evaluateSla, twice: true },
  { name: "wake tickets", run: wakeAllTickets, twice: true },
  { name: "fold ticket counts", run: foldCounts },
  { name: "roll out service levels", run: rollOutSla },
  { name: "seal audit logs", run: sealAudits },
];

/** What may wait longer. */
const EVERY_HOUR: Ticking[] = [
  { name: "close resolved tickets", run: closeAllResolved },
  { name: "clean up", run: cleanUp },
  { name: "sweep files", run: sweepAllFiles },
];

/** The jobs of a process. */
export interface Jobs {
  /** Starts nothing more, and resolves when what runs has ended. */
  stop(): Promise<void>;
}

/**
 * Starts the clock, and the workers that a commit wakes, here or in another process.
 *
 * @param options `isBusy` tells whether people wait for this process: jobs leave the processors to them then
 */
export function startJobs(services: Services, options: { isBusy?: () => boolean } = {}): Jobs {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = new Set<Promise<void>>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const tick = ({ name, run }: Ticking): Promise<void> => {
    const request = { requestId: name.replaceAll(" ", "-"), ip: "", userAgent: "", services };
    const done = guarded(name, () => run(request, signal)).finally(() => running.delete(done));
    running.add(done);
    return done;
  };
  const tickLater = (job: Ticking) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      tick(job);
    }, HALF_MINUTE_MS);
    timers.add(timer);
  };
  for (const [schedule, jobs] of [["* * * * *", EVERY_MINUTE], ["17 * * * *", EVERY_HOUR]] as const) {
    for (const job of jobs) {
      // Rejects when it is stopped, which is no error.
      Deno.cron(job.name, schedule, { signal }, () => {
        if (job.twice) tickLater(job);
        return tick(job);
      }).catch(() => {});
    }
  }
  const workers = startWorkers(services, options);
  return {
    async stop() {
      stopping.abort();
      for (const timer of timers) clearTimeout(timer);
      await Promise.all([workers.stop(), ...running]);
    },
  };
}

/** A job that fails is logged and tried at the next tick; it never ends the process (REL-08). */
async function guarded(name: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    log("error", "Job failed", { job: name, error });
  }
}
