import { invalidField } from "@/domain/errors.ts";
import { CSV_TYPE } from "@/domain/shared/csv.ts";
import { fewAtOnce } from "@/domain/shared/few_at_once.ts";
import { type Download, textStream } from "@/domain/shared/text_stream.ts";
import type { ReportResult } from "@/domain/reports/model/types.ts";
import { commentsCsv, reportCsv } from "./csv.ts";
import { reportJson } from "./json.ts";

export const REPORT_FORMATS = ["json", "csv", "pdf"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Of a CSV: the report's rows, or what people wrote. JSON and PDF have both. */
export const REPORT_PARTS = ["rows", "comments"] as const;
export type ReportPart = (typeof REPORT_PARTS)[number];

/** The library draws without a pause; the reports of others are to be answered meanwhile. */
const inTurn = fewAtOnce(2);

/**
 * A report as a file: `servicehub-volume-2026-11-01-2026-11-30.csv`.
 * @throws DomainError invalid for the comments of a report that has none
 */
export function exportReport(
  result: ReportResult,
  format: ReportFormat,
  part: ReportPart = "rows",
): Download {
  checkPart(result, part);
  const { from, to } = result.filters.period;
  const named = format === "csv" && part === "comments" ? `${result.name}-comments` : result.name;
  const fileName = `servicehub-${named}-${from}-${to}.${format}`;
  if (format === "csv") {
    const parts = part === "comments" ? commentsCsv : reportCsv;
    return { contentType: CSV_TYPE, fileName, body: () => textStream(parts(result)) };
  }
  if (format === "pdf") {
    return { contentType: "application/pdf", fileName, body: () => inTurn(() => pdfOf(result)) };
  }
  return {
    contentType: "application/json",
    fileName,
    body: () => new TextEncoder().encode(reportJson(result)),
  };
}

async function pdfOf(result: ReportResult): Promise<Uint8Array<ArrayBuffer>> {
  const { reportPdf } = await import("./pdf/report.ts");
  return await reportPdf(result);
}

/** @throws DomainError invalid, with the allowed values, for the comments of a report that has none */
export function checkPart({ comments }: ReportResult, part: ReportPart): void {
  if (part === "comments" && !comments) throw invalidField("part", "invalid_value", "Must be one of rows");
}
