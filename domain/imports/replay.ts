import type { TicketFacts } from "@/domain/tickets/model/ticket_change.ts";
import { isEnded, isReopening, type PendingReason, type Status } from "@/domain/tickets/model/states.ts";
import { uuid7 } from "@/domain/shared/uuid7.ts";
import type { ImportedEvent, ImportedTicket } from "./imported_ticket.ts";

export interface ImportedState {
  id: string;
  status: Status;
  pendingReason: PendingReason | null;
  assigneeId: string | null;
  resolutionNote: string | null;
  resolvedAt: string | null;
  closedAt: string | null;
  updatedAt: string;
  version: number;
}

export interface ReplayedEvent {
  event: ImportedEvent;
  before: TicketFacts;
  after: TicketFacts;
  /** Of a comment. */
  commentId: string | null;
}

/** Transitions to the same status are skipped; the importer must keep to the state machine. */
export function replayHistory(ticket: ImportedTicket): { outcome: ImportedState; steps: ReplayedEvent[] } {
  const outcome: ImportedState = {
    id: uuid7(),
    status: "new",
    pendingReason: null,
    assigneeId: null,
    resolutionNote: null,
    resolvedAt: null,
    closedAt: null,
    updatedAt: ticket.createdAt,
    version: 1,
  };
  const steps: ReplayedEvent[] = [];
  for (const event of ticket.events) {
    if (event.kind === "move" && event.to === outcome.status) continue;
    const before = factsOf(ticket, outcome);
    applyEvent(outcome, event);
    const commentId = event.kind === "say" ? uuid7() : null;
    steps.push({ event, before, after: factsOf(ticket, outcome), commentId });
  }
  return { outcome, steps };
}

function applyEvent(outcome: ImportedState, event: ImportedEvent): void {
  if (event.kind === "rate") return;
  if (event.kind !== "say" || event.visibility === "public") outcome.updatedAt = event.at;
  if (event.kind === "say") return;
  outcome.version++;
  if (event.kind === "assign") {
    outcome.assigneeId = event.to;
    return;
  }
  if (isReopening(outcome.status, event.to)) {
    outcome.resolutionNote = null;
    outcome.resolvedAt = null;
  }
  outcome.status = event.to;
  outcome.pendingReason = event.to === "pending" ? event.reason ?? "requester" : null;
  if (event.to === "resolved") {
    outcome.resolvedAt = event.at;
    outcome.resolutionNote = event.note ?? "";
  }
  outcome.closedAt = isEnded(event.to) ? event.at : null;
}

export function factsOf(ticket: ImportedTicket, outcome: ImportedState): TicketFacts {
  return {
    id: outcome.id,
    type: ticket.type,
    title: ticket.title,
    status: outcome.status,
    priority: ticket.priority,
    categoryId: ticket.categoryId,
    queueId: ticket.queueId,
    requesterId: ticket.requesterId,
    assigneeId: outcome.assigneeId,
    version: outcome.version,
  };
}
