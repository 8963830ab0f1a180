import { exportReport, type ReportFormat } from "@/domain/reports/export/mod.ts";
import type { ReportResult } from "@/domain/reports/model/types.ts";
import type { MailAttachment } from "@/ports.ts";

const FORMATS: readonly ReportFormat[] = ["csv", "pdf"];
/** Mail servers refuse mails that are much larger. The report's page has what doesn't fit. */
const MOST_BYTES = 8 * 1024 * 1024;

/** The report as files, as its page offers them. */
export async function reportFiles(result: ReportResult): Promise<MailAttachment[]> {
  const files: MailAttachment[] = [];
  let left = MOST_BYTES;
  for (const format of FORMATS) {
    const { fileName, contentType, body } = exportReport(result, format);
    const content = await new Response(await body()).bytes();
    if (content.length > left) continue;
    left -= content.length;
    files.push({ name: fileName, type: contentType, content });
  }
  return files;
}
