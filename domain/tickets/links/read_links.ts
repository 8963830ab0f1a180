import { type Sql, sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import { visibleToActor } from "@/domain/tickets/access/visibility.ts";
import { ticketKey, type TicketType } from "@/domain/tickets/model/formatting.ts";
import { ALL_RELATIONS, type LinkKind, type Relation, relationOf } from "@/domain/tickets/model/relations.ts";
import type { Status } from "@/domain/tickets/model/states.ts";
import type { TicketRef } from "@/domain/tickets/model/types.ts";

export interface TicketLink {
  id: string;
  relation: Relation;
  ticket: TicketRef & { type: TicketType; status: Status };
  createdAt: string;
}

export const MOST_LINKS = 100;

interface LinkRow {
  id: string;
  kind: LinkKind;
  source_id: string;
  created_at: string;
  other_id: string;
  number: number;
  type: TicketType;
  title: string;
  status: Status;
}

/** Links to tickets that the actor may not see are left out. @throws DomainError not_found */
export async function listLinks(cx: UserCx, idOrKey: string): Promise<TicketLink[]> {
  return await readLinks(cx, (await requireTicket(cx, idOrKey)).id);
}

/** For a ticket whose access is checked. */
export async function readLinks(cx: UserCx, ticketId: string): Promise<TicketLink[]> {
  const rows = await selectLinks(cx, ticketId, sql`true`);
  const links = rows.map((row) => toLink(row, ticketId));
  return links.sort((a, b) => ALL_RELATIONS.indexOf(a.relation) - ALL_RELATIONS.indexOf(b.relation));
}

/** For a ticket whose access is checked. */
export async function selectLinks(cx: UserCx, ticketId: string, which: Sql): Promise<LinkRow[]> {
  return await cx.db.rows<LinkRow & Record<string, unknown>>(
    sql`select l.id, l.kind, l.source_id, l.created_at, l.other_id, t.number, t.type, t.title, t.status
      from (
        select *, target_id as other_id from ticket_links
          where tenant_id = ${cx.tenant.id} and source_id = ${ticketId}
        union all
        select *, source_id from ticket_links where tenant_id = ${cx.tenant.id} and target_id = ${ticketId}
      ) l join tickets t on t.tenant_id = ${cx.tenant.id} and t.id = l.other_id
      where ${which} ${visibleToActor(cx)} order by t.number limit ${2 * MOST_LINKS}`,
  );
}

/** @param here the ticket that shows it */
export function toLink(row: LinkRow, here: string): TicketLink {
  return {
    id: row.id,
    relation: relationOf(row.kind, row.source_id === here),
    ticket: {
      id: row.other_id,
      key: ticketKey(row.type, row.number),
      title: row.title,
      type: row.type,
      status: row.status,
    },
    createdAt: row.created_at,
  };
}
