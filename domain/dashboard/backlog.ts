import { join, sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { choosePeriod, intervalsOf, type Period } from "@/domain/reports/model/period.ts";
import { reported } from "./lists.ts";
import type { Team } from "./model.ts";

const DAY_MS = 86_400_000;

/** Measures of the backlog report, by the most days of age: of 24 hours. The last has no most. */
const AGES = [
  { name: "upToOneDay", label: "Up to 1 day", days: 1 },
  { name: "upToThreeDays", label: "1 to 3 days", days: 3 },
  { name: "upToOneWeek", label: "3 to 7 days", days: 7 },
  { name: "upToOneMonth", label: "7 to 30 days", days: 30 },
  { name: "older", label: "Over 30 days", days: null },
] as const;

/** How many tickets are open, since when, and how many were on the days before: all of the facts, so that it adds up. */
export async function readBacklog(cx: UserCx): Promise<Pick<Team, "backlog" | "ageing">> {
  const { timeZone } = cx.tenant;
  const today = choosePeriod({ period: "today" }, timeZone, cx.now);
  const days = intervalsOf(choosePeriod({ period: "last-30-days" }, timeZone, cx.now), "day", timeZone);
  const [changes, ages] = await Promise.all([readChanges(cx, days), countAges(cx)]);
  const open = ages.reduce((sum, count) => sum + count, 0);
  const figure = (count: number, measure: string) =>
    reported(cx, count, { report: "backlog", measure, period: today });
  return {
    backlog: {
      ...figure(open, "open"),
      days: days.map(({ from }, i) => ({ day: from, open: open + changes[i]! })),
    },
    ageing: AGES.map(({ name, label }, i) => ({ name, label, ...figure(ages[i]!, name) })),
  };
}

/**
 * What the backlog was more at the end of each day than it is now: without what was opened since, with what was ended
 * since. So only the changes of these days are read, from indexes that have nothing else.
 */
async function readChanges(cx: UserCx, days: readonly Period[]): Promise<number[]> {
  const ends = days.map(({ until }) => Date.parse(until) < Date.parse(cx.now) ? until : cx.now);
  const first = ends[0]!;
  const changes = await cx.db.rows<{ past: number; change: number }>(sql`
    select past, sum(change) as change from (
      select width_bucket(f.to_at, ${ends}::timestamptz[]) as past, 1 as change from report_stays f
      where f.tenant_id = ${cx.tenant.id} and f.kind = 'status' and f.ended in ('resolved', 'cancelled', 'closed')
        and f.to_at >= ${first}::timestamptz
      union all
      select width_bucket(f.from_at, ${ends}::timestamptz[]), -1 from report_stays f
      where f.tenant_id = ${cx.tenant.id} and f.kind = 'status' and f.began in ('created', 'reopened')
        and f.from_at >= ${first}::timestamptz
    ) moves group by past`);
  return ends.map((_, i) => changes.reduce((sum, { past, change }) => past > i ? sum + change : sum, 0));
}

/** How many open tickets have each of the {@link AGES}, from an index that has no others. */
async function countAges(cx: UserCx): Promise<number[]> {
  const since = AGES.map(({ days }) =>
    days === null ? "-infinity" : new Date(Date.parse(cx.now) - days * DAY_MS).toISOString()
  );
  const counts = since.map((from, i) =>
    sql`count(*) filter (where f.created_at >= ${from}::timestamptz and f.created_at < ${
      since[i - 1] ?? "infinity"
    }::timestamptz)`
  );
  const row = await cx.db.first<{ counts: number[] }>(sql`select array[${join(counts)}]::integer[] as counts
    from report_stays f where f.tenant_id = ${cx.tenant.id} and f.kind = 'status' and f.to_at = 'infinity'`);
  return row!.counts;
}
