import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { Cx } from "@/domain/cx.ts";
import { inOrder } from "@/domain/shared/in_order.ts";
import type { TicketChange, TicketFacts } from "@/domain/tickets/model/ticket_change.ts";
import { ACTIVE } from "@/domain/tickets/model/states.ts";
import { evaluate } from "@/domain/sla/clock/evaluate.ts";
import { ledgerEvents, PAUSE_EVENT, type SlaChange, startEvent } from "./ledger_entries.ts";
import { appendToLedger, type ClockUpdate, insertClocks, updateClocks } from "./save_clocks.ts";
import type { LedgerEvent } from "@/domain/sla/clock/ledger.ts";
import { type ActivePolicy, choosePolicy, matchingPolicies } from "./choose_policy.ts";
import { readLedgers } from "./read_ledger.ts";
import { loadVersions } from "./versions.ts";

/** In the change's transaction. Without a policy there are no clocks until one applies; `opened` are a new ticket's. */
export async function trackSla(cx: Cx, change: TicketChange, opened: ClockUpdate | null): Promise<void> {
  const { before, after } = change;
  if (before === null) {
    if (opened) await insertClocks(cx, opened);
    return;
  }
  const replied = change.comment?.visibility === "public" && cx.actor !== null &&
    isStaff(cx.actor.role) && cx.actor.id !== after.requesterId;
  if (!concernsClocks(before, after) && !(replied && await waitsForReply(cx, after.id))) return;
  await inOrder(cx.db, [
    () => lockTicket(cx, after.id),
    () => applyChange(cx, { before, after, replied, merged: change.what === "merged" }),
  ]);
}

function concernsClocks(before: TicketFacts, after: TicketFacts): boolean {
  return before.status !== after.status || before.priority !== after.priority ||
    before.queueId !== after.queueId ||
    before.categoryId !== after.categoryId || before.type !== after.type;
}

async function waitsForReply(cx: Cx, ticketId: string): Promise<boolean> {
  const row = await cx.db.first(sql`select 1 from sla_clocks where tenant_id = ${cx.tenant.id}
    and ticket_id = ${ticketId} and metric = 'firstResponse' and phase in ('running', 'paused')`);
  return row !== undefined;
}

/** Serialises appends to a ticket's ledger. */
async function lockTicket(cx: Cx, ticketId: string): Promise<void> {
  await cx.db.run(
    sql`select 1 from tickets where tenant_id = ${cx.tenant.id} and id = ${ticketId} for no key update`,
  );
}

async function applyChange(cx: Cx, change: Omit<SlaChange, "policy">): Promise<void> {
  const { before, after } = change;
  const moved = before.queueId !== after.queueId || before.categoryId !== after.categoryId ||
    before.type !== after.type;
  const [ledger, policies] = await Promise.all([
    readLedgers(cx, [after.id]).then((ledgers) => ledgers.get(after.id) ?? []),
    moved ? matchingPolicies(cx, after) : [],
  ]);
  const chosen = choosePolicy(policies, after.queueId);
  const last = ledger.at(-1);
  if (!last) {
    if (chosen && ACTIVE.includes(after.status)) await startLate(cx, after, chosen);
    return;
  }
  // A ticket keeps the version of its policy until a rollout.
  const policy = moved && chosen && chosen.policyId !== last.policyId ? chosen : null;
  const versions = await loadVersions(cx, {
    calendars: [...ledger.map((row) => row.calendarVersionId), ...(policy ? [policy.calendarVersionId] : [])],
    policies: [...ledger.map((row) => row.policyVersionId), ...(policy ? [policy.policyVersionId] : [])],
  });
  const { clocks } = evaluate(ledger, versions, Math.max(Date.parse(cx.now), Date.parse(last.at)));
  const { events, settings } = ledgerEvents({ ...change, policy }, { clocks, last });
  if (events.length === 0) return;
  await updateClocks(cx, appendToLedger(cx, { ticketId: after.id, ledger, events, settings, versions }));
}

/** Starts the clocks of a ticket that had no policy until now. */
async function startLate(cx: Cx, ticket: TicketFacts, policy: ActivePolicy): Promise<void> {
  const { policyVersionId, calendarVersionId } = policy;
  const versions = await loadVersions(cx, { calendars: [calendarVersionId], policies: [policyVersionId] });
  const settings = { priority: ticket.priority, queueId: ticket.queueId, policyVersionId, calendarVersionId };
  const events: LedgerEvent[] = [{
    ...startEvent(policy),
    rule: `Policy “${policy.name}” applies from here on`,
  }];
  if (ticket.status === "pending") events.push(PAUSE_EVENT);
  await updateClocks(cx, appendToLedger(cx, { ticketId: ticket.id, ledger: [], events, settings, versions }));
}
