import type { z } from "zod";
import { type Sql, sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { type PageOf, type Position, readCursor, START, writeCursor } from "@/domain/shared/cursor.ts";
import { DomainError } from "@/domain/errors.ts";
import {
  assertVisible,
  byIdOrKey,
  readTicketRow,
  requireTicket,
} from "@/domain/tickets/access/read_ticket.ts";
import { toTicket } from "@/domain/tickets/access/ticket_row.ts";
import type { Comment, Ticket } from "@/domain/tickets/model/types.ts";
import type { Page } from "@/domain/shared/types.ts";
import { AUTHOR, COMMENT_COLUMNS, type CommentRow, toComment } from "./columns.ts";

const LIST = "comments";

/** Oldest first; internal notes for staff only. @throws DomainError not_found, or invalid for another list's cursor */
export async function listComments(
  cx: UserCx,
  input: z.output<typeof PageOf> & { ticketId: string },
): Promise<Page<Comment>> {
  const after = input.cursor ? readCursor(cx, LIST, input.cursor) : START;
  const row = await requireTicket(cx, input.ticketId);
  const rows = await readComments(cx, sql`${row.id}::uuid`, { after, limit: input.limit });
  return toPage(cx, rows, input.limit);
}

/** In one flight. @throws DomainError not_found, or invalid for a cursor of another list */
export async function getTicketWithComments(
  cx: UserCx,
  { idOrKey, limit = 50, cursor }: { idOrKey: string; limit?: number; cursor?: string },
): Promise<{ ticket: Ticket; comments: Page<Comment> }> {
  const named = byIdOrKey(idOrKey);
  if (!named) throw new DomainError("not_found");
  // Before anything is sent: a throw in between would leave a statement that nobody awaits.
  const after = cursor ? readCursor(cx, LIST, cursor) : START;
  const ticketId = sql`(select t.id from tickets t where t.tenant_id = ${cx.tenant.id} and ${named})`;
  const [row, rows] = await Promise.all([
    readTicketRow(cx, named),
    readComments(cx, ticketId, { after, limit }),
  ]);
  assertVisible(cx, row);
  return { ticket: toTicket(cx, row), comments: toPage(cx, rows, limit) };
}

async function readComments(
  cx: UserCx,
  ticketId: Sql,
  { after, limit }: { after: Position; limit: number },
): Promise<CommentRow[]> {
  // Defence in depth: row security filters internal notes as well.
  return await cx.db.rows<CommentRow>(
    sql`select ${COMMENT_COLUMNS} from (
        select * from comments where tenant_id = ${cx.tenant.id} and ticket_id = ${ticketId}
          and (visibility = 'public' or ${isStaff(cx.actor.role)}::boolean)
          and (created_at, id) > (${after.at}::timestamptz, ${after.id}::uuid)
        order by created_at, id limit ${limit + 1}
      ) c ${AUTHOR} order by c.created_at, c.id`,
  );
}

function toPage(
  cx: UserCx,
  rows: CommentRow[],
  limit: number,
): Page<Comment> {
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  return {
    items: rows.map((row) => toComment(cx, row)),
    nextCursor: more && last ? writeCursor(cx, LIST, { at: last.created_at, id: last.id }) : null,
  };
}
