import type { Cx } from "@/domain/cx.ts";
import type { TicketFacts } from "@/domain/tickets/model/ticket_change.ts";
import { startDraft } from "./ledger_entries.ts";
import { addRows, type Keeping } from "./save_clocks.ts";
import { choosePolicy, type PolicyInForce } from "./choose_policy.ts";
import { loadVersions } from "./versions.ts";

/**
 * The clocks of a ticket that is about to be inserted.
 *
 * @param policies those for its type and category
 * @returns null when no policy is for it: then it has no clocks
 */
export async function openClocks(
  cx: Cx,
  ticket: Pick<TicketFacts, "id" | "priority" | "queueId">,
  policies: readonly PolicyInForce[],
): Promise<Keeping | null> {
  const policy = choosePolicy(policies, ticket.queueId);
  if (!policy) return null;
  const { policyVersionId, calendarVersionId } = policy;
  const versions = await loadVersions(cx, { calendars: [calendarVersionId], policies: [policyVersionId] });
  return addRows(cx, {
    ticketId: ticket.id,
    ledger: [],
    drafts: [startDraft(policy)],
    holding: { priority: ticket.priority, queueId: ticket.queueId, policyVersionId, calendarVersionId },
    versions,
  });
}
