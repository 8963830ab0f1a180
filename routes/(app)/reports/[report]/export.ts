import { z } from "zod";
import { define } from "@/define.ts";
import { DomainError } from "@/domain/errors.ts";
import { exportReport, REPORT_FORMATS, REPORT_PARTS } from "@/domain/reports/export/mod.ts";
import { ReportQuery } from "@/domain/reports/model/parameters.ts";
import { runReport } from "@/domain/reports/run.ts";
import { parse } from "@/domain/validation.ts";
import { sendDownload } from "@/edge/download.ts";
import { redirect } from "@/pages/flash.ts";
import { loadReport } from "@/routes/(app)/reports/(_data)/load_report.ts";
import { queryOf } from "@/routes/(app)/reports/(_data)/report_query.ts";

const File = z.object({
  format: z.enum(REPORT_FORMATS).default("csv"),
  part: z.enum(REPORT_PARTS).default("rows"),
});

/** What can't be asked for is told on the report's page, beside the field. */
export const handler = define.handlers({
  async GET(ctx) {
    const { searchParams: search } = ctx.url;
    const { format, part } = parse(File, {
      format: search.get("format") ?? undefined,
      part: search.get("part") ?? undefined,
    });
    try {
      const result = await loadReport(
        ctx,
        (cx) => runReport(cx, ctx.params.report!, parse(ReportQuery, queryOf(search))),
      );
      return await sendDownload(ctx.req, exportReport(result, format, part));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== "invalid") throw error;
      search.delete("format");
      search.delete("part");
      return redirect(ctx, `/reports/${ctx.params.report}?${search}`);
    }
  },
});
