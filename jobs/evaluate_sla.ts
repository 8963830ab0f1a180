import type { RequestInfo } from "@/domain/cx.ts";
import { notifyDueClocks, tenantsWithDueClocks } from "@/domain/sla/notify_thresholds.ts";
import { inTransaction, roundRobin } from "./round_robin.ts";

/** Warns of clocks at 75% and 90% of their target, and marks breaches. @returns how many clocks were announced */
export async function evaluateSla(request: RequestInfo, signal: AbortSignal): Promise<number> {
  return await roundRobin(await tenantsWithDueClocks(), {
    job: "evaluate SLA clocks",
    signal,
    batch: inTransaction(request, notifyDueClocks),
  });
}
