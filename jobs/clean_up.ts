import type { RequestInfo } from "@/domain/cx.ts";
import { EXPIRING_KINDS, removeExpired, tenantsToClean } from "@/domain/retention/clean_up.ts";
import { log } from "@/log.ts";
import { inTransaction, roundRobin } from "./round_robin.ts";

/** Removes what has expired in every organisation. @returns how many rows of each kind, where there were any */
export async function cleanUp(request: RequestInfo, signal: AbortSignal): Promise<Record<string, number>> {
  const removed: Record<string, number> = {};
  const tenants = await tenantsToClean();
  for (const what of EXPIRING_KINDS) {
    const rows = await roundRobin(tenants, {
      job: `remove expired ${what}`,
      signal,
      batch: inTransaction(request, (cx) => removeExpired(cx, what)),
    });
    if (rows > 0) removed[what] = rows;
  }
  if (Object.keys(removed).length > 0) log("info", "Expired rows removed", { removed });
  return removed;
}
