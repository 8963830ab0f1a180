import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { lockConfig } from "@/domain/config_cache.ts";
import { assertRole, MANAGERS } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { invalidField, unknownId } from "@/domain/errors.ts";
import { orNameTaken } from "@/domain/shared/unique_name.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { archivedAt, editVersioned } from "@/domain/edit_versioned.ts";
import { record } from "@/domain/record.ts";
import { wellFormed } from "@/domain/shared/fields.ts";
import { requireActiveQueue } from "@/domain/queues/active_queue.ts";
import { formBoolean, line, reference, version } from "@/domain/validation.ts";
import { type Category, getCategory } from "./read.ts";

export const MOST_LEVELS = 5;

const name = line(1, 120).transform(wellFormed);

export const CreateCategory = z.object({ name, parentId: reference, queueId: reference });

export const EditCategory = z.object({
  version: version.optional(),
  name: name.optional(),
  parentId: reference,
  queueId: reference,
  archived: formBoolean.optional(),
});

/** @throws DomainError forbidden; conflict for a sibling's name; invalid for a parent, a queue, or too deep a tree */
export async function createCategory(cx: UserCx, input: z.output<typeof CreateCategory>): Promise<Category> {
  assertRole(cx, MANAGERS);
  const [categoryId] = await Promise.all([
    newId(cx),
    input.queueId ? requireActiveQueue(cx, input.queueId) : null,
  ]);
  if (input.parentId) await assertFits(cx, { parentId: input.parentId });
  await orNameTaken(
    cx,
    () =>
      cx.db.run(sql`insert into categories (tenant_id, id, name, parent_id, queue_id, position)
      values (${cx.tenant.id}, ${categoryId}, ${input.name}, ${input.parentId ?? null}, ${
        input.queueId ?? null
      }, ${lastPosition(cx, input.parentId ?? null)})`),
  );
  const changes = { name: input.name, parentId: input.parentId ?? null, queueId: input.queueId ?? null };
  const [, category] = await Promise.all([
    record(cx, { action: "category.created", entity: "category", entityId: categoryId, version: 1, changes }),
    getCategory(cx, categoryId),
  ]);
  return category;
}

/** @throws DomainError not_found, stale_version, as {@link createCategory}, and invalid for a circle */
export async function editCategory(
  cx: UserCx,
  input: Omit<z.output<typeof EditCategory>, "version"> & { id: string; version: number },
): Promise<Category> {
  assertRole(cx, MANAGERS);
  return await editVersioned(cx, {
    action: "category.edited",
    entity: "category",
    read: () => getCategory(cx, input.id),
    version: input.version,
    fields: ({ name, parentId, queue, archived }) => ({
      name,
      parentId,
      queueId: queue?.id ?? null,
      archived,
    }),
    input,
    check: async ({ was, next, changes }) => {
      if (changes.parentId && next.parentId) await assertFits(cx, { id: was.id, parentId: next.parentId });
      if (changes.queueId && next.queueId) await requireActiveQueue(cx, next.queueId);
    },
    table: "categories",
    set: (next, was) =>
      sql`name = ${next.name}, parent_id = ${next.parentId}, queue_id = ${next.queueId},
        position = ${next.parentId === was.parentId ? sql`position` : lastPosition(cx, next.parentId)},
        archived_at = ${archivedAt(next.archived)}`,
    save: (update) => orNameTaken(cx, update),
  });
}

async function useParent(cx: UserCx, parentId: string): Promise<void> {
  const parent = await cx.db.first(sql`select 1 from categories
    where tenant_id = ${cx.tenant.id} and id = ${parentId} and archived_at is null`);
  if (!parent) throw unknownId("parentId");
}

/** After the siblings, where these have an order. */
function lastPosition(cx: UserCx, parentId: string | null) {
  return sql`(select case when max(position) > 0 then max(position) + 1 else 0 end from categories
    where tenant_id = ${cx.tenant.id} and parent_id is not distinct from ${parentId}::uuid)`;
}

/** The configuration is locked: two moves at once could make a circle. */
async function assertFits(cx: UserCx, { id, parentId }: { id?: string; parentId: string }): Promise<void> {
  await lockConfig(cx);
  await useParent(cx, parentId);
  const row = await cx.db.first<{ circle: boolean; above: number; levels: number }>(
    sql`with recursive above as (
      select id, parent_id from categories where tenant_id = ${cx.tenant.id} and id = ${parentId}
      union select c.id, c.parent_id from categories c join above a on c.id = a.parent_id
        where c.tenant_id = ${cx.tenant.id}
    ), below as (
      select id, 1 as level from categories where tenant_id = ${cx.tenant.id} and id = ${id ?? null}::uuid
      union all select c.id, b.level + 1 from categories c join below b on c.parent_id = b.id
        where c.tenant_id = ${cx.tenant.id}
    ) select exists (select 1 from above where id = ${id ?? null}::uuid) as circle,
      (select count(*)::integer from above) as above, coalesce((select max(level) from below), 1) as levels`,
  );
  if (row!.circle) throw invalidField("parentId", "circle", "A category can't be below itself");
  if (row!.above + row!.levels > MOST_LEVELS) {
    throw invalidField("parentId", "too_deep", `The tree has at most ${MOST_LEVELS} levels`);
  }
}
