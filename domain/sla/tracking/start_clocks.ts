import type { Cx } from "@/domain/cx.ts";
import type { TicketFacts } from "@/domain/tickets/model/ticket_change.ts";
import { startEvent } from "./ledger_entries.ts";
import { appendToLedger, type ClockUpdate } from "./save_clocks.ts";
import { type ActivePolicy, choosePolicy } from "./choose_policy.ts";
import { loadVersions } from "./versions.ts";

/** Before its insert; `policies` are those for its type and category. @returns null when no policy applies */
export async function startClocks(
  cx: Cx,
  ticket: Pick<TicketFacts, "id" | "priority" | "queueId">,
  policies: readonly ActivePolicy[],
): Promise<ClockUpdate | null> {
  const policy = choosePolicy(policies, ticket.queueId);
  if (!policy) return null;
  const { policyVersionId, calendarVersionId } = policy;
  const versions = await loadVersions(cx, { calendars: [calendarVersionId], policies: [policyVersionId] });
  return appendToLedger(cx, {
    ticketId: ticket.id,
    ledger: [],
    events: [startEvent(policy)],
    settings: { priority: ticket.priority, queueId: ticket.queueId, policyVersionId, calendarVersionId },
    versions,
  });
}
