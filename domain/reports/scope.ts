import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { unknownId } from "@/domain/errors.ts";
import { intervalsOf, type Period } from "./model/period.ts";
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
  starts: string[];
  /** The ends of the intervals, the last one at {@link end}. */
  ends: string[];
}

/** @returns null for a period that hasn't begun */
export function scopeOf(
  cx: UserCx,
  { period, interval, timeZone, filter, categoryIds }:
    & { period: Period; interval: Interval; timeZone: string }
    & Pick<Scope, "filter" | "categoryIds">,
): Scope | null {
  const now = Date.parse(cx.now);
  const end = Date.parse(period.until) < now ? period.until : cx.now;
  const intervals = intervalsOf(period, interval, timeZone).filter(({ start }) => Date.parse(start) < now);
  if (intervals.length === 0) return null;
  return {
    filter,
    categoryIds,
    start: period.start,
    end,
    intervals,
    starts: intervals.map(({ start }) => start),
    ends: intervals.map(({ until }) => Date.parse(until) < Date.parse(end) ? until : end),
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
