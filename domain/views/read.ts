import { sql } from "@/db/sql.ts";
import { isStaff, MANAGERS } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import { DomainError, unknownId } from "@/domain/errors.ts";
import type { Named, Page } from "@/domain/shared/types.ts";
import type { Sort } from "@/domain/tickets/model/filter.ts";
import { tryParse } from "@/domain/validation.ts";
import { ViewFilter, withoutEmpty } from "./filter.ts";

export interface View extends Named {
  owner: Named;
  /** Whether all staff can use it. */
  shared: boolean;
  filter: Partial<ViewFilter>;
  sort: Sort;
  editable: boolean;
  version: number;
  createdAt: string;
  updatedAt: string;
}

interface ViewRow {
  id: string;
  name: string;
  name_key: string;
  owner_id: string;
  owner_name: string;
  shared: boolean;
  filter: unknown;
  sort: Sort;
  version: number;
  created_at: string;
  updated_at: string;
}

const COLUMNS =
  sql`v.id, v.name, v.name_key, v.owner_id, owner.name as owner_name, v.shared, v.filter, v.sort,
  v.version, v.created_at, v.updated_at`;
const OWNER = sql`join users owner on owner.tenant_id = v.tenant_id and owner.id = v.owner_id`;

function toView(cx: UserCx, row: ViewRow): View {
  return {
    id: row.id,
    name: row.name,
    owner: { id: row.owner_id, name: row.owner_name },
    shared: row.shared,
    // A filter from an earlier version may not be valid any more.
    filter: withoutEmpty(tryParse(ViewFilter, row.filter) ?? {}),
    sort: row.sort,
    editable: row.owner_id === cx.actor.id || row.shared && MANAGERS.includes(cx.actor.role),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** The actor's own and those shared with staff, by name. @throws DomainError invalid for a cursor of another list */
export async function listViews(
  cx: UserCx,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<View>> {
  const after = cursor ? readCursor(cx, "views", cursor) : { at: "", id: cx.tenant.id };
  const rows = await cx.db.rows<ViewRow>(sql`select ${COLUMNS} from views v ${OWNER}
    where v.tenant_id = ${cx.tenant.id}
      and (v.owner_id = ${cx.actor.id} or v.shared and ${isStaff(cx.actor.role)}::boolean)
      and (v.name_key, v.id) > (${after.at}::text, ${after.id}::uuid)
    order by v.name_key, v.id limit ${limit + 1}`);
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  return {
    items: rows.map((row) => toView(cx, row)),
    nextCursor: more && last ? writeCursor(cx, "views", { at: last.name_key, id: last.id }) : null,
  };
}

/** @throws DomainError not_found unless the actor owns it, or it is shared with them */
export async function getView(cx: UserCx, id: string): Promise<View> {
  const row = await cx.db.first<ViewRow>(sql`select ${COLUMNS} from views v ${OWNER}
    where v.tenant_id = ${cx.tenant.id} and v.id = ${id}
      and (v.owner_id = ${cx.actor.id} or v.shared and ${isStaff(cx.actor.role)}::boolean)`);
  if (!row) throw new DomainError("not_found");
  return toView(cx, row);
}

/** A view named in another request. @throws DomainError invalid unless the actor may use it */
export async function requireView(cx: UserCx, id: string): Promise<View> {
  return await getView(cx, id).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") throw unknownId("view");
    throw error;
  });
}
