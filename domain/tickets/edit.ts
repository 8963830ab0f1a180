import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { ticketAbilities } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { assigneeOnEntry } from "@/domain/queues/next_assignee.ts";
import { record } from "@/domain/record.ts";
import { id, version } from "@/domain/validation.ts";
import { accessTicket, assertFresh, changed, readTicket } from "./access/read_ticket.ts";
import type { TicketFacts } from "./model/ticket_change.ts";
import { factsOf } from "./access/ticket_row.ts";
import { type TicketRow, toTicket } from "./access/ticket_row.ts";
import { followTicket } from "./side_effects.ts";
import { description, tags, title } from "@/domain/shared/fields.ts";
import { LEVELS, nextPriority, PRIORITIES } from "./model/priority.ts";
import { useCategory, useQueue } from "./references.ts";
import type { Ticket } from "./model/types.ts";
import type { Named } from "@/domain/shared/types.ts";

// A form's empty choice takes the category or queue away, as null does in JSON.
const cleared = z.preprocess((value) => value === "" ? null : value, id.nullable().optional());

/** What can be changed of a ticket; what isn't there stays. */
export const EditTicket = z.object({
  version: version.optional(),
  title: title.optional(),
  description: description.optional(),
  impact: z.enum(LEVELS).optional(),
  urgency: z.enum(LEVELS).optional(),
  priority: z.enum(PRIORITIES).optional(),
  categoryId: cleared,
  queueId: cleared,
  tags: tags.optional(),
});

export type TicketEdit = Omit<z.output<typeof EditTicket>, "version"> & { id: string; version: number };

/**
 * Changes fields of a ticket. Staff change all of them; the requester title and description, while it is new.
 *
 * @param input `id` is an id or key; `version` the one the change is based on
 * @returns the ticket after it; unchanged, with the same version, when nothing differs
 * @throws DomainError not_found, forbidden, stale_version, or invalid for a category or queue that can't be used
 */
export async function editTicket(cx: UserCx, input: TicketEdit): Promise<Ticket> {
  const row = await accessTicket(cx, input.id);
  assertMayEdit(cx, row, input);
  assertFresh(cx, row, input.version);
  const was = before(row);
  // What is there already stays, even where it can't be chosen any more.
  const keeps = {
    category: input.categoryId === undefined || input.categoryId === row.category_id,
    queue: input.queueId === undefined || input.queueId === row.queue_id,
  };
  const [category, queue] = await Promise.all([
    keeps.category ? was.category : input.categoryId ? useCategory(cx, input.categoryId) : null,
    keeps.queue ? was.queue : input.queueId ? useQueue(cx, input.queueId) : null,
  ]);
  const given = row.assignee_id === null ? await assigneeOnEntry(cx, row, queue) : null;
  const next = afterEdit(row, input, { category, queue });
  const changes = differences(row, next);
  if (given) changes.assignee = { from: null, to: { id: given.id, name: given.name } };
  const assigneeId = given?.id ?? row.assignee_id;
  if (Object.keys(changes).length === 0) return toTicket(cx, row);
  const update = sql`update tickets set title = ${next.title}, description = ${next.description},
      impact = ${next.impact}, urgency = ${next.urgency}, priority = ${next.priority},
      category_id = ${next.category?.id ?? null}, queue_id = ${next.queue?.id ?? null},
      assignee_id = ${assigneeId},
      version = version + 1, updated_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${row.id} and version = ${row.version}`;
  await Promise.all([
    changed(cx, row.id, cx.db.run(update)),
    "tags" in changes ? replaceTags(cx, row.id, next.tags) : null,
    record(cx, {
      action: "ticket.edited",
      entity: "ticket",
      entityId: row.id,
      version: row.version + 1,
      changes,
      audience: {
        requesterId: row.requester_id,
        assigneeId,
        queueId: next.queue?.id ?? null,
      },
    }),
    followTicket(cx, {
      what: "edited",
      before: factsOf(row),
      after: { ...factsAfter(row, next), assigneeId },
      text: next.description,
    }),
  ]);
  return await readTicket(cx, row.id);
}

const TRIAGE = ["impact", "urgency", "priority", "categoryId", "queueId", "tags"] as const;

function assertMayEdit(cx: UserCx, row: TicketRow, input: TicketEdit): void {
  const may = ticketAbilities(cx.actor, { requesterId: row.requester_id, status: row.status });
  if (may.work) return;
  if (!may.edit) throw new DomainError("forbidden", "A ticket's text can be changed while it is new");
  if (TRIAGE.some((field) => input[field] !== undefined)) {
    throw new DomainError("forbidden", "Only the help desk can change more than title and description");
  }
}

type Editable = Pick<Ticket, "title" | "description" | "impact" | "urgency" | "priority" | "tags"> & {
  category: Named | null;
  queue: Named | null;
};

function named(id: string | null, name: string | null): Named | null {
  return id === null ? null : { id, name: name! };
}

function before(row: TicketRow): Editable {
  return {
    title: row.title,
    description: row.description,
    impact: row.impact,
    urgency: row.urgency,
    priority: row.priority,
    category: named(row.category_id, row.category_name),
    queue: named(row.queue_id, row.queue_name),
    tags: row.tags === "" ? [] : row.tags.split("\n"),
  };
}

function afterEdit(
  row: TicketRow,
  input: TicketEdit,
  chosen: { category: Named | null; queue: Named | null },
): Editable {
  const was = before(row);
  const { impact = row.impact, urgency = row.urgency } = input;
  return {
    title: input.title ?? was.title,
    description: input.description ?? was.description,
    impact,
    urgency,
    priority: nextPriority(row, { impact, urgency, priority: input.priority }),
    category: chosen.category,
    queue: chosen.queue,
    tags: input.tags ?? was.tags,
  };
}

function factsAfter(row: TicketRow, next: Editable): TicketFacts {
  return {
    ...factsOf(row),
    title: next.title,
    priority: next.priority,
    categoryId: next.category?.id ?? null,
    queueId: next.queue?.id ?? null,
    version: row.version + 1,
  };
}

/** By field, before and after. A description is told by the fact alone: the audit row is no copy of long texts. */
function differences(row: TicketRow, next: Editable): Record<string, unknown> {
  const was = before(row);
  const changes: Record<string, unknown> = {};
  for (const field of ["title", "impact", "urgency", "priority"] as const) {
    if (was[field] !== next[field]) changes[field] = { from: was[field], to: next[field] };
  }
  for (const field of ["category", "queue"] as const) {
    if (was[field]?.id !== next[field]?.id) {
      const to = next[field];
      changes[field] = { from: was[field], to: to && { id: to.id, name: to.name } };
    }
  }
  if (was.tags.join() !== next.tags.join()) changes.tags = { from: was.tags, to: next.tags };
  if (was.description !== next.description) changes.description = true;
  return changes;
}

async function replaceTags(cx: UserCx, ticketId: string, tags: string[]): Promise<void> {
  await Promise.all([
    cx.db.run(sql`delete from ticket_tags where tenant_id = ${cx.tenant.id} and ticket_id = ${ticketId}
      and tag <> all(${tags}::text[])`),
    cx.db.run(sql`insert into ticket_tags (tenant_id, ticket_id, tag)
      select ${cx.tenant.id}::uuid, ${ticketId}::uuid, unnest(${tags}::text[]) on conflict do nothing`),
  ]);
}
