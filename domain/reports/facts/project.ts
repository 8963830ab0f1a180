import { NONE } from "@/domain/tickets/access/visibility.ts";
import { isReopening } from "@/domain/tickets/model/states.ts";
import { clockFacts } from "./clock_facts.ts";
import { type ActFact, type Facts, timeOf } from "./fact_rows.ts";
import type { Step, TicketHistory } from "./history.ts";
import { type Moment, queuesOf, staysOf, timelineOf } from "./timeline.ts";

/** What reports count of a ticket, as docs/reports.md defines it: a pure function. Null while it is merged. */
export function projectTicket(history: TicketHistory): Facts | null {
  const { ticket, steps } = history;
  if (ticket.merged) return null;
  const moments = timelineOf(history);
  const { clocks: { firstResponse, resolution }, breaches } = clockFacts(history, moments);
  const acts = actsOf(ticket.id, steps, moments);
  const reply = acts.find(({ kind }) => kind === "reply");
  const resolved = acts.findLast(({ kind, undone }) => kind === "resolution" && !undone);
  const reopened = steps.findLast(isReopened);
  const standing = ticket.resolvedAt !== null;
  return {
    ticket: {
      id: ticket.id,
      created_at: timeOf(ticket.createdAt),
      status: ticket.status,
      type: ticket.type,
      source: ticket.source,
      priority: ticket.priority,
      category_id: ticket.categoryId,
      queue_key: ticket.queueKey,
      assignee_key: ticket.assigneeKey,
      item_id: history.itemId,
      policy_id: history.policyId,
      queues: queuesOf(moments),
      replied_at: reply?.at ?? null,
      replied_by: reply?.agent_key ?? null,
      reply_business_ms: firstResponse.businessMs,
      resolved_at: standing ? timeOf(ticket.resolvedAt!) : null,
      resolved_by: standing ? resolved?.agent_key ?? ticket.assigneeKey : null,
      resolve_business_ms: standing ? resolution.businessMs : null,
      reopened_at: reopened ? timeOf(reopened.at) : null,
      reply_started_at: firstResponse.startedAt,
      reply_over_at: firstResponse.overAt,
      reply_outcome: firstResponse.outcome,
      resolve_started_at: resolution.startedAt,
      resolve_over_at: resolution.overAt,
      resolve_outcome: resolution.outcome,
      score: history.score,
    },
    stays: (["status", "queue", "agent"] as const).flatMap((kind) => staysOf(ticket, kind, moments)),
    acts,
    breaches,
  };
}

/** Undoing a merge takes a ticket back to what it was, which is neither a reopening nor a resolution. */
function isReopened({ action, status }: Step): boolean {
  return status !== undefined && action !== "ticket.unmerged" && isReopening(status.from, status.to);
}

function actsOf(id: string, steps: readonly Step[], moments: readonly Moment[]): ActFact[] {
  const acts: ActFact[] = [];
  const add = (kind: ActFact["kind"], at: number, agentKey: string) => {
    const position = acts.filter((act) => act.kind === kind).length;
    acts.push({ id, kind, position, at: timeOf(at), agent_key: agentKey, undone: false });
  };
  let assignee = moments[0]!.assigneeKey;
  for (const step of steps) {
    const { at, action, actorId, status } = step;
    if (step.reply) add("reply", at, actorId!);
    if (status?.to === "resolved" && action === "ticket.transitioned") {
      add("resolution", at, assignee !== NONE ? assignee : actorId ?? NONE);
    }
    if (isReopened(step)) {
      for (const act of acts) if (act.kind === "resolution") act.undone = true;
    }
    assignee = step.assignee?.to ?? assignee;
  }
  return acts;
}
