import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { personFor } from "@/domain/tickets/access/ticket_row.ts";
import type { Comment } from "@/domain/tickets/model/types.ts";
import type { Mention } from "@/domain/shared/mention_text.ts";

export interface CommentRow {
  id: string;
  author_id: string;
  author_name: string;
  author_email: string;
  visibility: "public" | "internal";
  body: string;
  via: "email" | "email_unverified" | null;
  quoted: string | null;
  version: number;
  edited_at: string | null;
  created_at: string;
  mentions: Mention[];
}

export const COMMENT_COLUMNS =
  sql`c.id, c.author_id, author.name as author_name, author.email as author_email,
  c.visibility, c.body, c.via, c.quoted, c.version, c.edited_at, c.created_at, coalesce((
    select json_agg(json_build_object('id', m.user_id, 'label', m.label) order by length(m.label) desc, m.user_id)
    from comment_mentions m where m.tenant_id = c.tenant_id and m.comment_id = c.id), '[]') as mentions`;

/** With the limit it is a lookup by key. */
export const AUTHOR = sql`left join lateral (select u.name, u.email from users u
  where u.tenant_id = c.tenant_id and u.id = c.author_id limit 1) author on true`;

export function toComment(cx: UserCx, row: CommentRow): Comment {
  return {
    id: row.id,
    author: personFor(cx, { id: row.author_id, name: row.author_name, email: row.author_email }),
    visibility: row.visibility,
    body: row.body,
    mentions: row.mentions.map(({ id, label }) => ({ id, name: label })),
    via: row.via,
    quoted: row.quoted,
    version: row.version,
    createdAt: row.created_at,
    editedAt: row.edited_at,
    editableUntil: row.author_id === cx.actor.id ? editableUntil(cx, row.created_at) : null,
  };
}

/** RFC 3339; null when a comment of `createdAt` can't be edited any more. */
export function editableUntil(cx: UserCx, createdAt: string): string | null {
  const end = Date.parse(createdAt) + cx.tenant.commentEditMinutes * 60_000;
  return end > Date.parse(cx.now) ? new Date(end).toISOString() : null;
}
