import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, MANAGERS, STAFF } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { orNameTaken } from "@/domain/shared/unique_name.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { record } from "@/domain/record.ts";
import { body, wellFormed } from "@/domain/shared/fields.ts";
import { line, ticked, version } from "@/domain/validation.ts";
import { type CannedReply, getCannedReply } from "./read.ts";

const title = line(1, 120).transform(wellFormed);

/** A new text to reply with; `shared` for one of the whole desk, which managers make. */
export const CreateCannedReply = z.object({ title, body, shared: ticked.default(false) });

/** What can be changed of a canned reply; what isn't there stays. */
export const EditCannedReply = z.object({
  version: version.optional(),
  title: title.optional(),
  body: body.optional(),
  archived: ticked.optional(),
});

/** Makes a canned reply. @throws DomainError forbidden, or conflict when the title is taken */
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

/**
 * Changes a canned reply, or archives it: then it isn't offered any more.
 *
 * @throws DomainError forbidden, not_found, stale_version, or conflict when the title is taken
 */
export async function editCannedReply(
  cx: UserCx,
  input: Omit<z.output<typeof EditCannedReply>, "version"> & { id: string; version: number },
): Promise<CannedReply> {
  const was = await getCannedReply(cx, input.id);
  if (was.shared) assertMayShare(cx);
  if (was.version !== input.version) throw new DomainError("stale_version", undefined, { current: was });
  const next = {
    title: input.title ?? was.title,
    body: input.body ?? was.body,
    archived: input.archived ?? was.archived,
  };
  const fields = (["title", "archived"] as const).filter((field) => was[field] !== next[field]);
  if (fields.length === 0 && was.body === next.body) return was;
  const updated = await orNameTaken(
    cx,
    () =>
      cx.db.run(sql`update canned_replies set title = ${next.title}, body = ${next.body},
        archived_at = case when ${next.archived}::boolean then coalesce(archived_at, now()) end,
        version = version + 1, updated_at = now()
      where tenant_id = ${cx.tenant.id} and id = ${was.id} and version = ${was.version}`),
    { field: "title" },
  );
  const [, reply] = await Promise.all([
    record(cx, {
      action: "canned_reply.edited",
      entity: "canned_reply",
      entityId: was.id,
      version: was.version + 1,
      changes: {
        ...Object.fromEntries(fields.map((field) => [field, { from: was[field], to: next[field] }])),
        ...(was.body === next.body ? {} : { body: true }),
      },
      internal: true,
    }),
    getCannedReply(cx, was.id),
  ]);
  if (updated === 0) throw new DomainError("stale_version", undefined, { current: reply });
  return reply;
}

function assertMayShare(cx: UserCx): void {
  if (!MANAGERS.includes(cx.actor.role)) {
    throw new DomainError("forbidden", "Shared replies are managed by managers");
  }
}
