import { inOrder } from "@/domain/shared/in_order.ts";
import { z } from "zod";
import { isUuid } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { record } from "@/domain/record.ts";
import { requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import type { TicketRow } from "@/domain/tickets/access/ticket_row.ts";
import { body } from "@/domain/shared/fields.ts";
import { ticketKey } from "@/domain/tickets/model/formatting.ts";
import type { Comment } from "@/domain/tickets/model/types.ts";
import type { Named } from "@/domain/shared/types.ts";
import { version } from "@/domain/validation.ts";
import { AUTHOR, COMMENT_COLUMNS, type CommentRow, editableUntil, toComment } from "./columns.ts";
import { findMentioned, saveMentions } from "./mentions.ts";

export const EditComment = z.object({ body, version: version.optional() });

/** `ticketId` is an id or key. */
export interface CommentPath {
  ticketId: string;
  commentId: string;
}

export interface CommentInTicket {
  comment: Comment;
  ticket: { id: string; key: string; title: string };
}

const MOST_EDITS = 50;

/** @throws DomainError not_found */
export async function getComment(cx: UserCx, path: CommentPath): Promise<CommentInTicket> {
  const { ticket, row } = await requireComment(cx, path);
  return { comment: toComment(cx, row), ticket: nameOf(ticket) };
}

/** @throws DomainError not_found, or forbidden when the actor can't edit it */
export async function getEditableComment(cx: UserCx, path: CommentPath): Promise<CommentInTicket> {
  const { ticket, row } = await requireComment(cx, path);
  assertMayEdit(cx, row);
  return { comment: toComment(cx, row), ticket: nameOf(ticket) };
}

/**
 * Keeps the earlier version for staff and the author. Who is mentioned only now isn't notified: the email has the old text.
 * @throws DomainError not_found; forbidden, also when too late; stale_version; conflict after too many edits
 */
export async function editComment(
  cx: UserCx,
  input: CommentPath & { body: string; version: number },
): Promise<CommentInTicket & { unreached: Named[] }> {
  const { ticket, row } = await requireComment(cx, input);
  assertMayEdit(cx, row);
  if (row.version !== input.version) {
    throw new DomainError("stale_version", undefined, { current: toComment(cx, row) });
  }
  if (row.body === input.body) return { comment: toComment(cx, row), ticket: nameOf(ticket), unreached: [] };
  if (row.version > MOST_EDITS) throw new DomainError("conflict", "A comment can be edited 50 times");
  const { told, unreached } = await findMentioned(cx, ticket, { ...input, visibility: row.visibility });
  const internal = row.visibility === "internal";
  const [, updated] = await inOrder(cx.db, [
    // The ticket is locked before its comments, as in a merge.
    () =>
      internal
        ? cx.db.run(sql`select 1 from tickets where tenant_id = ${cx.tenant.id} and id = ${ticket.id}
            for no key update`)
        : cx.db.run(sql`update tickets set updated_at = now()
            where tenant_id = ${cx.tenant.id} and id = ${ticket.id}`),
    () =>
      // One statement, so the kept text is the replaced one.
      cx.db.run(sql`with old as (
          select * from comments where tenant_id = ${cx.tenant.id} and id = ${row.id}
            and version = ${row.version} for update
        ), kept as (
          insert into comment_versions (tenant_id, comment_id, version, visibility, body, at)
          select tenant_id, id, version, visibility, body, coalesce(edited_at, created_at) from old
        )
        update comments c set body = ${input.body}, version = c.version + 1, edited_at = now() from old
        where c.tenant_id = ${cx.tenant.id} and c.id = old.id`),
    () =>
      cx.db.run(sql`delete from comment_mentions where tenant_id = ${cx.tenant.id} and comment_id = ${row.id}
        and user_id <> all(${told.map(({ id }) => id)}::uuid[])`),
    () => saveMentions(cx, row.id, told),
    () =>
      record(cx, {
        action: "ticket.comment_edited",
        entity: "ticket",
        entityId: ticket.id,
        version: ticket.version,
        internal,
        changes: { commentId: row.id, visibility: row.visibility },
        audience: {
          requesterId: ticket.requester_id,
          assigneeId: ticket.assignee_id,
          queueId: ticket.queue_id,
        },
      }),
  ]);
  const after = await requireComment(cx, input);
  const comment = toComment(cx, after.row);
  if (updated === 0) throw new DomainError("stale_version", undefined, { current: comment });
  return { comment, ticket: nameOf(ticket), unreached };
}

function assertMayEdit(cx: UserCx, row: CommentRow): void {
  if (row.author_id !== cx.actor.id) {
    throw new DomainError("forbidden", "Only the author can edit a comment");
  }
  if (editableUntil(cx, row.created_at) === null) {
    throw new DomainError(
      "forbidden",
      `A comment can be edited for ${cx.tenant.commentEditMinutes} minutes. Add another comment instead`,
    );
  }
}

export interface CommentVersion {
  version: number;
  body: string;
  at: string;
}

/** Latest first. @throws DomainError not_found, or forbidden unless the actor is staff or the author */
export async function commentHistory(
  cx: UserCx,
  path: CommentPath,
): Promise<CommentInTicket & { versions: CommentVersion[] }> {
  const { ticket, row } = await requireComment(cx, path);
  if (!isStaff(cx.actor.role) && row.author_id !== cx.actor.id) {
    throw new DomainError("forbidden", "Earlier versions are for the author and the help desk only");
  }
  const versions = await cx.db.rows<CommentVersion & Record<string, unknown>>(
    sql`select version, body, at from comment_versions
      where tenant_id = ${cx.tenant.id} and comment_id = ${row.id} order by version desc`,
  );
  const present = { version: row.version, body: row.body, at: row.edited_at ?? row.created_at };
  return { comment: toComment(cx, row), ticket: nameOf(ticket), versions: [present, ...versions] };
}

async function requireComment(
  cx: UserCx,
  { ticketId, commentId }: CommentPath,
): Promise<{ ticket: TicketRow; row: CommentRow }> {
  const ticket = await requireTicket(cx, ticketId);
  const id = commentId.toLowerCase();
  // Defence in depth: row security filters internal notes as well.
  const row = isUuid(id)
    ? await cx.db.first<CommentRow & Record<string, unknown>>(sql`select ${COMMENT_COLUMNS}
      from comments c ${AUTHOR}
      where c.tenant_id = ${cx.tenant.id} and c.ticket_id = ${ticket.id} and c.id = ${id}
        and (c.visibility = 'public' or ${isStaff(cx.actor.role)}::boolean)`)
    : undefined;
  if (!row) throw new DomainError("not_found");
  return { ticket, row };
}

function nameOf(row: TicketRow): CommentInTicket["ticket"] {
  return { id: row.id, key: ticketKey(row.type, row.number), title: row.title };
}
