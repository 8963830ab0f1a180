import { act, type Cx, type RequestInfo } from "@/domain/cx.ts";
import { log } from "@/log.ts";

/**
 * Does a job for each of these tenants, a batch and a transaction at a time and in turns, so that one with much to do
 * doesn't keep the others waiting. A tenant in which it fails is logged, and tried again at the next run.
 *
 * @param job what is being done, for the log
 * @returns how much was done in all
 */
export async function inTurns(
  request: RequestInfo,
  tenantIds: readonly string[],
  { job, batch, signal }: {
    job: string;
    /** No batch begins after it. */
    signal?: AbortSignal | undefined;
    /** One batch of a tenant's work, and whether there may be more. */
    batch: (cx: Cx) => Promise<{ done: number; more: boolean }>;
  },
): Promise<number> {
  let total = 0;
  let waiting = [...tenantIds];
  while (waiting.length > 0) {
    const next: string[] = [];
    for (const tenantId of waiting) {
      if (signal?.aborted) return total;
      try {
        const { done, more } = await act(request, { kind: "system", tenantId }, batch);
        total += done;
        if (more) next.push(tenantId);
      } catch (error) {
        log("error", "Job failed for an organisation", { job, tenantId, error });
      }
    }
    waiting = next;
  }
  return total;
}
