import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, STAFF } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { line, optional } from "@/domain/validation.ts";
import { wellFormed } from "@/domain/shared/fields.ts";
import { visibleToActor } from "./access/visibility.ts";

export const ListTags = z.object({
  q: optional(line(0, 40).transform((text) => wellFormed(text).toLowerCase())),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

const LOOKED_AT = 500;

/** Walks the index from tag to tag, so the cost is in tags, not tickets. @throws DomainError forbidden */
export async function listTags(
  cx: UserCx,
  { q = "", limit }: z.output<typeof ListTags>,
): Promise<{ items: string[] }> {
  assertRole(cx, STAFF);
  const rows = await cx.db.rows<{ tag: string }>(
    sql`with recursive walk (tag, n) as (
        (select g.tag, 1 from ticket_tags g where g.tenant_id = ${cx.tenant.id} and g.tag >= ${q}
          order by g.tag limit 1)
        union all
        select (select g.tag from ticket_tags g where g.tenant_id = ${cx.tenant.id} and g.tag > w.tag
          order by g.tag limit 1), w.n + 1
        from walk w where w.tag is not null and w.n < ${LOOKED_AT}
      )
      select w.tag from walk w where w.tag is not null and starts_with(w.tag, ${q})
        and exists (select from ticket_tags g join tickets t on t.tenant_id = g.tenant_id and t.id = g.ticket_id
          where g.tenant_id = ${cx.tenant.id} and g.tag = w.tag ${visibleToActor(cx)})
      order by w.n limit ${limit}`,
  );
  return { items: rows.map(({ tag }) => tag) };
}
