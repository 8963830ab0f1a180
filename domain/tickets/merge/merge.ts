import { inOrder } from "@/domain/shared/in_order.ts";
import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, STAFF } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { invalidField } from "@/domain/errors.ts";
import { record } from "@/domain/record.ts";
import { formBoolean, line, version } from "@/domain/validation.ts";
import {
  assertFresh,
  assertUpdated,
  assertVisible,
  findOther,
  readTicket,
  readTicketRow,
  requireTicket,
} from "@/domain/tickets/access/read_ticket.ts";
import { factsOf, keyOf, tagsOf, type TicketRow } from "@/domain/tickets/access/ticket_row.ts";
import { applySideEffects } from "@/domain/tickets/side_effects.ts";
import { MOST_TAGS } from "@/domain/shared/fields.ts";
import { isEnded, type Status } from "@/domain/tickets/model/states.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";
import { carryDescription } from "./description.ts";
import { assertNoOpenBlockers } from "@/domain/tickets/links/blockers.ts";

/** The target by id or key, and whether people who aren't staff follow it from now on. */
export const MergeTicket = z.object({
  into: line(1, 64),
  version: version.optional(),
  keepRequester: formBoolean.default(false),
});

export type TicketMerge = Omit<z.output<typeof MergeTicket>, "version"> & { id: string; version: number };

/** What the target gets; watchers and tags that it has already too. */
interface MergedContents {
  commentIds: string[];
  attachmentIds: string[];
  watcherIds: string[];
  tags: string[];
  newTags: string[];
}

/**
 * Comments and files move with their visibility, the description becomes a comment, tags and watchers are added; {@link unmergeTicket} undoes it. Requesters
 * could read all public comments of the target, so they follow it only with `keepRequester`. @returns the source
 * @throws DomainError not_found; forbidden; stale_version; conflict for a merged source; invalid for a target that
 * can't take it; illegal_transition while a blocker is active
 */
export async function mergeTicket(cx: UserCx, input: TicketMerge): Promise<Ticket> {
  const seen = await requireTicket(cx, input.id);
  assertRole(cx, STAFF);
  assertFresh(cx, seen, input.version);
  const { id: targetId } = await findOther(cx, input.into, "into");
  if (targetId === seen.id) throw invalidField("into", "self", "A ticket can't be merged into itself");
  const { source, target } = await lockTickets(cx, seen.id, targetId);
  assertFresh(cx, source, input.version);
  const problem = targetProblem({
    key: keyOf(target),
    merged: target.merged_at !== null,
    status: target.status,
  });
  if (problem) throw invalidField("into", problem.code, problem.message);
  const ended = isEnded(source.status);
  if (!ended) await assertNoOpenBlockers(cx, source.id);
  const descriptionId = await carryDescription(cx, { source, target });
  const moved = await moveContents(cx, { source, target, keepRequester: input.keepRequester });
  const status: Status = ended ? source.status : "closed";
  const before = factsOf(source);
  const facts = factsOf(target);
  await inOrder(cx.db, [
    () => assertUpdated(cx, source.id, closeInto(cx, { source, target, status })),
    () => touchTarget(cx, target),
    () => saveMerge(cx, { source, target, moved, descriptionId }),
    () => recordMerge(cx, { row: source, action: "ticket.merged", other: target, status }),
    () => recordMerge(cx, { row: target, action: "ticket.merged_in", other: source, moved }),
    () =>
      applySideEffects(cx, {
        what: "merged",
        before,
        after: { ...before, status, version: source.version + 1 },
      }),
    () =>
      applySideEffects(cx, {
        what: "merged_in",
        before: facts,
        after: { ...facts, version: target.version + 1 },
        otherId: source.id,
      }),
  ]);
  return await readTicket(cx, source.id);
}

/** Against new comments too. @throws DomainError not_found when one became invisible */
export async function lockTickets(
  cx: UserCx,
  sourceId: string,
  targetId: string,
): Promise<{ source: TicketRow; target: TicketRow }> {
  const [, source, target] = await inOrder(cx.db, [
    // In the order of their ids: two merges of the same tickets would deadlock otherwise.
    () =>
      cx.db.run(sql`select 1 from tickets where tenant_id = ${cx.tenant.id}
      and id = any(${[sourceId, targetId]}::uuid[]) order by id for update`),
    () => readTicketRow(cx, sql`t.id = ${sourceId}`),
    () => readTicketRow(cx, sql`t.id = ${targetId}`),
  ]);
  assertVisible(cx, source);
  assertVisible(cx, target);
  return { source, target };
}

