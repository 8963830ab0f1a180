import { drainOutbox, untilNextMail } from "../domain/outbox/drain.ts";
import type { Services } from "../domain/services.ts";
import { log } from "../log.ts";
import { foldCounts } from "./fold_counts.ts";
import { rollOutSla } from "./roll_out_sla.ts";
import { sealAudits } from "./seal_audit.ts";
import { sweepAllFiles } from "./sweep_files.ts";

/** What waits longer than this is found by the minute's tick. */
const TICK_MS = 60_000;

/** What runs by the clock: every process ticks; the claims see to it that nothing runs twice. */
const EVERY_MINUTE: { name: string; run: (services: Services) => Promise<unknown> }[] = [
  { name: "drain outbox", run: drainOutbox },
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
  /** Has the outbox emptied now. */
  wake(): void;
  /** Starts nothing more, and resolves when what runs has ended. */
  stop(): Promise<void>;
}

/** Starts the clock, and the worker that empties the outbox when a commit wakes it. */
export function startJobs(services: Services): Jobs {
  const stopped = new AbortController();
  for (const [schedule, jobs] of [["* * * * *", EVERY_MINUTE], ["17 * * * *", EVERY_HOUR]] as const) {
    for (const { name, run } of jobs) {
      // Rejects when it is stopped, which is no error.
      Deno.cron(name, schedule, { signal: stopped.signal }, () => guarded(name, () => run(services)))
        .catch(() => {});
    }
  }
  let draining: Promise<void> | undefined;
  let again = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const drain = async () => {
    while (again && !stopped.signal.aborted) {
      again = false;
      await guarded("drain outbox", () => drainOutbox(services));
    }
    await guarded("plan next mail", async () => {
      const wait = await untilNextMail();
      if (wait === null || wait > TICK_MS || stopped.signal.aborted) return;
      clearTimeout(timer);
      timer = setTimeout(wake, Math.max(wait, 100));
    });
    draining = undefined;
    // Woken after the last look and before this line.
    if (again && !stopped.signal.aborted) wake();
  };
  const wake = () => {
    again = true;
    draining ??= drain();
  };
  wake();
  return {
    wake,
    async stop() {
      stopped.abort();
      clearTimeout(timer);
      await draining;
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
