import type { UserCx } from "@/domain/cx.ts";
import { DomainError, invalidField, unknownId } from "@/domain/errors.ts";
import { assertRole, REPORT_READERS } from "@/domain/permissions.ts";
import type { Report } from "./definitions/report.ts";
import { findReport } from "./definitions/all.ts";
import { catchUp } from "./facts/catch_up.ts";
import { labelsOf } from "./labels.ts";
import type { DimensionName } from "./model/names.ts";
import type { ReportFilter, ReportQuery } from "./model/parameters.ts";
import { choosePeriod, comparedWith, usualInterval } from "./model/period.ts";
import type { AppliedFilters } from "./model/types.ts";
import { type Scope, scopeOf, withChildren } from "./scope.ts";

/** A report as it was asked for, checked. */
export interface ReportRequest {
  report: Report;
  by: DimensionName;
  sort: { by: string; descending: boolean } | null;
  applied: AppliedFilters;
  /** Null for a period that hasn't begun. */
  scope: Scope | null;
  previous: Scope | null;
  /** False while changes of tickets are still to be counted. */
  complete: boolean;
}

/** Changes that are counted before a report is read; the rest is left to the background. */
export const MOST_BEHIND = 1_000;

/**
 * Also brings the facts up to date. @throws DomainError not_found for whoever isn't staff; invalid, with the allowed values, for what can't be asked
 */
export async function checkRequest(cx: UserCx, name: string, query: ReportQuery): Promise<ReportRequest> {
  assertRole(cx, REPORT_READERS);
  const report = findReport(name);
  const by = query.by ?? report.dimensions[0]!;
  if (!report.dimensions.includes(by)) throw notOneOf("by", report.dimensions);
  const sort = sortOf(report, query.sort);
  const { timeZone = cx.tenant.timeZone, compare = "none" } = query;
  const { preset, ...period } = choosePeriod(query, timeZone, cx.now);
  const interval = query.interval ?? usualInterval(period);
  const filter = filterOf(query);
  const [categoryIds, lines] = await Promise.all([
    withChildren(cx, filter.categoryId),
    filterLines(cx, filter),
  ]);
  const { more } = await catchUp(cx, MOST_BEHIND);
  const scope = { interval, timeZone, filter, categoryIds };
  const comparison = compare === "none"
    ? null
    : { kind: compare, ...comparedWith(period, compare, timeZone) };
  return {
    report,
    by,
    sort,
    applied: { period, preset, timeZone, interval, comparison, filter, lines },
    scope: scopeOf(cx, { period, ...scope }),
    previous: comparison && scopeOf(cx, { period: comparison, ...scope }),
    complete: !more,
  };
}

function notOneOf(path: string, allowed: readonly string[]): DomainError {
  return invalidField(path, "invalid_value", `Must be one of ${allowed.join(", ")}`);
}

function sortOf(report: Report, sort: string | undefined): ReportRequest["sort"] {
  if (sort === undefined) return null;
  const descending = sort.startsWith("-");
  const by = descending ? sort.slice(1) : sort;
  const allowed = ["key", ...report.measures.map(({ name }) => name)];
  if (!allowed.includes(by)) throw notOneOf("sort", allowed.flatMap((name) => [name, `-${name}`]));
  return { by, descending };
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
