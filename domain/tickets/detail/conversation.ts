import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import { AUTHOR, COMMENT_COLUMNS, type CommentRow, toComment } from "@/domain/comments/columns.ts";
import type { UserCx } from "@/domain/cx.ts";
import { type Position, readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import { DomainError } from "@/domain/errors.ts";
import { assertVisible, namedTicket, readRow } from "@/domain/tickets/access/read_ticket.ts";
import { toTicket } from "@/domain/tickets/access/ticket_row.ts";
import { type EntryRow, namesVisible, toEntry } from "./timeline.ts";
import type { Comment, Ticket, TimelineEntry } from "@/domain/tickets/model/types.ts";

/** A ticket as its page shows it: what was said last, and what was done in that time. */
export interface Conversation {
  ticket: Ticket;
  /** Oldest first. */
  comments: Comment[];
  /** What was done apart from what was said, oldest first. */
  changes: TimelineEntry[];
  /** The cursor of what was said before; null when this is the beginning. */
  earlier: string | null;
}

const LIST = "conversation";
const COMMENTS = 50;
const CHANGES = 200;
/** A position behind everything. */
const END: Position = { at: "infinity", id: "ffffffff-ffff-ffff-ffff-ffffffffffff" };

/**
 * The latest part of a ticket's conversation, or the part before a cursor, in one flight.
 *
 * @throws DomainError not_found, or invalid for a cursor of another list
 */
export async function readConversation(
  cx: UserCx,
  { idOrKey, before }: { idOrKey: string; before?: string | undefined },
): Promise<Conversation> {
  const named = namedTicket(idOrKey);
  if (!named) throw new DomainError("not_found");
  const end = before ? readCursor(cx, LIST, before) : END;
  const ticketId = sql`(select t.id from tickets t where t.tenant_id = ${cx.tenant.id} and ${named})`;
  const staff = isStaff(cx.actor.role);
  const [row, said, done] = await Promise.all([
    readRow(cx, named),
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
            and entity = 'ticket' and (not internal or ${staff}::boolean) and at < ${end.at}::timestamptz
            and (action <> 'ticket.commented' or changes ? 'status') ${namesVisible(cx)}
          order by at desc, id desc limit ${CHANGES}
        ) a
        left join lateral (select u.name from users u
          where u.tenant_id = a.tenant_id and u.id = a.actor_id limit 1) actor on true
        order by a.at desc, a.id desc`,
    ),
  ]);
  assertVisible(cx, row);
  const more = said.length > COMMENTS;
  if (more) said.length = COMMENTS;
  const first = said.at(-1);
  // What was done before the first comment shown belongs to the part before.
  const since = more && first ? first.created_at : "";
  return {
    ticket: toTicket(cx, row),
    comments: said.reverse().map((comment) => toComment(cx, comment)),
    changes: done.reverse().map(toEntry).filter(({ at }) => at >= since),
    earlier: more && first ? writeCursor(cx, LIST, { at: first.created_at, id: first.id }) : null,
  };
}

/** The cursor of the part of a conversation that ends with what was said at `at`, RFC 3339. */
export function conversationAt(cx: UserCx, at: string): string {
  return writeCursor(cx, LIST, { at, id: END.id });
}
