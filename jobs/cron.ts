import type { Services } from "../domain/services.ts";
import { log } from "../log.ts";
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
  run: (services: Services) => Promise<unknown>;
  /** Runs half a minute after the tick as well: what it finds then has waited for no more than a minute for sure. */
  twice?: true;
}

const HALF_MINUTE_MS = 30_000;

const EVERY_MINUTE: Ticking[] = [
  { name: "wake workers", run: (services) => Promise.resolve(services.wake()) },
  {
    name: "evaluate service levels",
    run: (services) => evaluateSla({ requestId: "evaluate-sla", ip: "", userAgent: "", services }),
    twice: true,
  },
  {
    name: "wake tickets",
    run: (services) => wakeAllTickets({ requestId: "wake-tickets", ip: "", userAgent: "", services }),
    twice: true,
  },
  {
    name: "fold ticket counts",
    run: (services) => foldCounts({ requestId: "fold-counts", ip: "", userAgent: "", services }),
  },
  {
    name: "roll out service levels",
    run: (services) => rollOutSla({ requestId: "roll-out-sla", ip: "", userAgent: "", services }),
  },
  {
    name: "seal audit logs",
    run: (services) => sealAudits({ requestId: "seal-audit", ip: "", userAgent: "", services }),
  },
];

/** What may wait longer. */
const EVERY_HOUR: Ticking[] = [
  {
    name: "close resolved tickets",
    run: (services) => closeAllResolved({ requestId: "close-resolved", ip: "", userAgent: "", services }),
  },
  {
    name: "clean up",
    run: (services) => cleanUp({ requestId: "clean-up", ip: "", userAgent: "", services }),
  },
  {
    name: "sweep files",
    run: (services) => sweepAllFiles({ requestId: "sweep-files", ip: "", userAgent: "", services }),
  },
];

/** The jobs of a process. */
export interface Jobs {
  /** Starts nothing more, and resolves when what runs has ended. */
  stop(): Promise<void>;
}

/** Starts the clock, and the workers that a commit wakes, here or in another process. */
export function startJobs(services: Services): Jobs {
  const stopped = new AbortController();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const later = (tick: () => Promise<void>) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      tick();
    }, HALF_MINUTE_MS);
    timers.add(timer);
  };
  for (const [schedule, jobs] of [["* * * * *", EVERY_MINUTE], ["17 * * * *", EVERY_HOUR]] as const) {
    for (const { name, run, twice } of jobs) {
      const tick = () => guarded(name, () => run(services));
      // Rejects when it is stopped, which is no error.
      Deno.cron(name, schedule, { signal: stopped.signal }, () => {
        if (twice) later(tick);
        return tick();
      }).catch(() => {});
    }
  }
  const workers = startWorkers(services);
  return {
    async stop() {
      stopped.abort();
      for (const timer of timers) clearTimeout(timer);
      await workers.stop();
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
