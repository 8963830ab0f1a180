import type { TicketType } from "@/domain/tickets/model/formatting.ts";
import type { Level, Priority } from "@/domain/tickets/model/priority.ts";
import type { PendingReason, Status } from "@/domain/tickets/model/states.ts";

/** `at` is RFC 3339; `by` a user's id, null for the system. */
export type ImportedEvent =
  & { at: string; by: string | null }
  & (
    | { kind: "assign"; to: string }
    | { kind: "say"; visibility: "public" | "internal"; body: string }
    | { kind: "move"; to: Status; note?: string | undefined; reason?: PendingReason | undefined }
    | { kind: "rate"; score: number; comment: string }
  );

/** All ids are of this tenant. */
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
  /** Sorted by time. */
  events: ImportedEvent[];
}
