import { z } from "zod";
import { isUuid } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, invalidField } from "@/domain/errors.ts";
import { assertRole, STAFF } from "@/domain/permissions.ts";
import { record } from "@/domain/record.ts";
import { inOrder } from "@/domain/shared/in_order.ts";
import { assertNotMerged, findOther, requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import { keyOf, type TicketRow } from "@/domain/tickets/access/ticket_row.ts";
import { type Ends, endsOf, type Relation, RELATIONS, reversed } from "@/domain/tickets/model/relations.ts";
import { line } from "@/domain/validation.ts";
import { assertLinkable } from "./linkable.ts";
import { selectLinks, type TicketLink, toLink } from "./read_links.ts";

export const AddLink = z.object({ relation: z.enum(RELATIONS), ticketId: line(1, 64) });

/**
 * `relation` is what the first ticket is to the second. @throws DomainError not_found; forbidden; invalid for another
 * ticket that can't be linked, and a circle; conflict for a second link or parent, and a merged ticket
 */
export async function addLink(
  cx: UserCx,
  input: { ticketId: string; otherId: string; relation: (typeof RELATIONS)[number] },
): Promise<TicketLink> {
  const seen = await requireTicket(cx, input.ticketId);
  assertRole(cx, STAFF);
  const { id: otherId } = await findOther(cx, input.otherId, "ticketId");
  const [, row, other] = await inOrder(cx.db, [
    // Neither is merged meanwhile; in the order of their ids, as a merge locks them.
    () =>
      cx.db.run(sql`select 1 from tickets where tenant_id = ${cx.tenant.id}
        and id = any(${[seen.id, otherId]}::uuid[]) order by id for key share`),
    () => requireTicket(cx, seen.id),
    () => findOther(cx, otherId, "ticketId"),
  ]);
  assertNotMerged(row);
  if (other.id === row.id) throw invalidField("ticketId", "self", "A ticket can't be linked to itself");
  if (other.merged_at !== null) {
    throw invalidField("ticketId", "merged", `${keyOf(other)} was merged into another ticket`);
  }
  const ends = endsOf(input.relation, row.id, other.id);
  await assertLinkable(cx, ends, { row, other });
  const id = await insertLink(cx, ends);
  await recordLinks(cx, "ticket.linked", { row, relation: input.relation, other });
  const [link] = await selectLinks(cx, row.id, sql`l.id = ${id}`);
  return toLink(link!, row.id);
}

/** Checks nothing; returns the link's id. */
export async function insertLink(cx: UserCx, { kind, sourceId, targetId }: Ends): Promise<string> {
  const made = await cx.db.first<{ id: string }>(
    sql`insert into ticket_links (tenant_id, kind, source_id, target_id, actor_id)
      values (${cx.tenant.id}, ${kind}, ${sourceId}, ${targetId}, ${cx.actor.id}) returning id`,
  );
  return made!.id;
}

/** From either ticket; follow-ups stay linked. @throws DomainError forbidden; not_found, also when the other is hidden */
export async function removeLink(cx: UserCx, input: { ticketId: string; linkId: string }): Promise<void> {
  const row = await requireTicket(cx, input.ticketId);
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
  await recordLinks(cx, "ticket.unlinked", { row, relation, other });
}

/** Of both tickets, in the order of their ids: each record locks its ticket. */
export async function recordLinks(
  cx: UserCx,
  action: string,
  { row, relation, other }: { row: TicketRow; relation: Relation; other: TicketRow },
): Promise<void> {
  const ends = [{ row, relation, other }, { row: other, relation: reversed(relation), other: row }];
  for (const end of ends.sort((a, b) => a.row.id < b.row.id ? -1 : 1)) await recordLink(cx, action, end);
}

async function recordLink(
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
