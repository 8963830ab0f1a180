import type { RequestInfo } from "@/domain/cx.ts";
import { claimJobs, settleJobs } from "@/domain/jobs/claim.ts";
import { JOB_KINDS, type JobKind } from "@/jobs/kinds.ts";
import { runJob } from "@/jobs/runner.ts";
import type { Services } from "@/ports.ts";

/** What became of jobs; `skipped` are those done with a note that there was nothing to do. */
export interface Drained {
  done: number;
  skipped: number;
  failed: number;
}

/** Does what is due, in rounds, until nothing is. @returns what was done, of all kinds */
export async function drainJobs(
  services: Services,
  { kinds = JOB_KINDS }: { kinds?: Record<string, JobKind> } = {},
): Promise<Drained> {
  const total: Drained = { done: 0, skipped: 0, failed: 0 };
  await Promise.all(
    Object.entries(kinds).map(([kind, { handler, slots, slotsPerTenant, slotsPerLane }]) => {
      const request: RequestInfo = { requestId: `job-${kind}`, ip: "", userAgent: "", services };
      const round = async (): Promise<void> => {
        const jobs = await claimJobs(kind, {
          limit: slots,
          perTenant: slotsPerTenant,
          perLane: slotsPerLane,
          leaseSeconds: 55,
        });
        if (jobs.length === 0) return;
        const outcomes = await Promise.all(jobs.map(async (job) => ({
          job,
          outcome: await runJob(request, job, { handler }),
        })));
        for (const { outcome: { state, note } } of outcomes) {
          if (state !== "back") total[state !== "done" ? "failed" : note === null ? "done" : "skipped"]++;
        }
        await settleJobs(outcomes);
        await round();
      };
      return round();
    }),
  );
  return total;
}

/** A signal that is aborted once it was looked at `looks` times. */
export function abortedAfter(looks: number): AbortSignal {
  const controller = new AbortController();
  let asked = 0;
  return Object.defineProperty(controller.signal, "aborted", { get: () => ++asked > looks });
}

/** A signal that is never aborted. */
export const NEVER = new AbortController().signal;
