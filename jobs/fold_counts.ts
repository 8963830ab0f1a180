import { act, type RequestInfo } from "../domain/cx.ts";
import { foldTicketCounts, tenantsToFold } from "../domain/tickets/counts.ts";

/**
 * Folds the ticket counts of every tenant that has deltas, a transaction each.
 *
 * @returns how many deltas were folded
 */
export async function foldCounts(request: RequestInfo): Promise<number> {
  let folded = 0;
  for (const tenantId of await tenantsToFold()) {
    folded += await act(request, { kind: "system", tenantId }, foldTicketCounts);
  }
  return folded;
}
