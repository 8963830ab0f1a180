import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, invalidField } from "@/domain/errors.ts";
import { inOrder } from "@/domain/shared/in_order.ts";
import { keyOf, type TicketRow } from "@/domain/tickets/access/ticket_row.ts";
import { blockingIn, type Ends } from "@/domain/tickets/model/relations.ts";
import { MOST_LINKS } from "./read_links.ts";

/** First key of the advisory lock for an organisation's links: two at once could make a circle. */
const LINKS = 0x5e42;

/** @throws DomainError conflict for a second link, parent, or too many links; invalid for a circle */
export async function assertLinkable(
  cx: UserCx,
  ends: Ends,
  { row, other }: { row: TicketRow; other: TicketRow },
): Promise<void> {
  const { kind, sourceId, targetId } = ends;
  const blocking = blockingIn(ends);
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
    () => blocking ? isBlockedBy(cx, blocking.blocker, blocking.blocked) : Promise.resolve(false),
  ]);
  if (present!.same > 0) throw new DomainError("conflict", "These tickets are already linked that way");
  if (parents > 0) {
    const child = targetId === row.id ? row : other;
    throw new DomainError("conflict", `${keyOf(child)} already has a parent`);
  }
  if (present!.most >= MOST_LINKS) {
    throw new DomainError("conflict", `A ticket has at most ${MOST_LINKS} links`);
  }
  if (circle) {
    throw invalidField(
      "ticketId",
      "circle",
      `${keyOf(other)} and ${keyOf(row)} would block each other: neither could be resolved`,
    );
  }
}

async function isBlockedBy(cx: UserCx, ticketId: string, otherId: string): Promise<boolean> {
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
