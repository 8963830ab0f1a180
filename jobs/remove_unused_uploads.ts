import { expireUploads, tenantsWithExpiredUploads } from "@/domain/attachments/sweep.ts";
import type { RequestInfo } from "@/domain/cx.ts";
import { inTransaction, roundRobin } from "./round_robin.ts";

/** Removes uploads that nothing used within an hour. @returns how many */
export async function removeUnusedUploads(request: RequestInfo, signal: AbortSignal): Promise<number> {
  return await roundRobin(await tenantsWithExpiredUploads(), {
    job: "remove unused uploads",
    signal,
    batch: inTransaction(request, expireUploads),
  });
}
