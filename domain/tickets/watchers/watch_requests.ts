import { type Sql, sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { TicketRow } from "@/domain/tickets/access/ticket_row.ts";

/** Of one ticket. */
const MOST_REQUESTS = 20;

interface WatchRequest extends Record<string, unknown> {
  id: string;
  email: string;
  user_id: string | null;
}

/**
 * Keeps the address that a requester typed, with whoever watches because of it. They see the address alone, whether
 * somebody has it or not. @throws DomainError conflict for too many
 */
export async function keepRequest(
  cx: UserCx,
  row: TicketRow,
  { email, userId }: { email: string; userId: string | null },
): Promise<void> {
  const kept = await cx.db.run(
    sql`insert into ticket_watch_requests as r (tenant_id, ticket_id, email, user_id, added_by)
      select ${cx.tenant.id}::uuid, ${row.id}::uuid, ${email}, ${userId}::uuid, ${cx.actor.id}::uuid
      where (select count(*) from ticket_watch_requests o where o.tenant_id = ${cx.tenant.id}
        and o.ticket_id = ${row.id} and o.email_key <> lower(${email})) < ${MOST_REQUESTS}
      on conflict (tenant_id, ticket_id, email_key) do update
        set user_id = coalesce(excluded.user_id, r.user_id)`,
  );
  if (kept === 0) {
    throw new DomainError("conflict", `You can add at most ${MOST_REQUESTS} people by email address`);
  }
}

/** What a ticket's requester asked for; nothing for anybody else. */
export async function readRequests(
  cx: UserCx,
  row: { id: string; requester_id: string },
): Promise<WatchRequest[]> {
  if (isStaff(cx.actor.role) || row.requester_id !== cx.actor.id) return [];
  return await cx.db.rows<WatchRequest>(sql`select id, email, user_id from ticket_watch_requests
    where tenant_id = ${cx.tenant.id} and ticket_id = ${row.id} order by email_key`);
}

/** @returns the request, with whoever watches because of it; undefined when there is none of this id */
export async function removeRequest(
  cx: UserCx,
  row: TicketRow,
  id: string,
): Promise<WatchRequest | undefined> {
  if (isStaff(cx.actor.role) || row.requester_id !== cx.actor.id) return undefined;
  return await cx.db.first<WatchRequest>(sql`delete from ticket_watch_requests
    where tenant_id = ${cx.tenant.id} and ticket_id = ${row.id} and id = ${id} returning id, email, user_id`);
}

/**
 * A condition on participant `p`: who watches because of an address that a requester typed, in the ticket or in one that was
 * merged into it and brought them.
 */
export const WATCHES_BY_ADDRESS = sql`exists (
  with recursive asked(id, brought) as (
    select a.id, a.brought from (values (p.ticket_id, false), (p.merged_from, true)) a(id, brought)
      where a.id is not null
    union
    select t.id, true from asked a join tickets t on t.tenant_id = p.tenant_id and t.merged_into = a.id
      where a.brought
  )
  select 1 from asked a join ticket_watch_requests r
    on r.tenant_id = p.tenant_id and r.ticket_id = a.id and r.user_id = p.user_id)`;

/** Whether somebody watches because of an address that a requester typed: who it is stays with staff. */
export async function isRequested(cx: UserCx, row: { id: string }, person: { id: string }): Promise<boolean> {
  const request = await cx.db.first(
    sql`select 1 from ticket_participants p where p.tenant_id = ${cx.tenant.id}
      and p.ticket_id = ${row.id} and p.user_id = ${person.id} and ${WATCHES_BY_ADDRESS}`,
  );
  return request !== undefined;
}

/** A condition on participant `p`: requesters don't see who watches because of an address that one of them typed. */
export function nameable(cx: UserCx): Sql {
  return sql`(${isStaff(cx.actor.role)}::boolean or p.user_id = ${cx.actor.id} or not ${WATCHES_BY_ADDRESS})`;
}
