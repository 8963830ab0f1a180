import type { RequestInfo } from "@/domain/cx.ts";
import type { Job } from "@/domain/jobs/claim.ts";
import type { Services } from "@/ports.ts";
import { Claimer } from "./claimer.ts";
import { Isolation } from "./isolation.ts";
import type { JobKind } from "./kinds.ts";
import { Poller } from "./poller.ts";
import { GIVEN_BACK, runJob } from "./runner.ts";
import { Settler } from "./settler.ts";
import { Slots } from "./slots.ts";

/** How long a claim lasts; after it others take the jobs of a worker that died (REL-03). */
const LEASE_SECONDS = 55;
/** After this many crashes a job runs in isolation (REL-06). */
const SUSPECT_AFTER = 2;

interface WorkerOptions extends JobKind {
  leaseSeconds?: number;
  isBusy?: () => boolean;
  isolation: Isolation;
}

/** Does the jobs of a kind. `stop` claims nothing more, and resolves when what runs has been settled. */
export function startWorker(services: Services, kind: string, options: WorkerOptions) {
  const { handler, leaseSeconds = LEASE_SECONDS, isBusy = () => false, isolation } = options;
  const request: RequestInfo = { requestId: `job-${kind}`, ip: "", userAgent: "", services };
  const slots = new Slots(options.slots, options.slotsPerTenant);
  let [running, stopping] = [0, false];
  const settler = new Settler((jobs, { freed }) => {
    for (const { tenantId } of jobs) slots.release(tenantId);
    if (freed || claimer.hasMore) poller.lookNow();
  });
  const run = async (job: Job) => {
    const outcome = stopping ? GIVEN_BACK : await runJob(request, job, { handler });
    await settler.settle(job, outcome, { flush: --running === 0 });
  };
  const start = (job: Job) => {
    slots.take(job.tenantId);
    running++;
    isolation.run(() => run(job), { alone: job.lost >= SUSPECT_AFTER });
  };
  const claimer = new Claimer(kind, slots, {
    leaseSeconds,
    slotsPerLane: options.slotsPerLane,
    isBusy,
    ready: () => isolation.shareable(),
    start,
  });
  const poller = new Poller(() => claimer.claim());
  return {
    wake: () => poller.wake(),
    async stop() {
      stopping = true;
      await poller.stop();
      await isolation.drained();
    },
  };
}
