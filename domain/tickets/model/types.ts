import type { Named, Person } from "@/domain/shared/types.ts";
import type { TicketType } from "./formatting.ts";
import type { Level, Priority } from "./priority.ts";
import type { PendingReason, Status } from "./states.ts";

export const SOURCES = ["web", "api", "email"] as const;
export type Source = (typeof SOURCES)[number];

export interface TicketClock {
  /** When the target is or was reached; null while the clock is paused. */
  dueAt: string | null;
  endedAt: string | null;
  /** `breached` from the first breach on. */
  state: "running" | "paused" | "met" | "breached" | "stopped";
  elapsedMinutes: number;
  targetMinutes: number;
}

/** Times are RFC 3339 in UTC. */
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
  /** Whether the requester's side spoke last, or nobody has answered yet, while it is worked on. */
  needsReply: boolean;
  source: Source;
  sla: { firstResponse: TicketClock | null; resolution: TicketClock | null };
  version: number;
  createdAt: string;
  updatedAt: string;
  resolvedAt: string | null;
  closedAt: string | null;
  allowedTransitions: readonly Status[];
}

export interface TicketRef {
  id: string;
  key: string;
  title: string;
}

export interface Ticket extends TicketItem {
  description: string;
  resolutionNote: string | null;
  mergedAt: string | null;
  /** Null also when the actor may not see that ticket. */
  mergedInto: TicketRef | null;
}

export interface Comment {
  id: string;
  author: Person;
  visibility: "public" | "internal";
  body: string;
  /** With the name that the text has for them. */
  mentions: Named[];
  /** Unverified: from an address that anyone can write from. */
  via: "email" | "email_unverified" | null;
  /** What the email quotes, as plain text. */
  quoted: string | null;
  version: number;
  createdAt: string;
  editedAt: string | null;
  /** Null when the actor may not edit it any more. */
  editableUntil: string | null;
}

export interface TimelineEntry {
  id: string;
  at: string;
  /** `ticket.created`, `ticket.edited`, … */
  action: string;
  /** Null for the system. */
  actor: Named | null;
  /** By field, `{ from, to }`; or facts of the action. */
  changes: Record<string, unknown>;
}
