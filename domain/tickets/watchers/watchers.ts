import { inOrder } from "@/domain/shared/in_order.ts";
import { z } from "zod";
import { isUuid } from "@/db/door.ts";
import { type Sql, sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { Role, UserCx } from "@/domain/cx.ts";
import { DomainError, unknownId } from "@/domain/errors.ts";
import { record } from "@/domain/record.ts";
import { Email } from "@/domain/shared/account_fields.ts";
import { line, parse } from "@/domain/validation.ts";
import { assertNotMerged, holdTicket, requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import { personFor, type TicketRow } from "@/domain/tickets/access/ticket_row.ts";
import type { Person } from "@/domain/shared/types.ts";
import { isRequested, keepRequest, nameable, readRequests, removeRequest } from "./watch_requests.ts";

const MOST_WATCHERS = 100;

export const AddWatcher = z.object({ email: line(3, 254) });

export interface Watchers {
  items: (Person & { removable: boolean })[];
  watching: boolean;
}

interface Colleague {
  id: string;
  name: string;
  email: string;
  role: Role;
}

/** By name. @throws DomainError not_found */
export async function listWatchers(cx: UserCx, idOrKey: string): Promise<Watchers> {
  return await readWatchers(cx, await requireTicket(cx, idOrKey));
}

/** For a ticket whose access is checked. */
export async function readWatchers(cx: UserCx, row: { id: string; requester_id: string }): Promise<Watchers> {
  const people = await cx.db.rows<Colleague & Record<string, unknown>>(
    sql`select u.id, u.name, u.email, u.role from ticket_participants p
      join users u on u.tenant_id = p.tenant_id and u.id = p.user_id
      where p.tenant_id = ${cx.tenant.id} and p.ticket_id = ${row.id} and p.kind = 'watcher'
        and ${nameable(cx)}
      order by u.name_key, u.id limit ${MOST_WATCHERS}`,
  );
  const requests = await readRequests(cx, row);
  return {
    items: [
      ...people.map((person) => ({ ...personFor(cx, person), removable: mayRemove(cx, row, person) })),
      ...requests.map(({ id, email }) => ({ id, name: email, removable: true })),
    ],
    watching: people.some(({ id }) => id === cx.actor.id),
  };
}

/**
 * They can see the ticket from then on and are notified. Everyone who sees a ticket may watch it; staff and its requester
 * may add others. `who` is a user's id, "me", or an address where `by` is `email`. Whoever isn't staff doesn't learn
 * whether an address is somebody's. @throws DomainError not_found; invalid for an address that can't be one, to staff also
 * for an unknown one; forbidden; conflict for a merged ticket, or too many watchers
 */
export async function addWatcher(
  cx: UserCx,
  input: { ticketId: string; who: string; by?: "id" | "email" },
): Promise<Watchers & { added: Person | null }> {
  const row = await holdTicket(cx, input.ticketId);
  const self = isActor(cx, input);
  if (!self && !isStaff(cx.actor.role) && row.requester_id !== cx.actor.id) {
    throw new DomainError("forbidden", "Only the help desk and the requester can add watchers");
  }
  assertNotMerged(row);
  if (!self && !isStaff(cx.actor.role) && input.by === "email") {
    await requestByAddress(cx, row, input.who);
    return { ...await readWatchers(cx, row), added: null };
  }
  const person = self ? cx.actor : await findColleague(cx, input);
  if (person.id === row.requester_id) return { ...await readWatchers(cx, row), added: null };
  const added = await insertWatcher(cx, row, person);
  if (added > 0) await recordWatcher(cx, "ticket.watcher_added", { row, person });
  const watchers = await readWatchers(cx, row);
  if (added === 0 && !watchers.items.some(({ id }) => id === person.id)) {
    throw new DomainError("conflict", `A ticket has at most ${MOST_WATCHERS} watchers`);
  }
  return { ...watchers, added: added > 0 ? personFor(cx, person) : null };
}

async function requestByAddress(cx: UserCx, row: TicketRow, typed: string): Promise<void> {
  const { email } = parse(z.object({ email: Email }), { email: typed });
  const person = await selectColleague(cx, sql`email_key = lower(${email})`, { deactivated: false });
  const added = person && person.id !== row.requester_id && await insertWatcher(cx, row, person) > 0;
  await keepRequest(cx, row, { email, userId: added ? person.id : null });
  if (added) await recordWatcher(cx, "ticket.watcher_added", { row, person, internal: true });
}

/** @returns 1, or 0 when they watch it already or it has too many watchers */
async function insertWatcher(cx: UserCx, row: TicketRow, person: { id: string }): Promise<number> {
  // The row, which changes too, is locked while its status and times are copied. Someone whom a merge brought, and who
  // is added now, stays when the merge is undone.
  return await cx.db.run(
    sql`with t as (
        select t.* from tickets t where t.tenant_id = ${cx.tenant.id} and t.id = ${row.id}
          for no key update
      )
      insert into ticket_participants (tenant_id, ticket_id, user_id, kind, status, created_at, updated_at)
      select t.tenant_id, t.id, ${person.id}::uuid, 'watcher', t.status, t.created_at, t.updated_at from t
      where (select count(*) from ticket_participants p
        where p.tenant_id = t.tenant_id and p.ticket_id = t.id) <= ${MOST_WATCHERS}
      on conflict (tenant_id, ticket_id, user_id) do update set merged_from = null
        where ticket_participants.merged_from is not null`,
  );
}

/**
 * Staff may remove anyone, everyone themselves, the requester watchers who aren't staff.
 * @throws DomainError not_found for the ticket, and for someone who isn't a watcher; forbidden; conflict for the requester, and
 * for an address of a merged ticket
 */
export async function removeWatcher(
  cx: UserCx,
  input: { ticketId: string; who: string },
): Promise<Person> {
  const row = await requireTicket(cx, input.ticketId);
  const self = isActor(cx, input);
  if (!self && !isStaff(cx.actor.role) && row.requester_id !== cx.actor.id) {
    throw new DomainError("forbidden", "Only the help desk and the requester can remove watchers");
  }
  const request = isUuid(input.who.toLowerCase())
    ? await removeRequest(cx, row, input.who.toLowerCase())
    : undefined;
  if (request) return await endRequest(cx, row, request);
  const person = self ? cx.actor : await findColleague(cx, input, { deactivated: true });
  if (person.id === row.requester_id) {
    throw new DomainError("conflict", "The requester always watches a ticket");
  }
  if (!mayRemove(cx, row, person)) {
    throw new DomainError("forbidden", "Only the help desk can remove staff");
  }
  const internal = await isRequested(cx, row, person);
  const removed = await deleteWatcher(cx, row, person.id);
  if (removed === 0) throw new DomainError("not_found");
  await recordWatcher(cx, "ticket.watcher_removed", { row, person, internal });
  return personFor(cx, person);
}

async function endRequest(
  cx: UserCx,
  row: TicketRow,
  { id, email, user_id: userId }: { id: string; email: string; user_id: string | null },
): Promise<Person> {
  // The other ticket's people were brought by this request.
  assertNotMerged(row);
  if (userId !== null && await deleteWatcher(cx, row, userId) > 0) {
    const person = await selectColleague(cx, sql`id = ${userId}`, { deactivated: true });
    await recordWatcher(cx, "ticket.watcher_removed", { row, person: person!, internal: true });
  }
  return { id, name: email };
}

async function deleteWatcher(cx: UserCx, row: TicketRow, userId: string): Promise<number> {
  // The ticket is locked before its participants, as in each of its changes.
  const [, deleted] = await inOrder(cx.db, [
    () =>
      cx.db.run(
        sql`select 1 from tickets where tenant_id = ${cx.tenant.id} and id = ${row.id} for no key update`,
      ),
    () =>
      cx.db.run(sql`delete from ticket_participants where tenant_id = ${cx.tenant.id}
        and ticket_id = ${row.id} and user_id = ${userId} and kind = 'watcher'`),
  ]);
  return deleted;
}

function isActor(cx: UserCx, { who, by = "id" }: { who: string; by?: "id" | "email" }): boolean {
  const wanted = who.toLowerCase();
  return by === "id" ? wanted === "me" || wanted === cx.actor.id : wanted === cx.actor.email.toLowerCase();
}

function mayRemove(cx: UserCx, row: { requester_id: string }, person: { id: string; role: Role }): boolean {
  return isStaff(cx.actor.role) || person.id === cx.actor.id ||
    row.requester_id === cx.actor.id && !isStaff(person.role);
}

async function findColleague(
  cx: UserCx,
  { who, by = "id" }: { who: string; by?: "id" | "email" },
  { deactivated = false }: { deactivated?: boolean } = {},
): Promise<Colleague> {
  const wanted = who.toLowerCase();
  if (by === "id" && !isUuid(wanted)) throw new DomainError("not_found");
  const named = by === "id" ? sql`id = ${wanted}` : sql`email_key = lower(${wanted})`;
  const person = await selectColleague(cx, named, { deactivated });
  if (!person) throw by === "id" ? new DomainError("not_found") : unknownId("email");
  return person;
}

async function selectColleague(
  cx: UserCx,
  named: Sql,
  { deactivated }: { deactivated: boolean },
): Promise<Colleague | undefined> {
  return await cx.db.first<Colleague & Record<string, unknown>>(
    sql`select id, name, email, role from users where tenant_id = ${cx.tenant.id} and ${named}
      and (deactivated_at is null or ${deactivated}::boolean)`,
  );
}

async function recordWatcher(
  cx: UserCx,
  action: string,
  { row, person, internal = false }: {
    row: TicketRow;
    person: { id: string; name: string };
    internal?: boolean;
  },
): Promise<void> {
  await record(cx, {
    action,
    entity: "ticket",
    entityId: row.id,
    version: row.version,
    internal,
    changes: { watcher: { id: person.id, name: person.name } },
    audience: { requesterId: row.requester_id, assigneeId: row.assignee_id, queueId: row.queue_id },
  });
}
