import type { RequestInfo } from "@/domain/cx.ts";
import { resumeHandovers } from "@/domain/handover/handovers.ts";
import { tenantsToClean } from "@/domain/retention/clean_up.ts";
import { inTransaction, roundRobin } from "./round_robin.ts";

/** No admin can retry them, and who left must not keep their tickets for good. @returns how many were resumed */
export async function resumeAllHandovers(request: RequestInfo, signal: AbortSignal): Promise<number> {
  return await roundRobin(await tenantsToClean(), {
    job: "resume handovers",
    signal,
    batch: inTransaction(request, async (cx) => ({ done: await resumeHandovers(cx), more: false })),
  });
}
