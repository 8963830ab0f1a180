import { inOrder } from "@/domain/shared/in_order.ts";
import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import { attachmentIds, bindAttachments } from "@/domain/attachments/bind.ts";
import type { UserCx } from "@/domain/cx.ts";
import { invalidField } from "@/domain/errors.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { nextAssignee } from "@/domain/queues/next_assignee.ts";
import { record } from "@/domain/record.ts";
import { id, optional } from "@/domain/validation.ts";
import type { TicketFacts } from "./model/ticket_change.ts";
import { type TicketRow, toTicket } from "./access/ticket_row.ts";
import { description, tags, title } from "@/domain/shared/fields.ts";
import { TYPES } from "./model/formatting.ts";
import { applySideEffects } from "./side_effects.ts";
import type { DueTimes } from "@/domain/sla/tracking/save_clocks.ts";
import { startClocks } from "@/domain/sla/tracking/start_clocks.ts";
import { matchingPolicies } from "@/domain/sla/tracking/choose_policy.ts";
import { type ClocksColumn, toStoredClocks } from "@/domain/sla/tracking/stored_clocks.ts";
import { type Level, LEVELS, type Priority, priorityOf } from "./model/priority.ts";
import { requireRequester } from "@/domain/accounts/active_people.ts";
import { requireActiveCategory } from "@/domain/categories/active_category.ts";
import { defaultQueue } from "@/domain/queues/default_queue.ts";
import { findActiveQueue, requireActiveQueue } from "@/domain/queues/active_queue.ts";
import type { Source, Ticket } from "./model/types.ts";
import type { Named, Person } from "@/domain/shared/types.ts";

/** Queue and requester are for staff. */
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
  attachmentIds: attachmentIds.optional(),
});

export type NewTicket = z.output<typeof CreateTicket> & { source: Source };

export interface Routing {
  /** Ignored when the queue is archived. */
  queueId?: string | null;
}

/**
 * Staff who create one for somebody else watch it. Its queue is that of `routing`, else the one that staff name, else the
 * category's, else the default queue; the queue's rule assigns it. @throws DomainError invalid when a category, queue or
 * requester can't be used, or a requester names one
 */
export async function createTicket(cx: UserCx, input: NewTicket, routing: Routing = {}): Promise<Ticket> {
  const staff = isStaff(cx.actor.role);
  if (!staff) assertOwn(cx, input);
  const files = input.attachmentIds ?? [];
  const { type = "incident", impact = "medium", urgency = "medium" } = input;
  const category = input.categoryId ? await requireActiveCategory(cx, input.categoryId) : null;
  const [ticketId, routed, namedQueue, requester, policies] = await Promise.all([
    newId(cx),
    routing.queueId ? findActiveQueue(cx, routing.queueId) : null,
    staff && input.queueId ? requireActiveQueue(cx, input.queueId) : null,
    staff && input.requesterId && input.requesterId !== cx.actor.id
      ? requireRequester(cx, input.requesterId)
      : cx.actor,
    matchingPolicies(cx, { type, categoryId: category?.id ?? null }),
  ]);
  const destination = routed ?? namedQueue ?? category?.queue ?? await defaultQueue(cx);
  const assignee = destination ? await nextAssignee(cx, destination) : null;
  const queue = destination && named(destination);
  const ticket: NewRow = {
    id: ticketId,
    type,
    title: input.title,
    description: input.description,
    impact,
    urgency,
    priority: priorityOf(impact, urgency),
    category: category && named(category),
    queue,
    requester,
    assignee,
    tags: input.tags ?? [],
    source: input.source,
  };
  const facts = factsOfNew(ticket);
  const sla = await startClocks(cx, facts, policies);
  const changes = {
    type,
    title: input.title,
    source: input.source,
    category: ticket.category,
    queue,
    ...(files.length > 0 ? { attachmentIds: files } : {}),
    ...(assignee ? { assignee: named(assignee) } : {}),
  };
  const audience = {
    requesterId: requester.id,
    assigneeId: assignee?.id ?? null,
    queueId: queue?.id ?? null,
  };
  const [, made] = await inOrder(cx.db, [
    () =>
      record(cx, {
        action: "ticket.created",
        entity: "ticket",
        entityId: ticketId,
        version: 1,
        changes,
        audience,
      }),
    () => insertTicket(cx, ticket, sla?.dueTimes),
    () => bindAttachments(cx, files, { ticketId, visibility: "public" }),
    () => applySideEffects(cx, { what: "created", before: null, after: facts, text: input.description }, sla),
  ]);
  return toTicket(cx, rowOf({ ...ticket, clocks: toStoredClocks(sla) }, made));
}

