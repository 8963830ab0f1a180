import type { TicketType } from "./formatting.ts";
import type { Priority } from "./priority.ts";
import type { Status } from "./states.ts";

/** What everything that follows from a change needs to know of a ticket. */
export interface TicketFacts {
  id: string;
  type: TicketType;
  title: string;
  status: Status;
  priority: Priority;
  categoryId: string | null;
  queueId: string | null;
  requesterId: string;
  assigneeId: string | null;
  version: number;
}

/** What was said with a change. */
export interface CommentFacts {
  id: string;
  visibility: "public" | "internal";
  body: string;
  /** Users who are mentioned in it. */
  mentions: string[];
}

/** A change of a ticket, as it is told to service levels and notifications in the same transaction. */
export interface TicketChange {
  what: "created" | "edited" | "assigned" | "transitioned" | "commented";
  /** Null for a new ticket. */
  before: TicketFacts | null;
  after: TicketFacts;
  comment?: CommentFacts;
  /** The text that goes with it: the description of a new ticket, the note of a resolution. */
  text?: string;
}
