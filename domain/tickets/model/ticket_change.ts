import type { TicketType } from "./formatting.ts";
import type { Priority } from "./priority.ts";
import type { Status } from "./states.ts";

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

export interface CommentFacts {
  id: string;
  visibility: "public" | "internal";
  body: string;
  /** Ids of users. */
  mentions: string[];
}

export interface TicketChange {
  what: "created" | "edited" | "assigned" | "transitioned" | "commented" | "merged" | "merged_in";
  /** Null for a new ticket. */
  before: TicketFacts | null;
  after: TicketFacts;
  comment?: CommentFacts;
  /** Of `merged_in`, the ticket that was merged. */
  otherId?: string;
  /** The description of a new ticket, the note of a transition. */
  text?: string;
}
