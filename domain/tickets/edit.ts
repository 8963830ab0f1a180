import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { requireActiveCategory } from "@/domain/categories/active_category.ts";
import type { UserCx } from "@/domain/cx.ts";
import { fieldChanges } from "@/domain/edit_versioned.ts";
import { DomainError } from "@/domain/errors.ts";
import { ticketAbilities } from "@/domain/permissions.ts";
import { requireActiveQueue } from "@/domain/queues/active_queue.ts";
import { assigneeOnEntry } from "@/domain/queues/next_assignee.ts";
import { record } from "@/domain/record.ts";
import { description, tags, title } from "@/domain/shared/fields.ts";
import { inOrder } from "@/domain/shared/in_order.ts";
import type { Named } from "@/domain/shared/types.ts";
import { reference, version } from "@/domain/validation.ts";
import { assertFresh, assertUpdated, readTicket, requireTicket } from "./access/read_ticket.ts";
import { factsOf, named, tagsOf, type TicketRow, toTicket } from "./access/ticket_row.ts";
import { TYPES } from "./model/formatting.ts";
import { LEVELS, nextPriority, PRIORITIES } from "./model/priority.ts";
import type { Ticket } from "./model/types.ts";
import { applySideEffects } from "./side_effects.ts";

/** Fields that aren't there stay as they are. */
export const EditTicket = z.object({
  version: version.optional(),
  type: z.enum(TYPES).optional(),
  title: title.optional(),
  description: description.optional(),
  impact: z.enum(LEVELS).optional(),
  urgency: z.enum(LEVELS).optional(),
  priority: z.enum(PRIORITIES).optional(),
  categoryId: reference,
  queueId: reference,
  tags: tags.optional(),
});

export type TicketEdit = Omit<z.output<typeof EditTicket>, "version"> & { id: string; version: number };

/**
 * Staff all fields, its requester title and description while it is new. Another type changes the key's prefix; the old
 * key still works. @throws DomainError not_found, forbidden, stale_version, or invalid for a category or queue
 */
export async function editTicket(cx: UserCx, input: TicketEdit): Promise<Ticket> {
  const row = await requireTicket(cx, input.id);
  assertMayEdit(cx, row, input);
  assertFresh(cx, row, input.version);
  const was = fieldsOf(row);
  // What is set already may stay, even if it can't be chosen any more.
  const keeps = {
    category: input.categoryId === undefined || input.categoryId === row.category_id,
    queue: input.queueId === undefined || input.queueId === row.queue_id,
  };
  const [category, queue] = await Promise.all([
    keeps.category ? was.category : input.categoryId ? requireActiveCategory(cx, input.categoryId) : null,
    keeps.queue ? was.queue : input.queueId ? requireActiveQueue(cx, input.queueId) : null,
  ]);
  const given = row.assignee_id === null ? await assigneeOnEntry(cx, row, queue) : null;
  const { impact = was.impact, urgency = was.urgency } = input;
  const next: Editable = {
    type: input.type ?? was.type,
    title: input.title ?? was.title,
    description: input.description ?? was.description,
    impact,
    urgency,
    priority: nextPriority(row, { impact, urgency, priority: input.priority }),
    category: category && named(category.id, category.name),
    queue: queue && named(queue.id, queue.name),
    assignee: given ? named(given.id, given.name) : was.assignee,
    tags: input.tags ?? was.tags,
  };
  // The audit log keeps no copies of long texts.
  const changes = fieldChanges(was, next, ["description"]);
  if (Object.keys(changes).length === 0) return toTicket(cx, row);
  const ids = {
    categoryId: next.category?.id ?? null,
    queueId: next.queue?.id ?? null,
    assigneeId: next.assignee?.id ?? null,
  };
  const { type, title, priority } = next;
  const after = { ...factsOf(row), ...ids, type, title, priority, version: row.version + 1 };
  const update = sql`update tickets set type = ${type}, title = ${title}, description = ${next.description},
      impact = ${impact}, urgency = ${urgency}, priority = ${priority}, category_id = ${ids.categoryId},
      queue_id = ${ids.queueId}, assignee_id = ${ids.assigneeId}, version = version + 1, updated_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${row.id} and version = ${row.version}`;
  await inOrder(cx.db, [
    () => assertUpdated(cx, row.id, cx.db.run(update)),
    () => changes.tags ? replaceTags(cx, row.id, next.tags) : Promise.resolve(),
    () =>
      record(cx, {
        action: "ticket.edited",
        entity: "ticket",
        entityId: row.id,
        version: after.version,
        changes,
        audience: { requesterId: row.requester_id, assigneeId: ids.assigneeId, queueId: ids.queueId },
      }),
    () => applySideEffects(cx, { what: "edited", before: factsOf(row), after, text: next.description }),
  ]);
  return await readTicket(cx, row.id);
}

const TRIAGE = ["type", "impact", "urgency", "priority", "categoryId", "queueId", "tags"] as const;

function assertMayEdit(cx: UserCx, row: TicketRow, input: TicketEdit): void {
  const may = ticketAbilities(cx.actor, { requesterId: row.requester_id, status: row.status });
  if (may.work) return;
  if (!may.edit) throw new DomainError("forbidden", "You can edit a ticket only while it is new");
  if (TRIAGE.some((field) => input[field] !== undefined)) {
    throw new DomainError("forbidden", "Only the help desk can change more than title and description");
  }
}

type Editable =
  & Pick<Ticket, "type" | "title" | "description" | "impact" | "urgency" | "priority" | "tags">
  & Record<"category" | "queue" | "assignee", Named | null>;

function fieldsOf(row: TicketRow): Editable {
  return {
    type: row.type,
    title: row.title,
    description: row.description,
    impact: row.impact,
    urgency: row.urgency,
    priority: row.priority,
    category: named(row.category_id, row.category_name),
    queue: named(row.queue_id, row.queue_name),
    assignee: named(row.assignee_id, row.assignee_name),
    tags: tagsOf(row),
  };
}

async function replaceTags(cx: UserCx, ticketId: string, tags: string[]): Promise<void> {
  await cx.db.run(sql`with removed as (
      delete from ticket_tags where tenant_id = ${cx.tenant.id} and ticket_id = ${ticketId}
        and tag <> all(${tags}::text[])
    )
    insert into ticket_tags (tenant_id, ticket_id, tag)
    select ${cx.tenant.id}::uuid, ${ticketId}::uuid, unnest(${tags}::text[]) on conflict do nothing`);
}
