import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { record } from "@/domain/record.ts";
import { Visibility } from "@/domain/shared/fields.ts";
import { assertNotMerged, holdTicket } from "@/domain/tickets/access/read_ticket.ts";
import { personFor } from "@/domain/tickets/access/ticket_row.ts";
import { attachmentIds, bindAttachments } from "./bind.ts";
import { assertShareLeft, reserveQuota } from "./quota.ts";
import type { StoredFile } from "./receive.ts";
import type { Attachment } from "./types.ts";

interface Place {
  ticketId: string | null;
  visibility: Attachment["visibility"];
}

type Source = { files: StoredFile[] } | { files?: undefined; attachmentIds: string[] };

export const AttachUploads = z.object({
  attachmentIds: attachmentIds.refine((ids) => ids.length > 0, "Choose a file"),
  visibility: Visibility.default("public"),
});

/** Only their uploader can use them, for an hour. @throws DomainError too_large when the quota or their share is used up */
export async function addUnbound(cx: UserCx, files: StoredFile[]): Promise<Attachment[]> {
  const added = await insertFiles(cx, files, { ticketId: null, visibility: "public" });
  // In one round trip: the organisation's other uploads wait meanwhile.
  await Promise.all([
    assertShareLeft(cx),
    record(cx, {
      action: "attachment.uploaded",
      entity: "attachment",
      entityId: added[0]!.id,
      changes: { files: namesOf(added) },
    }),
  ]);
  return added;
}

/**
 * @throws DomainError not_found; forbidden for a requester's internal files; conflict for a merged ticket; too_large
 * when the quota is used up; invalid for ids that can't be used
 */
export async function attachToTicket(
  cx: UserCx,
  input: { ticketId: string; visibility: Attachment["visibility"] } & Source,
): Promise<Attachment[]> {
  const row = await holdTicket(cx, input.ticketId);
  assertNotMerged(row);
  const internal = input.visibility === "internal";
  if (internal && !isStaff(cx.actor.role)) {
    throw new DomainError("forbidden", "Only the help desk can attach internal files");
  }
  const place = { ticketId: row.id, visibility: input.visibility };
  const added = input.files
    ? await insertFiles(cx, input.files, place)
    : await bindAttachments(cx, input.attachmentIds, place);
  await Promise.all([
    // Requesters must not notice an internal file by the ticket's time.
    internal ? null : cx.db.run(sql`update tickets set updated_at = now()
      where tenant_id = ${cx.tenant.id} and id = ${row.id}`),
    record(cx, {
      action: "ticket.attached",
      entity: "ticket",
      entityId: row.id,
      version: row.version,
      internal,
      changes: { files: namesOf(added) },
      audience: { requesterId: row.requester_id, assigneeId: row.assignee_id, queueId: row.queue_id },
    }),
  ]);
  return added;
}

/** Without a record: the use case records it. @throws DomainError too_large when the quota is used up */
export async function insertFiles(cx: UserCx, files: StoredFile[], place: Place): Promise<Attachment[]> {
  if (files.length === 0) return [];
  const [rows] = await Promise.all([
    cx.db.rows<{ id: string; storage_key: string; created_at: string }>(
      sql`insert into attachments (tenant_id, ticket_id, visibility, uploader_id, name, media_type, size, sha256,
          storage_key, width, height)
        select ${cx.tenant.id}, ${place.ticketId}::uuid, ${place.visibility}, ${cx.actor.id}, f.name, f.media_type,
          f.size, f.sha256, f.storage_key, f.width, f.height
        from json_to_recordset(${JSON.stringify(files.map(toRecord))}::json)
          as f(n int, name text, media_type text, size bigint, sha256 text, storage_key text, width int, height int)
        order by f.n returning id, storage_key, created_at`,
    ),
    reserveQuota(cx, files.reduce((sum, { size }) => sum + size, 0)),
  ]);
  const rowOf = new Map(rows.map((row) => [row.storage_key, row]));
  return files.map(({ storageKey, ...file }) => ({
    id: rowOf.get(storageKey)!.id,
    ticketId: place.ticketId,
    commentId: null,
    visibility: place.visibility,
    name: file.name,
    mediaType: file.mediaType,
    size: file.size,
    sha256: file.sha256,
    width: file.width,
    height: file.height,
    uploader: personFor(cx, cx.actor),
    createdAt: rowOf.get(storageKey)!.created_at,
  }));
}

function toRecord(file: StoredFile, n: number) {
  const { name, mediaType: media_type, size, sha256, storageKey: storage_key, width, height } = file;
  return { n, name, media_type, size, sha256, storage_key, width, height };
}

function namesOf(files: Attachment[]) {
  return files.map(({ id, name, size }) => ({ id, name, size }));
}
