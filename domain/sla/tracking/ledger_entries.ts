import { PRIORITY_LABELS } from "@/domain/tickets/model/formatting.ts";
import type { TicketFacts } from "@/domain/tickets/model/ticket_change.ts";
import type { Priority } from "@/domain/tickets/model/priority.ts";
import { isReopening } from "@/domain/tickets/model/states.ts";
import { type Clocks, isActive } from "@/domain/sla/clock/clocks.ts";
import type { Draft, Holding, Metric } from "@/domain/sla/clock/ledger.ts";
import type { PolicyInForce } from "./choose_policy.ts";

/** A change of a ticket, as its clocks see it. */
export interface Happened {
  before: TicketFacts;
  after: TicketFacts;
  /** Whether the help desk said something that the requester can read. */
  replied: boolean;
  /** The policy that holds from here, where another than before. */
  policy: PolicyInForce | null;
}

/** What being pending does. */
export const PAUSE: Draft = { kind: "pause", metric: "resolution", rule: "Pending: resolution clock paused" };

/** What the row of a breach says. */
export const BREACH_RULES: Readonly<Record<Metric, string>> = {
  firstResponse: "First-response target breached",
  resolution: "Resolution target breached",
};

/** The row that begins a ledger. */
export function startDraft(policy: PolicyInForce): Draft {
  return { kind: "start", metric: null, rule: `Opened under the policy “${policy.name}”` };
}

/** The rows that a change adds to a ledger that has begun, and what holds from then on; rows without effect are left out. */
export function draftsOf(
  happened: Happened,
  { clocks, holding }: { clocks: Clocks; holding: Holding },
): { drafts: Draft[]; holding: Holding } {
  const { after, policy } = happened;
  const next: Holding = {
    priority: after.priority,
    queueId: after.queueId,
    policyVersionId: policy?.policyVersionId ?? holding.policyVersionId,
    calendarVersionId: policy?.calendarVersionId ?? holding.calendarVersionId,
  };
  const drafts: Draft[] = [];
  if (next.queueId !== holding.queueId) {
    const rule = next.queueId === null ? "Removed from its queue" : "Moved to another queue";
    drafts.push({ kind: "handoff", metric: null, rule });
  }
  if (policy) drafts.push({ kind: "policy", metric: null, rule: `The policy “${policy.name}” holds` });
  if (next.priority !== holding.priority) {
    drafts.push({ kind: "priority", metric: null, rule: priorityRule(holding.priority, next.priority) });
  }
  return { drafts: [...drafts, ...moves(happened, clocks)], holding: next };
}

function priorityRule(from: Priority, to: Priority): string {
  return `Priority changed from ${PRIORITY_LABELS[from]} to ${PRIORITY_LABELS[to]}`;
}

function moves({ before, after, replied }: Happened, clocks: Clocks): Draft[] {
  const waitsForReply = clocks.firstResponse !== undefined && isActive(clocks.firstResponse.phase);
  const phase = clocks.resolution?.phase ?? "stopped";
  const drafts: Draft[] = [];
  if (replied && waitsForReply) {
    drafts.push({ kind: "met", metric: "firstResponse", rule: "First public reply of the help desk" });
  }
  const { status } = after;
  if (status === before.status) return drafts;
  if (status === "resolved") {
    if (isActive(phase)) drafts.push({ kind: "met", metric: "resolution", rule: "Resolved" });
    if (waitsForReply && !replied) {
      drafts.push({ kind: "stop", metric: "firstResponse", rule: "Resolved without a reply" });
    }
  } else if (status === "cancelled") {
    if (isActive(phase) || waitsForReply) drafts.push({ kind: "stop", metric: null, rule: "Cancelled" });
  } else if (status === "pending") {
    if (phase === "running") drafts.push(PAUSE);
  } else if (isReopening(before.status, status)) {
    if (!isActive(phase)) {
      drafts.push({ kind: "reopen", metric: "resolution", rule: "Reopened: continues with the time left" });
    }
  } else if (before.status === "pending" && phase === "paused") {
    drafts.push({ kind: "resume", metric: "resolution", rule: "No longer pending" });
  }
  return drafts;
}
