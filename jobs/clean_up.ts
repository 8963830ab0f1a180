import type { RequestInfo } from "@/domain/cx.ts";
import { EXPIRING_KINDS, removeExpired, tenantsToClean } from "@/domain/retention/clean_up.ts";
import { log } from "@/log.ts";
import { inTurns } from "./in_turns.ts";

/**
 * Removes what has expired in every organisation. What can't be removed is logged, and holds up nothing else.
 *
 * @param signal no batch begins after it
 * @returns how many rows of each kind were removed, of those of which there were any
 */
export async function cleanUp(
  request: RequestInfo,
  signal?: AbortSignal,
): Promise<Record<string, number>> {
  const removed: Record<string, number> = {};
  const tenants = await tenantsToClean();
  for (const what of EXPIRING_KINDS) {
    const rows = await inTurns(request, tenants, {
      job: `remove expired ${what}`,
      signal,
      batch: (cx) => removeExpired(cx, what),
    });
    if (rows > 0) removed[what] = rows;
  }
  if (Object.keys(removed).length > 0) log("info", "Expired rows removed", { removed });
  return removed;
}
