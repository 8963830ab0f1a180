import { sql } from "@/db/sql.ts";
import { cachedConfig } from "@/domain/config_cache.ts";
import type { UserCx } from "@/domain/cx.ts";
import { unknownId } from "@/domain/errors.ts";
import type { AssignmentRule, Destination } from "@/domain/queues/next_assignee.ts";
import type { Named } from "@/domain/shared/types.ts";

/** The queue is null when it is archived. */
export interface RoutedCategory extends Named {
  queue: Destination | null;
}

/** Null when there is none, or it is archived. */
export async function findActiveCategory(cx: UserCx, id: string): Promise<RoutedCategory | null> {
  return await cachedConfig(cx, `category:${id}`, () => readActiveCategory(cx, id));
}

/** @throws DomainError invalid when there is no such category, or it is archived */
export async function requireActiveCategory(cx: UserCx, id: string): Promise<RoutedCategory> {
  const category = await findActiveCategory(cx, id);
  if (!category) throw unknownId("categoryId");
  return category;
}

async function readActiveCategory(cx: UserCx, id: string): Promise<RoutedCategory | null> {
  const row = await cx.db.first<
    Named & { queue_id: string | null; queue_name: string | null; rule: AssignmentRule | null }
  >(
    sql`select c.id, c.name, q.id as queue_id, q.name as queue_name, q.assignment_rule as rule
      from categories c left join queues q
        on q.tenant_id = c.tenant_id and q.id = c.queue_id and q.archived_at is null
      where c.tenant_id = ${cx.tenant.id} and c.id = ${id} and c.archived_at is null`,
  );
  if (!row) return null;
  const queue = row.queue_id === null ? null : { id: row.queue_id, name: row.queue_name!, rule: row.rule! };
  return { id: row.id, name: row.name, queue };
}
