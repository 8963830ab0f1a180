import { z } from "@hono/zod-openapi";
import { MESSAGE_STATES } from "@/domain/messages/states.ts";
import { REPORT_READERS } from "@/domain/permissions.ts";
import { getSavedReport, listSavedReports } from "@/domain/reports/saved/read.ts";
import { LEFT_OUT, type SavedReport } from "@/domain/reports/saved/saved_report.ts";
import { FREQUENCIES, LAST_DAY_OF_ALL, WEEKDAYS } from "@/domain/reports/saved/schedule.ts";
import { SendSavedReport, sendSavedReport } from "@/domain/reports/saved/send.ts";
import {
  CreateSavedReport,
  createSavedReport,
  deleteSavedReport,
  EditSavedReport,
  editSavedReport,
} from "@/domain/reports/saved/write.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { idPath } from "./paths.ts";
import { NamedSchema, pageOf } from "./schemas/tickets.ts";

const tag = "Reports";

const ScheduleSchema = z.object({
  every: z.enum(FREQUENCIES),
  hour: z.number().int().min(0).max(23).openapi({
    description: "In the organisation's time zone. An hour that the clocks skip is the one after it",
  }),
  weekday: z.enum(WEEKDAYS).optional(),
  day: z.union([z.literal("last"), z.number().int().min(1).max(LAST_DAY_OF_ALL)]).optional(),
}).openapi("ReportSchedule");

const SentToSchema = z.object({
  person: NamedSchema,
  state: z.enum(MESSAGE_STATES).nullable().openapi({
    description: "Null for whoever was left out, and once the message is deleted after 30 days",
  }),
  note: z.string().nullable(),
  leftOut: z.enum(LEFT_OUT).nullable().openapi({ description: "Why they may not see it any more" }),
}).openapi("SavedReportRecipientResult");

const SavedReportSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  owner: NamedSchema,
  shared: z.boolean(),
  report: z.string().openapi({ example: "volume" }),
  query: z.record(z.string(), z.unknown()).openapi({
    description:
      "Filters, period, comparison and order as in the report's address; a named period moves with time",
    example: { period: "last-week", priority: ["urgent"] },
  }),
  outdated: z.boolean().openapi({
    description: "An earlier version wrote what this one can't read. It isn't sent until it is saved again",
  }),
  schedule: ScheduleSchema.nullable(),
  recipients: z.array(NamedSchema),
  nextRunAt: z.iso.datetime().nullable(),
  lastResult: z.object({
    at: z.iso.datetime(),
    scheduled: z.boolean(),
    notSent: z.string().nullable().openapi({
      description: "Why nobody was sent it, when the report couldn't be made",
      example: "a report covers at most 5 years",
    }),
    people: z.array(SentToSchema),
  }).openapi("SavedReportResult").nullable(),
  editable: z.boolean(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).openapi("SavedReport");

export const savedReports: AnyOperation[] = [
  operation({
    method: "get",
    path: "/saved-reports",
    tag,
    summary: "List your saved reports and those shared with you",
    roles: REPORT_READERS,
    query: PageOf,
    status: 200,
    response: pageOf(SavedReportSchema),
    run: async (cx, { query }) => ({ body: await listSavedReports(cx, query) }),
  }),
  operation({
    method: "post",
    path: "/saved-reports",
    tag,
    summary: "Save a report with its filters, and schedule it",
    roles: REPORT_READERS,
    body: CreateSavedReport,
    creates: true,
    status: 201,
    response: SavedReportSchema,
    run: async (cx, { body }) => {
      const saved = await createSavedReport(cx, body);
      return { body: saved, headers: { location: `/v1/saved-reports/${saved.id}` } };
    },
  }),
  operation({
    method: "get",
    path: "/saved-reports/{id}",
    tag,
    summary: "Get a saved report",
    roles: REPORT_READERS,
    params: idPath,
    status: 200,
    response: SavedReportSchema,
    run: async (cx, { params }) => ({ body: await getSavedReport(cx, params.id) }),
  }),
  operation({
    method: "patch",
    path: "/saved-reports/{id}",
    tag,
    summary: "Change a saved report, its schedule or its recipients",
    roles: REPORT_READERS,
    params: idPath,
    body: EditSavedReport,
    versioned: true,
    status: 200,
    response: SavedReportSchema,
    run: async (cx, { params, body, base }) => ({
      body: await editSavedReport(cx, { ...body, id: params.id, version: base.version }),
    }),
  }),
  operation({
    method: "delete",
    path: "/saved-reports/{id}",
    tag,
    summary: "Delete a saved report",
    roles: REPORT_READERS,
    params: idPath,
    status: 204,
    run: async (cx, { params }) => {
      await deleteSavedReport(cx, params.id);
      return {};
    },
  }),
  operation({
    method: "post",
    path: "/saved-reports/{id}/send",
    tag,
    summary: "Email a saved report now, to yourself or its recipients",
    roles: REPORT_READERS,
    params: idPath,
    body: SendSavedReport,
    creates: true,
    status: 200,
    response: SavedReportSchema,
    again: (cx, body) => getSavedReport(cx, (body as SavedReport).id),
    run: async (cx, { params, body }) => ({ body: await sendSavedReport(cx, { ...body, id: params.id }) }),
  }),
];
