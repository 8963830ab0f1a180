import { sql } from "@/db/sql.ts";
import { findActiveCategory } from "@/domain/categories/active_category.ts";
import type { UserCx } from "@/domain/cx.ts";
import type { TicketRow } from "./access/ticket_row.ts";
import { createTicket } from "./create.ts";
import { insertLink, recordLinks } from "./links/links.ts";
import { readTicketRow } from "./access/read_ticket.ts";
import { ACTIVE } from "./model/states.ts";
import type { Source, Ticket } from "./model/types.ts";

const PREFIX = "Follow-up: ";
const LONGEST_TITLE = 200;

export interface LateReply {
  body: string;
  attachmentIds?: string[] | undefined;
  source: Source;
}

/** The id of the requester's own active follow-up: further late replies go there. */
export async function findFollowUp(cx: UserCx, row: TicketRow): Promise<string | null> {
  const found = await cx.db.first<{ id: string }>(
    sql`select t.id from ticket_links l join tickets t on t.tenant_id = l.tenant_id and t.id = l.source_id
      where l.tenant_id = ${cx.tenant.id} and l.target_id = ${row.id} and l.kind = 'follows'
        and t.requester_id = ${cx.actor.id} and t.status = any(${ACTIVE}::text[])
      order by t.number desc limit 1`,
  );
  return found?.id ?? null;
}

/** With the reply as its description, in the same queue, and linked. The actor is the requester. */
export async function openFollowUp(cx: UserCx, row: TicketRow, reply: LateReply): Promise<Ticket> {
  const category = row.category_id === null ? null : await findActiveCategory(cx, row.category_id);
  const ticket = await createTicket(cx, {
    type: row.type,
    title: followUpTitle(row.title),
    description: reply.body,
    impact: row.impact,
    urgency: row.urgency,
    categoryId: category?.id,
    queueId: undefined,
    requesterId: undefined,
    attachmentIds: reply.attachmentIds,
    source: reply.source,
  }, row.queue_id === null ? {} : { queueId: row.queue_id });
  const [made] = await Promise.all([
    readTicketRow(cx, sql`t.id = ${ticket.id}`),
    insertLink(cx, { kind: "follows", sourceId: ticket.id, targetId: row.id }),
  ]);
  await Promise.all([
    recordLinks(cx, "ticket.linked", { row: made!, relation: "follows", other: row }),
  ]);
  return ticket;
}

function followUpTitle(title: string): string {
  const bare = title.startsWith(PREFIX) ? title.slice(PREFIX.length) : title;
  return (PREFIX + bare).slice(0, LONGEST_TITLE).toWellFormed();
}
