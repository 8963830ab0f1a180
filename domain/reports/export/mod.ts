import { CSV_TYPE } from "@/domain/shared/csv.ts";
import { type Download, textStream } from "@/domain/shared/text_stream.ts";
import type { ReportResult } from "@/domain/reports/model/types.ts";
import { commentsCsv, reportCsv } from "./csv.ts";
import { reportJson } from "./json.ts";

export const REPORT_FORMATS = ["json", "csv", "pdf"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Of a CSV: the report's rows, or what people wrote. JSON and PDF have both. */
export const REPORT_PARTS = ["rows", "comments"] as const;
export type ReportPart = (typeof REPORT_PARTS)[number];

/** A report as a file: `servicehub-volume-2026-11-01-2026-11-30.csv`. */
export async function exportReport(
  result: ReportResult,
  format: ReportFormat,
  part: ReportPart = "rows",
): Promise<Download> {
  const { from, to } = result.filters.period;
  const named = format === "csv" && part === "comments" ? `${result.name}-comments` : result.name;
  const fileName = `servicehub-${named}-${from}-${to}.${format}`;
  if (format === "csv") {
    const parts = part === "comments" ? commentsCsv(result) : reportCsv(result);
    return { contentType: CSV_TYPE, fileName, body: textStream(parts) };
  }
  if (format === "pdf") {
    const { reportPdf } = await import("./pdf/report.ts");
    return { contentType: "application/pdf", fileName, body: await reportPdf(result) };
  }
  const body = new TextEncoder().encode(reportJson(result));
  return { contentType: "application/json", fileName, body };
}
