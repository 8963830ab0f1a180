import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { lockConfig } from "@/domain/config_cache.ts";
import { assertRole, MANAGERS } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { unknownId } from "@/domain/errors.ts";
import { record } from "@/domain/record.ts";
import type { Named } from "@/domain/shared/types.ts";
import { emptyAsNull, id } from "@/domain/validation.ts";

export const OrderCategories = z.object({
  parentId: emptyAsNull(id.nullable().default(null)),
  ids: z.array(id).min(1).max(500),
});

/** They come before siblings that aren't named. @throws DomainError forbidden, or invalid for an unknown parent or child */
export async function orderCategories(
  cx: UserCx,
  { parentId, ids }: z.output<typeof OrderCategories>,
): Promise<void> {
  assertRole(cx, MANAGERS);
  const wanted = [...new Set(ids)];
  await lockConfig(cx);
  const [parent, siblings] = await Promise.all([
    parentId === null ? true : cx.db.first(sql`select 1 from categories
      where tenant_id = ${cx.tenant.id} and id = ${parentId}`),
    cx.db.rows<{ id: string }>(sql`select id from categories
      where tenant_id = ${cx.tenant.id} and parent_id is not distinct from ${parentId}::uuid
      order by id for no key update`),
  ]);
  if (!parent) throw unknownId("parentId");
  const known = new Set(siblings.map((row) => row.id));
  if (wanted.some((one) => !known.has(one))) throw unknownId("ids");
  await Promise.all([
    cx.db.run(sql`update categories c set position = o.position from (
        select s.id, row_number() over (order by w.at nulls last, s.position, s.name_key) - 1 as position
        from categories s left join unnest(${wanted}::uuid[]) with ordinality w(wanted, at) on w.wanted = s.id
        where s.tenant_id = ${cx.tenant.id} and s.parent_id is not distinct from ${parentId}::uuid) o
      where c.tenant_id = ${cx.tenant.id} and c.id = o.id and c.position <> o.position`),
    record(cx, {
      action: "category.ordered",
      entity: "category",
      entityId: parentId ?? wanted[0]!,
      changes: { order: wanted },
    }),
  ]);
}

export interface CategoryNode extends Named {
  parentId: string | null;
  /** 0 at the top. */
  depth: number;
  queue: Named | null;
  archived: boolean;
  version: number;
}

interface TreeRow {
  id: string;
  name: string;
  parent_id: string | null;
  depth: number;
  queue_id: string | null;
  queue_name: string | null;
  archived: boolean;
  version: number;
}

/** Depth first, archived ones too. */
export async function categoryTree(cx: UserCx): Promise<CategoryNode[]> {
  const rows = await cx.db.rows<TreeRow>(sql`
    with recursive tree as (
      select c.*, 0 as depth, array[lpad(c.position::text, 10, '0'), c.name_key] as path
      from categories c where c.tenant_id = ${cx.tenant.id} and c.parent_id is null
      union all
      select c.*, tree.depth + 1, tree.path || array[lpad(c.position::text, 10, '0'), c.name_key]
      from categories c join tree on c.parent_id = tree.id where c.tenant_id = ${cx.tenant.id}
    )
    select t.id, t.name, t.parent_id, t.depth, t.queue_id, q.name as queue_name,
      t.archived_at is not null as archived, t.version
    from tree t left join queues q on q.tenant_id = ${cx.tenant.id} and q.id = t.queue_id
    order by t.path limit 1000`);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    parentId: row.parent_id,
    depth: row.depth,
    queue: row.queue_id === null ? null : { id: row.queue_id, name: row.queue_name! },
    archived: row.archived,
    version: row.version,
  }));
}
