import { isUuid } from "@/db/door.ts";
import { type Sql, sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { byIdOrKey, requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import { type AttachmentRow, COLUMNS, toAttachment, UPLOADER } from "./rows.ts";
import type { Attachment } from "./types.ts";

const MOST = 500;

export interface AttachmentFile {
  attachment: Attachment;
  storageKey: string;
}

/** The one way to a file: through its ticket, or for its uploader while it has none. @throws DomainError not_found */
export async function requireAttachment(cx: UserCx, id: string): Promise<AttachmentRow> {
  const wanted = id.toLowerCase();
  if (!isUuid(wanted)) throw new DomainError("not_found");
  // Defence in depth: row security filters internal files as well.
  const row = await cx.db.first<AttachmentRow>(
    sql`select ${COLUMNS} from attachments a ${UPLOADER}
      where a.tenant_id = ${cx.tenant.id} and a.id = ${wanted} and a.deleted_at is null
        and (a.visibility = 'public' or ${isStaff(cx.actor.role)}::boolean)`,
  );
  if (!row || row.ticket_id === null && row.uploader_id !== cx.actor.id) throw new DomainError("not_found");
  if (row.ticket_id !== null) await requireTicket(cx, row.ticket_id);
  return row;
}

/** @throws DomainError not_found */
export async function getAttachment(cx: UserCx, id: string): Promise<Attachment> {
  return toAttachment(cx, await requireAttachment(cx, id));
}

/** @throws DomainError not_found */
export async function getAttachmentFile(cx: UserCx, id: string): Promise<AttachmentFile> {
  const row = await requireAttachment(cx, id);
  return { attachment: toAttachment(cx, row), storageKey: row.storage_key };
}

/** Of a ticket and its comments, oldest first; internal ones for staff only. @throws DomainError not_found */
export async function listAttachments(cx: UserCx, idOrKey: string): Promise<Attachment[]> {
  const ticket = await requireTicket(cx, idOrKey);
  return await readAttachments(cx, sql`${ticket.id}::uuid`);
}

/** For a page that checks access to the ticket itself. */
export async function attachmentsOf(cx: UserCx, idOrKey: string): Promise<Attachment[]> {
  const named = byIdOrKey(idOrKey);
  if (!named) return [];
  return await readAttachments(
    cx,
    sql`(select t.id from tickets t where t.tenant_id = ${cx.tenant.id} and ${named})`,
  );
}

/** The actor's own unused uploads among `ids`, for a form that is shown again. */
export async function unusedUploads(cx: UserCx, ids: string | undefined): Promise<Attachment[]> {
  const wanted = (ids ?? "").split(",").map((id) => id.trim().toLowerCase()).filter(isUuid);
  if (wanted.length === 0) return [];
  const rows = await cx.db.rows<AttachmentRow>(
    sql`select ${COLUMNS} from attachments a ${UPLOADER}
      where a.tenant_id = ${cx.tenant.id} and a.id = any(${wanted}::uuid[]) and a.uploader_id = ${cx.actor.id}
        and a.ticket_id is null and a.deleted_at is null
      order by a.created_at, a.id`,
  );
  return rows.map((row) => toAttachment(cx, row));
}

async function readAttachments(cx: UserCx, ticketId: Sql): Promise<Attachment[]> {
  const rows = await cx.db.rows<AttachmentRow>(
    sql`select ${COLUMNS} from attachments a ${UPLOADER}
      where a.tenant_id = ${cx.tenant.id} and a.ticket_id = ${ticketId} and a.deleted_at is null
        and (a.visibility = 'public' or ${isStaff(cx.actor.role)}::boolean)
      order by a.created_at, a.id limit ${MOST}`,
  );
  return rows.map((row) => toAttachment(cx, row));
}
