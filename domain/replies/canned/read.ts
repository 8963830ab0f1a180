import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, STAFF } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { PageOf, readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import { DomainError } from "@/domain/errors.ts";
import type { Page } from "@/domain/shared/types.ts";
import { line, optional } from "@/domain/validation.ts";

export interface CannedReply {
  id: string;
  title: string;
  body: string;
  /** The organisation's; otherwise the actor's own. */
  shared: boolean;
  archived: boolean;
  version: number;
  createdAt: string;
  updatedAt: string;
}

const COLUMNS =
  sql`r.id, r.title, r.body, r.owner_id is null as shared, r.archived_at is not null as archived,
  r.version, r.created_at as "createdAt", r.updated_at as "updatedAt"`;

/** `q` is in the title or the text. */
export const ListCannedReplies = PageOf.extend({ q: optional(line(0, 120)) });

const FIRST = { at: "", id: "00000000-0000-0000-0000-000000000000" };

/** The shared ones and the actor's own, by title. @throws DomainError forbidden, or invalid for another list's cursor */
export async function listCannedReplies(
  cx: UserCx,
  { limit, cursor, q, archived = false }: z.output<typeof ListCannedReplies> & { archived?: boolean },
): Promise<Page<CannedReply>> {
  assertRole(cx, STAFF);
  const after = cursor ? readCursor(cx, "canned-replies", cursor) : FIRST;
  const word = q?.toLowerCase() || null;
  const rows = await cx.db.rows<CannedReply & { key: string }>(
    sql`select ${COLUMNS}, r.title_key as key from canned_replies r
    where r.tenant_id = ${cx.tenant.id} and (r.title_key, r.id) > (${after.at}, ${after.id}::uuid)
      and (r.owner_id is null or r.owner_id = ${cx.actor.id})
      and (r.archived_at is null or ${archived}::boolean)
      and (${word}::text is null or position(${word}::text in r.title_key) > 0
        or position(${word}::text in lower(r.body)) > 0)
    order by r.title_key, r.id limit ${limit + 1}`,
  );
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  return {
    items: rows.map(({ key: _, ...reply }) => reply),
    nextCursor: more && last ? writeCursor(cx, "canned-replies", { at: last.key, id: last.id }) : null,
  };
}

/** A shared one, or the actor's own. @throws DomainError forbidden, not_found */
export async function getCannedReply(cx: UserCx, id: string): Promise<CannedReply> {
  assertRole(cx, STAFF);
  const reply = await cx.db.first<CannedReply & Record<string, unknown>>(
    sql`select ${COLUMNS} from canned_replies r where r.tenant_id = ${cx.tenant.id} and r.id = ${id}
      and (r.owner_id is null or r.owner_id = ${cx.actor.id})`,
  );
  if (!reply) throw new DomainError("not_found");
  return reply;
}
