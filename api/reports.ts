import { z } from "@hono/zod-openapi";
import type { UserCx } from "@/domain/cx.ts";
import { REPORT_READERS } from "@/domain/permissions.ts";
import { reportJson } from "@/domain/reports/export/json.ts";
import { checkPart, exportReport, REPORT_FORMATS, REPORT_PARTS } from "@/domain/reports/export/mod.ts";
import { catchUp } from "@/domain/reports/facts/catch_up.ts";
import { listReports } from "@/domain/reports/list.ts";
import { listMembers, MembersQuery } from "@/domain/reports/members.ts";
import { ReportQuery } from "@/domain/reports/model/parameters.ts";
import type { ReportResult } from "@/domain/reports/model/types.ts";
import { MOST_BEHIND } from "@/domain/reports/request.ts";
import { runReport } from "@/domain/reports/run.ts";
import { sendDownload } from "@/edge/download.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { ReportInfoSchema, ReportSchema } from "./schemas/reports.ts";
import { pageOf, TicketItemSchema } from "./schemas/tickets.ts";

const tag = "Reports";

const NamePath = z.object({ name: z.string() });

/** Nobody waits for its lock until a report is read. */
const count = (cx: UserCx) => catchUp(cx, MOST_BEHIND);

/** `part` is for CSV: what people wrote is a file of its own. */
const ReportFile = ReportQuery.extend({
  format: z.enum(REPORT_FORMATS).default("json"),
  part: z.enum(REPORT_PARTS).default("rows"),
});

export const reports: AnyOperation[] = [
  operation({
    method: "get",
    path: "/reports",
    tag,
    summary: "List the reports, with what they count",
    roles: REPORT_READERS,
    status: 200,
    response: z.object({ items: z.array(ReportInfoSchema) }),
    run: (cx) => Promise.resolve({ body: { items: listReports(cx) } }),
  }),
  operation({
    method: "get",
    path: "/reports/{name}",
    tag,
    summary: "Get a report of the tickets you may see, as JSON, CSV or PDF",
    roles: REPORT_READERS,
    params: NamePath,
    query: ReportFile,
    first: count,
    download: true,
    status: 200,
    response: ReportSchema,
    run: async (cx, { params, query: { format, part, ...query } }) => {
      const result = await runReport(cx, params.name, query);
      checkPart(result, part);
      if (format === "json") return { send: () => Promise.resolve(jsonOf(result)) };
      return { send: (request) => sendDownload(request, exportReport(result, format, part)) };
    },
  }),
  operation({
    method: "get",
    path: "/reports/{name}/tickets",
    tag,
    summary: "List the tickets that a number of a report counts",
    roles: REPORT_READERS,
    params: NamePath,
    query: MembersQuery,
    first: count,
    status: 200,
    response: pageOf(TicketItemSchema).extend({
      count: z.number().int().openapi({ description: "How many there are in all" }),
    }),
    run: async (cx, { params, query }) => {
      const { items, nextCursor, count } = await listMembers(cx, params.name, query);
      return { body: { items, nextCursor, count } };
    },
  }),
];

/** The same as its file, with the links of the API. */
function jsonOf(result: ReportResult): Response {
  return new Response(reportJson(result, "/v1"), { headers: { "content-type": "application/json" } });
}
