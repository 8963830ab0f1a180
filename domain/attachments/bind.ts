import { z } from "zod";
import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { unknownId } from "@/domain/errors.ts";
import { id } from "@/domain/validation.ts";
import { type AttachmentRow, COLUMNS, toAttachment, UPLOADER } from "./rows.ts";
import { type Attachment, MOST_FILES } from "./types.ts";

/** Earlier uploads; a form sends them as one text with commas, or as several. */
export const attachmentIds = z.preprocess(
  (value) =>
    [value].flat().flatMap((one) =>
      typeof one === "string"
        ? one.split(",").filter((id) => id.trim() !== "")
        : one === undefined
        ? []
        : [one]
    ),
  z.array(id).max(MOST_FILES, `At most ${MOST_FILES} files`).transform((ids) => [...new Set(ids)]),
);

/** Only the actor's own unused uploads. @throws DomainError invalid, about `path`, for an id that can't be used */
export async function bindAttachments(
  cx: UserCx,
  ids: string[],
  to: { ticketId: string; commentId?: string; visibility: Attachment["visibility"]; path?: string },
): Promise<Attachment[]> {
  if (ids.length === 0) return [];
  const rows = await cx.db.rows<AttachmentRow>(
    sql`with a as (
        update attachments set ticket_id = ${to.ticketId}::uuid, comment_id = ${to.commentId ?? null}::uuid,
          visibility = ${to.visibility}
        where tenant_id = ${cx.tenant.id} and id = any(${ids}::uuid[]) and uploader_id = ${cx.actor.id}
          and ticket_id is null and deleted_at is null
        returning *)
      select ${COLUMNS} from a ${UPLOADER} order by a.created_at, a.id`,
  );
  if (rows.length !== ids.length) throw unknownId(to.path ?? "attachmentIds");
  return rows.map((row) => toAttachment(cx, row));
}
