import type { LedgerEntry, SlaVersions } from "@/domain/sla/clock/ledger.ts";
import type { Status } from "@/domain/tickets/model/states.ts";

/** What one row of the audit log says of a ticket; keys are ids, of zeros for nobody and no queue, instants epoch milliseconds. */
export interface Step {
  at: number;
  action: string;
  /** Null for the system. */
  actorId: string | null;
  /** A public reply by staff who didn't ask themselves. */
  reply: boolean;
  /** Where the ticket was created there is no `from`. */
  status?: { from: Status; to: Status };
  queue?: { from?: string; to: string };
  assignee?: { from?: string; to: string };
}

/** The ticket's row. Instants are epoch milliseconds. */
export interface TicketState {
  id: string;
  type: string;
  source: string;
  status: Status;
  priority: string;
  categoryId: string | null;
  queueKey: string;
  assigneeKey: string;
  createdAt: number;
  updatedAt: number;
  resolvedAt: number | null;
  closedAt: number | null;
  merged: boolean;
}

/** All that a ticket's facts are made of. */
export interface TicketHistory {
  ticket: TicketState;
  /** In the order in which they were recorded. */
  steps: Step[];
  /** Sorted by time, then by position; empty without a policy. */
  ledger: LedgerEntry[];
  versions: SlaVersions;
  policyId: string | null;
  itemId: string | null;
  score: number | null;
}
