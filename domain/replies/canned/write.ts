import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, MANAGERS, STAFF } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { orNameTaken } from "@/domain/shared/unique_name.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { archivedAt, editVersioned } from "@/domain/edit_versioned.ts";
import { record } from "@/domain/record.ts";
import { body, wellFormed } from "@/domain/shared/fields.ts";
import { formBoolean, line, version } from "@/domain/validation.ts";
import { type CannedReply, getCannedReply } from "./read.ts";

const title = line(1, 120).transform(wellFormed);

/** Managers may share it with all staff. */
export const CreateCannedReply = z.object({ title, body, shared: formBoolean.default(false) });

export const EditCannedReply = z.object({
  version: version.optional(),
  title: title.optional(),
  body: body.optional(),
  archived: formBoolean.optional(),
});

/** @throws DomainError forbidden, or conflict when the title is taken */
export async function createCannedReply(
  cx: UserCx,
  input: z.output<typeof CreateCannedReply>,
): Promise<CannedReply> {
  assertRole(cx, STAFF);
  if (input.shared) assertMayShare(cx);
  const id = await newId(cx);
  await orNameTaken(
    cx,
    () =>
      cx.db.run(sql`insert into canned_replies (tenant_id, id, owner_id, title, body)
      values (${cx.tenant.id}, ${id}, ${input.shared ? null : cx.actor.id}, ${input.title}, ${input.body})`),
    { field: "title" },
  );
  const [, reply] = await Promise.all([
    record(cx, {
      action: "canned_reply.created",
      entity: "canned_reply",
      entityId: id,
      version: 1,
      changes: { title: input.title, shared: input.shared },
      internal: true,
    }),
    getCannedReply(cx, id),
  ]);
  return reply;
}

/** @throws DomainError forbidden, not_found, stale_version, or conflict when the title is taken */
export async function editCannedReply(
  cx: UserCx,
  input: Omit<z.output<typeof EditCannedReply>, "version"> & { id: string; version: number },
): Promise<CannedReply> {
  return await editVersioned(cx, {
    action: "canned_reply.edited",
    entity: "canned_reply",
    internal: true,
    read: async () => {
      const reply = await getCannedReply(cx, input.id);
      if (reply.shared) assertMayShare(cx);
      return reply;
    },
    version: input.version,
    fields: ({ title, body, archived }) => ({ title, body, archived }),
    input,
    bulky: ["body"],
    table: "canned_replies",
    set: (next) =>
      sql`title = ${next.title}, body = ${next.body}, archived_at = ${archivedAt(next.archived)}`,
    save: (update) => orNameTaken(cx, update, { field: "title" }),
  });
}

function assertMayShare(cx: UserCx): void {
  if (!MANAGERS.includes(cx.actor.role)) {
    throw new DomainError("forbidden", "Only managers can edit shared replies");
  }
}
