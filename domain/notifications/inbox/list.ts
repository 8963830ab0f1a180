import { z } from "zod";
import { empty, type Sql, sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { END, PageOf, readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import { plainExcerpt, ticketKey, type TicketType } from "@/domain/tickets/model/formatting.ts";
import { commentVisibleToUser, visibleToUser } from "@/domain/tickets/access/visibility.ts";
import type { Named, Page } from "@/domain/shared/types.ts";
import type { AdminNotice, NotificationKind } from "@/domain/notifications/kinds.ts";
import { type NotificationFacts, notificationText } from "@/domain/notifications/wording.ts";

export const ListNotifications = PageOf.extend({
  unread: z.enum(["true", "false", ""]).default("false").transform((text) => text === "true"),
});

export interface Notification {
  id: string;
  kind: NotificationKind | AdminNotice;
  message: string;
  ticket: { id: string; key: string; title: string } | null;
  /** Null for the system. */
  actor: Named | null;
  /** Null also when they may no longer read it. */
  commentId: string | null;
  /** The beginning of the comment as it is now; empty when they may no longer read it. */
  excerpt: string;
  internal: boolean;
  /** Where it leads; a POST there marks it as read. */
  path: string;
  readAt: string | null;
  createdAt: string;
}

/** Counting stops at {@link MOST_UNREAD}. */
export interface UnreadCount {
  count: number;
  capped: boolean;
}

const MOST_UNREAD = 99;
const LIST = "notifications";

interface Row {
  id: string;
  kind: NotificationKind | AdminNotice;
  actor_id: string | null;
  actor_name: string | null;
  ticket_id: string | null;
  number: number;
  type: TicketType;
  title: string;
  comment_id: string | null;
  comment: string | null;
  internal: boolean;
  payload: NotificationFacts;
  read_at: string | null;
  created_at: string;
}

/** The comment `c` of notification `n` of user `u`, as far as they may read it where it is now. */
export function readableComment(cx: UserCx): Sql {
  return sql`left join lateral (select c.tenant_id, c.id, c.ticket_id, c.body from comments c
    where c.tenant_id = n.tenant_id and c.id = (n.payload ->> 'commentId')::uuid and ${
    commentVisibleToUser(cx)
  } limit 1) c on true`;
}

/** The actor's notifications `n` with their tickets `t`, without those they may no longer see. */
export function ownNotifications(cx: UserCx): { from: Sql; where: Sql } {
  return {
    from: sql`notifications n
      join users u on u.tenant_id = n.tenant_id and u.id = n.user_id
      left join tickets t on t.tenant_id = n.tenant_id and t.id = n.ticket_id`,
    where: sql`n.tenant_id = ${cx.tenant.id} and n.user_id = ${cx.actor.id}
      and (not n.internal or ${isStaff(cx.actor.role)}::boolean) and (n.ticket_id is null or ${
      visibleToUser(cx)
    })`,
  };
}

/** The actor's notifications, newest first. @throws DomainError invalid for a cursor of another list */
export async function listNotifications(
  cx: UserCx,
  { limit, cursor, unread }: z.output<typeof ListNotifications>,
): Promise<Page<Notification> & { unread: UnreadCount }> {
  const before = cursor ? readCursor(cx, LIST, cursor) : END;
  const { from, where } = ownNotifications(cx);
  const [rows, count] = await Promise.all([
    cx.db.rows<Row>(
      sql`select n.id, n.kind, n.actor_id, actor.name as actor_name, n.ticket_id, t.number, t.type,
        t.title, c.id as comment_id, left(c.body, 1200) as comment, n.internal, n.payload, n.read_at, n.created_at
      from ${from}
      left join lateral (select a.name from users a
        where a.tenant_id = n.tenant_id and a.id = n.actor_id limit 1) actor on true
      ${readableComment(cx)}
      where ${where} ${unread ? sql`and n.read_at is null` : empty}
        and (n.created_at, n.id) < (${before.at}::timestamptz, ${before.id}::uuid)
      order by n.created_at desc, n.id desc limit ${limit + 1}`,
    ),
    countUnread(cx),
  ]);
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  return {
    items: rows.map(toNotification),
    nextCursor: more && last ? writeCursor(cx, LIST, { at: last.created_at, id: last.id }) : null,
    unread: count,
  };
}

export async function countUnread(cx: UserCx): Promise<UnreadCount> {
  const { from, where } = ownNotifications(cx);
  const row = await cx.db.first<{ count: number }>(sql`select count(*) from (
    select from ${from} where ${where} and n.read_at is null limit ${MOST_UNREAD + 1}) counted`);
  const count = row?.count ?? 0;
  return { count: Math.min(count, MOST_UNREAD), capped: count > MOST_UNREAD };
}

/** Unread notifications about one ticket. */
export async function countUnreadOf(cx: UserCx, ticketId: string): Promise<number> {
  const { from, where } = ownNotifications(cx);
  const row = await cx.db.first<{ count: number }>(sql`select count(*) from (select from ${from}
    where ${where} and n.read_at is null and n.ticket_id = ${ticketId} limit ${MOST_UNREAD}) counted`);
  return row?.count ?? 0;
}

function toNotification(row: Row): Notification {
  return {
    id: row.id,
    kind: row.kind,
    message: notificationText(row.kind, row.payload, row.actor_name),
    ticket: row.ticket_id === null
      ? null
      : { id: row.ticket_id, key: ticketKey(row.type, row.number), title: row.title },
    actor: row.actor_id === null ? null : { id: row.actor_id, name: row.actor_name ?? "" },
    commentId: row.comment_id,
    excerpt: plainExcerpt(row.comment ?? "", 160),
    internal: row.internal,
    path: `/notifications/${row.id}`,
    readAt: row.read_at,
    createdAt: row.created_at,
  };
}
