import { sql } from "@/db/sql.ts";
import { cachedConfig } from "@/domain/config_cache.ts";
import type { UserCx } from "@/domain/cx.ts";
import type { Named } from "@/domain/shared/types.ts";

export interface TicketChoices {
  staff: Named[];
  queues: Named[];
  categories: Named[];
}

/** More in one menu helps nobody; the API takes any id. */
const MOST = 500;

/** Staff and queues are for staff only. */
export async function ticketChoices(cx: UserCx, options: { staff: boolean }): Promise<TicketChoices> {
  const [staff, queues, categories] = await Promise.all([
    options.staff
      ? cx.db.rows<Named>(sql`select id,
          case when count(*) over (partition by same_name) > 1 then name || ' (' || email || ')' else name end as name
          from users where tenant_id = ${cx.tenant.id}
          and role <> 'REQUESTER' and deactivated_at is null order by users.name, id limit ${MOST}`)
      : [],
    options.staff ? cachedConfig(cx, "queue_choices", () => activeQueues(cx)) : [],
    cachedConfig(cx, "category_choices", () => categoryPaths(cx)),
  ]);
  return { staff, queues, categories };
}

async function activeQueues(cx: UserCx): Promise<Named[]> {
  return await cx.db.rows<Named>(sql`select id, name from queues where tenant_id = ${cx.tenant.id}
    and archived_at is null order by name, id limit ${MOST}`);
}

/** By their path from the root: `Hardware › Printers`. */
async function categoryPaths(cx: UserCx): Promise<Named[]> {
  return await cx.db.rows<Named>(sql`
    with recursive tree as (
      select id, name, array[lpad(position::text, 10, '0'), name_key] as path from categories
      where tenant_id = ${cx.tenant.id} and parent_id is null and archived_at is null
      union all
      select c.id, tree.name || ' › ' || c.name, tree.path || array[lpad(c.position::text, 10, '0'), c.name_key]
      from categories c join tree on c.parent_id = tree.id
      where c.tenant_id = ${cx.tenant.id} and c.archived_at is null
    )
    select id, name from tree order by path limit ${MOST}`);
}
