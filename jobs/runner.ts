import type { RequestInfo } from "@/domain/cx.ts";
import type { Job, JobHandler } from "@/domain/jobs/claim.ts";
import { type JobOutcome, outcomeOfFailure } from "@/domain/jobs/outcome.ts";
import { log } from "@/log.ts";

/** A handler that takes longer has failed, in milliseconds. Shorter than any lease, so it is settled in time. */
const DEADLINE_MS = 30_000;

/** What becomes of a job that isn't started because the process stops. */
export const GIVEN_BACK: JobOutcome = { state: "back", wait: 0, note: null };

/** Runs a job's handler under a deadline. @returns what becomes of the job, whatever the handler throws */
export async function runJob(
  request: RequestInfo,
  job: Job,
  { handler, deadlineMs = DEADLINE_MS }: { handler: JobHandler; deadlineMs?: number },
): Promise<JobOutcome> {
  const deadline = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    deadline.abort();
    late.reject(new Error(`Took longer than ${deadlineMs / 1000} s`));
  }, deadlineMs);
  try {
    const { note = null, againIn } = await Promise.race([
      handler(request, job, { signal: deadline.signal }),
      late.promise,
    ]);
    if (againIn !== undefined) return { state: "back", wait: againIn, note };
    return { state: "done", wait: 0, note };
  } catch (error) {
    const outcome = outcomeOfFailure(error, job);
    const { kind, id: jobId, attempts } = job;
    log("warn", "Job failed", { kind, jobId, attempts, state: outcome.state, error });
    return outcome;
  } finally {
    clearTimeout(timer);
  }
}
