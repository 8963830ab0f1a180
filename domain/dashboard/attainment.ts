import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { choosePeriod, intervalsOf } from "@/domain/reports/model/period.ts";
import { reported } from "./lists.ts";
import type { Attainment, Figure } from "./model.ts";

interface Kept {
  weeks: [Attainment, Attainment];
  breachedToday: Figure;
}

interface Row extends Record<string, unknown> {
  met_before: number;
  breached_before: number;
  met: number;
  breached: number;
  breached_today: number;
}

const CLOCKS = {
  reply: { over: sql`t.reply_over_at`, outcome: sql`t.reply_outcome` },
  resolve: { over: sql`t.resolve_over_at`, outcome: sql`t.resolve_outcome` },
};

/** Targets of one metric that were met and breached last week, this week and today, as the SLA report counts them. */
export async function readAttainment(cx: UserCx, prefix: keyof typeof CLOCKS): Promise<Kept> {
  const { timeZone } = cx.tenant;
  const { over, outcome } = CLOCKS[prefix];
  const today = choosePeriod({ period: "today" }, timeZone, cx.now);
  const { from } = choosePeriod({ period: "last-week" }, timeZone, cx.now);
  const period = choosePeriod({ from }, timeZone, cx.now);
  const [last, now] = intervalsOf(period, "week", timeZone).map(({ from }) => from) as [string, string];
  const [isLast, isMet] = [sql`${over} < ${startOfWeek(cx)}::timestamptz`, sql`${outcome} = 'met'`];
  const isBreached = sql`(${outcome} = 'breached' or ${outcome} is null)`;
  const row = (await cx.db.first<Row>(sql`select count(*) filter (where ${isLast} and ${isMet}) as met_before,
      count(*) filter (where ${isLast} and ${isBreached}) as breached_before,
      count(*) filter (where not ${isLast} and ${isMet}) as met,
      count(*) filter (where not ${isLast} and ${isBreached}) as breached,
      count(*) filter (where ${over} >= ${today.start}::timestamptz and ${isBreached}) as breached_today
    from report_tickets t where t.tenant_id = ${cx.tenant.id} and ${over} >= ${period.start}::timestamptz
      and ${over} < ${cx.now}::timestamptz`))!;
  const week = (key: string, met: number, breached: number): Attainment => {
    const figure = (count: number, name: string) =>
      reported(cx, count, { report: "sla", measure: prefix + name, period, interval: "week", key });
    return {
      week: key,
      attainment: met + breached === 0 ? null : met / (met + breached) * 100,
      met: figure(met, "Met"),
      breached: figure(breached, "Breached"),
    };
  };
  return {
    weeks: [week(last, row.met_before, row.breached_before), week(now, row.met, row.breached)],
    breachedToday: reported(cx, row.breached_today, {
      report: "sla",
      measure: `${prefix}Breached`,
      period: today,
    }),
  };
}

function startOfWeek(cx: UserCx): string {
  return choosePeriod({ period: "this-week" }, cx.tenant.timeZone, cx.now).start;
}
