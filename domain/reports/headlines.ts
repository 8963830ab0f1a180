import type { UserCx } from "@/domain/cx.ts";
import { assertRole, REPORT_READERS } from "@/domain/permissions.ts";
import { ALL_REPORTS } from "./definitions/all.ts";
import type { Report } from "./definitions/report.ts";
import { catchUp } from "./facts/catch_up.ts";
import { figuresOf } from "./figures.ts";
import { infoOf } from "./list.ts";
import { ReportFilter } from "./model/parameters.ts";
import { choosePeriod, type Preset } from "./model/period.ts";
import type { ReportName } from "./model/names.ts";
import type { MeasureInfo } from "./model/types.ts";
import { MOST_BEHIND } from "./request.ts";
import { comparedScope, scopeOf } from "./scope.ts";
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
export async function readHeadlines(cx: UserCx, preset: Preset): Promise<Headline[]> {
  assertRole(cx, REPORT_READERS);
  await catchUp(cx, MOST_BEHIND);
  const { timeZone } = cx.tenant;
  const period = choosePeriod({ period: preset }, timeZone, cx.now);
  const asked = {
    period,
    interval: "day" as const,
    timeZone,
    filter: parse(ReportFilter, {}),
    categoryIds: [],
  };
  const [scope, before] = [scopeOf(cx, asked), comparedScope(cx, asked, "previous")];
  return await Promise.all(ALL_REPORTS.map(async (report) => {
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
