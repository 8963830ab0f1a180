import { act, type RequestInfo } from "@/domain/cx.ts";
import { log } from "@/log.ts";
import { foldTicketCounts, tenantsToFold } from "@/domain/tickets/counts.ts";

/**
 * Folds the ticket counts of every tenant that has deltas, a transaction each. One that fails is logged, and tried again
 * at the next run.
 *
 * @returns how many deltas were folded
 */
export async function foldCounts(request: RequestInfo): Promise<number> {
  let folded = 0;
  for (const tenantId of await tenantsToFold()) {
    try {
      folded += await act(request, { kind: "system", tenantId }, foldTicketCounts);
    } catch (error) {
      log("error", "Ticket counts not folded", { tenantId, error });
    }
  }
  return folded;
}
