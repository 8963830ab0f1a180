import { raw, sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { NONE } from "@/domain/tickets/access/visibility.ts";
import { AT_ONCE, awaitFactsLock, makeFacts } from "./make_facts.ts";

/** Has the facts of every ticket made anew, by whoever works on it next. Reports go on with those that are there. */
export async function startRebuild(cx: Cx): Promise<void> {
  await cx.db.run(sql`insert into report_progress (tenant_id, rebuilt_to) values (${cx.tenant.id}, ${NONE})
    on conflict (tenant_id) do update set rebuilt_to = excluded.rebuilt_to`);
}

/**
 * One step of a rebuild, in the order of ids. What is done commits with how far it came, so it may be cut off anywhere.
 * @returns `differing`: how many tickets had other facts, or none
 */
export async function rebuildSome(cx: Cx): Promise<{ done: number; differing: number; more: boolean }> {
  const nothing = { done: 0, differing: 0, more: false };
  if (!await awaitFactsLock(cx)) return { ...nothing, more: true };
  const row = await cx.db.first<{ id: string }>(
    sql`select rebuilt_to as id from report_progress
      where tenant_id = ${cx.tenant.id} and rebuilt_to is not null`,
  );
  if (!row) return nothing;
  const { done, last, differing, cut } = await makeFacts(
    cx,
    sql`t.id > ${row.id} order by t.id limit ${raw(String(AT_ONCE))}`,
  );
  const more = done === AT_ONCE || cut;
  await cx.db.run(sql`update report_progress set rebuilt_to = ${more ? last!.id : null}::uuid
    where tenant_id = ${cx.tenant.id}`);
  return { done, differing: differing.length, more };
}
