import { CreateCalendar, EditCalendar } from "@/domain/sla/calendars/fields.ts";
import type { CalendarResource } from "@/domain/sla/calendars/read.ts";
import { formatHolidays, formatSpans, TypedHolidays, TypedWeek } from "@/domain/sla/calendars/text.ts";
import { type CalendarDefinition, WEEKDAYS } from "@/domain/sla/clock/calendar.ts";
import { formBoolean, version } from "@/domain/validation.ts";
import { DAY_LABELS } from "./week.ts";

/** A new calendar as its form sends it: hours and holidays are text. */
export const CalendarFields = CreateCalendar.extend({
  week: TypedWeek,
  holidays: TypedHolidays.default([]),
});

export const CalendarChange = EditCalendar.extend({
  version,
  week: TypedWeek.optional(),
  holidays: TypedHolidays.optional(),
  archived: formBoolean.optional(),
  applyToOpen: formBoolean.default(false),
});

export function calendarValues(calendar: CalendarDefinition & { name: string }): Record<string, string> {
  const { name, timeZone, week, holidays } = calendar;
  return {
    name,
    timeZone,
    holidays: formatHolidays(holidays),
    ...Object.fromEntries(WEEKDAYS.map((day) => [`week.${day}`, formatSpans(week[day])])),
  };
}

/** Maps errors within a day or among the holidays to that field; of several, the last entry of `errors` wins. */
export function fieldErrors(errors: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors).map(([path, message]) => {
      const [first, second] = path.split(".");
      const name = first === "week" && second ? `week.${second}` : first === "holidays" ? first : path;
      return [name, message];
    }),
  );
}

/** The errors as they are listed above the form, where a day's error needs the day's name. */
export function listedErrors(errors: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors).map(([name, message]) => {
      const day = WEEKDAYS.find((weekday) => name === `week.${weekday}`);
      if (name === "week") return ["week.monday", message];
      return [name, day ? `${DAY_LABELS[day]}: ${message}` : message];
    }),
  );
}

export function nextHoliday(calendar: CalendarResource, now: string) {
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(calendar.timeZone).toPlainDate().toString();
  return calendar.holidays.find(({ date }) => date >= today);
}
