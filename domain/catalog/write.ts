import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, MANAGERS } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { unknownId } from "@/domain/errors.ts";
import { orNameTaken } from "@/domain/shared/unique_name.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { archivedAt, editVersioned } from "@/domain/edit_versioned.ts";
import { record } from "@/domain/record.ts";
import { wellFormed } from "@/domain/shared/fields.ts";
import { requireActiveCategory } from "@/domain/categories/active_category.ts";
import { requireActiveQueue } from "@/domain/queues/active_queue.ts";
import { formBoolean, id, line, optional, prose, reference, version } from "@/domain/validation.ts";
import { FormDefinition } from "./schemas.ts";
import { ITEM_ICONS } from "./icons.ts";
import { type CatalogItem, getCatalogItem } from "./read.ts";

const shape = {
  name: line(1, 120).transform(wellFormed),
  description: prose(0, 8 * 1024).transform(wellFormed),
  icon: z.enum(ITEM_ICONS),
  section: z.string().transform((text) => wellFormed(text).replaceAll(/\s+/g, " ")).pipe(line(0, 80)),
  fields: FormDefinition,
};

export const CreateCatalogItem = z.object({
  name: shape.name,
  description: shape.description.default(""),
  icon: optional(shape.icon),
  section: shape.section.default(""),
  categoryId: reference,
  queueId: reference,
  fields: shape.fields.default([]),
});

export const EditCatalogItem = z.object({
  version: version.optional(),
  name: shape.name.optional(),
  description: shape.description.optional(),
  icon: optional(shape.icon),
  section: shape.section.optional(),
  categoryId: reference,
  queueId: reference,
  fields: shape.fields.optional(),
  archived: formBoolean.optional(),
});

/** @throws DomainError forbidden; conflict when the name is taken; invalid for a category or queue that can't be used */
export async function createCatalogItem(
  cx: UserCx,
  input: z.output<typeof CreateCatalogItem>,
): Promise<CatalogItem> {
  assertRole(cx, MANAGERS);
  const [itemId] = await Promise.all([
    newId(cx),
    input.categoryId ? requireActiveCategory(cx, input.categoryId) : null,
    input.queueId ? requireActiveQueue(cx, input.queueId) : null,
  ]);
  await orNameTaken(
    cx,
    () =>
      cx.db.run(sql`insert into catalog_items (tenant_id, id, name, description, icon, section, category_id,
        queue_id, fields, position)
      select ${cx.tenant.id}, ${itemId}::uuid, ${input.name}, ${input.description}, ${input.icon ?? "ticket"},
        ${input.section}, ${input.categoryId ?? null}::uuid, ${input.queueId ?? null}::uuid,
        ${JSON.stringify(input.fields)}::jsonb, coalesce(max(position) + 1, 0)
      from catalog_items where tenant_id = ${cx.tenant.id}`),
  );
  const [, item] = await Promise.all([
    record(cx, {
      action: "catalog_item.created",
      entity: "catalog_item",
      entityId: itemId,
      version: 1,
      changes: { name: input.name },
    }),
    getCatalogItem(cx, itemId),
  ]);
  return item;
}

/**
 * Requests that were made stay as they are. @throws DomainError forbidden, not_found, stale_version; conflict when
 * the name is taken; invalid for a category or queue that can't be used
 */
export async function editCatalogItem(
  cx: UserCx,
  input: Omit<z.output<typeof EditCatalogItem>, "version"> & { id: string; version: number },
): Promise<CatalogItem> {
  assertRole(cx, MANAGERS);
  return await editVersioned(cx, {
    action: "catalog_item.edited",
    entity: "catalog_item",
    read: () => getCatalogItem(cx, input.id),
    version: input.version,
    fields: ({ name, description, icon, section, category, queue, fields, archived }) => ({
      name,
      description,
      icon,
      section,
      categoryId: category?.id ?? null,
      queueId: queue?.id ?? null,
      fields,
      archived,
    }),
    input,
    // What is set already may stay, even if it can't be chosen any more.
    check: ({ next, changes }) =>
      Promise.all([
        changes.categoryId && next.categoryId ? requireActiveCategory(cx, next.categoryId) : null,
        changes.queueId && next.queueId ? requireActiveQueue(cx, next.queueId) : null,
      ]),
    table: "catalog_items",
    set: (next) =>
      sql`name = ${next.name}, description = ${next.description}, icon = ${next.icon}, section = ${next.section},
        category_id = ${next.categoryId}, queue_id = ${next.queueId}, fields = ${
        JSON.stringify(next.fields)
      }::jsonb,
        archived_at = ${archivedAt(next.archived)}`,
    save: (update) => orNameTaken(cx, update),
  });
}

export const OrderCatalog = z.object({ ids: z.array(id).min(1).max(500) });

/** Puts the items in this order and before all others. @throws DomainError forbidden, or invalid for an unknown item */
export async function orderCatalog(cx: UserCx, { ids }: z.output<typeof OrderCatalog>): Promise<void> {
  assertRole(cx, MANAGERS);
  const wanted = [...new Set(ids)];
  const locked = await cx.db.rows<{ id: string }>(sql`select id from catalog_items
    where tenant_id = ${cx.tenant.id} order by id for no key update`);
  const known = new Set(locked.map((row) => row.id));
  if (wanted.some((one) => !known.has(one))) throw unknownId("ids");
  await Promise.all([
    cx.db.run(sql`update catalog_items i set position = o.position from (
        select id, row_number() over (order by w.at nulls last, c.position, c.id) - 1 as position
        from catalog_items c left join unnest(${wanted}::uuid[]) with ordinality w(wanted, at) on w.wanted = c.id
        where c.tenant_id = ${cx.tenant.id}) o
      where i.tenant_id = ${cx.tenant.id} and i.id = o.id and i.position <> o.position`),
    record(cx, {
      action: "catalog.ordered",
      entity: "catalog_item",
      entityId: wanted[0]!,
      changes: { order: wanted },
    }),
  ]);
}
