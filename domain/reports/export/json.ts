import type { ReportResult } from "@/domain/reports/model/types.ts";

/** The definition, the filters as they were applied, and the numbers as they are. */
export function reportJson(result: ReportResult): string {
  const { name, title, question, by, measures, headline, chart, filters, rows, total } = result;
  const { organisation, madeAt, madeBy, complete, comments } = result;
  return `${
    JSON.stringify({
      ...{ name, title, question, organisation, madeAt, madeBy, complete, by, measures, headline, chart },
      ...{ filters, rows, total },
      ...(comments ? { comments } : {}),
    })
  }\n`;
}
