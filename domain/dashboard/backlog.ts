import { join, sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import type { Period } from "@/domain/reports/model/period.ts";

const DAY_MS = 86_400_000;

/** Measures of the backlog report, by the most days of age: of 24 hours. */
export const AGES = [
  { name: "upToOneDay", label: "Up to 1 day", days: 1 },
  { name: "upToThreeDays", label: "1 to 3 days", days: 3 },
  { name: "upToOneWeek", label: "3 to 7 days", days: 7 },
  { name: "upToOneMonth", label: "7 to 30 days", days: 30 },
  { name: "older", label: "Over 30 days", days: Infinity },
] as const;

/**
 * Open tickets at the end of each interval, at the present in the last: as many as there are now, without what was
 * opened since and with what was ended since. So only the changes of the period are read, from indexes that have
 * nothing else.
 */
export async function readBacklog(cx: UserCx, intervals: readonly Period[]): Promise<number[]> {
  const ends = intervals.map(({ until }) => until < cx.now ? until : cx.now);
  const first = ends[0]!;
  const [now, changes] = await Promise.all([
    cx.db.first<{ open: number }>(sql`select count(*) as open from report_stays f
      where f.tenant_id = ${cx.tenant.id} and f.kind = 'status' and f.to_at = 'infinity'`),
    cx.db.rows<{ ended: number; change: number }>(sql`
      select place as ended, sum(change) as change from (
        select width_bucket(f.to_at, ${ends}::timestamptz[]) as place, 1 as change from report_stays f
        where f.tenant_id = ${cx.tenant.id} and f.kind = 'status' and f.ended in ('resolved', 'cancelled', 'closed')
          and f.to_at >= ${first}::timestamptz
        union all
        select width_bucket(f.from_at, ${ends}::timestamptz[]), -1 from report_stays f
        where f.tenant_id = ${cx.tenant.id} and f.kind = 'status' and f.began in ('created', 'reopened')
          and f.from_at >= ${first}::timestamptz
      ) moves group by place`),
  ]);
  return ends.map((_, i) =>
    changes.reduce((sum, { ended, change }) => ended > i ? sum + change : sum, now!.open)
  );
}

/** How many open tickets have each of the {@link AGES}. */
export async function countAges(cx: UserCx): Promise<number[]> {
  const since = AGES.map(({ days }) =>
    days === Infinity ? "-infinity" : new Date(Date.parse(cx.now) - days * DAY_MS).toISOString()
  );
  const counts = since.map((from, i) =>
    i === 0
      ? sql`count(*) filter (where f.created_at >= ${from}::timestamptz)`
      : sql`count(*) filter (where f.created_at >= ${from}::timestamptz and f.created_at < ${since[
        i - 1
      ]!}::timestamptz)`
  );
  const row = await cx.db.first<{ counts: number[] }>(sql`select array[${join(counts)}]::integer[] as counts
    from report_stays f where f.tenant_id = ${cx.tenant.id} and f.kind = 'status' and f.to_at = 'infinity'`);
  return row!.counts;
}
