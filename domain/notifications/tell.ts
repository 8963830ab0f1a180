import { sql } from "../../db/sql.ts";
import type { Cx } from "../cx.ts";
import { excerpt, KEY_PREFIX } from "../tickets/formatting.ts";
import { maySeeTicket } from "../tickets/sight.ts";
import { type Kind, MAILED_KINDS, STAFF_KINDS } from "./kinds.ts";

/** One event of a ticket, and whom it is told to. Who has several reasons is told once, for the strongest. */
export interface Telling {
  ticketId: string;
  /** People by id with their reason, strongest first; these go before all others. */
  named?: { userId: string; kind: Kind }[];
  /** Why the others are told, where they are. `queue`: members of the queue; `managers`: all managers and admins. */
  requester?: Kind;
  watchers?: Kind;
  assignee?: Kind;
  queue?: Kind;
  managers?: Kind;
  /** Only staff may know of it. */
  internal?: boolean;
  /** What was said or noted, as written; mails quote its beginning. */
  text?: string;
  /** Facts for the sentence that tells of it, as `commentId` or the state it went to. Nothing that only some may read. */
  facts?: Record<string, unknown>;
}

/**
 * Tells people of an event in its transaction, in one statement: the rows that the product shows and the mails of the
 * outbox are made of the same recipients. Nobody is told of their own doing, but for the acknowledgement of a new
 * ticket, which is a mail; nobody who is deactivated, or may not see the ticket; and each as their preferences say.
 */
export async function tell(cx: Cx, telling: Telling): Promise<void> {
  const { ticketId, named = [], internal = false, text = "" } = telling;
  const facts = JSON.stringify(telling.facts ?? {});
  const actorId = cx.actor?.id ?? null;
  cx.afterCommit(cx.services.wake);
  await cx.db.run(sql`with t as (
      select * from tickets where tenant_id = ${cx.tenant.id} and id = ${ticketId}
    ), reasons (user_id, kind, rank) as (
      select * from unnest(${named.map(({ userId }) => userId)}::uuid[], ${
    named.map(({ kind }) => kind)
  }::text[]) with ordinality
      union all select p.user_id, case p.kind when 'requester' then ${telling.requester ?? null}::text
          else ${telling.watchers ?? null}::text end, 1000
        from ticket_participants p where p.tenant_id = ${cx.tenant.id} and p.ticket_id = ${ticketId}
      union all select t.assignee_id, ${telling.assignee ?? null}::text, 1001 from t
      union all select m.user_id, ${telling.queue ?? null}::text, 1002
        from t join queue_members m on m.tenant_id = t.tenant_id and m.queue_id = t.queue_id
        where ${telling.queue ?? null}::text is not null
      union all select m.id, ${telling.managers ?? null}::text, 1003 from users m
        where ${telling.managers ?? null}::text is not null and m.tenant_id = ${cx.tenant.id}
          and m.role in ('MANAGER', 'ADMIN')
    ), picked as (
      select distinct on (user_id) user_id, kind from reasons
      where user_id is not null and kind is not null order by user_id, rank
    ), told as (
      select u.id, u.email, k.kind, u.id is not distinct from ${actorId}::uuid as own,
        u.preferences -> 'notify' -> k.kind as chosen
      from picked k join users u on u.tenant_id = ${cx.tenant.id} and u.id = k.user_id cross join t
      where u.deactivated_at is null and ${maySeeTicket(cx)}
        and (u.role <> 'REQUESTER' or not ${internal}::boolean and k.kind <> all(${STAFF_KINDS}::text[]))
        and (u.id is distinct from ${actorId}::uuid or k.kind = 'ticket_created')
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
      || ${facts}::jsonb || case when ${internal}::boolean then '{"internal": true}'::jsonb else '{}' end
    from told cross join t
    where coalesce((told.chosen ->> 'email')::boolean, told.kind = any(${MAILED_KINDS}::text[]))`);
}
