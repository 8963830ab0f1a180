import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { personFor } from "@/domain/tickets/access/ticket_row.ts";
import type { Attachment } from "./types.ts";

export interface AttachmentRow {
  id: string;
  ticket_id: string | null;
  comment_id: string | null;
  visibility: "public" | "internal";
  uploader_id: string;
  uploader_name: string;
  uploader_email: string;
  name: string;
  media_type: string;
  size: string | number;
  sha256: string;
  storage_key: string;
  width: number | null;
  height: number | null;
  created_at: string;
}

export const COLUMNS =
  sql`a.id, a.ticket_id, a.comment_id, a.visibility, a.uploader_id, u.name as uploader_name,
  u.email as uploader_email, a.name, a.media_type, a.size, a.sha256, a.storage_key, a.width, a.height, a.created_at`;

export const UPLOADER = sql`join users u on u.tenant_id = a.tenant_id and u.id = a.uploader_id`;

export function toAttachment(cx: UserCx, row: AttachmentRow): Attachment {
  return {
    id: row.id,
    ticketId: row.ticket_id,
    commentId: row.comment_id,
    visibility: row.visibility,
    name: row.name,
    mediaType: row.media_type,
    size: Number(row.size),
    sha256: row.sha256,
    width: row.width,
    height: row.height,
    uploader: personFor(cx, { id: row.uploader_id, name: row.uploader_name, email: row.uploader_email }),
    createdAt: row.created_at,
  };
}
