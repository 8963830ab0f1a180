import type { Services } from "../domain/services.ts";
import { log } from "../log.ts";
import { foldCounts } from "./fold_counts.ts";
import { rollOutSla } from "./roll_out_sla.ts";
import { sealAudits } from "./seal_audit.ts";
import { sweepAllFiles } from "./sweep_files.ts";
import { startWorkers } from "./workers.ts";

/** What runs by the clock: every process ticks; the claims see to it that nothing runs twice. */
const EVERY_MINUTE: { name: string; run: (services: Services) => Promise<unknown> }[] = [
  { name: "wake workers", run: (services) => Promise.resolve(services.wake()) },
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
const EVERY_HOUR: typeof EVERY_MINUTE = [
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
  for (const [schedule, jobs] of [["* * * * *", EVERY_MINUTE], ["17 * * * *", EVERY_HOUR]] as const) {
    for (const { name, run } of jobs) {
      // Rejects when it is stopped, which is no error.
      Deno.cron(name, schedule, { signal: stopped.signal }, () => guarded(name, () => run(services)))
        .catch(() => {});
    }
  }
  const workers = startWorkers(services);
  return {
    async stop() {
      stopped.abort();
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
