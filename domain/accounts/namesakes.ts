import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { isStaff } from "@/domain/permissions.ts";

/** Who of them has a name that another active person has too. For staff, who may see by the address who is meant. */
export async function namesakesAmong(cx: UserCx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (!isStaff(cx.actor.role)) return new Set();
  const rows = await cx.db.rows<{ id: string }>(sql`select u.id from users u
    where u.tenant_id = ${cx.tenant.id} and u.id = any(${[...new Set(ids)]}::uuid[]) and exists (
      select from users o where o.tenant_id = u.tenant_id and o.same_name = u.same_name and o.id <> u.id
        and o.deactivated_at is null)`);
  return new Set(rows.map(({ id }) => id));
}
