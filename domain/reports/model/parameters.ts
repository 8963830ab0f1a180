import { z } from "zod";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { TYPES } from "@/domain/tickets/model/formatting.ts";
import { SOURCES } from "@/domain/tickets/model/types.ts";
import { several } from "@/domain/tickets/model/filter.ts";
import { TimeZone } from "@/domain/shared/account_fields.ts";
import { id, line, optional } from "@/domain/validation.ts";
import { PRESETS } from "./period.ts";
import { COMPARISONS, DIMENSIONS, INTERVALS } from "./names.ts";

const none = z.literal("none");

/** Values of one filter are alternatives; several filters narrow the tickets down. A category has its children with it. */
export const ReportFilter = z.object({
  queueId: several(z.union([none, id])),
  categoryId: several(z.union([none, id])),
  priority: several(z.enum(PRIORITIES)),
  assigneeId: several(z.union([none, id])),
  type: several(z.enum(TYPES)),
  source: several(z.enum(SOURCES)),
  tag: several(line(1, 40).transform((tag) => tag.toLowerCase())),
});
export type ReportFilter = z.output<typeof ReportFilter>;

const DAY = "Must be a day such as 2026-01-31";
const day = optional(z.iso.date(DAY));

/** How a report is asked for. `from` and `to` are days in the zone, both included, and need no preset. */
export const ReportQuery = ReportFilter.extend({
  period: optional(z.enum(PRESETS)),
  from: day,
  to: day,
  timeZone: optional(TimeZone),
  interval: optional(z.enum(INTERVALS)),
  by: optional(z.enum(DIMENSIONS)),
  compare: optional(z.enum(COMPARISONS)),
  /** A measure's name, `key` for the rows' own order; a minus sorts downwards. */
  sort: optional(line(1, 60)),
});
export type ReportQuery = z.output<typeof ReportQuery>;
