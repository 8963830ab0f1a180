import { claimJobs, type Job, untilNextJob } from "@/domain/jobs/claim.ts";
import { log } from "@/log.ts";
import type { Slots } from "./slots.ts";

/**
 * How soon to look again after nothing was claimed, in milliseconds. What is due may wait for a slot that another process
 * has: each look in vain doubles the wait.
 */
const POLL_MS = { least: 50, inVain: 1_000, most: 5_000 };
const RETRY_MS = 1_000;
/** While people wait for the process: slots in use at most, and how soon to look again, in milliseconds. */
const WHILE_BUSY = { slots: 2, againMs: 50 };

export interface ClaimerOptions {
  leaseSeconds: number;
  slotsPerLane?: number | undefined;
  isBusy: () => boolean;
  ready: () => Promise<void>;
  start: (job: Job) => void;
}

export class Claimer {
  /** Whether the last claim may have left something due. */
  hasMore = false;
  #inVain = 0;

  constructor(readonly kind: string, readonly slots: Slots, readonly options: ClaimerOptions) {}

  /** Claims and starts jobs. @returns when to claim again, as a {@link Poller} takes it */
  async claim(): Promise<number | null> {
    const { slots, options: { leaseSeconds, slotsPerLane, isBusy, ready, start } } = this;
    if (slots.free === 0) return null;
    const limit = isBusy() ? Math.min(slots.free, WHILE_BUSY.slots - slots.taken) : slots.free;
    if (limit <= 0) return WHILE_BUSY.againMs;
    try {
      await ready();
      const jobs = await claimJobs(this.kind, {
        limit,
        leaseSeconds,
        perTenant: slots.perTenant,
        perLane: slotsPerLane,
        slack: slots.slack,
        heldByTenant: slots.byTenant,
      });
      for (const job of jobs) start(job);
      this.hasMore = jobs.length >= limit || slots.anyTenantFull;
      if (jobs.length > 0) {
        this.#inVain = 0;
        return 0;
      }
      const due = await untilNextJob(this.kind) ?? POLL_MS.most;
      this.hasMore ||= due <= 0;
      const least = due > 0 ? POLL_MS.least : Math.min(POLL_MS.least * 2 ** this.#inVain++, POLL_MS.inVain);
      return Math.min(Math.max(due, least), POLL_MS.most);
    } catch (error) {
      log("error", "Jobs not claimed", { kind: this.kind, error });
      return RETRY_MS;
    }
  }
}
