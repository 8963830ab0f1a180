import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { inOrder } from "@/domain/shared/in_order.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { byteLength } from "@/domain/text.ts";
import type { TicketRow } from "@/domain/tickets/access/ticket_row.ts";

const MOST_BYTES = 65_536;
const MARKS = /[\\`*_{}[\]()<>#+\-.!|~&@]/g;

/** What the source asks, as it stands among the target's comments: its title, then its description. */
export function carriedText({ title, description }: Pick<TicketRow, "title" | "description">): string {
  const heading = `**${title.replace(MARKS, String.raw`\$&`)}**`;
  const whole = description.trim() === "" ? heading : `${heading}\n\n${description}`;
  return byteLength(whole) <= MOST_BYTES ? whole : description;
}

/** By its requester, at its own time, with the files that came with it. @returns the comment's id */
export async function carryDescription(
  cx: UserCx,
  { source, target }: { source: TicketRow; target: TicketRow },
): Promise<string> {
  const id = await newId(cx);
  await inOrder(cx.db, [
    () =>
      cx.db.run(
        sql`insert into comments (tenant_id, id, ticket_id, author_id, visibility, body, via, created_at)
        values (${cx.tenant.id}, ${id}, ${target.id}, ${source.requester_id}, 'public', ${
          carriedText(source)
        },
          ${source.source === "email" ? "email" : null}, ${source.created_at})`,
      ),
    () =>
      cx.db.run(sql`update attachments set comment_id = ${id} where tenant_id = ${cx.tenant.id}
        and ticket_id = ${source.id} and comment_id is null and created_at <= ${source.created_at}`),
  ]);
  return id;
}

/** The opposite, when the merge is undone. */
export async function dropCarried(cx: UserCx, commentId: string): Promise<void> {
  const of = sql`tenant_id = ${cx.tenant.id} and comment_id = ${commentId}`;
  await inOrder(cx.db, [
    () => cx.db.run(sql`update attachments set comment_id = null where ${of}`),
    () => cx.db.run(sql`delete from comment_mentions where ${of}`),
    () => cx.db.run(sql`delete from comment_versions where ${of}`),
    () => cx.db.run(sql`delete from comments where tenant_id = ${cx.tenant.id} and id = ${commentId}`),
  ]);
}
