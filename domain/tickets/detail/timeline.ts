import type { z } from "zod";
import { empty, type Sql, sql } from "@/db/sql.ts";
import { isStaff, ticketVisibility } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { type PageOf, readCursor, START, writeCursor } from "@/domain/shared/cursor.ts";
import { requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import { visibleToActor } from "@/domain/tickets/access/visibility.ts";
import type { TimelineEntry } from "@/domain/tickets/model/types.ts";
import type { Page } from "@/domain/shared/types.ts";

const LIST = "timeline";

export interface EntryRow {
  id: string;
  at: string;
  action: string;
  actor_id: string | null;
  actor_name: string | null;
  changes: Record<string, unknown>;
}

/** From its audit rows, oldest first; internal ones for staff only. @throws DomainError not_found, or invalid for the cursor */
export async function readTimeline(
  cx: UserCx,
  input: z.output<typeof PageOf> & { ticketId: string },
): Promise<Page<TimelineEntry>> {
  const after = input.cursor ? readCursor(cx, LIST, input.cursor) : START;
  const ticket = await requireTicket(cx, input.ticketId);
  const rows = await cx.db.rows<EntryRow>(
    sql`select a.id, a.at, a.action, a.actor_id, actor.name as actor_name, a.changes
      from (
        select * from audit_log where tenant_id = ${cx.tenant.id} and entity_id = ${ticket.id}
          and entity = 'ticket' and (not internal or ${isStaff(cx.actor.role)}::boolean)
          ${otherTicketVisible(cx)}
          and (at, id) > (${after.at}::timestamptz, ${after.id}::uuid)
        order by at, id limit ${input.limit + 1}
      ) a
      left join lateral (select u.name from users u
        where u.tenant_id = a.tenant_id and u.id = a.actor_id limit 1) actor on true
      order by a.at, a.id`,
  );
  const more = rows.length > input.limit;
  if (more) rows.length = input.limit;
  const last = rows.at(-1);
  return {
    items: rows.map(toEntry),
    nextCursor: more && last ? writeCursor(cx, LIST, last) : null,
  };
}

/** An entry that names another ticket is only for people who can see that one, as an `and` condition. */
export function otherTicketVisible(cx: UserCx): Sql {
  if (ticketVisibility(cx.tenant, cx.actor).kind === "all") return empty;
  return sql`and (changes -> 'other' is null or exists (select from tickets t
    where t.tenant_id = ${cx.tenant.id} and t.id = (changes #>> '{other,id}')::uuid ${visibleToActor(cx)}))`;
}

export function toEntry(row: EntryRow): TimelineEntry {
  return {
    id: row.id,
    at: row.at,
    action: row.action,
    actor: row.actor_id === null ? null : { id: row.actor_id, name: row.actor_name! },
    changes: row.changes,
  };
}
