import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import type { Named } from "@/domain/shared/types.ts";

export interface RoutingSources {
  categories: Named[];
  catalogItems: Named[];
}

const MOST = 200;

export async function readRoutingSources(cx: UserCx, queueId: string): Promise<RoutingSources> {
  const [categories, catalogItems] = await Promise.all([
    cx.db.rows<Named>(sql`select c.id, c.name from categories c
      where c.tenant_id = ${cx.tenant.id} and c.queue_id = ${queueId} and c.archived_at is null
      order by c.name_key limit ${MOST}`),
    cx.db.rows<Named>(sql`select i.id, i.name from catalog_items i
      where i.tenant_id = ${cx.tenant.id} and i.queue_id = ${queueId} and i.archived_at is null
      order by i.name_key limit ${MOST}`),
  ]);
  return { categories, catalogItems };
}