function named({ id, name }: Named): Named {
  return { id, name };
}

function assertOwn(cx: UserCx, { requesterId, queueId }: NewTicket): void {
  if (requesterId && requesterId !== cx.actor.id) {
    throw invalidField("requesterId", "for_staff", "Only the help desk can create tickets for others");
  }
  if (queueId) throw invalidField("queueId", "for_staff", "Only the help desk can choose the queue");
}

interface NewRow extends Pick<TicketRow, "id" | "type" | "title" | "description" | "source"> {
  impact: Level;
  urgency: Level;
  priority: Priority;
  category: Named | null;
  queue: Named | null;
  requester: Required<Person>;
  assignee: Required<Person> | null;
  tags: string[];
}

interface Made {
  number: number;
  created_at: string;
}

/** One statement, late in the transaction: it locks the tenant's counter of ticket numbers until the commit. */
async function insertTicket(cx: UserCx, ticket: NewRow, copies: DueTimes | undefined): Promise<Made> {
  // Whoever creates a ticket for somebody else watches it, and so can see it in any queue.
  const people = [
    { id: ticket.requester.id, kind: "requester" },
    ...(ticket.requester.id === cx.actor.id ? [] : [{ id: cx.actor.id, kind: "watcher" }]),
  ];
  const made = await cx.db.first<Made>(sql`with counter as (
      insert into ticket_counters (tenant_id, last) values (${cx.tenant.id}, 1001)
      on conflict (tenant_id) do update set last = ticket_counters.last + 1 returning last
    ), t as (
      insert into tickets (tenant_id, id, number, type, title, description, status, impact, urgency, priority,
        category_id, queue_id, requester_id, assignee_id, source, sla_due_at,
        sla_warn_at, sla_breach_at)
      select ${cx.tenant.id}::uuid, ${ticket.id}::uuid, counter.last, ${ticket.type}, ${ticket.title},
        ${ticket.description}, 'new', ${ticket.impact}, ${ticket.urgency}, ${ticket.priority},
        ${ticket.category?.id ?? null}::uuid, ${ticket.queue?.id ?? null}::uuid, ${ticket.requester.id}::uuid,
        ${ticket.assignee?.id ?? null}::uuid, ${ticket.source},
        ${copies?.dueAt ?? null}::timestamptz, ${copies?.warnAt ?? null}::timestamptz,
        ${copies?.breachAt ?? null}::timestamptz
      from counter returning *
    ), tagged as (
      insert into ticket_tags (tenant_id, ticket_id, tag)
      select t.tenant_id, t.id, unnest(${ticket.tags}::text[]) from t
    ), taken as (
      insert into ticket_participants (tenant_id, ticket_id, user_id, kind, status, created_at, updated_at)
      select t.tenant_id, t.id, p.user_id, p.kind, t.status, t.created_at, t.updated_at
      from t cross join unnest(${people.map(({ id }) => id)}::uuid[], ${
    people.map(({ kind }) => kind)
  }::text[]) p(user_id, kind)
    )
    select number, created_at from t`);
  return made!;
}

function factsOfNew(ticket: NewRow): TicketFacts {
  return {
    id: ticket.id,
    type: ticket.type,
    title: ticket.title,
    status: "new",
    priority: ticket.priority,
    categoryId: ticket.category?.id ?? null,
    queueId: ticket.queue?.id ?? null,
    requesterId: ticket.requester.id,
    assigneeId: ticket.assignee?.id ?? null,
    version: 1,
  };
}

function rowOf(ticket: NewRow & ClocksColumn, { number, created_at }: Made): TicketRow {
  const { category, queue, requester, assignee, tags, ...fields } = ticket;
  return {
    ...fields,
    number,
    status: "new",
    pending_reason: null,
    pending_until: null,
    category_id: category?.id ?? null,
    category_name: category?.name ?? null,
    queue_id: queue?.id ?? null,
    queue_name: queue?.name ?? null,
    requester_id: requester.id,
    requester_name: requester.name,
    requester_email: requester.email,
    assignee_id: assignee?.id ?? null,
    assignee_name: assignee?.name ?? null,
    assignee_email: assignee?.email ?? null,
    tags: tags.join("\n"),
    version: 1,
    created_at,
    updated_at: created_at,
    resolved_at: null,
    closed_at: null,
    resolution_note: null,
    merged_at: null,
    needs_reply: true,
    merged_into: null,
    into_number: null,
    into_type: null,
    into_title: null,
    participates: true,
  };
}
