import type { ReportResult, ReportRow } from "@/domain/reports/model/types.ts";

/**
 * The definition, the filters as they were applied, and the numbers as they are. @param base goes before the path of each
 * link: that of the API, for its answers
 */
export function reportJson(result: ReportResult, base = ""): string {
  const linked = (row: ReportRow): ReportRow => ({
    ...row,
    links: Object.fromEntries(Object.entries(row.links).map(([name, path]) => [name, base + path])),
  });
  return `${JSON.stringify({ ...result, rows: result.rows.map(linked), total: linked(result.total) })}\n`;
}
