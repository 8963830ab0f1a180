import { type Job, settleJobs } from "@/domain/jobs/claim.ts";
import type { JobOutcome } from "@/domain/jobs/outcome.ts";
import { log } from "@/log.ts";

/** Outcomes within this time are written together, in milliseconds. */
const GATHER_MS = 25;

export type Settled = (jobs: Job[], result: { freed: boolean }) => void;

export class Settler {
  #batch: { job: Job; outcome: JobOutcome }[] = [];
  #written: Promise<void> | undefined;
  #flush = () => {};

  /** @param onSettled called after each batch; `freed` tells that some of these, or which waited for them, are due now */
  constructor(readonly onSettled: Settled) {}

  /** `flush` writes at once. @returns when it is written; where that fails, leases run out and the jobs are done again */
  async settle(job: Job, outcome: JobOutcome, { flush }: { flush: boolean }): Promise<void> {
    this.#batch.push({ job, outcome });
    this.#written ??= this.#gather().then(() => this.#write());
    if (flush) this.#flush();
    await this.#written;
  }

  #gather(): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, GATHER_MS);
      this.#flush = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  async #write(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#written = undefined;
    const { freed } = await settleJobs(batch).catch((error) => {
      log("error", "Jobs not settled", { kind: batch[0]!.job.kind, jobs: batch.length, error });
      return { freed: false };
    });
    this.onSettled(batch.map(({ job }) => job), { freed });
  }
}
