import { z } from "zod";
import { TimeZone } from "@/domain/shared/account_fields.ts";
import {
  type CalendarDefinition,
  minuteOfDay,
  minutesOfWeek,
  type Span,
  WEEKDAYS,
} from "@/domain/sla/clock/calendar.ts";
import { wellFormed } from "@/domain/shared/fields.ts";
import { line, version } from "@/domain/validation.ts";

const MOST_SPANS = 8;
const MOST_HOLIDAYS = 500;

const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "Must be a time such as 09:00");
/** Whoever writes 23:59 means the end of the day. */
const until = z.string().regex(
  /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/,
  "Must be a time such as 17:00, up to 24:00",
).transform((text) => text === "23:59" ? "24:00" : text);

const span = z.strictObject({ from: time, to: until })
  .refine(({ from, to }) => from !== to, {
    message: "Must not start and end at the same time. A whole day is 00:00 to 24:00",
    path: ["to"],
  });

const day = z.array(span).max(MOST_SPANS, `Must be at most ${MOST_SPANS} spans`).default([]);

/** Weekdays without spans are closed. */
export const Week = z.strictObject({
  monday: day,
  tuesday: day,
  wednesday: day,
  thursday: day,
  friday: day,
  saturday: day,
  sunday: day,
}).superRefine((week, context) => {
  const overlap = overlapping(week);
  if (overlap) {
    context.addIssue({ code: "custom", path: overlap, message: "Must not overlap another span" });
  }
  if (WEEKDAYS.every((weekday) => week[weekday].length === 0)) {
    context.addIssue({ code: "custom", path: [], message: "Set business hours on at least one day" });
  }
});

/** The path of a span that overlaps another, also across midnight and the end of the week. */
function overlapping(week: Record<(typeof WEEKDAYS)[number], Span[]>): [string, number] | null {
  const WEEK = 7 * 1440;
  const paths = WEEKDAYS.flatMap((weekday) => week[weekday].map((_, i): [string, number] => [weekday, i]));
  const spans = minutesOfWeek(week).map(([from, to], i) => ({ from, to, path: paths[i]! }));
  spans.sort((a, b) => a.from - b.from);
  const first = spans[0];
  for (const [i, { to }] of spans.entries()) {
    const next = spans[i + 1];
    if (next && next.from < to) return next.path;
    if (first && spans.length > 1 && to - WEEK > first.from) return spans[i]!.path;
  }
  return null;
}

/** All day, or from a time on that day to another: `12:00` to `24:00` closes the afternoon. */
const holiday = z.strictObject({
  date: z.iso.date("Must be a date such as 2026-12-25"),
  name: z.preprocess((value) => value ?? "", line(0, 120).transform(wellFormed)),
  from: time.optional(),
  to: until.optional(),
}).superRefine(({ from, to }, context) => {
  const message = from === undefined && to === undefined
    ? null
    : from === undefined || to === undefined
    ? "Must have both a start and an end, or neither"
    : minuteOfDay(from) >= minuteOfDay(to)
    ? "Must end after it starts, on the same day"
    : null;
  if (message) context.addIssue({ code: "custom", path: [from === undefined ? "from" : "to"], message });
});

/** Holidays sorted by date, each date once. */
export const Holidays = z.array(holiday).max(MOST_HOLIDAYS, `Must be at most ${MOST_HOLIDAYS} holidays`)
  .refine(
    (list) => new Set(list.map(({ date }) => date)).size === list.length,
    "Each date can appear only once",
  )
  .transform((list) => list.toSorted((a, b) => a.date < b.date ? -1 : 1));

const name = line(1, 120).transform(wellFormed);

export const CreateCalendar = z.object({
  name,
  timeZone: TimeZone,
  week: Week,
  holidays: Holidays.default([]),
});

export const EditCalendar = z.object({
  version: version.optional(),
  name: name.optional(),
  timeZone: TimeZone.optional(),
  week: Week.optional(),
  holidays: Holidays.optional(),
  archived: z.boolean().optional(),
  /** Whether open tickets are measured by the new hours from now on. */
  applyToOpen: z.boolean().default(false),
});

export function officeHours(timeZone: string): CalendarDefinition {
  const nineToFive = [{ from: "09:00", to: "17:00" }];
  return {
    timeZone,
    week: {
      monday: nineToFive,
      tuesday: nineToFive,
      wednesday: nineToFive,
      thursday: nineToFive,
      friday: nineToFive,
      saturday: [],
      sunday: [],
    },
    holidays: [],
  };
}
