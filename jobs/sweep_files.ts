import { sweepFiles, type Swept, tenantsWithFiles } from "@/domain/attachments/sweep.ts";
import type { RequestInfo } from "@/domain/cx.ts";
import { log } from "@/log.ts";

/**
 * Removes files that nobody can reach any more, a tenant at a time. One that fails is logged, and tried again at the
 * next run.
 */
export async function sweepAllFiles(request: RequestInfo): Promise<Swept> {
  const all = { unused: 0, orphans: 0 };
  for (const tenantId of await tenantsWithFiles(request)) {
    try {
      const { unused, orphans } = await sweepFiles(request, tenantId);
      all.unused += unused;
      all.orphans += orphans;
    } catch (error) {
      log("error", "Files not swept", { tenantId, error });
    }
  }
  if (all.unused + all.orphans > 0) log("info", "Files swept", { ...all });
  return all;
}
