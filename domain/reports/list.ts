import type { UserCx } from "@/domain/cx.ts";
import { assertRole, REPORT_READERS } from "@/domain/permissions.ts";
import { ALL_REPORTS } from "./definitions/all.ts";
import type { DimensionName, ReportName } from "./model/names.ts";
import type { MeasureInfo } from "./model/types.ts";

export interface ReportInfo {
  name: ReportName;
  title: string;
  question: string;
  by: DimensionName[];
  measures: MeasureInfo[];
}

/** @throws DomainError not_found for whoever isn't staff */
export function listReports(cx: UserCx): ReportInfo[] {
  assertRole(cx, REPORT_READERS);
  return ALL_REPORTS.map(({ name, title, question, dimensions, measures }) => ({
    name,
    title,
    question,
    by: [...dimensions],
    measures: measures.map(infoOf),
  }));
}

export function infoOf({ name, label, unit, help, moreIs }: MeasureInfo): MeasureInfo {
  return { name, label, unit, help, moreIs };
}
