import type { RequestInfo } from "@/domain/cx.ts";
import { advanceRollout, tenantsWithRollouts } from "@/domain/sla/tracking/rollouts.ts";
import { inTransaction, roundRobin } from "./round_robin.ts";

/** Moves open tickets to new versions of policies and calendars. @returns how many tickets were moved */
export async function rollOutSla(request: RequestInfo, signal: AbortSignal): Promise<number> {
  return await roundRobin(await tenantsWithRollouts(), {
    job: "roll out SLA policies",
    signal,
    batch: inTransaction(request, advanceRollout),
  });
}
