import type { RequestInfo } from "@/domain/cx.ts";
import { notifyDueClocks, tenantsWithDueClocks } from "@/domain/sla/notify_thresholds.ts";
import { inTurns } from "./in_turns.ts";

/**
 * Warns of clocks that have used up 75 and 90 percent of their target, and marks those that are over it.
 *
 * @param signal no batch begins after it
 * @returns how many clocks were announced
 */
export async function evaluateSla(request: RequestInfo, signal?: AbortSignal): Promise<number> {
  return await inTurns(request, await tenantsWithDueClocks(), {
    job: "evaluate service levels",
    signal,
    batch: notifyDueClocks,
  });
}
