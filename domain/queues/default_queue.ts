import { sql } from "@/db/sql.ts";
import { cachedConfig } from "@/domain/config_cache.ts";
import type { Cx } from "@/domain/cx.ts";
import type { Destination } from "./next_assignee.ts";

/** Where tickets land that nothing routes elsewhere. It is never archived. */
export async function defaultQueue(cx: Cx): Promise<Destination | null> {
  return await cachedConfig(cx, "default-queue", async () => {
    const queue = await cx.db.first<Destination>(
      sql`select q.id, q.name, q.assignment_rule as rule from tenants t
        join queues q on q.tenant_id = t.id and q.id = t.default_queue_id
        where t.id = ${cx.tenant.id}`,
    );
    return queue ?? null;
  });
}
