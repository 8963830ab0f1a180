import { isUuid } from "@/db/door.ts";
import { type Sql, sql } from "@/db/sql.ts";
import { canSeeTicket, ticketVisibility } from "@/domain/permissions.ts";
import type { Cx, UserCx } from "@/domain/cx.ts";
import { DomainError, unknownId } from "@/domain/errors.ts";
import { inOrder } from "@/domain/shared/in_order.ts";
import { loadCalendars } from "@/domain/sla/tracking/stored_clocks.ts";
import { ITEM_COLUMNS, NAMES, type TicketRow, toTicket } from "./ticket_row.ts";
import { parseKey, ticketKey } from "@/domain/tickets/model/formatting.ts";
import { visibleToActor } from "./visibility.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";

/** A condition on `t`; null when the text is neither an id nor a key. */
export function byIdOrKey(idOrKey: string): Sql | null {
  const id = idOrKey.toLowerCase();
  if (isUuid(id)) return sql`t.id = ${id}`;
  const number = parseKey(idOrKey);
  return number === null ? null : sql`t.number = ${number}`;
}

/** Not checked for access. */
export async function readTicketRow(cx: Cx, named: Sql): Promise<TicketRow | undefined> {
  const row = await cx.db.first<TicketRow>(
    sql`select ${ITEM_COLUMNS}, t.description, t.resolution_note, t.merged_into,
      into_ticket.number as into_number, into_ticket.type as into_type, into_ticket.title as into_title,
      exists (select 1 from ticket_participants p where p.tenant_id = t.tenant_id and p.ticket_id = t.id
        and p.user_id = ${cx.actor?.id ?? null}) as participates
    from tickets t ${NAMES}
    cross join lateral (select t.merged_into as id) merged
    left join lateral (select t.number, t.type, t.title from tickets t
      where t.tenant_id = ${cx.tenant.id} and t.id = merged.id ${
      visibleToActor(cx)
    } limit 1) into_ticket on true
    where t.tenant_id = ${cx.tenant.id} and ${named}`,
  );
  if (row) await loadCalendars(cx, [row]);
  return row;
}

/** @throws DomainError not_found when there is no row, or the actor may not see it */
export function assertVisible(cx: Cx, row: TicketRow | undefined): asserts row is TicketRow {
  const visible = row && canSeeTicket(ticketVisibility(cx.tenant, cx.actor), cx.actor, {
    requesterId: row.requester_id,
    assigneeId: row.assignee_id,
    queueId: row.queue_id,
    participates: row.participates,
  });
  if (!visible) throw new DomainError("not_found");
}

/** The one way to a single ticket, by id or key. @throws DomainError not_found, also when the actor may not see it */
export async function requireTicket(cx: Cx, idOrKey: string): Promise<TicketRow> {
  const named = byIdOrKey(idOrKey);
  const row = named ? await readTicketRow(cx, named) : undefined;
  assertVisible(cx, row);
  return row;
}

/**
 * The same for a write that is allowed in tickets that aren't merged: from here on nobody merges it before the
 * transaction ends. It may have been merged before: {@link assertNotMerged}.
 */
export async function holdTicket(cx: Cx, idOrKey: string): Promise<TicketRow> {
  const named = byIdOrKey(idOrKey);
  if (!named) throw new DomainError("not_found");
  const [, row] = await inOrder(cx.db, [
    // A merge locks it for update, which this conflicts with; comments at the same time don't.
    () =>
      cx.db.run(sql`select 1 from tickets t where t.tenant_id = ${cx.tenant.id} and ${named} for key share`),
    () => readTicketRow(cx, named),
  ]);
  assertVisible(cx, row);
  return row;
}

/** Another ticket, by id or key. @throws DomainError invalid, about `path`; the same when the actor may not see it */
export async function findOther(cx: UserCx, named: string, path: string): Promise<TicketRow> {
  const condition = byIdOrKey(named.trim());
  const row = condition ? await readTicketRow(cx, condition) : undefined;
  try {
    assertVisible(cx, row);
  } catch {
    throw unknownId(path);
  }
  return row;
}

export async function getTicket(cx: UserCx, idOrKey: string): Promise<Ticket> {
  return toTicket(cx, await requireTicket(cx, idOrKey));
}

/** Whether the actor can still see a ticket: a change of their own may have ended that. */
export async function isVisible(cx: UserCx, id: string): Promise<boolean> {
  if (ticketVisibility(cx.tenant, cx.actor).kind === "all") return true;
  const row = await cx.db.first(
    sql`select 1 as seen from tickets t where t.tenant_id = ${cx.tenant.id} and t.id = ${id} ${
      visibleToActor(cx)
    }`,
  );
  return row !== undefined;
}

/** The ticket after a write. Not checked for access: whoever moves it out of their sight still gets the answer. */
export async function readTicket(cx: Cx, id: string): Promise<Ticket> {
  const row = await readTicketRow(cx, sql`t.id = ${id}`);
  if (!row) throw new DomainError("not_found");
  return toTicket(cx, row);
}

/** @throws DomainError stale_version with the ticket as it is */
export function assertVersion(cx: Cx, row: TicketRow, version: number): void {
  if (row.version !== version) {
    throw new DomainError("stale_version", undefined, { current: toTicket(cx, row) });
  }
}

/** @throws DomainError conflict for a ticket that was merged */
export function assertNotMerged(row: TicketRow): void {
  if (row.merged_at === null) return;
  const into = row.into_number === null ? "another one" : ticketKey(row.into_type!, row.into_number);
  throw new DomainError("conflict", `This ticket was merged into ${into}`);
}

/** @throws DomainError stale_version; conflict for a ticket that was merged */
export function assertFresh(cx: Cx, row: TicketRow, version: number): void {
  assertVersion(cx, row, version);
  assertNotMerged(row);
}

/** @throws DomainError stale_version with the ticket as it is, when the versioned update changed nothing */
export async function assertUpdated(cx: Cx, id: string, update: Promise<number>): Promise<void> {
  if (await update === 0) {
    throw new DomainError("stale_version", undefined, { current: await readTicket(cx, id) });
  }
}
