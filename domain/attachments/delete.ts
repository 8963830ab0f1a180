import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { record } from "@/domain/record.ts";
import { requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import { releaseQuota } from "./quota.ts";
import { requireAttachment } from "./read.ts";
import type { AttachmentRow } from "./rows.ts";

/** The content is removed after the commit, the row stays. @throws DomainError not_found; forbidden */
export async function deleteAttachment(
  cx: UserCx,
  id: string,
): Promise<{ name: string; ticketId: string | null }> {
  const row = await requireAttachment(cx, id);
  if (row.uploader_id !== cx.actor.id && !isStaff(cx.actor.role)) throw new DomainError("forbidden");
  // Its record locks the ticket, which a merge locks before its files.
  await cx.db.run(sql`select 1 from tickets where tenant_id = ${cx.tenant.id} and id = ${row.ticket_id}::uuid
    for no key update`);
  const deleted = await cx.db.run(sql`update attachments set deleted_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${row.id} and deleted_at is null`);
  if (deleted === 0) throw new DomainError("not_found");
  await Promise.all([releaseQuota(cx, Number(row.size)), recordDeletion(cx, row)]);
  cx.afterCommit(() => {
    // What is left behind is swept later.
    cx.services.blobs.remove(row.storage_key).catch(() => {});
  });
  return { name: row.name, ticketId: row.ticket_id };
}

async function recordDeletion(cx: UserCx, row: AttachmentRow): Promise<void> {
  const changes = { files: [{ id: row.id, name: row.name, size: Number(row.size) }] };
  const internal = row.visibility === "internal";
  if (row.ticket_id === null) {
    return await record(cx, {
      action: "attachment.deleted",
      entity: "attachment",
      entityId: row.id,
      internal,
      changes,
    });
  }
  const ticket = await requireTicket(cx, row.ticket_id);
  await record(cx, {
    action: "ticket.detached",
    entity: "ticket",
    entityId: ticket.id,
    version: ticket.version,
    internal,
    changes,
    audience: {
      requesterId: ticket.requester_id,
      assigneeId: ticket.assignee_id,
      queueId: ticket.queue_id,
    },
  });
}
