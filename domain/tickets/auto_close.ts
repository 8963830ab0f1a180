import { inSystem } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { transitionTicket } from "./transition.ts";

const AT_ONCE = 25;

export interface AutoTransitioned {
  done: number;
  more: boolean;
  /** Ids of those that can't be moved, for example because a child is still open. */
  stuck: string[];
}

export async function tenantsWithTicketsToWake(): Promise<string[]> {
  const rows = await inSystem(
    "wake tickets",
    (db) => db.rows<{ id: string }>(sql`select id from tenants_with_tickets_to_wake()`),
  );
  return rows.map(({ id }) => id);
}

export async function tenantsWithTicketsToClose(): Promise<string[]> {
  const rows = await inSystem(
    "close resolved tickets",
    (db) => db.rows<{ id: string }>(sql`select id from tenants_with_tickets_to_close()`),
  );
  return rows.map(({ id }) => id);
}

interface Locked extends Record<string, unknown> {
  id: string;
  version: number;
}

/** Opens tickets that were pending until a time that has come. */
export async function wakeTickets(cx: Cx, passingOver: readonly string[] = []): Promise<AutoTransitioned> {
  const tickets = await cx.db.rows<Locked>(sql`select t.id, t.version from tickets t
    where t.tenant_id = ${cx.tenant.id} and t.pending_until <= now() and t.id <> all(${passingOver}::uuid[])
    order by t.pending_until, t.id limit ${AT_ONCE} for no key update skip locked`);
  return await moveEach(cx, tickets, { to: "open", note: "The scheduled time has come" });
}

/** Closes tickets that have been resolved for the organisation's days; 0 days is never. */
export async function closeResolved(cx: Cx, passingOver: readonly string[] = []): Promise<AutoTransitioned> {
  const days = cx.tenant.autoCloseDays;
  if (days === 0) return { done: 0, more: false, stuck: [] };
  const tickets = await cx.db.rows<Locked>(sql`select t.id, t.version from tickets t
    where t.tenant_id = ${cx.tenant.id} and t.status = 'resolved'
      and t.resolved_at <= now() - make_interval(days => ${days}) and t.id <> all(${passingOver}::uuid[])
    order by t.resolved_at, t.id limit ${AT_ONCE} for no key update skip locked`);
  const note = `Resolved for ${days === 1 ? "a day" : `${days} days`} and not reopened`;
  return await moveEach(cx, tickets, { to: "closed", note });
}

/** One refused ticket doesn't hold up the others. */
async function moveEach(
  cx: Cx,
  tickets: readonly Locked[],
  { to, note }: { to: "open" | "closed"; note: string },
): Promise<AutoTransitioned> {
  const stuck: string[] = [];
  for (const { id, version } of tickets) {
    try {
      await cx.db.savepoint(() => transitionTicket(cx, { id, version, to, note }));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      stuck.push(id);
    }
  }
  return { done: tickets.length - stuck.length, more: tickets.length === AT_ONCE, stuck };
}
