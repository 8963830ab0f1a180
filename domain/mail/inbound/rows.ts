import { sql } from "@/db/sql.ts";
import { act, type Cx, type RequestInfo } from "@/domain/cx.ts";
import { readReplyAddress } from "@/domain/mail/reply_address.ts";
import type { Received } from "./classify.ts";
import { ADDED_BY_MAIL } from "./senders.ts";

/** What became of a mail. */
export const OUTCOMES = ["waiting", "commented", "noted", "opened", "refused", "ignored"] as const;
export type Outcome = typeof OUTCOMES[number];

/** A mail whose content is still to be read. */
export interface WaitingMail extends Received {
  id: string;
  providerId: string;
  subject: string;
}

/** How a mail ended. */
export interface Ending {
  outcome: Exclude<Outcome, "waiting">;
  reason?: string | null;
  verified?: boolean;
  ticketId?: string;
  commentId?: string | null;
}

/** The mail of a job with all that is known of its sender; null when it was dealt with already. */
export async function readWaiting(
  request: RequestInfo,
  { tenantId, id }: { tenantId: string; id: string },
): Promise<WaitingMail | null> {
  return await act(request, { kind: "system", tenantId }, async (cx) => {
    const row = await cx.db.first<{
      providerId: string;
      sender: string;
      recipient: string;
      subject: string;
      person: Received["person"];
      unknown: Received["unknown"];
      before: number;
      unknownBefore: number;
    }>(sql`select m.provider_id as "providerId", m.sender, m.recipient, m.subject,
        (select json_build_object('id', u.id, 'active', u.deactivated_at is null,
            'known', u.email_verified_at is not null or not exists (select from audit_log a
              where a.tenant_id = u.tenant_id and a.entity_id = u.id and a.action = ${ADDED_BY_MAIL})) from users u
          where u.tenant_id = m.tenant_id and u.email_key = m.sender_key) as person,
        (select t.inbound_unknown from tenants t where t.id = m.tenant_id) as unknown,
        mails_before(m.tenant_id, m.id) as before,
        (select count(*)::integer from (select from inbound_mails o where o.tenant_id = m.tenant_id
          and o.received_at > m.received_at - interval '1 hour' and o.verified is false and o.id <> m.id
          limit 1000) several) as "unknownBefore"
      from inbound_mails m where m.tenant_id = ${tenantId} and m.id = ${id} and m.outcome = 'waiting'`);
    if (!row) return null;
    const ticketId = readReplyAddress(row.recipient)?.ticketId;
    const people = ticketId === undefined ? [] : await peopleOf(cx, ticketId);
    return { ...row, id, tenantId, people };
  });
}

async function peopleOf(cx: Cx, ticketId: string): Promise<string[]> {
  const rows = await cx.db.rows<{ id: string }>(sql`
    select p.user_id as id from ticket_participants p where p.tenant_id = ${cx.tenant.id} and p.ticket_id = ${ticketId}
    union select t.assignee_id from tickets t
      where t.tenant_id = ${cx.tenant.id} and t.id = ${ticketId} and t.assignee_id is not null
    union select c.author_id from comments c where c.tenant_id = ${cx.tenant.id} and c.ticket_id = ${ticketId}
    limit 500`);
  return rows.map(({ id }) => id);
}

/**
 * Holds a mail for the transaction that deals with it.
 *
 * @returns false when it was dealt with already
 */
export async function holdMail(cx: Cx, id: string): Promise<boolean> {
  return await cx.db.run(sql`select 1 from inbound_mails
    where tenant_id = ${cx.tenant.id} and id = ${id} and outcome = 'waiting' for no key update`) > 0;
}

/** Writes down how a mail ended, in the transaction of what it led to. */
export async function endMail(cx: Cx, id: string, ending: Ending): Promise<void> {
  const { outcome, reason = null, verified = false, ticketId = null, commentId = null } = ending;
  await cx.db.run(
    sql`update inbound_mails set outcome = ${outcome}, reason = ${reason?.slice(0, 500) ?? null},
      verified = ${verified}, ticket_id = ${ticketId}, comment_id = ${commentId}, finished_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${id}`,
  );
}
