import { z } from "zod";
import { empty, sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, invalidField, unknownId } from "@/domain/errors.ts";
import { commentPath } from "@/domain/shared/links.ts";
import { visibleToActor } from "@/domain/tickets/access/visibility.ts";
import { ticketKey, type TicketType } from "@/domain/tickets/model/formatting.ts";
import { formBoolean, id, instant, optional } from "@/domain/validation.ts";
import { countUnread, ownNotifications, readableComment, type UnreadCount } from "./list.ts";

/** `ids`, `all`, or those about a ticket; `before` limits the last two to those that existed by then. */
export const ReadNotifications = z.object({
  ids: z.array(id).min(1, "Select at least one").max(100, "Must be at most 100 ids").optional(),
  all: optional(formBoolean.pipe(z.literal(true))),
  ticketId: optional(id),
  before: optional(instant),
});

/** Without an audit entry. @throws DomainError invalid unless one of them is given, or for others' ids */
export async function readNotifications(
  cx: UserCx,
  { ids, all, ticketId, before }: z.output<typeof ReadNotifications>,
): Promise<{ unread: UnreadCount }> {
  if ([ids, all, ticketId].filter((one) => one !== undefined).length !== 1) {
    throw invalidField("ids", "ids_or_all", "Send one of ids, all and ticketId");
  }
  if (ticketId) await assertSeen(cx, ticketId);
  if (ids) await readNamed(cx, [...new Set(ids)]);
  else {
    await cx.db.run(sql`update notifications set read_at = now()
      where tenant_id = ${cx.tenant.id} and user_id = ${cx.actor.id} and read_at is null
        ${ticketId ? sql`and ticket_id = ${ticketId}` : empty}
        and created_at <= coalesce(${before ?? null}::timestamptz, now())`);
  }
  return { unread: await countUnread(cx) };
}

async function assertSeen(cx: UserCx, ticketId: string): Promise<void> {
  const seen = await cx.db.first(sql`select 1 from tickets t
    where t.tenant_id = ${cx.tenant.id} and t.id = ${ticketId} ${visibleToActor(cx)}`);
  if (!seen) throw unknownId("ticketId");
}

async function readNamed(cx: UserCx, ids: string[]): Promise<void> {
  const known = await cx.db.run(sql`update notifications set read_at = coalesce(read_at, now())
    where tenant_id = ${cx.tenant.id} and user_id = ${cx.actor.id} and id = any(${ids}::uuid[])`);
  if (known < ids.length) throw unknownId("ids");
}

/**
 * Where it leads: to its comment, which may have moved to another ticket that they see, or to its ticket.
 * @throws DomainError not_found when it isn't the actor's, or they may no longer see the ticket
 */
export async function followNotification(cx: UserCx, { id }: { id: string }): Promise<string> {
  const { from, where } = ownNotifications(cx);
  const row = await cx.db.first<
    {
      number: number | null;
      type: TicketType;
      comment_id: string | null;
      endpoint_id: string | null;
    }
  >(sql`select coalesce(moved.number, t.number) as number, coalesce(moved.type, t.type) as type,
      c.id as comment_id, n.payload ->> 'endpointId' as endpoint_id
    from ${from}
    ${readableComment(cx)}
    left join lateral (select m.number, m.type from tickets m
      where m.tenant_id = c.tenant_id and m.id = c.ticket_id limit 1) moved on true
    where ${where} and n.id = ${id}`);
  if (!row) throw new DomainError("not_found");
  if (row.endpoint_id !== null) return `/admin/webhooks/${row.endpoint_id}`;
  if (row.number === null) return "/notifications";
  const key = ticketKey(row.type, row.number);
  return row.comment_id === null ? `/tickets/${key}` : commentPath(key, row.comment_id);
}
