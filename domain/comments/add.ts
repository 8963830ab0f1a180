import { inOrder } from "@/domain/shared/in_order.ts";
import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import { attachmentIds, bindAttachments } from "@/domain/attachments/bind.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { record } from "@/domain/record.ts";
import { assertNotMerged, holdTicket, requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import { factsOf } from "@/domain/tickets/access/ticket_row.ts";
import { personFor, type TicketRow, toTransitionActor } from "@/domain/tickets/access/ticket_row.ts";
import { body, Visibility } from "@/domain/shared/fields.ts";
import { ticketKey } from "@/domain/tickets/model/formatting.ts";
import { applySideEffects } from "@/domain/tickets/side_effects.ts";
import { transitionRefusal } from "@/domain/tickets/model/states.ts";
import { findFollowUp, openFollowUp } from "@/domain/tickets/follow_up.ts";
import { updateStatus } from "@/domain/tickets/transition.ts";
import type { Comment, Source } from "@/domain/tickets/model/types.ts";
import type { Named } from "@/domain/shared/types.ts";
import { editableUntil } from "./columns.ts";
import { plainMentions } from "@/domain/shared/mention_text.ts";
import { findMentioned, saveMentions } from "./mentions.ts";

export const AddComment = z.object({
  body,
  /** Without a default: a note that forgets it must not be published. */
  visibility: Visibility,
  attachmentIds: attachmentIds.optional(),
});

export type NewComment = z.output<typeof AddComment> & {
  ticketId: string;
  /** Of a follow-up that it may create; default the API. */
  source?: Source;
  via?: Comment["via"];
  quoted?: string | null;
};

interface TicketName {
  id: string;
  key: string;
}

/** `followUp` is the ticket that it went to instead; where it created that, there is no comment. */
export type AddedComment =
  | { comment: Comment; ticket: TicketName; unreached: Named[]; followUp: TicketName | null }
  | { comment: null; ticket: TicketName; unreached: Named[]; followUp: TicketName };

/**
 * A requester's public reply opens a pending ticket and reopens a finished one. Where that is over, or the ticket was
 * merged into one they can't see, it creates a follow-up.
 * @throws DomainError not_found; forbidden for a requester's internal note; conflict for a merged ticket
 */
export async function addComment(cx: UserCx, input: NewComment): Promise<AddedComment> {
  const [seen, commentId] = await Promise.all([holdTicket(cx, input.ticketId), newId(cx)]);
  const internal = input.visibility === "internal";
  const files = input.attachmentIds ?? [];
  if (internal && !isStaff(cx.actor.role)) {
    throw new DomainError("forbidden", "Only the help desk can write internal notes");
  }
  const { row, moves, over } = internal ? { row: seen, moves: false, over: false } : await replied(cx, seen);
  if (over) return await replyLate(cx, row, input);
  assertNotMerged(row);
  const { told, unreached } = await findMentioned(cx, row, input);
  const before = factsOf(row);
  const [, createdAt] = await inOrder(cx.db, [
    // Requesters must not notice an internal note by the ticket's time or its place in their list.
    () =>
      internal
        ? Promise.resolve(0)
        : moves
        ? updateStatus(cx, row, { to: "open", reason: null, until: null, note: null })
        : touchTicket(cx, row.id),
    () => insertComment(cx, { ...input, ticketId: row.id, id: commentId }),
    () => saveMentions(cx, commentId, told),
    () => bindAttachments(cx, files, { ticketId: row.id, commentId, visibility: input.visibility }),
    () =>
      record(cx, {
        action: "ticket.commented",
        entity: "ticket",
        entityId: row.id,
        version: moves ? row.version + 1 : row.version,
        internal,
        changes: {
          commentId,
          visibility: input.visibility,
          ...(input.via ? { via: input.via } : {}),
          ...(files.length > 0 ? { attachmentIds: files } : {}),
          ...(moves ? { status: { from: row.status, to: "open" } } : {}),
        },
        audience: { requesterId: row.requester_id, assigneeId: row.assignee_id, queueId: row.queue_id },
      }),
    () =>
      applySideEffects(cx, {
        what: "commented",
        before,
        after: moves ? { ...before, status: "open", version: row.version + 1 } : before,
        comment: {
          id: commentId,
          visibility: input.visibility,
          body: plainMentions(input.body),
          mentions: told.map(({ id }) => id),
        },
      }),
  ]);
  return {
    comment: {
      id: commentId,
      author: personFor(cx, cx.actor),
      visibility: input.visibility,
      body: input.body,
      mentions: told.map(({ id, label }) => ({ id, name: label })),
      via: input.via ?? null,
      quoted: input.quoted || null,
      version: 1,
      createdAt,
      editedAt: null,
      editableUntil: editableUntil(cx, createdAt),
    },
    ticket: { id: row.id, key: ticketKey(row.type, row.number) },
    unreached,
    followUp: null,
  };
}

/** The reply goes to the active follow-up, or creates one. */
async function replyLate(cx: UserCx, row: TicketRow, input: NewComment): Promise<AddedComment> {
  const open = await findFollowUp(cx, row);
  if (open !== null) {
    const said = await addComment(cx, { ...input, ticketId: open });
    return { ...said, followUp: said.ticket };
  }
  const { body, attachmentIds, source = "api" } = input;
  const { id, key } = await openFollowUp(cx, row, { body, attachmentIds, source });
  return { comment: null, ticket: { id, key }, unreached: [], followUp: { id, key } };
}

const ANSWERED = ["pending", "resolved", "closed", "cancelled"];

/** Whether a public reply reopens the ticket, which is then locked and read again. */
async function replied(
  cx: UserCx,
  seen: TicketRow,
): Promise<{ row: TicketRow; moves: boolean; over: boolean }> {
  if (seen.requester_id !== cx.actor.id || !ANSWERED.includes(seen.status)) {
    return { row: seen, moves: false, over: false };
  }
  const [, row] = await inOrder(cx.db, [
    () =>
      cx.db.run(
        sql`select 1 from tickets where tenant_id = ${cx.tenant.id} and id = ${seen.id} for no key update`,
      ),
    () => requireTicket(cx, seen.id),
  ]);
  if (!ANSWERED.includes(row.status)) return { row, moves: false, over: false };
  if (row.merged_at !== null) return { row, moves: false, over: row.into_number === null };
  // The requester may not do this by themselves: only the reopen window can forbid it.
  const over =
    transitionRefusal(row.status, "open", { ...toTransitionActor(cx, row, true), staff: true }) === "window";
  return { row, moves: !over, over };
}

async function touchTicket(cx: UserCx, ticketId: string): Promise<number> {
  return await cx.db.run(sql`update tickets set updated_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${ticketId}`);
}

async function insertComment(cx: UserCx, comment: NewComment & { id: string }): Promise<string> {
  const row = await cx.db.first<{ created_at: string }>(
    sql`insert into comments (tenant_id, id, ticket_id, author_id, visibility, body, via, quoted)
      values (${cx.tenant.id}, ${comment.id}, ${comment.ticketId}, ${cx.actor.id}, ${comment.visibility},
        ${comment.body}, ${comment.via ?? null}, ${comment.quoted || null})
      returning created_at`,
  );
  return row!.created_at;
}
