import type { RequestInfo } from "@/domain/cx.ts";
import { foldTicketCounts, tenantsToFold } from "@/domain/tickets/counts.ts";
import { inTransaction, roundRobin } from "./round_robin.ts";

export async function foldCounts(request: RequestInfo, signal: AbortSignal): Promise<number> {
  return await roundRobin(await tenantsToFold(), {
    job: "fold ticket counts",
    signal,
    batch: inTransaction(request, foldTicketCounts),
  });
}
