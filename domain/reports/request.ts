import type { UserCx } from "@/domain/cx.ts";
import { DomainError, invalidField, unknownId } from "@/domain/errors.ts";
import { assertRole, REPORT_READERS } from "@/domain/permissions.ts";
import type { Report } from "./definitions/report.ts";
import { findReport } from "./definitions/all.ts";
import { catchUp } from "./facts/catch_up.ts";
import { labelsOf } from "./labels.ts";
import type { DimensionName, Interval } from "./model/names.ts";
import type { ReportFilter, ReportQuery } from "./model/parameters.ts";
import { choosePeriod, comparedWith, daysOf, type Period, usualInterval } from "./model/period.ts";
import type { AppliedFilters } from "./model/types.ts";
import { comparedScope, type Scope, scopeOf, withChildren } from "./scope.ts";

/** A report as it was asked for, checked. */
export interface ReportRequest {
  report: Report;
  by: DimensionName;
  sort: { by: string; descending: boolean };
  applied: AppliedFilters;
  /** Null for a period that hasn't begun. */
  scope: Scope | null;
  previous: Scope | null;
  /** False while changes of tickets are still to be counted. */
  complete: boolean;
}

/** Changes that are counted before a report is read; the rest is left to the background. */
export const MOST_BEHIND = 1_000;

/** Rows of a report by day. */
const MOST_DAYS = 731;

/**
 * Also brings the facts up to date, unless nothing is to be counted. @throws DomainError not_found for whoever isn't
 * staff; invalid, with the allowed values, for what can't be asked
 */
export async function checkRequest(
  cx: UserCx,
  name: string,
  query: ReportQuery,
  { counted = true } = {},
): Promise<ReportRequest> {
  assertRole(cx, REPORT_READERS);
  const report = findReport(name);
  const by = query.by ?? report.dimensions[0]!;
  if (!report.dimensions.includes(by)) throw notOneOf("by", report.dimensions);
  const sort = sortOf(report, by, query.sort);
  const { timeZone = cx.tenant.timeZone, compare = "none" } = query;
  const { preset, ...period } = choosePeriod(query, timeZone, cx.now);
  const interval = query.interval ?? usualInterval(period);
  assertFew(period, interval);
  const filter = filterOf(query);
  const [categoryIds, lines] = await Promise.all([
    withChildren(cx, filter.categoryId),
    filterLines(cx, filter),
  ]);
  const { more } = counted ? await catchUp(cx, MOST_BEHIND) : { more: false };
  const asked = { period, interval, timeZone, filter, categoryIds };
  const comparison = compare === "none"
    ? null
    : { kind: compare, ...comparedWith(period, compare, timeZone) };
  return {
    report,
    by,
    sort,
    applied: { period, preset, timeZone, interval, comparison, filter, lines },
    scope: scopeOf(cx, asked),
    previous: compare === "none" ? null : comparedScope(cx, asked, compare),
    complete: !more,
  };
}

function notOneOf(path: string, allowed: readonly string[]): DomainError {
  return invalidField(path, "invalid_value", `Must be one of ${allowed.join(", ")}`);
}

function assertFew(period: Period, interval: Interval): void {
  if (interval === "day" && daysOf(period) > MOST_DAYS) {
    throw invalidField("interval", "too_many", "Must be week or month for more than two years");
  }
}

/** Time and what has an order of its own by that, else by the first measure, largest first. */
function sortOf(report: Report, by: DimensionName, sort: string | undefined): ReportRequest["sort"] {
  if (sort === undefined) {
    const ordered = by === "time" || by === "priority" || by === "queues";
    return ordered
      ? { by: "key", descending: by === "priority" }
      : { by: report.measures[0]!.name, descending: true };
  }
  const descending = sort.startsWith("-");
  const name = descending ? sort.slice(1) : sort;
  const allowed = ["key", ...report.measures.map((measure) => measure.name)];
  if (!allowed.includes(name)) throw notOneOf("sort", allowed.flatMap((one) => [one, `-${one}`]));
  return { by: name, descending };
}

function filterOf(query: ReportQuery): ReportFilter {
  const { queueId, categoryId, priority, assigneeId, type, source, tag } = query;
  return { queueId, categoryId, priority, assigneeId, type, source, tag };
}

const LINES = [
  ["queueId", "Queue", "queue"],
  ["categoryId", "Category", "category"],
  ["priority", "Priority", "priority"],
  ["assigneeId", "Agent", "agent"],
  ["type", "Type", "type"],
  ["source", "Source", "source"],
] as const;

/** @throws DomainError invalid for ids of nothing that there is */
async function filterLines(cx: UserCx, filter: ReportFilter): Promise<AppliedFilters["lines"]> {
  const lines = await Promise.all(LINES.map(async ([field, label, by]) => {
    const values = filter[field];
    if (values.length === 0) return [];
    const names = await labelsOf(cx, by, values);
    const value = values.map((one) => {
      const name = names.get(one);
      if (name === undefined) throw unknownId(field);
      return name;
    });
    return [{ label, value: value.join(", ") }];
  }));
  const tags = filter.tag.length > 0 ? [{ label: "Tag", value: filter.tag.join(", ") }] : [];
  return [...lines.flat(), ...tags];
}

/** As in an address: exactly these days and filters, whenever it is opened. */
export function fixedQuery(
  { period, timeZone, interval, filter }: AppliedFilters,
  by: DimensionName,
): URLSearchParams {
  const query = new URLSearchParams({ from: period.from, to: period.to, timeZone, interval, by });
  for (const [name, values] of Object.entries(filter)) {
    for (const value of values) query.append(name, value);
  }
  return query;
}
