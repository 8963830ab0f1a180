import type { TicketFacts } from "@/domain/tickets/model/ticket_change.ts";
import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { Cx } from "@/domain/cx.ts";
import { CLOCKS_COLUMN, type StoredClock, toSla } from "@/domain/sla/tracking/stored_clocks.ts";
import { ticketKey, type TicketType } from "@/domain/tickets/model/formatting.ts";
import type { Level, Priority } from "@/domain/tickets/model/priority.ts";
import {
  allowedTransitions,
  isEnded,
  type PendingReason,
  type Status,
  type TransitionActor,
} from "@/domain/tickets/model/states.ts";
import type { Source, Ticket, TicketItem, TicketRef } from "@/domain/tickets/model/types.ts";
import type { Named, Person } from "@/domain/shared/types.ts";

export interface ItemRow {
  id: string;
  number: number;
  type: TicketType;
  title: string;
  status: Status;
  pending_reason: PendingReason | null;
  pending_until: string | null;
  impact: Level;
  urgency: Level;
  priority: Priority;
  category_id: string | null;
  category_name: string | null;
  queue_id: string | null;
  queue_name: string | null;
  requester_id: string;
  requester_name: string;
  requester_email: string;
  assignee_id: string | null;
  assignee_name: string | null;
  assignee_email: string | null;
  tags: string;
  source: Source;
  version: number;
  created_at: string;
  updated_at: string;
  resolved_at: string | null;
  closed_at: string | null;
  clocks: StoredClock[] | null;
  merged_at: string | null;
  needs_reply: boolean;
}

export interface TicketRow extends ItemRow {
  description: string;
  resolution_note: string | null;
  merged_into: string | null;
  /** Null where the actor may not see that ticket. */
  into_number: number | null;
  into_type: TicketType | null;
  into_title: string | null;
  participates: boolean;
}

/** The columns of ticket `t` in lists, with {@link NAMES}. Tags are one text, a line each. */
export const ITEM_COLUMNS = sql`t.id, t.number, t.type, t.title, t.status, t.pending_reason, t.pending_until,
  t.impact, t.urgency, t.priority, t.category_id, category.name as category_name, t.queue_id,
  queue.name as queue_name, t.requester_id, requester.name as requester_name, requester.email as requester_email,
  t.assignee_id, assignee.name as assignee_name, assignee.email as assignee_email, array_to_string(array(
    select g.tag from ticket_tags g where g.tenant_id = t.tenant_id and g.ticket_id = t.id order by g.tag
  ), chr(10)) as tags, t.source, t.version, t.created_at, t.updated_at, t.resolved_at, t.closed_at,
  t.merged_at, t.needs_reply, ${CLOCKS_COLUMN}`;

/** The names beside ticket `t`. With the limits each is a lookup by key; a join may read every user of the tenant. */
export const NAMES = sql`
  left join lateral (select c.name from categories c
    where c.tenant_id = t.tenant_id and c.id = t.category_id limit 1) category on true
  left join lateral (select q.name from queues q
    where q.tenant_id = t.tenant_id and q.id = t.queue_id limit 1) queue on true
  left join lateral (select u.name, u.email from users u
    where u.tenant_id = t.tenant_id and u.id = t.requester_id limit 1) requester on true
  left join lateral (select u.name, u.email from users u
    where u.tenant_id = t.tenant_id and u.id = t.assignee_id limit 1) assignee on true`;

export function keyOf(row: TicketRow): string {
  return ticketKey(row.type, row.number);
}

export function tagsOf({ tags }: { tags: string }): string[] {
  return tags === "" ? [] : tags.split("\n");
}

export function named(id: string | null, name: string | null): Named | null {
  return id === null ? null : { id, name: name! };
}

const DAY_MS = 86_400_000;

function actsForOthers({ actor }: Cx): boolean {
  return actor === null || isStaff(actor.role);
}

/** Whether it is the desk's turn. */
function needsReply({ needs_reply, status }: Pick<ItemRow, "needs_reply" | "status">): boolean {
  return needs_reply && (status === "new" || status === "open" || status === "in_progress");
}

export function toTransitionActor(
  cx: Cx,
  row: { status: Status; closed_at: string | null; merged_at: string | null },
  own: boolean,
): TransitionActor {
  return {
    staff: actsForOthers(cx),
    own,
    reopenUntil: isEnded(row.status) && row.closed_at !== null && row.merged_at === null
      ? new Date(Date.parse(row.closed_at) + cx.tenant.reopenDays * DAY_MS).toISOString()
      : null,
    now: cx.now,
  };
}

/** A person; the address is for staff. */
export function personFor(cx: Cx, person: { id: string; name: string; email: string }): Person {
  return actsForOthers(cx)
    ? { id: person.id, name: person.name, email: person.email }
    : { id: person.id, name: person.name };
}

/** @param own whether the actor takes part in the ticket */
export function toItem(cx: Cx, row: ItemRow, own: boolean): TicketItem {
  return {
    id: row.id,
    key: ticketKey(row.type, row.number),
    number: row.number,
    type: row.type,
    title: row.title,
    status: row.status,
    pendingReason: row.pending_reason,
    pendingUntil: row.pending_until,
    impact: row.impact,
    urgency: row.urgency,
    priority: row.priority,
    category: named(row.category_id, row.category_name),
    queue: named(row.queue_id, row.queue_name),
    requester: personFor(cx, { id: row.requester_id, name: row.requester_name, email: row.requester_email }),
    assignee: row.assignee_id === null
      ? null
      : personFor(cx, { id: row.assignee_id, name: row.assignee_name!, email: row.assignee_email! }),
    tags: tagsOf(row),
    needsReply: needsReply(row),
    source: row.source,
    sla: toSla(row.clocks, cx.now),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    resolvedAt: row.resolved_at,
    closedAt: row.closed_at,
    allowedTransitions: allowedTransitions(row.status, toTransitionActor(cx, row, own)),
  };
}

export function toTicket(cx: Cx, row: TicketRow): Ticket {
  return {
    ...toItem(cx, row, row.participates),
    description: row.description,
    resolutionNote: row.resolution_note,
    mergedAt: row.merged_at,
    mergedInto: mergedInto(row),
  };
}

/** Null also where the actor may not see that ticket. */
export function mergedInto(row: TicketRow): TicketRef | null {
  if (row.merged_into === null || row.into_number === null) return null;
  return { id: row.merged_into, key: ticketKey(row.into_type!, row.into_number), title: row.into_title! };
}

export function factsOf(row: TicketRow): TicketFacts {
  return {
    id: row.id,
    type: row.type,
    title: row.title,
    status: row.status,
    priority: row.priority,
    categoryId: row.category_id,
    queueId: row.queue_id,
    requesterId: row.requester_id,
    assigneeId: row.assignee_id,
    version: row.version,
  };
}
