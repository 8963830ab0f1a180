import { sql } from "@/db/sql.ts";
import { cachedConfig } from "@/domain/config_cache.ts";
import type { UserCx } from "@/domain/cx.ts";
import { unknownId } from "@/domain/errors.ts";
import type { Destination } from "./next_assignee.ts";

/** Null when there is none, or it is archived. */
export async function findActiveQueue(cx: UserCx, id: string): Promise<Destination | null> {
  return await cachedConfig(cx, `queue:${id}`, async () => {
    const queue = await cx.db.first<Destination>(
      sql`select id, name, assignment_rule as rule from queues
        where tenant_id = ${cx.tenant.id} and id = ${id} and archived_at is null`,
    );
    return queue ?? null;
  });
}

/** @throws DomainError invalid when there is no such queue, or it is archived */
export async function requireActiveQueue(cx: UserCx, id: string): Promise<Destination> {
  const queue = await findActiveQueue(cx, id);
  if (!queue) throw unknownId("queueId");
  return queue;
}
