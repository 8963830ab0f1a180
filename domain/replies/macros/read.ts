import type { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, STAFF } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { type PageOf, readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import { DomainError } from "@/domain/errors.ts";
import type { Page } from "@/domain/shared/types.ts";
import type { MacroActions } from "./fields.ts";
import { describeMacro, type MacroNames } from "./describe_action.ts";

export interface Macro {
  id: string;
  name: string;
  description: string;
  actions: MacroActions;
  steps: string[];
  archived: boolean;
  version: number;
  createdAt: string;
  updatedAt: string;
}

type MacroRow = Omit<Macro, "steps">;

const COLUMNS = sql`m.id, m.name, m.description, m.actions, m.archived_at is not null as archived, m.version,
  m.created_at as "createdAt", m.updated_at as "updatedAt"`;

const FIRST = { at: "", id: "00000000-0000-0000-0000-000000000000" };

/** By name. @throws DomainError forbidden, or invalid for a cursor of another list */
export async function listMacros(
  cx: UserCx,
  { limit, cursor, archived = false }: z.output<typeof PageOf> & { archived?: boolean },
): Promise<Page<Macro>> {
  assertRole(cx, STAFF);
  const after = cursor ? readCursor(cx, "macros", cursor) : FIRST;
  const rows = await cx.db.rows<MacroRow & { key: string }>(
    sql`select ${COLUMNS}, m.name_key as key from macros m
    where m.tenant_id = ${cx.tenant.id} and (m.name_key, m.id) > (${after.at}, ${after.id}::uuid)
      and (m.archived_at is null or ${archived}::boolean)
    order by m.name_key, m.id limit ${limit + 1}`,
  );
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  const names = await namesIn(cx, rows);
  return {
    items: rows.map(({ key: _, ...row }) => ({ ...row, steps: describeMacro(row.actions, names) })),
    nextCursor: more && last ? writeCursor(cx, "macros", { at: last.key, id: last.id }) : null,
  };
}

/** @throws DomainError forbidden, not_found */
export async function getMacro(cx: UserCx, id: string): Promise<Macro> {
  assertRole(cx, STAFF);
  const row = await cx.db.first<MacroRow & Record<string, unknown>>(
    sql`select ${COLUMNS} from macros m where m.tenant_id = ${cx.tenant.id} and m.id = ${id}`,
  );
  if (!row) throw new DomainError("not_found");
  return { ...row, steps: describeMacro(row.actions, await namesIn(cx, [row])) };
}

async function namesIn(cx: UserCx, rows: { actions: MacroActions }[]): Promise<MacroNames> {
  const ids = rows.flatMap(({ actions }) => [actions.categoryId, actions.queueId, actions.assigneeId])
    .filter((id): id is string => typeof id === "string" && id !== "me");
  if (ids.length === 0) return new Map();
  const found = await cx.db.rows<{ id: string; name: string }>(sql`
    select id, name from categories where tenant_id = ${cx.tenant.id} and id = any(${ids}::uuid[])
    union all select id, name from queues where tenant_id = ${cx.tenant.id} and id = any(${ids}::uuid[])
    union all select id, name from users where tenant_id = ${cx.tenant.id} and id = any(${ids}::uuid[])`);
  return new Map(found.map(({ id, name }) => [id, name]));
}
