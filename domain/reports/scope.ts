import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { unknownId } from "@/domain/errors.ts";
import { comparedIntervals, comparedUntil, comparedWith, intervalsOf, type Period } from "./model/period.ts";
import type { Interval } from "./model/names.ts";
import type { ReportFilter } from "./model/parameters.ts";

/** A period and a filter, as statements ask for them. Times are RFC 3339. */
export interface Scope {
  filter: ReportFilter;
  /** Those of the filter with all below them. */
  categoryIds: string[];
  start: string;
  /** The end of the period, or the present in one that is under way: nothing counts after it. */
  end: string;
  /** Those that have begun. */
  intervals: Period[];
  /** The row of each interval, from 0. */
  places: number[];
  starts: string[];
  /** The ends of the intervals, the last one at {@link end}. */
  ends: string[];
}

interface Asked extends Pick<Scope, "filter" | "categoryIds"> {
  period: Period;
  interval: Interval;
  timeZone: string;
}

/** @returns null for a period that hasn't begun */
export function scopeOf(cx: UserCx, asked: Asked): Scope | null {
  const { period } = asked;
  const end = isUnderWay(cx, period) ? cx.now : period.until;
  return scopeWithin(asked, {
    start: period.start,
    end,
    intervals: intervalsOf(period, asked.interval, asked.timeZone),
  });
}

/** Of what a period is compared with: as far as the period itself has come. */
export function comparedScope(cx: UserCx, asked: Asked, kind: "previous" | "year"): Scope | null {
  const { period, interval, timeZone } = asked;
  const { start, until } = comparedWith(period, kind, timeZone);
  const intervals = comparedIntervals(period, {
    kind,
    intervals: intervalsOf(period, interval, timeZone),
    timeZone,
  });
  const end = isUnderWay(cx, period) ? comparedUntil(period, kind, timeZone, cx.now) : until;
  return scopeWithin(asked, { start, end, intervals });
}

function isUnderWay(cx: UserCx, { until }: Period): boolean {
  return Date.parse(until) > Date.parse(cx.now);
}

function scopeWithin(
  { filter, categoryIds }: Asked,
  { start, end, intervals }: { start: string; end: string; intervals: (Period | null)[] },
): Scope | null {
  const begun = intervals.flatMap((period, place) =>
    period && Date.parse(period.start) < Date.parse(end) ? [{ period, place }] : []
  );
  if (begun.length === 0) return null;
  const periods = begun.map(({ period }) => period);
  return {
    filter,
    categoryIds,
    start,
    end,
    intervals: periods,
    places: begun.map(({ place }) => place),
    starts: periods.map(({ start }) => start),
    ends: periods.map(({ until }) => Date.parse(until) < Date.parse(end) ? until : end),
  };
}

/** With all below them. @throws DomainError invalid, about `categoryId`, when one doesn't exist */
export async function withChildren(cx: UserCx, ids: readonly string[]): Promise<string[]> {
  const wanted = ids.filter((id) => id !== "none");
  if (wanted.length === 0) return [...ids];
  const rows = await cx.db.rows<{ id: string }>(sql`
    with recursive below as (
      select c.id from categories c where c.tenant_id = ${cx.tenant.id} and c.id = any(${wanted}::uuid[])
      union
      select c.id from categories c join below b on b.id = c.parent_id where c.tenant_id = ${cx.tenant.id}
    )
    select id from below`);
  const found = new Set(rows.map(({ id }) => id));
  if (!wanted.every((id) => found.has(id))) throw unknownId("categoryId");
  return [...found, ...ids.filter((id) => id === "none")];
}
