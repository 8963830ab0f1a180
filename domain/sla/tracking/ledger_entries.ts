import { PRIORITY_LABELS } from "@/domain/tickets/model/formatting.ts";
import type { TicketFacts } from "@/domain/tickets/model/ticket_change.ts";
import type { Priority } from "@/domain/tickets/model/priority.ts";
import { isReopening } from "@/domain/tickets/model/states.ts";
import { type Clocks, isActive } from "@/domain/sla/clock/clocks.ts";
import type { ClockSettings, LedgerEvent, Metric } from "@/domain/sla/clock/ledger.ts";
import type { ActivePolicy } from "./choose_policy.ts";

export interface SlaChange {
  before: TicketFacts;
  after: TicketFacts;
  /** Whether staff replied publicly. */
  replied: boolean;
  /** Set when another policy applies from now on. */
  policy: ActivePolicy | null;
}

export const PAUSE_EVENT: LedgerEvent = {
  kind: "pause",
  metric: "resolution",
  rule: "Pending: resolution clock paused",
};

export const BREACH_RULES: Readonly<Record<Metric, string>> = {
  firstResponse: "First-response target breached",
  resolution: "Resolution target breached",
};

export function startEvent(policy: ActivePolicy): LedgerEvent {
  return { kind: "start", metric: null, rule: `Started with policy “${policy.name}”` };
}

/** Events without effect are left out. Also returns the settings from then on. */
export function ledgerEvents(
  change: SlaChange,
  { clocks, settings }: { clocks: Clocks; settings: ClockSettings },
): { events: LedgerEvent[]; settings: ClockSettings } {
  const { after, policy } = change;
  const next: ClockSettings = {
    priority: after.priority,
    queueId: after.queueId,
    policyVersionId: policy?.policyVersionId ?? settings.policyVersionId,
    calendarVersionId: policy?.calendarVersionId ?? settings.calendarVersionId,
  };
  const events: LedgerEvent[] = [];
  if (next.queueId !== settings.queueId) {
    const rule = next.queueId === null ? "Removed from its queue" : "Moved to another queue";
    events.push({ kind: "handoff", metric: null, rule });
  }
  if (policy) events.push({ kind: "policy", metric: null, rule: `Policy “${policy.name}” applies` });
  if (next.priority !== settings.priority) {
    events.push({ kind: "priority", metric: null, rule: priorityRule(settings.priority, next.priority) });
  }
  return { events: [...events, ...moves(change, clocks)], settings: next };
}

function priorityRule(from: Priority, to: Priority): string {
  return `Priority changed from ${PRIORITY_LABELS[from]} to ${PRIORITY_LABELS[to]}`;
}

function moves({ before, after, replied }: SlaChange, clocks: Clocks): LedgerEvent[] {
  const waitsForReply = clocks.firstResponse !== undefined && isActive(clocks.firstResponse.phase);
  const phase = clocks.resolution?.phase ?? "stopped";
  const events: LedgerEvent[] = [];
  if (replied && waitsForReply) {
    events.push({ kind: "met", metric: "firstResponse", rule: "First public reply by staff" });
  }
  const { status } = after;
  if (status === before.status) return events;
  if (status === "resolved") {
    if (isActive(phase)) events.push({ kind: "met", metric: "resolution", rule: "Resolved" });
    if (waitsForReply && !replied) {
      events.push({ kind: "stop", metric: "firstResponse", rule: "Resolved without a reply" });
    }
  } else if (status === "cancelled") {
    if (isActive(phase) || waitsForReply) events.push({ kind: "stop", metric: null, rule: "Cancelled" });
  } else if (status === "pending") {
    if (phase === "running") events.push(PAUSE_EVENT);
  } else if (isReopening(before.status, status)) {
    if (!isActive(phase)) {
      events.push({ kind: "reopen", metric: "resolution", rule: "Reopened: the remaining time continues" });
    }
  } else if (before.status === "pending" && phase === "paused") {
    events.push({ kind: "resume", metric: "resolution", rule: "No longer pending" });
  }
  return events;
}
