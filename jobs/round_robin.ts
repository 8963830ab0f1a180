import { act, type Cx, type RequestInfo } from "@/domain/cx.ts";
import { log } from "@/log.ts";

/** What a batch did, and whether the tenant may have more to do. */
export interface Progress {
  done: number;
  more: boolean;
}

/** One batch of a tenant's work. */
export type Batch = (tenantId: string) => Promise<Progress>;

/**
 * Works through these tenants a batch at a time and in turns, so that one with much to do doesn't keep the others
 * waiting. A tenant whose batch fails is logged, and tried again at the next run.
 *
 * @param job what is being done, for the log
 * @param signal no batch begins once it is aborted
 * @returns how much was done in all
 */
export async function roundRobin(
  tenantIds: readonly string[],
  { job, signal, batch }: { job: string; signal: AbortSignal; batch: Batch },
): Promise<number> {
  let total = 0;
  let waiting = [...tenantIds];
  while (waiting.length > 0) {
    const next: string[] = [];
    for (const tenantId of waiting) {
      if (signal.aborted) return total;
      try {
        const { done, more } = await batch(tenantId);
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

/** A batch that is one transaction, in which the system acts. */
export function inTransaction(request: RequestInfo, fn: (cx: Cx) => Promise<Progress>): Batch {
  return (tenantId) => act(request, { kind: "system", tenantId }, fn);
}
