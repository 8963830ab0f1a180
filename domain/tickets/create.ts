import { z } from "zod";
import { sql } from "../../db/sql.ts";
import { isStaff } from "../access.ts";
import type { UserCx } from "../cx.ts";
import { newId } from "../new_id.ts";
import { record } from "../record.ts";
import { id, optional } from "../validation.ts";
import { readTicket } from "./access.ts";
import { description, tags, title } from "./fields.ts";
import { TYPES } from "./formatting.ts";
import { enqueueMail } from "./mails.ts";
import { LEVELS, priorityOf } from "./priority.ts";
import { useCategory, useQueue, useRequester } from "./references.ts";
import type { Source, Ticket } from "./types.ts";

/** What a new ticket is made of. Queue and requester are for staff: a requester's own are ignored. */
export const CreateTicket = z.object({
  type: optional(z.enum(TYPES)),
  title,
  description,
  impact: optional(z.enum(LEVELS)),
  urgency: optional(z.enum(LEVELS)),
  categoryId: optional(id),
  queueId: optional(id),
  requesterId: optional(id),
  tags: tags.optional(),
});

export type NewTicket = z.output<typeof CreateTicket> & { source: Source };

/**
 * Raises a ticket: the actor's own, or for somebody else when the actor is staff.
 *
 * It goes to the queue that staff names, else to the category's queue, else to none.
 *
 * @throws DomainError invalid when a category, queue or requester can't be used
 */
export async function createTicket(cx: UserCx, input: NewTicket): Promise<Ticket> {
  const staff = isStaff(cx.actor.role);
  const { type = "incident", impact = "medium", urgency = "medium" } = input;
  const [ticketId, category, namedQueue, requester] = await Promise.all([
    newId(cx),
    input.categoryId ? useCategory(cx, input.categoryId) : null,
    staff && input.queueId ? useQueue(cx, input.queueId) : null,
    staff && input.requesterId && input.requesterId !== cx.actor.id
      ? useRequester(cx, input.requesterId)
      : cx.actor,
  ]);
  const queue = namedQueue ?? category?.queue ?? null;
  // One flight. The counter's row is locked from the insert to the commit, so what doesn't need the number goes first.
  const [, , , ticket] = await Promise.all([
    record(cx, {
      action: "ticket.created",
      entity: "ticket",
      entityId: ticketId,
      version: 1,
      changes: { type, title: input.title, source: input.source, category, queue },
      audience: { requesterId: requester.id, assigneeId: null, queueId: queue?.id ?? null },
    }),
    cx.db.run(sql`with counter as (
        insert into ticket_counters (tenant_id, last) values (${cx.tenant.id}, 1001)
        on conflict (tenant_id) do update set last = ticket_counters.last + 1 returning last
      ), ticket as (
        insert into tickets (tenant_id, id, number, type, title, description, status, impact, urgency, priority,
          category_id, queue_id, requester_id, source)
        select ${cx.tenant.id}::uuid, ${ticketId}::uuid, counter.last, ${type}, ${input.title}, ${input.description},
          'new', ${impact}, ${urgency}, ${priorityOf(impact, urgency)}, ${category?.id ?? null}::uuid,
          ${queue?.id ?? null}::uuid, ${requester.id}::uuid, ${input.source}
        from counter returning tenant_id, id, requester_id, status, created_at, updated_at
      ), tagged as (
        insert into ticket_tags (tenant_id, ticket_id, tag)
        select tenant_id, id, unnest(${input.tags ?? []}::text[]) from ticket
      )
      insert into ticket_participants (tenant_id, ticket_id, user_id, kind, status, created_at, updated_at)
      select tenant_id, id, requester_id, 'requester', status, created_at, updated_at from ticket`),
    enqueueMail(cx, {
      template: "ticket_created",
      ticket: { id: ticketId, type },
      audience: "requester",
      text: input.description,
      toActor: true,
    }),
    readTicket(cx, ticketId),
  ]);
  return ticket;
}
