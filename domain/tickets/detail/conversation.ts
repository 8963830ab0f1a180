import { isUuid } from "@/db/door.ts";
import { type Sql, sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import { AUTHOR, COMMENT_COLUMNS, type CommentRow, toComment } from "@/domain/comments/columns.ts";
import type { UserCx } from "@/domain/cx.ts";
import { END, type Position, readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import { DomainError } from "@/domain/errors.ts";
import { assertVisible, byIdOrKey, readTicketRow } from "@/domain/tickets/access/read_ticket.ts";
import { toTicket } from "@/domain/tickets/access/ticket_row.ts";
import { type EntryRow, otherTicketVisible, toEntry } from "./timeline.ts";
import type { Comment, Ticket, TimelineEntry } from "@/domain/tickets/model/types.ts";

export interface Conversation {
  ticket: Ticket;
  /** Oldest first. */
  comments: Comment[];
  /** Oldest first. */
  changes: TimelineEntry[];
  /** Null when this is the beginning. */
  earlier: string | null;
  /** Whether this is the end. */
  latest: boolean;
}

const LIST = "conversation";
const COMMENTS = 50;
const CHANGES = 200;

/**
 * At most 50 comments and 200 changes, by time and id: before a cursor, up to a comment that is older, or the latest.
 * @throws DomainError not_found, or invalid for the cursor
 */
export async function readConversation(
  cx: UserCx,
  { idOrKey, before, comment }: {
    idOrKey: string;
    before?: string | undefined;
    comment?: string | undefined;
  },
): Promise<Conversation> {
  const named = byIdOrKey(idOrKey);
  if (!named) throw new DomainError("not_found");
  const ticketId = sql`(select t.id from tickets t where t.tenant_id = ${cx.tenant.id} and ${named})`;
  const end = before
    ? readCursor(cx, LIST, before)
    : comment
    ? await endOfPartWith(cx, comment, ticketId)
    : END;
  const staff = isStaff(cx.actor.role);
  const [row, said, done] = await Promise.all([
    readTicketRow(cx, named),
    cx.db.rows<CommentRow>(
      sql`select ${COMMENT_COLUMNS} from (
          select * from comments where tenant_id = ${cx.tenant.id} and ticket_id = ${ticketId}
            and (visibility = 'public' or ${staff}::boolean)
            and (created_at, id) < (${end.at}::timestamptz, ${end.id}::uuid)
          order by created_at desc, id desc limit ${COMMENTS + 1}
        ) c ${AUTHOR} order by c.created_at desc, c.id desc`,
    ),
    cx.db.rows<EntryRow>(
      sql`select a.id, a.at, a.action, a.actor_id, actor.name as actor_name, a.changes
        from (
          select * from audit_log where tenant_id = ${cx.tenant.id} and entity_id = ${ticketId}
            and ${shownChanges(cx)} and (at, id) < (${end.at}::timestamptz, ${end.id}::uuid)
          order by at desc, id desc limit ${CHANGES + 1}
        ) a
        left join lateral (select u.name from users u
          where u.tenant_id = a.tenant_id and u.id = a.actor_id limit 1) actor on true
        order by a.at desc, a.id desc`,
    ),
  ]);
  assertVisible(cx, row);
  const start = latest(
    startOf(said.map(({ created_at, id }) => ({ at: created_at, id })), COMMENTS),
    startOf(done, CHANGES),
  );
  return {
    ticket: toTicket(cx, row),
    comments: said.reverse().map((comment) => toComment(cx, comment))
      .filter(({ createdAt, id }) => isFrom(start, { at: createdAt, id })),
    changes: done.reverse().map(toEntry).filter((entry) => isFrom(start, entry)),
    earlier: start && writeCursor(cx, LIST, { at: start.at, id: start.id }),
    latest: end === END,
  };
}

/** Where a part with room for `most` rows, newest first, begins; null when all fit. */
function startOf(rows: Position[], most: number): Position | null {
  return rows.length > most ? rows[most - 1]! : null;
}

function latest(one: Position | null, other: Position | null): Position | null {
  return one && other ? (isFrom(one, other) ? other : one) : one ?? other;
}

/** RFC 3339 in UTC with milliseconds sorts as text. */
function isFrom(start: Position | null, { at, id }: Position): boolean {
  return start === null || at > start.at || at === start.at && id >= start.id;
}

/** Where the part ends that a comment is in; the end of all for the latest, and for a comment that isn't there. */
async function endOfPartWith(cx: UserCx, comment: string, ticketId: Sql): Promise<Position> {
  const id = comment.toLowerCase();
  if (!isUuid(id)) return END;
  const shown = sql`(visibility = 'public' or ${isStaff(cx.actor.role)}::boolean)`;
  const row = await cx.db.first<{ at: string; earlier: boolean }>(
    sql`select c.created_at as at,
        exists (select from comments where tenant_id = ${cx.tenant.id} and ticket_id = ${ticketId}
          and ${shown} and (created_at, id) > (c.created_at, c.id) offset ${COMMENTS - 1} limit 1)
        or exists (select from audit_log where tenant_id = ${cx.tenant.id} and entity_id = ${ticketId}
          and ${shownChanges(cx)} and (at, id) > (c.created_at, c.id) offset ${
      CHANGES - 1
    } limit 1) as earlier
      from comments c where c.tenant_id = ${cx.tenant.id} and c.ticket_id = ${ticketId} and c.id = ${id}
        and ${shown}`,
  );
  return row?.earlier ? { at: row.at, id: END.id } : END;
}

/** Without the entries that only say that a comment was made. */
function shownChanges(cx: UserCx): Sql {
  return sql`entity = 'ticket' and (not internal or ${isStaff(cx.actor.role)}::boolean)
    and (action <> 'ticket.commented' or changes ? 'status') ${otherTicketVisible(cx)}`;
}
