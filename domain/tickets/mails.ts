import { type Sql, sql } from "../../db/sql.ts";
import type { UserCx } from "../cx.ts";
import { excerpt, KEY_PREFIX, type TicketType } from "./formatting.ts";

/** To whom a mail about ticket `t` goes, as a condition on user `u`. */
const AUDIENCES = {
  /** Even of their own doing: it tells the number of the ticket. */
  requester: sql`u.id = t.requester_id`,
  assignee: sql`u.id = t.assignee_id`,
  everyone: sql`u.id in (
    select p.user_id from ticket_participants p where p.tenant_id = t.tenant_id and p.ticket_id = t.id
    union select t.assignee_id)`,
} satisfies Record<string, Sql>;

/** One mail about a ticket, to everyone of an audience. */
export interface TicketMail {
  template: "ticket_created" | "ticket_assigned" | "ticket_resolved" | "comment_added";
  ticket: { id: string; type: TicketType };
  audience: keyof typeof AUDIENCES;
  /** What is quoted in it, as written; shortened here. */
  text: string;
  /** Only staff may get it. */
  internal?: boolean;
}

/**
 * Payload of a mail about ticket `t`: `{ key, ticketId, title, actorName, excerpt }`, and `internal: true` where only
 * staff may read it. The key is put together in the statement because the number of a new ticket is known to the
 * database alone when it is sent.
 */
function mailPayload(
  cx: UserCx,
  { type, text, internal = false }: { type: TicketType; text: string; internal?: boolean | undefined },
): Sql {
  return sql`jsonb_build_object('key', ${
    KEY_PREFIX[type]
  }::text || t.number, 'ticketId', t.id, 'title', t.title,
    'actorName', ${cx.actor.name}::text, 'excerpt', ${excerpt(text)}::text)
    || case when ${internal}::boolean then '{"internal": true}'::jsonb else '{}' end`;
}

/**
 * Puts a mail into the outbox for each active recipient, in the transaction of the change, and wakes the worker after
 * commit. The person who acts gets none of their own doing, but for the acknowledgement of a new ticket.
 */
export async function enqueueMail(cx: UserCx, mail: TicketMail): Promise<void> {
  cx.afterCommit(cx.services.wake);
  await cx.db.run(sql`insert into outbox (tenant_id, recipient, template, payload)
    select t.tenant_id, u.email, ${mail.template}, ${
    mailPayload(cx, { type: mail.ticket.type, text: mail.text, internal: mail.internal })
  }
    from tickets t join users u on u.tenant_id = t.tenant_id
    where t.tenant_id = ${cx.tenant.id} and t.id = ${mail.ticket.id} and ${AUDIENCES[mail.audience]}
      and u.deactivated_at is null and (u.role <> 'REQUESTER' or not ${mail.internal ?? false}::boolean)
      and u.id is distinct from ${mail.audience === "requester" ? null : cx.actor.id}::uuid`);
}
