import type { TicketType } from "@/domain/tickets/model/formatting.ts";
import type { Level, Priority } from "@/domain/tickets/model/priority.ts";
import type { PendingReason, Status } from "@/domain/tickets/model/states.ts";

/** One thing that happened to a ticket. `at` is RFC 3339; `by` a user's id, null for the system. */
export type ImportedEvent =
  & { at: string; by: string | null }
  & (
    | { kind: "assign"; to: string }
    | { kind: "say"; visibility: "public" | "internal"; body: string }
    | { kind: "move"; to: Status; note?: string | undefined; reason?: PendingReason | undefined }
    | { kind: "rate"; score: number; comment: string }
  );

/** A ticket with its past, as it comes from elsewhere; ids are of this organisation. */
export interface ImportedTicket {
  type: TicketType;
  title: string;
  description: string;
  impact: Level;
  urgency: Level;
  priority: Priority;
  categoryId: string | null;
  queueId: string | null;
  requesterId: string;
  tags: string[];
  createdAt: string;
  /** In order of time. */
  events: ImportedEvent[];
}
