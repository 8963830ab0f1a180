import type { RequestInfo } from "@/domain/cx.ts";
import { sendDueReports, tenantsWithDueReports } from "@/domain/reports/saved/run_due.ts";
import { inTransaction, roundRobin } from "./round_robin.ts";

/** Queues the mails of scheduled reports whose time has come. @returns how many reports */
export async function sendAllDueReports(request: RequestInfo, signal: AbortSignal): Promise<number> {
  return await roundRobin(await tenantsWithDueReports(), {
    job: "send reports",
    signal,
    batch: inTransaction(request, sendDueReports),
  });
}
