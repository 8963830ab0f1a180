import { z } from "@hono/zod-openapi";
import { TYPES } from "@/domain/tickets/model/formatting.ts";
import { LEVELS, PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { PENDING_REASONS, STATUSES } from "@/domain/tickets/model/states.ts";

const time = z.iso.datetime();
const status = z.enum(STATUSES);

/** One page of any list of the API. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export const NamedSchema = z.object({ id: z.uuid(), name: z.string() }).openapi("Named");

export const PersonSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string().optional().openapi({ description: "Only shown to staff" }),
}).openapi("Person");

export const SlaClockSchema = z.object({
  dueAt: time.nullable(),
  endedAt: time.nullable().openapi({ description: "When the clock was met or stopped" }),
  state: z.enum(["running", "paused", "met", "breached", "stopped"]),
  elapsedMinutes: z.number().int(),
  targetMinutes: z.number().int(),
}).openapi("SlaClock");

export const TicketItemSchema = z.object({
  id: z.uuid(),
  key: z.string().openapi({ example: "INC-1042" }),
  number: z.number().int(),
  type: z.enum(TYPES),
  title: z.string(),
  status,
  pendingReason: z.enum(PENDING_REASONS).nullable(),
  pendingUntil: time.nullable(),
  impact: z.enum(LEVELS),
  urgency: z.enum(LEVELS),
  priority: z.enum(PRIORITIES),
  category: NamedSchema.nullable(),
  queue: NamedSchema.nullable(),
  requester: PersonSchema,
  assignee: PersonSchema.nullable(),
  tags: z.array(z.string()),
  needsReply: z.boolean().openapi({
    description:
      "Whether the requester's side spoke last, or nobody has answered yet, in a ticket that is new, " +
      "open or in progress",
  }),
  source: z.enum(["web", "api", "email"]),
  sla: z.object({ firstResponse: SlaClockSchema.nullable(), resolution: SlaClockSchema.nullable() }),
  version: z.number().int(),
  createdAt: time,
  updatedAt: time,
  resolvedAt: time.nullable(),
  closedAt: time.nullable(),
  allowedTransitions: z.array(status),
}).openapi("TicketItem");

export const CommentSchema = z.object({
  id: z.uuid(),
  author: PersonSchema,
  visibility: z.enum(["public", "internal"]),
  body: z.string(),
  mentions: z.array(NamedSchema).openapi({ description: "People mentioned, who were notified" }),
  via: z.enum(["email", "email_unverified"]).nullable().openapi({
    description: "Set if it came by email. `email_unverified`: the sender wasn't authenticated",
  }),
  quoted: z.string().nullable().openapi({ description: "Quoted text from earlier emails" }),
  version: z.number().int(),
  createdAt: time,
  editedAt: time.nullable(),
  editableUntil: time.nullable().openapi({ description: "Until when you may edit it" }),
}).openapi("Comment");

export const TicketRefSchema = z.object({ id: z.uuid(), key: z.string(), title: z.string() }).openapi(
  "TicketRef",
);

export const TicketSchema = TicketItemSchema.extend({
  description: z.string(),
  resolutionNote: z.string().nullable(),
  mergedAt: time.nullable(),
  mergedInto: TicketRefSchema.nullable().openapi({ description: "Also null if you may not see that ticket" }),
}).openapi("Ticket");

/** A ticket, with the first page of its comments if requested. */
export const TicketReadSchema = TicketSchema.extend({ comments: pageOf(CommentSchema).optional() })
  .openapi("TicketWithComments");

export const TimelineEntrySchema = z.object({
  id: z.uuid(),
  at: time,
  action: z.string().openapi({ example: "ticket.transitioned" }),
  actor: NamedSchema.nullable(),
  changes: z.record(z.string(), z.unknown()),
}).openapi("TimelineEntry");

const ByStatusSchema = z.record(status, z.number().int()).openapi("TicketsByStatus");
export const CountSchema = z.object({ count: z.number().int(), capped: z.boolean() }).openapi("Count");

export const TicketCountsSchema = z.object({
  byStatus: ByStatusSchema,
  capped: z.boolean(),
  byQueue: z.array(z.object({
    queue: NamedSchema.nullable(),
    active: z.number().int(),
    unassigned: z.number().int().openapi({ description: "Active tickets without an assignee" }),
    byStatus: ByStatusSchema,
  })),
  assignedToMe: CountSchema.nullable(),
  unassigned: CountSchema.nullable(),
  matching: CountSchema.nullable().openapi({
    description: "Tickets that match the filter, if one was given",
  }),
}).openapi("TicketCounts");
