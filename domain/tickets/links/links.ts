import { inOrder } from "@/domain/shared/in_order.ts";
import { z } from "zod";
import { isUuid } from "@/db/door.ts";
import { type Sql, sql } from "@/db/sql.ts";
import { assertRole, STAFF } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, invalidField, unknownId } from "@/domain/errors.ts";
import { record } from "@/domain/record.ts";
import { line } from "@/domain/validation.ts";
import {
  accessTicket,
  assertNotMerged,
  assertVisible,
  namedTicket,
  readRow,
} from "@/domain/tickets/access/read_ticket.ts";
import type { TicketRow } from "@/domain/tickets/access/ticket_row.ts";
import { ticketKey, type TicketType } from "@/domain/tickets/model/formatting.ts";
import {
  ALL_RELATIONS,
  type Ends,
  endsOf,
  type LinkKind,
  type Relation,
  relationOf,
  RELATIONS,
  reversed,
  waiting,
} from "@/domain/tickets/model/relations.ts";
import { visibleTo } from "@/domain/tickets/access/visibility.ts";
import type { Status } from "@/domain/tickets/model/states.ts";
import type { TicketRef } from "@/domain/tickets/model/types.ts";

/** What the ticket of the path is to another, which is named by id or key. */
export const AddLink = z.object({ relation: z.enum(RELATIONS), ticketId: line(1, 64) });

/** A link as one of its tickets shows it. */
export interface TicketLink {
  id: string;
  relation: Relation;
  ticket: TicketRef & { type: TicketType; status: Status };
  createdAt: string;
}

/** A ticket has so many links at most. */
const MOST_LINKS = 100;
/** First key of the advisory lock under which an organisation's links are made, so that no two make a circle. */
const LINKS = 0x5e42;

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

/**
 * The links of a ticket to others that the actor may see; those to what they may not see don't exist for them.
 *
 * @param idOrKey a ticket's id or key
 * @throws DomainError not_found
 */
export async function listLinks(cx: UserCx, idOrKey: string): Promise<TicketLink[]> {
  return await readLinks(cx, (await accessTicket(cx, idOrKey)).id);
}

/** The same for a ticket whose access is checked. */
export async function readLinks(cx: UserCx, ticketId: string): Promise<TicketLink[]> {
  const rows = await selectLinks(cx, ticketId, sql`true`);
  const links = rows.map((row) => toLink(row, ticketId));
  return links.sort((a, b) => ALL_RELATIONS.indexOf(a.relation) - ALL_RELATIONS.indexOf(b.relation));
}

async function selectLinks(cx: UserCx, ticketId: string, which: Sql): Promise<LinkRow[]> {
  return await cx.db.rows<LinkRow & Record<string, unknown>>(
    sql`select l.id, l.kind, l.source_id, l.created_at, l.other_id, t.number, t.type, t.title, t.status
      from (
        select *, target_id as other_id from ticket_links
          where tenant_id = ${cx.tenant.id} and source_id = ${ticketId}
        union all
        select *, source_id from ticket_links where tenant_id = ${cx.tenant.id} and target_id = ${ticketId}
      ) l join tickets t on t.tenant_id = ${cx.tenant.id} and t.id = l.other_id
      where ${which} ${visibleTo(cx)} order by t.number limit ${2 * MOST_LINKS}`,
  );
}

