import { empty, join, type Sql, sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { excerpt, KEY_PREFIX } from "@/domain/tickets/model/formatting.ts";
import { visibleToUser } from "@/domain/tickets/access/visibility.ts";
import { MAILED_KINDS, type NotificationKind, STAFF_KINDS } from "./kinds.ts";

/** An event of a ticket and who is notified of it, each person once, for their strongest reason. */
export interface TicketNotification {
  ticketId: string;
  /** Strongest reason first; these come before all others. */
  recipients?: { userId: string; kind: NotificationKind }[];
  /**
   * The reason for each group. Of the queue its members hear, else those of the default queue, else managers and admins.
   */
  requester?: NotificationKind;
  watchers?: NotificationKind;
  assignee?: NotificationKind;
  queue?: NotificationKind;
  /** For the queue, if nobody who is active works on the ticket. */
  unattended?: NotificationKind;
  managers?: NotificationKind;
  /** A ticket: whoever takes part in it, or works on it, has been told of the same by that one. */
  unlessToldOf?: string;
  /** For staff only. */
  internal?: boolean;
  /** What was written; emails quote its beginning. */
  text?: string;
  /** For the wording of the notification; readable by every recipient. */
  facts?: Record<string, unknown>;
}

/**
 * One statement writes in-app notifications and emails for the same recipients. Nobody is notified of their own action,
 * except by the email that acknowledges a new ticket; nor who is deactivated or may not see the ticket.
 */
export async function notify(cx: Cx, telling: TicketNotification): Promise<void> {
  const { ticketId, internal = false, text = "" } = telling;
  const reasons = reasonsOf(cx, telling);
  if (reasons.length === 0) return;
  const facts = JSON.stringify(telling.facts ?? {});
  const actorId = cx.actor?.id ?? null;
  cx.afterCommit(() => cx.services.wake("email"));
  await cx.db.run(sql`with t as (
      select * from tickets where tenant_id = ${cx.tenant.id} and id = ${ticketId}
    )${
    telling.queue || telling.unattended ? sql`, ${deskOf(cx)}` : empty
  }, reasons (user_id, kind, rank) as (${join(reasons, " union all ")}
    ), told as (
      select u.*, k.kind, u.id is not distinct from ${actorId}::uuid as own,
        u.preferences -> 'notify' -> k.kind as chosen
      from (select distinct on (user_id) user_id, kind from reasons where kind is not null order by user_id, rank) k
      cross join t
      join lateral (select u.id, u.email, u.role, u.preferences, u.deactivated_at from users u
        where u.tenant_id = ${cx.tenant.id} and u.id = k.user_id limit 1) u on true
      where u.deactivated_at is null and ${visibleToUser(cx)}
        and (u.role <> 'REQUESTER' ${internal ? empty : sql`or k.kind <> all(${STAFF_KINDS}::text[])`})
        and (u.id is distinct from ${actorId}::uuid or k.kind = 'ticket_created')
        ${telling.unlessToldOf ? notToldOf(cx, telling.unlessToldOf) : empty}
    ), shown as (
      insert into notifications (tenant_id, user_id, kind, ticket_id, actor_id, internal, payload)
      select ${cx.tenant.id}::uuid, told.id, told.kind, ${ticketId}::uuid, ${actorId}::uuid, ${internal}::boolean,
        ${facts}::jsonb
      from told where not told.own and coalesce((told.chosen ->> 'inApp')::boolean, true)
    )
    insert into outbox (tenant_id, recipient, template, payload)
    select ${cx.tenant.id}::uuid, told.email, told.kind,
      jsonb_build_object('key', case t.type when 'incident' then ${KEY_PREFIX.incident}::text
          else ${KEY_PREFIX.service_request}::text end || t.number, 'ticketId', t.id, 'title', t.title,
        'actorName', ${cx.actor?.name ?? cx.tenant.name}::text, 'excerpt', ${excerpt(text)}::text)
      || ${facts}::jsonb || case when told.kind = 'ticket_created' and not told.own
          then '{"forYou": true}'::jsonb else '{}' end || case when ${internal}::boolean then '{"internal": true}'::jsonb else '{}' end
    from told cross join t
    where coalesce((told.chosen ->> 'email')::boolean, told.kind = any(${MAILED_KINDS}::text[]))`);
}

/** Only the groups asked for are part of the statement, to save planning. */
function reasonsOf(
  cx: Cx,
  { ticketId, recipients: named = [], requester, watchers, assignee, queue, unattended, managers }:
    TicketNotification,
): Sql[] {
  const reasons: Sql[] = [];
  if (named.length > 0) {
    const ids = named.map(({ userId }) => userId);
    const kinds = named.map(({ kind }) => kind);
    reasons.push(sql`select * from unnest(${ids}::uuid[], ${kinds}::text[]) with ordinality`);
  }
  if (requester || watchers) {
    reasons.push(sql`select p.user_id, case p.kind when 'requester' then ${requester ?? null}::text
        else ${watchers ?? null}::text end, 1000
      from ticket_participants p where p.tenant_id = ${cx.tenant.id} and p.ticket_id = ${ticketId}`);
  }
  if (assignee) {
    reasons.push(sql`select t.assignee_id, ${assignee}::text, 1001 from t where t.assignee_id is not null`);
  }
  if (queue) {
    reasons.push(sql`select d.user_id, ${queue}::text, 1002 from desk d`);
  } else if (unattended) {
    reasons.push(sql`select d.user_id, ${unattended}::text, 1002 from desk d
      where not exists (select from t join users a on a.tenant_id = t.tenant_id and a.id = t.assignee_id
        where a.deactivated_at is null and a.role <> 'REQUESTER')`);
  }
  if (managers) {
    reasons.push(sql`select m.id, ${managers}::text, 1003 from users m
      where m.tenant_id = ${cx.tenant.id} and m.role in ('MANAGER', 'ADMIN')`);
  }
  return reasons;
}

/** Who hears of the ticket `t` for its queue: the first of three groups in which anybody active may see it. */
function deskOf(cx: Cx): Sql {
  const members = (queueId: Sql) =>
    sql`select u.id from t join queue_members m on m.tenant_id = t.tenant_id and m.queue_id = ${queueId}
      join lateral (select u.id, u.role, u.deactivated_at from users u
        where u.tenant_id = m.tenant_id and u.id = m.user_id limit 1) u on true
      where u.deactivated_at is null and u.role <> 'REQUESTER' and ${visibleToUser(cx)}`;
  const byDefault = sql`(select d.default_queue_id from tenants d where d.id = ${cx.tenant.id})`;
  return sql`team as (${members(sql`t.queue_id`)}
    ), default_team as (${members(byDefault)} and not exists (select from team)
    ), desk (user_id) as (
      select id from team union all select id from default_team
      union all select u.id from users u where u.tenant_id = ${cx.tenant.id} and u.role in ('MANAGER', 'ADMIN')
        and u.deactivated_at is null and not exists (select from team) and not exists (select from default_team)
    )`;
}

function notToldOf(cx: Cx, ticketId: string): Sql {
  return sql`and not exists (select from ticket_participants o
      where o.tenant_id = ${cx.tenant.id} and o.ticket_id = ${ticketId} and o.user_id = u.id)
    and not exists (select from tickets o
      where o.tenant_id = ${cx.tenant.id} and o.id = ${ticketId} and o.assignee_id = u.id)`;
}
