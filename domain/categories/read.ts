import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import { DomainError } from "@/domain/errors.ts";
import type { Named, Page } from "@/domain/shared/types.ts";

export interface CategoryName extends Named {
  parentId: string | null;
}

export interface Category extends CategoryName {
  queue: Named | null;
  archived: boolean;
  version: number;
  createdAt: string;
  updatedAt: string;
}

interface CategoryRow {
  id: string;
  name: string;
  name_key: string;
  parent_id: string | null;
  queue_id: string | null;
  queue_name: string | null;
  archived: boolean;
  version: number;
  created_at: string;
  updated_at: string;
}

const COLUMNS = sql`c.id, c.name, c.name_key, c.parent_id, c.queue_id, q.name as queue_name,
  c.archived_at is not null as archived, c.version, c.created_at, c.updated_at`;
const SOURCE = sql`categories c left join queues q on q.tenant_id = c.tenant_id and q.id = c.queue_id`;

function toCategory(row: CategoryRow): Category {
  return {
    id: row.id,
    name: row.name,
    parentId: row.parent_id,
    queue: row.queue_id === null ? null : { id: row.queue_id, name: row.queue_name! },
    archived: row.archived,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** By name; archived ones for staff who ask for them. @throws DomainError invalid for a cursor of another list */
export async function listCategories(
  cx: UserCx,
  { limit, cursor, archived = false }: { limit: number; cursor?: string | undefined; archived?: boolean },
): Promise<Page<Category | CategoryName>> {
  const staff = isStaff(cx.actor.role);
  const after = cursor
    ? readCursor(cx, "categories", cursor)
    : { at: "", id: "00000000-0000-0000-0000-000000000000" };
  const rows = await cx.db.rows<CategoryRow>(sql`select ${COLUMNS} from ${SOURCE}
    where c.tenant_id = ${cx.tenant.id} and (c.name_key, c.id) > (${after.at}, ${after.id}::uuid)
      and (c.archived_at is null or ${archived && staff}::boolean)
    order by c.name_key, c.id limit ${limit + 1}`);
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  return {
    items: rows.map((row) =>
      staff ? toCategory(row) : { id: row.id, name: row.name, parentId: row.parent_id }
    ),
    nextCursor: more && last ? writeCursor(cx, "categories", { at: last.name_key, id: last.id }) : null,
  };
}

/** @throws DomainError not_found */
export async function getCategory(cx: UserCx, id: string): Promise<Category> {
  const row = await cx.db.first<CategoryRow>(
    sql`select ${COLUMNS} from ${SOURCE} where c.tenant_id = ${cx.tenant.id} and c.id = ${id}`,
  );
  if (!row) throw new DomainError("not_found");
  return toCategory(row);
}
