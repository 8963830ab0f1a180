import { z } from "@hono/zod-openapi";
import { COMPARISONS, DIMENSIONS, INTERVALS, REPORTS } from "@/domain/reports/model/names.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { TYPES } from "@/domain/tickets/model/formatting.ts";
import { SOURCES } from "@/domain/tickets/model/types.ts";

const day = z.iso.date();
const time = z.iso.datetime();
const none = z.literal("none");
const dimension = z.enum(DIMENSIONS);

const MeasureSchema = z.object({
  name: z.string().openapi({ example: "resolveAttainment" }),
  label: z.string(),
  unit: z.enum(["tickets", "replies", "queues", "minutes", "percent", "score"]).openapi({
    description: "`minutes` may have a fraction; `percent` is 0 to 100, or more; `score` is 1 to 5",
  }),
  help: z.string(),
  moreIs: z.enum(["good", "bad"]).nullable(),
}).openapi("ReportMeasure");

export const ReportInfoSchema = z.object({
  name: z.enum(REPORTS),
  title: z.string(),
  question: z.string().openapi({ description: "The question that it answers" }),
  by: z.array(dimension).openapi({ description: "What its rows can be about; the first unless asked" }),
  measures: z.array(MeasureSchema),
}).openapi("ReportInfo");

const PeriodSchema = z.object({
  from: day,
  to: day.openapi({ description: "Included" }),
  start: time,
  until: time.openapi({ description: "Not included" }),
}).openapi("ReportPeriod");

const values = z.record(z.string(), z.number().nullable()).openapi({
  description: "By measure; null where there is none, such as a median of nothing",
});

const RowSchema = z.object({
  key: z.string().openapi({
    description: "An id, `none`, a priority, …; of time the first day of the interval",
  }),
  label: z.string(),
  period: PeriodSchema.optional(),
  partial: z.boolean().optional().openapi({
    description: "Of time: the period's edge or the present cuts the interval short",
  }),
  values,
  previous: values.optional(),
  links: z.record(z.string(), z.string()).openapi({
    description: "By measure: where the tickets behind the number are listed",
  }),
}).openapi("ReportRow");

export const ReportSchema = z.object({
  name: z.enum(REPORTS),
  title: z.string(),
  question: z.string(),
  by: z.object({ name: dimension, label: z.string() }),
  sort: z.string().openapi({ description: "What the rows are sorted by; a minus sorts downwards" }),
  measures: z.array(MeasureSchema),
  headline: z.string(),
  chart: z.object({ kind: z.enum(["line", "bars", "stacked"]), measures: z.array(z.string()) }),
  filters: z.object({
    period: PeriodSchema,
    preset: z.string(),
    timeZone: z.string(),
    interval: z.enum(INTERVALS),
    comparison: z.object({ ...PeriodSchema.shape, kind: z.enum(COMPARISONS).exclude(["none"]) }).nullable(),
    filter: z.object({
      queueId: z.array(z.union([none, z.uuid()])),
      categoryId: z.array(z.union([none, z.uuid()])),
      priority: z.array(z.enum(PRIORITIES)),
      assigneeId: z.array(z.union([none, z.uuid()])),
      type: z.array(z.enum(TYPES)),
      source: z.array(z.enum(SOURCES)),
      tag: z.array(z.string()),
    }),
    lines: z.array(z.object({ label: z.string(), value: z.string() })),
  }),
  rows: z.array(RowSchema),
  total: RowSchema,
  madeAt: time,
  madeBy: z.string(),
  organisation: z.string(),
  complete: z.boolean().openapi({ description: "False while changes of tickets are still to be counted" }),
  partial: z.boolean().openapi({
    description:
      "Whether the period is under way; what it is compared with ends at the same time of day then",
  }),
  comments: z.array(z.object({
    ticketKey: z.string(),
    score: z.number().int(),
    text: z.string(),
    at: time,
    requester: z.string(),
  })).optional().openapi({ description: "Of satisfaction: the newest thousand" }),
  commentCount: z.number().int().optional().openapi({ description: "How many of these there are in all" }),
}).openapi("Report");