/** Why nothing can be merged into a ticket; null where it can. */
export function targetProblem(
  { key, merged, status }: { key: string; merged: boolean; status: Status },
): { code: string; message: string } | null {
  if (merged) return { code: "merged", message: `${key} was itself merged into another ticket` };
  return isEnded(status) ? { code: "ended", message: `${key} is ${status}: reopen it first` } : null;
}

async function moveContents(
  cx: UserCx,
  { source, target, keepRequester }: { source: TicketRow; target: TicketRow; keepRequester: boolean },
): Promise<MergedContents> {
  const there = tagsOf(target);
  const newTags = tagsOf(source).filter((tag) => !there.includes(tag)).slice(0, MOST_TAGS - there.length);
  const tags = tagsOf(source).filter((tag) => there.includes(tag) || newTags.includes(tag));
  const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);
  const [comments, attachments, watchers] = await Promise.all([
    cx.db.rows<{ id: string }>(sql`update comments set ticket_id = ${target.id}
      where tenant_id = ${cx.tenant.id} and ticket_id = ${source.id} returning id`),
    cx.db.rows<{ id: string }>(sql`update attachments set ticket_id = ${target.id}
      where tenant_id = ${cx.tenant.id} and ticket_id = ${source.id} returning id`),
    cx.db.rows<{ id: string }>(
      sql`with followers as (
          select p.tenant_id, p.user_id as id from ticket_participants p
          join users u on u.tenant_id = p.tenant_id and u.id = p.user_id and u.deactivated_at is null
          where p.tenant_id = ${cx.tenant.id} and p.ticket_id = ${source.id}
            and (u.role <> 'REQUESTER' or ${keepRequester}::boolean)
        ), added as (
          insert into ticket_participants (tenant_id, ticket_id, user_id, kind, status, created_at, updated_at,
            merged_from)
          select t.tenant_id, t.id, f.id, 'watcher', t.status, t.created_at, t.updated_at, ${source.id}::uuid
          from followers f join tickets t on t.tenant_id = f.tenant_id and t.id = ${target.id}
          on conflict do nothing
        )
        select id from followers`,
    ),
    cx.db.run(sql`insert into ticket_tags (tenant_id, ticket_id, tag, merged_from)
      select ${cx.tenant.id}::uuid, ${target.id}::uuid, unnest(${newTags}::text[]), ${source.id}::uuid
      on conflict do nothing`),
  ]);
  return {
    commentIds: ids(comments),
    attachmentIds: ids(attachments),
    watcherIds: ids(watchers),
    tags,
    newTags,
  };
}

function closeInto(
  cx: UserCx,
  { source, target, status }: { source: TicketRow; target: TicketRow; status: Status },
): Promise<number> {
  return cx.db.run(
    sql`update tickets set status = ${status}, pending_reason = null, pending_until = null,
      closed_at = coalesce(closed_at, now()), merged_into = ${target.id}, merged_at = now(),
      version = version + 1, updated_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${source.id} and version = ${source.version}`,
  );
}

/** The target's version rises: whoever is editing it must look again. */
export async function touchTarget(cx: UserCx, target: TicketRow): Promise<void> {
  await cx.db.run(sql`update tickets set version = version + 1, updated_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${target.id}`);
}

async function saveMerge(
  cx: UserCx,
  { source, target, moved, descriptionId }: {
    source: TicketRow;
    target: TicketRow;
    moved: MergedContents;
    descriptionId: string;
  },
): Promise<void> {
  const was = JSON.stringify({
    status: source.status,
    pendingReason: source.pending_reason,
    pendingUntil: source.pending_until,
    closedAt: source.closed_at,
  });
  await cx.db.run(
    sql`insert into ticket_merges (tenant_id, source_id, target_id, actor_id, source_was, comment_ids,
        attachment_ids, watcher_ids, tags, description_id)
      values (${cx.tenant.id}, ${source.id}, ${target.id}, ${cx.actor.id}, ${was}, ${moved.commentIds}::uuid[],
        ${moved.attachmentIds}::uuid[], ${moved.watcherIds}::uuid[], ${moved.tags}::text[],
        ${descriptionId})`,
  );
}

export async function recordMerge(
  cx: UserCx,
  { row, action, other, status, moved }: {
    row: TicketRow;
    action: string;
    other: TicketRow;
    status?: Status;
    moved?: MergedContents;
  },
): Promise<void> {
  await record(cx, {
    action,
    entity: "ticket",
    entityId: row.id,
    version: row.version + 1,
    changes: {
      other: { id: other.id, key: keyOf(other) },
      ...(status && status !== row.status ? { status: { from: row.status, to: status } } : {}),
      ...(moved
        ? { comments: moved.commentIds.length, files: moved.attachmentIds.length, tags: moved.newTags }
        : {}),
    },
    audience: { requesterId: row.requester_id, assigneeId: row.assignee_id, queueId: row.queue_id },
  });
}
