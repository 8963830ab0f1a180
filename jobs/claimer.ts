import { claimJobs, type Job, untilNextJob } from "@/domain/jobs/claim.ts";
import { log } from "@/log.ts";
import type { Slots } from "./slots.ts";

/** How soon to look again after nothing was due, in milliseconds: another process may hold what is due now. */
const POLL_MS = { least: 50, most: 5_000 };
const RETRY_MS = 1_000;
/** While people wait for the process: slots in use at most, and how soon to look again, in milliseconds. */
const WHILE_BUSY = { slots: 2, againMs: 50 };

export interface ClaimerOptions {
  leaseSeconds: number;
  isBusy: () => boolean;
  ready: () => Promise<void>;
  start: (job: Job) => void;
}

export class Claimer {
  /** Whether the last claim may have left something due. */
  hasMore = false;

  constructor(readonly kind: string, readonly slots: Slots, readonly options: ClaimerOptions) {}

  /** Claims and starts jobs. @returns when to claim again, as a {@link Poller} takes it */
  async claim(): Promise<number | null> {
    const { slots, options: { leaseSeconds, isBusy, ready, start } } = this;
    if (slots.free === 0) return null;
    const limit = isBusy() ? Math.min(slots.free, WHILE_BUSY.slots - slots.taken) : slots.free;
    if (limit <= 0) return WHILE_BUSY.againMs;
    try {
      await ready();
      const { perTenant, byTenant } = slots;
      const jobs = await claimJobs(this.kind, { limit, leaseSeconds, perTenant, heldByTenant: byTenant });
      for (const job of jobs) start(job);
      this.hasMore = jobs.length >= limit || slots.anyTenantFull;
      if (jobs.length > 0) return 0;
      const due = await untilNextJob(this.kind) ?? POLL_MS.most;
      return Math.min(Math.max(due, POLL_MS.least), POLL_MS.most);
    } catch (error) {
      log("error", "Jobs not claimed", { kind: this.kind, error });
      return RETRY_MS;
    }
  }
}
