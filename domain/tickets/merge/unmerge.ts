import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, STAFF } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { inOrder } from "@/domain/shared/in_order.ts";
import { version } from "@/domain/validation.ts";
import {
  assertUpdated,
  assertVersion,
  readTicket,
  requireTicket,
} from "@/domain/tickets/access/read_ticket.ts";
import { factsOf, keyOf, type TicketRow } from "@/domain/tickets/access/ticket_row.ts";
import { applySideEffects } from "@/domain/tickets/side_effects.ts";
import { ticketKey, type TicketType } from "@/domain/tickets/model/formatting.ts";
import { dropCarried } from "./description.ts";
import { lockTickets, recordMerge, touchTarget } from "./merge.ts";
import { visibleToActor } from "@/domain/tickets/access/visibility.ts";
import { type PendingReason, type Status, UNDO_HOURS } from "@/domain/tickets/model/states.ts";
import type { Ticket, TicketRef } from "@/domain/tickets/model/types.ts";

export const UnmergeTicket = z.object({ version: version.optional() });

interface MergeRow {
  id: string;
  target_id: string;
  source_was: {
    status: Status;
    pendingReason: PendingReason | null;
    pendingUntil: string | null;
    closedAt: string | null;
  };
  comment_ids: string[];
  /** Null for merges that an earlier version made. */
  description_id: string | null;
  attachment_ids: string[];
  late: boolean;
}

/**
 * Within {@link UNDO_HOURS}: what moved goes back, what came to the target since stays there. @throws DomainError
 * not_found; stale_version; forbidden when too late, or the target is hidden; conflict unless merged, or if the target was
 */
export async function unmergeTicket(cx: UserCx, input: { id: string; version: number }): Promise<Ticket> {
  const seen = await requireTicket(cx, input.id);
  assertRole(cx, STAFF);
  assertVersion(cx, seen, input.version);
  assertMerged(seen);
  const { source, target } = await lockTickets(cx, seen.id, seen.merged_into!);
  assertVersion(cx, source, input.version);
  assertMerged(source);
  if (target.merged_at !== null) {
    throw new DomainError(
      "conflict",
      `${keyOf(target)} was merged into another ticket: undo that merge first`,
    );
  }
  const merge = await cx.db.first<MergeRow & Record<string, unknown>>(
    sql`select id, target_id, source_was, comment_ids, description_id, attachment_ids,
        created_at < now() - make_interval(hours => ${UNDO_HOURS}) as late
      from ticket_merges where tenant_id = ${cx.tenant.id} and source_id = ${source.id} and undone_at is null`,
  );
  if (!merge || merge.late) {
    throw new DomainError("forbidden", `A merge can be undone within ${UNDO_HOURS} hours`);
  }
  const was = merge.source_was;
  const before = factsOf(source);
  const facts = factsOf(target);
  await inOrder(cx.db, [
    () => assertUpdated(cx, source.id, restore(cx, source, was)),
    () => touchTarget(cx, target),
    () => merge.description_id === null ? Promise.resolve() : dropCarried(cx, merge.description_id),
    () => moveBack(cx, merge, { source, target }),
    () => recordMerge(cx, { row: source, action: "ticket.unmerged", other: target, status: was.status }),
    () => recordMerge(cx, { row: target, action: "ticket.unmerged_out", other: source }),
    () =>
      was.status === source.status ? Promise.resolve() : applySideEffects(cx, {
        what: "transitioned",
        before,
        after: { ...before, status: was.status, version: source.version + 1 },
      }),
    () =>
      applySideEffects(cx, {
        what: "edited",
        before: facts,
        after: { ...facts, version: target.version + 1 },
      }),
  ]);
  return await readTicket(cx, source.id);
}

function assertMerged(row: TicketRow): void {
  if (row.merged_at === null) throw new DomainError("conflict", "This ticket isn't merged");
  if (row.into_number === null) {
    throw new DomainError("forbidden", "Only people who can see the other ticket can undo the merge");
  }
}

function restore(cx: UserCx, source: TicketRow, was: MergeRow["source_was"]): Promise<number> {
  return cx.db.run(
    sql`update tickets set status = ${was.status}, pending_reason = ${was.pendingReason},
      pending_until = ${was.pendingUntil}, closed_at = ${was.closedAt}, merged_into = null, merged_at = null,
      version = version + 1, updated_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${source.id} and version = ${source.version}`,
  );
}

async function moveBack(
  cx: UserCx,
  merge: MergeRow,
  { source, target }: { source: TicketRow; target: TicketRow },
): Promise<void> {
  await Promise.all([
    cx.db.run(sql`update comments set ticket_id = ${source.id}
      where tenant_id = ${cx.tenant.id} and ticket_id = ${target.id} and id = any(${merge.comment_ids}::uuid[])`),
    cx.db.run(
      sql`update attachments set ticket_id = ${source.id} where tenant_id = ${cx.tenant.id}
        and ticket_id = ${target.id} and id = any(${merge.attachment_ids}::uuid[])`,
    ),
    inOrder(cx.db, [
      // What another merge brought too belongs to that one from now on.
      () =>
        cx.db.run(sql`update ticket_participants p set merged_from = m.source_id from ticket_merges m
          where p.tenant_id = ${cx.tenant.id} and p.ticket_id = ${target.id} and p.merged_from = ${source.id}
            and m.tenant_id = ${cx.tenant.id} and m.target_id = ${target.id} and m.source_id <> ${source.id}
            and m.undone_at is null and p.user_id = any(m.watcher_ids)`),
      () =>
        cx.db.run(sql`delete from ticket_participants where tenant_id = ${cx.tenant.id}
          and ticket_id = ${target.id} and kind = 'watcher' and merged_from = ${source.id}`),
      () =>
        cx.db.run(sql`update ticket_tags g set merged_from = m.source_id from ticket_merges m
          where g.tenant_id = ${cx.tenant.id} and g.ticket_id = ${target.id} and g.merged_from = ${source.id}
            and m.tenant_id = ${cx.tenant.id} and m.target_id = ${target.id} and m.source_id <> ${source.id}
            and m.undone_at is null and g.tag = any(m.tags)`),
      () =>
        cx.db.run(sql`delete from ticket_tags where tenant_id = ${cx.tenant.id} and ticket_id = ${target.id}
          and merged_from = ${source.id}`),
    ]),
    cx.db.run(sql`update ticket_merges set undone_at = now(), undone_by = ${cx.actor.id}
      where tenant_id = ${cx.tenant.id} and id = ${merge.id}`),
  ]);
}

export interface MergedIn extends TicketRef {
  mergedAt: string;
  version: number;
  undoable: boolean;
}

/** Latest first, as far as the actor may see them. */
export async function readMergedIn(cx: UserCx, ticketId: string): Promise<MergedIn[]> {
  const rows = await cx.db.rows<
    {
      id: string;
      number: number;
      type: TicketType;
      title: string;
      at: string;
      version: number;
      fresh: boolean;
    }
  >(
    sql`select t.id, t.number, t.type, t.title, t.merged_at as at, t.version,
        t.merged_at > now() - make_interval(hours => ${UNDO_HOURS}) as fresh
      from tickets t where t.tenant_id = ${cx.tenant.id} and t.merged_into = ${ticketId} ${visibleToActor(cx)}
      order by t.merged_at desc, t.id limit 50`,
  );
  return rows.map((row) => ({
    id: row.id,
    key: ticketKey(row.type, row.number),
    title: row.title,
    mergedAt: row.at,
    version: row.version,
    undoable: row.fresh,
  }));
}
