import { sql } from "@/db/sql.ts";
import type { Cx, Role } from "@/domain/cx.ts";
import { hasProvedAdmin, isProved } from "@/domain/profile/proved_address.ts";
import { commentVisibleToUser, visibleToUser } from "@/domain/tickets/access/visibility.ts";

export interface MailRow extends Record<string, unknown> {
  recipient: string;
  template: string;
  payload: Record<string, unknown>;
  createdAt: string;
  /** The user with that address, if any. */
  userId: string | null;
  name: string | null;
  role: Role | null;
  locale: string | null;
  timeZone: string | null;
  deactivated: boolean;
  suppressed: boolean;
  preferences: unknown;
  /** The ticket, and the comment where it is now. True also when it is about none. */
  sees: boolean;
  /** Whether the recipient has proved their address. */
  proved: boolean;
  /** Whether the organisation may email people who haven't. */
  mayMailStrangers: boolean;
  /** Whether the comment it is about is by someone who has. */
  authorProved: boolean;
  /** Tickets that the recipient created in the 24 hours before, up to {@link MOST_COUNTED}. */
  recentTickets: number;
  /** When the SLA target it is about is due. */
  dueAt: string | null;
}

const MOST_COUNTED = 10;

/** Lateral, with limits: row security keeps joins on expressions from using an index. @throws Error when it is gone */
export async function readMailRow(cx: Cx, id: string): Promise<MailRow> {
  const row = await cx.db.first<MailRow>(sql`
    select o.recipient, o.template, o.payload, o.created_at as "createdAt", u.id as "userId", u.name, u.role, u.locale,
      u.time_zone as "timeZone", u.deactivated_at is not null as deactivated, u.preferences,
      exists (select from suppressed_addresses s where s.tenant_id = o.tenant_id
        and s.email_key = lower(o.recipient)) as suppressed,
      (t.id is null or ${
    visibleToUser(cx)
  }) and (o.payload ->> 'commentId' is null or coalesce(comment.seen, false)) as sees, k.due_at as "dueAt",
      coalesce(u.proved, false) as proved, coalesce(comment.proved, false) as "authorProved",
      case when u.proved then true else ${hasProvedAdmin(cx)} end as "mayMailStrangers",
      case when u.proved then 0 else (select count(*)::integer from (select from ticket_participants p
        where p.tenant_id = o.tenant_id and p.user_id = u.id and p.kind = 'requester'
          and p.created_at > o.created_at - interval '1 day' and p.created_at < o.created_at
        limit ${MOST_COUNTED}) several) end as "recentTickets"
    from outbox o
    left join lateral (select u.id, u.name, u.role, u.locale, u.time_zone, u.deactivated_at, u.preferences,
        ${isProved(cx, sql`u`)} as proved from users u
      where u.tenant_id = o.tenant_id and u.email_key = lower(o.recipient) limit 1) u on true
    left join lateral (select t.tenant_id, t.id, t.queue_id, t.assignee_key from tickets t
      where t.tenant_id = o.tenant_id and t.id = (o.payload ->> 'ticketId')::uuid limit 1) t on true
    left join lateral (select ${commentVisibleToUser(cx)} as seen,
        (select ${isProved(cx, sql`author`)} from users author where author.tenant_id = c.tenant_id
          and author.id = c.author_id) as proved from comments c
      where c.tenant_id = o.tenant_id and c.id = (o.payload ->> 'commentId')::uuid limit 1) comment on true
    left join lateral (select k.due_at from sla_clocks k where k.tenant_id = t.tenant_id and k.ticket_id = t.id
      and k.metric = case o.payload ->> 'metric' when 'first_response' then 'firstResponse'
        when 'resolution' then 'resolution' end limit 1) k on true
    where o.tenant_id = ${cx.tenant.id} and o.id = ${id}`);
  if (!row) throw new Error(`Cannot send email "${id}": it is gone`);
  return row;
}
