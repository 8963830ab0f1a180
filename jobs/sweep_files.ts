import { removeOrphans, tenantsWithFiles } from "@/domain/attachments/sweep.ts";
import type { RequestInfo } from "@/domain/cx.ts";
import { log } from "@/log.ts";
import { removeUnusedUploads } from "./remove_unused_uploads.ts";
import { roundRobin } from "./round_robin.ts";

/** Removes uploads that nothing used within an hour, and files without a row. @returns how many of each */
export async function sweepAllFiles(
  request: RequestInfo,
  signal: AbortSignal,
): Promise<{ unused: number; orphans: number }> {
  const tenantIds = await tenantsWithFiles(request);
  const unused = await removeUnusedUploads(request, signal);
  let orphans = 0;
  // One tenant after the other, because the list of its files stays in memory.
  for (const tenantId of tenantIds) {
    const steps = removeOrphans(request, tenantId);
    orphans += await roundRobin([tenantId], {
      job: "remove orphaned files",
      signal,
      batch: async () => {
        const { value, done } = await steps.next();
        return { done: value, more: !done };
      },
    });
  }
  if (unused + orphans > 0) log("info", "Files swept", { unused, orphans });
  return { unused, orphans };
}
