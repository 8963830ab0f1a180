import { z } from "zod";
import { optional } from "@/domain/validation.ts";

export const FREQUENCIES = ["day", "week", "month"] as const;
export const WEEKDAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;
/** Every month has this day. */
export const LAST_DAY_OF_ALL = 28;

/** Forms send it as text. */
function whole(least: number, most: number, message: string) {
  return z.preprocess(
    (value) => typeof value === "string" && /^\d{1,2}$/.test(value) ? Number(value) : value,
    z.int(message).min(least, message).max(most, message),
  );
}

const DAY = `Must be a day from 1 to ${LAST_DAY_OF_ALL}, or last`;
const hour = whole(0, 23, "Must be an hour from 0 to 23");
const monthDay = z.union([z.literal("last"), whole(1, LAST_DAY_OF_ALL, DAY)], DAY);

/** When a report is mailed, in the organisation's zone. A week needs its `weekday`, a month its `day`. */
export const Schedule = z.object({
  every: z.enum(FREQUENCIES),
  hour,
  weekday: optional(z.enum(WEEKDAYS)),
  day: optional(monthDay),
}).superRefine(({ every, weekday, day }, check) => {
  const fields = [["weekday", "week", weekday], ["day", "month", day]] as const;
  for (const [name, needs, value] of fields) {
    if ((every === needs) === (value !== undefined)) continue;
    const [code, message] = every === needs
      ? ["required", `A schedule for every ${needs} needs it`]
      : ["not_used", `Only a schedule for every ${needs} has it`];
    check.addIssue({ code: "custom", path: [name], params: { code }, message });
  }
});
export type Schedule = z.output<typeof Schedule>;

/** Whether it is on that day. */
function isOn({ every, weekday, day }: Schedule, date: Temporal.PlainDate): boolean {
  if (every === "week") return WEEKDAYS[date.dayOfWeek - 1] === weekday;
  if (every === "month") return date.day === (day === "last" ? date.daysInMonth : day);
  return true;
}

/**
 * The first time of a schedule after an instant. An hour that the clocks skip is the one after it, one that comes twice
 * the first of the two. @param after RFC 3339 @returns RFC 3339
 */
export function nextRun(schedule: Schedule, timeZone: string, after: string): string {
  const instant = Temporal.Instant.from(after);
  let date = instant.toZonedDateTimeISO(timeZone).toPlainDate();
  while (true) {
    if (isOn(schedule, date)) {
      const run = timeOn(schedule, date, timeZone);
      if (Temporal.Instant.compare(run, instant) > 0) return text(run);
    }
    date = date.add({ days: 1 });
  }
}

/** The latest time of a schedule up to an instant. @param upTo RFC 3339 @returns RFC 3339 */
export function latestRun(schedule: Schedule, timeZone: string, upTo: string): string {
  const instant = Temporal.Instant.from(upTo);
  let date = instant.toZonedDateTimeISO(timeZone).toPlainDate();
  while (true) {
    if (isOn(schedule, date)) {
      const run = timeOn(schedule, date, timeZone);
      if (Temporal.Instant.compare(run, instant) <= 0) return text(run);
    }
    date = date.subtract({ days: 1 });
  }
}

function timeOn({ hour }: Schedule, date: Temporal.PlainDate, timeZone: string): Temporal.Instant {
  return date.toPlainDateTime({ hour }).toZonedDateTime(timeZone).toInstant();
}

function text(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: "millisecond" });
}

/** `Every Monday at 08:00`, for people. */
export function describeSchedule({ every, hour, weekday, day }: Schedule): string {
  const at = `at ${String(hour).padStart(2, "0")}:00`;
  if (every === "week") return `Every ${weekday![0]!.toUpperCase()}${weekday!.slice(1)} ${at}`;
  if (every === "month") {
    return day === "last" ? `On the last day of every month ${at}` : `On day ${day} of every month ${at}`;
  }
  return `Every day ${at}`;
}
