import type { Named, Person } from "@/domain/shared/types.ts";
import type { TicketType } from "./formatting.ts";
import type { Level, Priority } from "./priority.ts";
import type { PendingReason, Status } from "./states.ts";

export type Source = "web" | "api" | "email";

/** A clock of the service level, as the ledger computes it. */
export interface TicketClock {
  /** When the target is or was reached; null while that can't be told, as while the clock stands. */
  dueAt: string | null;
  /** When it was met or stopped. */
  endedAt: string | null;
  /** `breached` from the first breach on, whatever comes then. */
  state: "running" | "paused" | "met" | "breached" | "stopped";
  elapsedMinutes: number;
  targetMinutes: number;
}

/** A ticket in a list. Times are RFC 3339 in UTC. */
export interface TicketItem {
  id: string;
  key: string;
  number: number;
  type: TicketType;
  title: string;
  status: Status;
  pendingReason: PendingReason | null;
  pendingUntil: string | null;
  impact: Level;
  urgency: Level;
  priority: Priority;
  category: Named | null;
  queue: Named | null;
  requester: Person;
  assignee: Person | null;
  tags: string[];
  source: Source;
  sla: { firstResponse: TicketClock | null; resolution: TicketClock | null };
  version: number;
  createdAt: string;
  updatedAt: string;
  resolvedAt: string | null;
  closedAt: string | null;
  allowedTransitions: readonly Status[];
}

/** Another ticket, as one is told of it. */
export interface TicketRef {
  id: string;
  key: string;
  title: string;
}

/** A ticket whole. */
export interface Ticket extends TicketItem {
  description: string;
  resolutionNote: string | null;
  /** When it was merged into another one; null for one that wasn't. */
  mergedAt: string | null;
  /** Into which one; null as well for who may not see that. */
  mergedInto: TicketRef | null;
}

/** What was said in a ticket. */
export interface Comment {
  id: string;
  author: Person;
  visibility: "public" | "internal";
  body: string;
  /** Whom the text calls, by the name that it has for them. */
  mentions: Named[];
  /** How it came, where that was by mail; unverified: from an address that anybody can write from. */
  via: "email" | "email_unverified" | null;
  /** What that mail repeats of those before it, as plain text. */
  quoted: string | null;
  version: number;
  createdAt: string;
  /** Null for one that says what it said from the start. */
  editedAt: string | null;
  /** Until when the actor may mend it; null for others' and when that is over. */
  editableUntil: string | null;
}

/** One thing that happened to a ticket. */
export interface TimelineEntry {
  id: string;
  at: string;
  /** `ticket.created`, `ticket.edited`, `ticket.transitioned`, `ticket.assigned`, `ticket.commented`. */
  action: string;
  /** Null for the system. */
  actor: Named | null;
  /** By field, `{ from, to }`; or facts of the action. */
  changes: Record<string, unknown>;
}
