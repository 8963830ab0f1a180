import type { UserCx } from "@/domain/cx.ts";
import { assertRole, REPORT_READERS } from "@/domain/permissions.ts";
import { ALL_REPORTS } from "./definitions/all.ts";
import type { Report } from "./definitions/report.ts";
import { catchUp } from "./facts/catch_up.ts";
import { figuresOf } from "./figures.ts";
import { infoOf } from "./list.ts";
import { ReportFilter } from "./model/parameters.ts";
import { choosePeriod, comparedWith, type Preset } from "./model/period.ts";
import type { ReportName } from "./model/names.ts";
import type { MeasureInfo } from "./model/types.ts";
import { MOST_BEHIND } from "./request.ts";
import { scopeOf } from "./scope.ts";
import { parse } from "@/domain/validation.ts";

/** What stands for a report: one number, the one before it, and its course by day. */
export interface Headline {
  name: ReportName;
  title: string;
  question: string;
  measure: MeasureInfo;
  value: number | null;
  previous: number | null;
  days: (number | null)[];
}

/**
 * Of every report, in a period of the organisation's zone and the one before. @throws DomainError not_found for whoever
 * isn't staff
 */
export async function readHeadlines(
  cx: UserCx,
  period: Preset,
  names?: readonly ReportName[],
): Promise<Headline[]> {
  assertRole(cx, REPORT_READERS);
  await catchUp(cx, MOST_BEHIND);
  const { timeZone } = cx.tenant;
  const days = choosePeriod({ period }, timeZone, cx.now);
  const rest = { interval: "day", timeZone, filter: parse(ReportFilter, {}), categoryIds: [] } as const;
  const scope = scopeOf(cx, { period: days, ...rest, categoryIds: [] });
  const before = scopeOf(cx, { period: comparedWith(days, "previous", timeZone), ...rest, categoryIds: [] });
  const wanted = ALL_REPORTS.filter(({ name }) => names === undefined || names.includes(name));
  return await Promise.all(wanted.map(async (report) => {
    const narrow = onlyHeadline(report);
    const [now, was] = await Promise.all([
      figuresOf(cx, narrow, "time", scope),
      figuresOf(cx, narrow, "time", before),
    ]);
    const { name, title, question, headline } = report;
    return {
      name,
      title,
      question,
      measure: infoOf(report.measures.find((measure) => measure.name === headline)!),
      value: now.total[headline] ?? null,
      previous: was.total[headline] ?? null,
      days: [...now.byKey.values()].map((values) => values[headline] ?? null),
    };
  }));
}

/** With the measures alone that its headline needs. */
function onlyHeadline(report: Report): Report {
  const wanted = report.measures.find(({ name }) => name === report.headline)!;
  const names = wanted.kind === "share" ? [wanted.name, wanted.part, ...wanted.whole] : [wanted.name];
  return { ...report, measures: report.measures.filter(({ name }) => names.includes(name)) };
}
