import { PRIORITY_LABELS } from "@/domain/tickets/model/formatting.ts";
import type { TicketFacts } from "@/domain/tickets/model/ticket_change.ts";
import type { Priority } from "@/domain/tickets/model/priority.ts";
import { isReopening } from "@/domain/tickets/model/states.ts";
import { type Clocks, isActive } from "@/domain/sla/clock/clocks.ts";
import {
  type ClockSettings,
  type LedgerEntry,
  type LedgerEvent,
  type Metric,
  METRICS,
} from "@/domain/sla/clock/ledger.ts";
import type { ActivePolicy } from "./choose_policy.ts";

export interface SlaChange {
  before: TicketFacts;
  after: TicketFacts;
  /** Whether staff replied publicly. */
  replied: boolean;
  /** Whether it was merged into another ticket. */
  merged?: boolean;
  /** Set when another policy applies from now on. */
  policy: ActivePolicy | null;
}

export const PAUSE_EVENT: LedgerEvent = {
  kind: "pause",
  metric: "resolution",
  rule: "Pending: resolution clock paused",
};

/** Ends both clocks; undoing the merge resumes those that it ended. */
export const MERGED_EVENT: LedgerEvent = { kind: "stop", metric: null, rule: "Merged into another ticket" };

export const BREACH_RULES: Readonly<Record<Metric, string>> = {
  firstResponse: "First-response target breached",
  resolution: "Resolution target breached",
};

export function startEvent(policy: ActivePolicy): LedgerEvent {
  return { kind: "start", metric: null, rule: `Started with policy “${policy.name}”` };
}

/** Events without effect are left out; `last` is the ledger's end. Also returns the settings from then on. */
export function ledgerEvents(
  change: SlaChange,
  { clocks, last: settings }: { clocks: Clocks; last: LedgerEntry },
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
  return { events: [...events, ...moves(change, clocks, settings)], settings: next };
}

function priorityRule(from: Priority, to: Priority): string {
  return `Priority changed from ${PRIORITY_LABELS[from]} to ${PRIORITY_LABELS[to]}`;
}

function moves(
  { before, after, replied, merged }: SlaChange,
  clocks: Clocks,
  last: LedgerEntry,
): LedgerEvent[] {
  const waitsForReply = clocks.firstResponse !== undefined && isActive(clocks.firstResponse.phase);
  const phase = clocks.resolution?.phase ?? "stopped";
  const events: LedgerEvent[] = [];
  if (replied && waitsForReply) {
    events.push({ kind: "met", metric: "firstResponse", rule: "First public reply by staff" });
  }
  const { status } = after;
  if (status === before.status) return events;
  if (before.status === "closed" && last.kind === "stop" && last.rule === MERGED_EVENT.rule) {
    return resumed(clocks, { at: Date.parse(last.at), paused: status === "pending" });
  }
  if (status === "resolved") {
    if (isActive(phase)) events.push({ kind: "met", metric: "resolution", rule: "Resolved" });
    if (waitsForReply && !replied) {
      events.push({ kind: "stop", metric: "firstResponse", rule: "Resolved without a reply" });
    }
  } else if (status === "cancelled") {
    if (isActive(phase) || waitsForReply) events.push({ kind: "stop", metric: null, rule: "Cancelled" });
  } else if (status === "closed") {
    const event: LedgerEvent = merged ? MERGED_EVENT : { ...MERGED_EVENT, rule: "Closed" };
    if (isActive(phase) || waitsForReply) events.push(event);
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

/** The clocks that ended at a time, going on with the time left. */
function resumed(clocks: Clocks, { at, paused }: { at: number; paused: boolean }): LedgerEvent[] {
  const events = METRICS.filter((metric) =>
    clocks[metric]?.phase === "stopped" && clocks[metric]?.endedAt === at
  )
    .map((metric): LedgerEvent => ({
      kind: "reopen",
      metric,
      rule: "Merge undone: the remaining time continues",
    }));
  return paused && events.some(({ metric }) => metric === "resolution") ? [...events, PAUSE_EVENT] : events;
}
