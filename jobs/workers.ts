import type { Services } from "@/ports.ts";
import { Isolation } from "./isolation.ts";
import { JOB_KINDS, type JobKind } from "./kinds.ts";
import { startWorker } from "./worker.ts";

/** `leaseSeconds` is for tests that kill workers; `isBusy` tells whether people wait for this process. */
export function startWorkers(
  services: Services,
  { kinds = JOB_KINDS, ...options }: {
    kinds?: Record<string, JobKind>;
    leaseSeconds?: number;
    isBusy?: () => boolean;
  } = {},
): { stop(): Promise<void> } {
  const isolation = new Isolation();
  const workers = new Map(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      startWorker(services, name, { ...kind, ...options, isolation }),
    ]),
  );
  const wakeAll = () => {
    for (const worker of workers.values()) worker.wake();
  };
  const unsubscribe = services.bus.subscribe("jobs", (kind) => {
    if (kind === "") wakeAll();
    else workers.get(kind)?.wake();
  });
  wakeAll();
  return {
    async stop() {
      unsubscribe();
      await Promise.all([...workers.values()].map((worker) => worker.stop()));
    },
  };
}
