import { type Sql, sql } from "@/db/sql.ts";
import { canSeeTicket, isStaff, ticketVisibility } from "@/domain/permissions.ts";
import type { Role, UserCx } from "@/domain/cx.ts";
import { nameable } from "@/domain/tickets/watchers/watch_requests.ts";
import type { TicketRow } from "@/domain/tickets/access/ticket_row.ts";

export interface Mentionable {
  id: string;
  name: string;
  email: string;
  role: Role;
  /** Whether they are requester, watcher, assignee or an author. */
  talks: boolean;
  participates: boolean;
  works_there: boolean;
}

/** Ids of the people of a conversation, as far as the actor sees it. */
function talking(cx: UserCx, row: TicketRow): Sql {
  return sql`select p.user_id as id from ticket_participants p
      where p.tenant_id = ${cx.tenant.id} and p.ticket_id = ${row.id} and ${nameable(cx)}
    union select a.id from (select ${row.assignee_id}::uuid as id) a where a.id is not null
    union select c.author_id from comments c where c.tenant_id = ${cx.tenant.id} and c.ticket_id = ${row.id}
      and (c.visibility = 'public' or ${isStaff(cx.actor.role)}::boolean)`;
}

/** Active people of the conversation and of `others`, a query of ids. */
export async function readMentionable(
  cx: UserCx,
  row: TicketRow,
  { others, limit }: { others: Sql; limit: number },
): Promise<Mentionable[]> {
  return await cx.db.rows<Mentionable & Record<string, unknown>>(
    sql`with talk as (${talking(cx, row)}), found as (select id from talk union (${others}))
    select u.id, u.name, u.email, u.role, u.id in (select id from talk) as talks,
      exists (select 1 from ticket_participants p where p.tenant_id = u.tenant_id and p.ticket_id = ${row.id}
        and p.user_id = u.id) as participates,
      exists (select 1 from queue_members m where m.tenant_id = u.tenant_id and m.queue_id = ${row.queue_id}
        and m.user_id = u.id) as works_there
    from found join users u on u.tenant_id = ${cx.tenant.id} and u.id = found.id
    where u.deactivated_at is null and u.id <> ${cx.actor.id}
    order by talks desc, u.name_key, u.id limit ${limit}`,
  );
}

export function mayReadComment(
  cx: UserCx,
  row: TicketRow,
  { person, visibility }: { person: Mentionable; visibility: "public" | "internal" },
): boolean {
  if (visibility === "internal" && !isStaff(person.role)) return false;
  const queueIds = person.works_there && row.queue_id !== null ? [row.queue_id] : [];
  const reader = { ...cx.actor, id: person.id, role: person.role, queueIds };
  return canSeeTicket(ticketVisibility(cx.tenant, reader), reader, {
    requesterId: row.requester_id,
    assigneeId: row.assignee_id,
    queueId: row.queue_id,
    participates: person.participates,
  });
}
