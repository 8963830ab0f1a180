import { sql } from "@/db/sql.ts";
import { act, type Cx, type RequestInfo } from "@/domain/cx.ts";
import { readReplyAddress } from "@/domain/mail/reply_address.ts";
import { ADDED_BY_MAIL } from "@/domain/profile/proved_address.ts";
import type { MailEnvelope } from "./classify.ts";

export const INBOUND_OUTCOMES = ["waiting", "commented", "noted", "opened", "refused", "ignored"] as const;
export type InboundOutcome = typeof INBOUND_OUTCOMES[number];

export interface PendingMail extends MailEnvelope {
  id: string;
  providerId: string;
  subject: string;
}

export interface MailResult {
  outcome: Exclude<InboundOutcome, "waiting">;
  reason?: string | null;
  verified?: boolean;
  ticketId?: string;
  commentId?: string | null;
}

/** A job's email with what is known of its sender; null when it was already processed. */
export async function readPendingMail(
  request: RequestInfo,
  { tenantId, id }: { tenantId: string; id: string },
): Promise<PendingMail | null> {
  return await act(request, { kind: "system", tenantId }, async (cx) => {
    const row = await cx.db.first<{
      providerId: string;
      sender: string;
      recipient: string;
      subject: string;
      receivedAt: string;
      senderUser: MailEnvelope["senderUser"];
      unknownSenders: MailEnvelope["unknownSenders"];
      recentFromSender: MailEnvelope["recentFromSender"];
      recentFromUnknown: number;
    }>(sql`select m.provider_id as "providerId", m.sender, m.recipient, m.subject,
        m.received_at as "receivedAt",
        (select json_build_object('id', u.id, 'active', u.deactivated_at is null,
            'known', u.email_verified_at is not null or not exists (select from audit_log a
              where a.tenant_id = u.tenant_id and a.entity_id = u.id and a.action = ${ADDED_BY_MAIL})) from users u
          where u.tenant_id = m.tenant_id and u.email_key = m.sender_key) as "senderUser",
        (select t.inbound_unknown from tenants t where t.id = m.tenant_id) as "unknownSenders",
        (select to_json(b)
          from accepted_before(m.tenant_id, m.id) b) as "recentFromSender",
        (select count(*)::integer from (select from inbound_mails o
          join users s on s.tenant_id = o.tenant_id and s.email_key = o.sender_key
          where o.tenant_id = m.tenant_id and o.received_at > m.received_at - interval '1 hour' and o.id <> m.id
            and o.outcome in ('commented', 'noted', 'opened') and s.email_verified_at is null
            and exists (select from audit_log a where a.tenant_id = s.tenant_id and a.entity_id = s.id
              and a.action = ${ADDED_BY_MAIL}) limit 1000) several) as "recentFromUnknown"
      from inbound_mails m where m.tenant_id = ${tenantId} and m.id = ${id} and m.outcome = 'waiting'`);
    if (!row) return null;
    const ticketId = readReplyAddress(row.recipient)?.ticketId;
    const [participantIds, ticketEndedAt] = ticketId === undefined
      ? [[], null]
      : await Promise.all([participantsOf(cx, ticketId), endOf(cx, ticketId)]);
    return { ...row, id, tenantId, participantIds, ticketEndedAt };
  });
}

async function endOf(cx: Cx, ticketId: string): Promise<string | null> {
  const row = await cx.db.first<{ at: string | null }>(
    sql`select case when t.status in ('closed', 'cancelled')
      then coalesce(t.closed_at, t.updated_at) end as at
    from tickets t where t.tenant_id = ${cx.tenant.id} and t.id = ${ticketId}`,
  );
  return row?.at ?? null;
}

async function participantsOf(cx: Cx, ticketId: string): Promise<string[]> {
  const rows = await cx.db.rows<{ id: string }>(sql`
    select p.user_id as id from ticket_participants p where p.tenant_id = ${cx.tenant.id} and p.ticket_id = ${ticketId}
    union select t.assignee_id from tickets t
      where t.tenant_id = ${cx.tenant.id} and t.id = ${ticketId} and t.assignee_id is not null
    union select c.author_id from comments c where c.tenant_id = ${cx.tenant.id} and c.ticket_id = ${ticketId}
    limit 500`);
  return rows.map(({ id }) => id);
}

/** Locks an email for the transaction that processes it. @returns false when it was already processed */
export async function lockPendingMail(cx: Cx, id: string): Promise<boolean> {
  return await cx.db.run(sql`select 1 from inbound_mails
    where tenant_id = ${cx.tenant.id} and id = ${id} and outcome = 'waiting' for no key update`) > 0;
}

/** Saves the outcome in the transaction of what the email led to. */
export async function finishMail(cx: Cx, id: string, ending: MailResult): Promise<void> {
  const { outcome, reason = null, verified = false, ticketId = null, commentId = null } = ending;
  await cx.db.run(
    sql`update inbound_mails set outcome = ${outcome}, reason = ${reason?.slice(0, 500) ?? null},
      verified = ${verified}, ticket_id = ${ticketId}, comment_id = ${commentId}, finished_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${id}`,
  );
}
