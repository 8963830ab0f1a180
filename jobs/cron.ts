import { drainOutbox } from "../domain/outbox/drain.ts";
import type { Services } from "../domain/services.ts";
import { log } from "../log.ts";
import { foldCounts } from "./fold_counts.ts";

/** What runs by the clock: every process ticks; the claims see to it that nothing runs twice. */
const EVERY_MINUTE: { name: string; run: (services: Services) => Promise<unknown> }[] = [
  { name: "drain outbox", run: drainOutbox },
  {
    name: "fold ticket counts",
    run: (services) => foldCounts({ requestId: "fold-counts", ip: "", userAgent: "", services }),
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
  for (const { name, run } of EVERY_MINUTE) {
    // Rejects when it is stopped, which is no error.
    Deno.cron(name, "* * * * *", { signal: stopped.signal }, () => guarded(name, () => run(services)))
      .catch(() => {});
  }
  let draining: Promise<void> | undefined;
  let again = false;
  const wake = () => {
    again = true;
    draining ??= (async () => {
      while (again && !stopped.signal.aborted) {
        again = false;
        await guarded("drain outbox", () => drainOutbox(services));
      }
      draining = undefined;
    })();
  };
  wake();
  return {
    wake,
    async stop() {
      stopped.abort();
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
