import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import { DomainError } from "@/domain/errors.ts";
import type { Named, Page } from "@/domain/shared/types.ts";
import type { FormField } from "./fields.ts";

export interface CatalogItem extends Named {
  description: string;
  icon: string;
  /** The heading in the catalog; may be empty. */
  section: string;
  category: Named | null;
  queue: Named | null;
  fields: FormField[];
  position: number;
  archived: boolean;
  version: number;
  createdAt: string;
  updatedAt: string;
}

interface ItemRow {
  id: string;
  name: string;
  description: string;
  icon: string;
  section: string;
  category_id: string | null;
  category_name: string | null;
  queue_id: string | null;
  queue_name: string | null;
  fields: FormField[];
  position: number;
  archived: boolean;
  version: number;
  created_at: string;
  updated_at: string;
}

const ITEM =
  sql`select i.id, i.name, i.description, i.icon, i.section, i.category_id, c.name as category_name,
    i.queue_id, q.name as queue_name, i.fields, i.position, i.archived_at is not null as archived, i.version,
    i.created_at, i.updated_at
  from catalog_items i
  left join categories c on c.tenant_id = i.tenant_id and c.id = i.category_id
  left join queues q on q.tenant_id = i.tenant_id and q.id = i.queue_id`;

function toItem(row: ItemRow): CatalogItem {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    icon: row.icon,
    section: row.section,
    category: row.category_id === null ? null : { id: row.category_id, name: row.category_name! },
    queue: row.queue_id === null ? null : { id: row.queue_id, name: row.queue_name! },
    fields: row.fields,
    position: row.position,
    archived: row.archived,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** As the actor may read it: queues are for staff, wherever a request goes. */
function toItemFor(cx: UserCx, row: ItemRow): CatalogItem {
  return isStaff(cx.actor.role) ? toItem(row) : { ...toItem(row), queue: null };
}

const WIDTH = 10;

/** In its order; archived ones for staff who ask for them. @throws DomainError invalid for a cursor of another list */
export async function listCatalog(
  cx: UserCx,
  { limit, cursor, archived = false }: { limit: number; cursor?: string | undefined; archived?: boolean },
): Promise<Page<CatalogItem>> {
  const after = cursor ? readCursor(cx, "catalog", cursor) : { at: "-1", id: cx.tenant.id };
  const rows = await cx.db.rows<ItemRow>(sql`${ITEM}
    where i.tenant_id = ${cx.tenant.id} and (i.position, i.id) > (${
    Number(after.at)
  }::integer, ${after.id}::uuid)
      and (i.archived_at is null or ${archived && isStaff(cx.actor.role)}::boolean)
    order by i.position, i.id limit ${limit + 1}`);
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  return {
    items: rows.map((row) => toItemFor(cx, row)),
    nextCursor: more && last
      ? writeCursor(cx, "catalog", { at: String(last.position).padStart(WIDTH, "0"), id: last.id })
      : null,
  };
}

/** Archived ones for staff only. @throws DomainError not_found */
export async function getCatalogItem(cx: UserCx, id: string): Promise<CatalogItem> {
  return toItemFor(cx, await requireItem(cx, id));
}

/** With the queue that a request goes to, whoever submits it. @throws DomainError not_found */
export async function getRequestedItem(cx: UserCx, id: string): Promise<CatalogItem> {
  return toItem(await requireItem(cx, id));
}

async function requireItem(cx: UserCx, id: string): Promise<ItemRow> {
  const row = await cx.db.first<ItemRow>(sql`${ITEM} where i.tenant_id = ${cx.tenant.id} and i.id = ${id}
    and (i.archived_at is null or ${isStaff(cx.actor.role)}::boolean)`);
  if (!row) throw new DomainError("not_found");
  return row;
}

/** Up to 500 items in the catalog's order. */
export async function wholeCatalog(cx: UserCx, { archived = false } = {}): Promise<CatalogItem[]> {
  const rows = await cx.db.rows<ItemRow>(sql`${ITEM} where i.tenant_id = ${cx.tenant.id}
    and (i.archived_at is null or ${archived && isStaff(cx.actor.role)}::boolean)
    order by i.position, i.id limit 500`);
  return rows.map((row) => toItemFor(cx, row));
}