function toLink(row: LinkRow, here: string): TicketLink {
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

/**
 * Links a ticket to another. Both timelines tell of it.
 *
 * @param input `ticketId` and `otherId` are ids or keys; `relation` is what the first is to the second
 * @throws DomainError not_found; forbidden; invalid for another ticket that isn't there or can't be seen, the ticket
 *   itself, and a circle; conflict where they are linked so, the child has a parent, or one of them was merged
 */
export async function addLink(
  cx: UserCx,
  input: { ticketId: string; otherId: string; relation: (typeof RELATIONS)[number] },
): Promise<TicketLink> {
  const row = await accessTicket(cx, input.ticketId);
  assertRole(cx, STAFF);
  assertNotMerged(row);
  const other = await findOther(cx, input.otherId, "ticketId");
  if (other.id === row.id) throw invalidField("ticketId", "self", "A ticket can't be linked to itself");
  if (other.merged_at !== null) {
    throw invalidField("ticketId", "merged", `${keyOf(other)} was merged into another ticket`);
  }
  const ends = endsOf(input.relation, row.id, other.id);
  await assertLinkable(cx, ends, { row, other });
  const id = await insertLink(cx, ends);
  const relation = input.relation;
  await Promise.all([
    recordLink(cx, "ticket.linked", { row, relation, other }),
    recordLink(cx, "ticket.linked", { row: other, relation: reversed(relation), other: row }),
  ]);
  const [link] = await selectLinks(cx, row.id, sql`l.id = ${id}`);
  return toLink(link!, row.id);
}

/** Inserts a link whose right to be is checked; returns its id. */
export async function insertLink(cx: UserCx, { kind, sourceId, targetId }: Ends): Promise<string> {
  const made = await cx.db.first<{ id: string }>(
    sql`insert into ticket_links (tenant_id, kind, source_id, target_id, actor_id)
      values (${cx.tenant.id}, ${kind}, ${sourceId}, ${targetId}, ${cx.actor.id}) returning id`,
  );
  return made!.id;
}

/**
 * Takes a link away, from either of its tickets. What the product made itself stays.
 *
 * @throws DomainError not_found for the ticket, and for a link that isn't there or leads to what the actor may not see;
 *   forbidden
 */
export async function removeLink(cx: UserCx, input: { ticketId: string; linkId: string }): Promise<void> {
  const row = await accessTicket(cx, input.ticketId);
  assertRole(cx, STAFF);
  const linkId = input.linkId.toLowerCase();
  const [found] = isUuid(linkId) ? await selectLinks(cx, row.id, sql`l.id = ${linkId}`) : [];
  if (!found) throw new DomainError("not_found");
  if (found.kind === "follows") throw new DomainError("forbidden", "A follow-up stays linked to its ticket");
  const other = await findOther(cx, found.other_id, "ticketId");
  const removed = await cx.db.run(
    sql`delete from ticket_links where tenant_id = ${cx.tenant.id} and id = ${found.id}`,
  );
  if (removed === 0) throw new DomainError("not_found");
  const { relation } = toLink(found, row.id);
  await Promise.all([
    recordLink(cx, "ticket.unlinked", { row, relation, other }),
    recordLink(cx, "ticket.unlinked", { row: other, relation: reversed(relation), other: row }),
  ]);
}

/**
 * Another ticket that a body names.
 *
 * @param named an id or key
 * @throws DomainError invalid, about `path`: unknown, foreign and unseen can't be told apart
 */
export async function findOther(cx: UserCx, named: string, path: string): Promise<TicketRow> {
  const condition = namedTicket(named.trim());
  const row = condition ? await readRow(cx, condition) : undefined;
  try {
    assertVisible(cx, row);
  } catch {
    throw unknownId(path);
  }
  return row;
}

/** A row's key. */
export function keyOf(row: TicketRow): string {
  return ticketKey(row.type, row.number);
}

async function assertLinkable(
  cx: UserCx,
  ends: Ends,
  { row, other }: { row: TicketRow; other: TicketRow },
): Promise<void> {
  const { kind, sourceId, targetId } = ends;
  const wait = waiting(ends);
  const [, present, parents, circle] = await inOrder(cx.db, [
    () => cx.db.run(sql`select pg_advisory_xact_lock(${LINKS}, hashtext(${cx.tenant.id}::text))`),
    () =>
      cx.db.first<{ same: number; most: number }>(
        sql`select count(*) filter (where kind = ${kind} and source_id = any(${[row.id, other.id]}::uuid[])
          and target_id = any(${[row.id, other.id]}::uuid[])) as same,
        greatest(count(*) filter (where ${row.id}::uuid in (source_id, target_id)),
          count(*) filter (where ${other.id}::uuid in (source_id, target_id))) as most
        from ticket_links where tenant_id = ${cx.tenant.id}
          and (source_id = any(${[row.id, other.id]}::uuid[]) or target_id = any(${[
          row.id,
          other.id,
        ]}::uuid[]))`,
      ),
    () =>
      kind === "parent"
        ? cx.db.run(sql`select 1 from ticket_links where tenant_id = ${cx.tenant.id} and kind = 'parent'
          and target_id = ${targetId} and source_id <> ${sourceId}`)
        : Promise.resolve(0),
    () => wait ? waitsFor(cx, wait.for, wait.waits) : Promise.resolve(false),
  ]);
  if (present!.same > 0) throw new DomainError("conflict", "These tickets are already linked that way");
  if (parents > 0) {
    const child = targetId === row.id ? row : other;
    throw new DomainError("conflict", `${keyOf(child)} has a parent already`);
  }
  if (present!.most >= MOST_LINKS) {
    throw new DomainError("conflict", `A ticket has at most ${MOST_LINKS} links`);
  }
  if (circle) {
    throw invalidField(
      "ticketId",
      "circle",
      `${keyOf(other)} and ${keyOf(row)} would wait for each other: neither could be resolved`,
    );
  }
}

/** Whether a ticket waits for another by way of any number of links. */
async function waitsFor(cx: UserCx, ticketId: string, otherId: string): Promise<boolean> {
  const found = await cx.db.run(
    sql`with recursive chain (id) as (
        select ${ticketId}::uuid
        union
        select n.id from chain c cross join lateral (
          select l.target_id as id from ticket_links l
            where l.tenant_id = ${cx.tenant.id} and l.source_id = c.id and l.kind = 'parent'
          union all
          select l.source_id from ticket_links l
            where l.tenant_id = ${cx.tenant.id} and l.target_id = c.id and l.kind = 'blocks'
        ) n
      )
      select 1 from chain where id = ${otherId}::uuid`,
  );
  return found > 0;
}

/** Tells of a link in the timeline of one of its tickets, for who may see the other. */
export async function recordLink(
  cx: UserCx,
  action: string,
  { row, relation, other }: { row: TicketRow; relation: Relation; other: TicketRow },
): Promise<void> {
  await record(cx, {
    action,
    entity: "ticket",
    entityId: row.id,
    version: row.version,
    changes: { relation, other: { id: other.id, key: keyOf(other) } },
    audience: { requesterId: row.requester_id, assigneeId: row.assignee_id, queueId: row.queue_id },
  });
}
