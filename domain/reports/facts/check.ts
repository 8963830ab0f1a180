import { raw, type Sql, sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { NONE } from "@/domain/tickets/access/visibility.ts";
import { log } from "@/log.ts";
import { AT_ONCE, awaitFactsLock, makeFacts } from "./make_facts.ts";

/** Every ticket that changed within so many days is looked at, and as many of all as a sample. */
const DAYS = 7;
const SAMPLE = 1_000;

/** Where a check has come to: tickets that changed lately, by the last one; then the sample, by how many are left. */
export interface Checked {
  at: string;
  id: string;
  left: number;
}

/** Once a day. @returns null when the facts were checked within 23 hours, or have never been made */
export async function startCheck(cx: Cx): Promise<Checked | null> {
  const row = await cx.db.first<{ at: string }>(
    sql`update report_progress set compared_at = now(), differences = 0
    where tenant_id = ${cx.tenant.id} and (compared_at is null or compared_at < now() - interval '23 hours')
    returning now() - make_interval(days => ${DAYS}) as at`,
  );
  return row ? { at: row.at, id: NONE, left: SAMPLE } : null;
}

/** One step: makes facts anew, keeps those that differ, and tells of each. @returns where to go on; null at the end */
export async function checkSome(cx: Cx, from: Checked): Promise<Checked | null> {
  if (!await awaitFactsLock(cx)) return from;
  // Those that changed since their facts were made may differ.
  const counted =
    sql`(t.changed_at, t.id) <= ((select p.changed_at from report_progress p where p.tenant_id = ${cx.tenant.id}),
    (select p.last_id from report_progress p where p.tenant_id = ${cx.tenant.id}))`;
  const lately = from.left === SAMPLE;
  const wanted = lately
    ? sql`(t.changed_at, t.id) > (${from.at}::timestamptz, ${from.id}::uuid) and ${counted}
      order by t.changed_at, t.id limit ${raw(String(AT_ONCE))}`
    : sql`t.number = any(array(select 1001 + floor(random() * (k.last - 1000))::bigint
        from ticket_counters k, generate_series(1, ${AT_ONCE}) where k.tenant_id = ${cx.tenant.id}))
      and ${counted}`;
  const { done, last, differing, cut } = await makeFacts(cx, wanted);
  if (differing.length > 0) await tell(cx, differing, counted);
  if (lately && (done === AT_ONCE || cut)) return { at: last!.changedAt, id: last!.id, left: SAMPLE };
  const left = from.left - (lately ? 1 : AT_ONCE);
  return left > 0 ? { ...from, left } : null;
}

/** What changed while it was looked at is no difference: its facts are made again. */
async function tell(cx: Cx, ids: readonly string[], counted: Sql): Promise<void> {
  const wrong = await cx.db.rows<{ id: string }>(sql`select t.id from tickets t
    where t.tenant_id = ${cx.tenant.id} and t.id = any(${ids}::uuid[]) and ${counted}`);
  if (wrong.length === 0) return;
  await cx.db.run(sql`update report_progress set differences = differences + ${wrong.length}
    where tenant_id = ${cx.tenant.id}`);
  cx.afterCommit(() => {
    for (const { id } of wrong) {
      log("error", "Report facts were wrong", { tenantId: cx.tenant.id, ticketId: id });
    }
  });
}
