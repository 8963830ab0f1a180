import type { Services } from "@/ports.ts";
import { type Lane, LANES } from "./handlers.ts";
import { type Company, type Done, startWorker } from "./worker.ts";

/** Starts a worker of each kind; the bus wakes them. `hold` is the lease in seconds, for tests that kill workers. */
export function startWorkers(
  services: Services,
  { lanes = LANES, hold, isBusy }: {
    lanes?: Record<string, Lane>;
    hold?: number;
    isBusy?: () => boolean;
  } = {},
): { stop(): Promise<void> } {
  const company: Company = { running: new Set(), suspect: undefined };
  const workers = new Map(
    Object.entries(lanes).map(([kind, lane]) => [
      kind,
      startWorker(services, kind, {
        ...lane,
        company,
        ...(hold ? { hold } : {}),
        ...(isBusy ? { isBusy } : {}),
      }),
    ]),
  );
  const wakeAll = () => {
    for (const worker of workers.values()) worker.wake();
  };
  const silence = services.bus.subscribe(
    "jobs",
    (kind) => kind === "" ? wakeAll() : workers.get(kind)?.wake(),
  );
  wakeAll();
  return {
    async stop() {
      silence();
      await Promise.all([...workers.values()].map((worker) => worker.stop()));
    },
  };
}

/** Does what is due until nothing is, as one process would. @returns what was done, of all kinds */
export async function drainJobs(
  services: Services,
  { lanes = LANES }: { lanes?: Record<string, Lane> } = {},
): Promise<Done> {
  const total: Done = { done: 0, skipped: 0, failed: 0 };
  await Promise.all(
    Object.entries(lanes).map(async ([kind, lane]) => {
      const worker = startWorker(services, kind, { ...lane, once: true });
      const did = await worker.idle();
      await worker.stop();
      for (const what of ["done", "skipped", "failed"] as const) total[what] += did[what];
    }),
  );
  return total;
}
