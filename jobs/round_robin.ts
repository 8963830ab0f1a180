import { act, type Cx, type RequestInfo } from "@/domain/cx.ts";
import { log } from "@/log.ts";

export interface Progress {
  done: number;
  more: boolean;
}

export type Batch = (tenantId: string) => Promise<Progress>;

/** A batch at a time, in turns, so that a busy tenant keeps nobody waiting. A failed one is logged, and tried next run. */
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

export function inTransaction(request: RequestInfo, fn: (cx: Cx) => Promise<Progress>): Batch {
  return (tenantId) => act(request, { kind: "system", tenantId }, fn);
}
