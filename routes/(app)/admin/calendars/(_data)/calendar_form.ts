import { CreateCalendar, EditCalendar } from "@/domain/sla/calendars/fields.ts";
import type { CalendarResource } from "@/domain/sla/calendars/read.ts";
import { TypedHolidays, TypedWeek, writeHolidays, writeSpans } from "@/domain/sla/calendars/text.ts";
import { type CalendarDefinition, WEEKDAYS } from "@/domain/sla/clock/calendar.ts";
import { formBoolean, version } from "@/domain/validation.ts";
import type { FormValues } from "@/pages/forms.ts";

/** A new calendar as its form sends it: hours and holidays are texts. */
export const CalendarFields = CreateCalendar.extend({
  week: TypedWeek,
  holidays: TypedHolidays.default([]),
});

/** A change of a calendar as its form sends it. */
export const CalendarChange = EditCalendar.extend({
  version,
  week: TypedWeek.optional(),
  holidays: TypedHolidays.optional(),
  archived: formBoolean.optional(),
  applyToOpen: formBoolean.default(false),
});

/** What the form sends, as the schema takes it: fields called `week.…` belong together. */
export function calendarInput(values: FormValues): FormValues {
  if (!Object.keys(values).some((name) => name.startsWith("week."))) return values;
  const week = Object.fromEntries(WEEKDAYS.map((day) => [day, values[`week.${day}`]]));
  return { ...values, week } as unknown as FormValues;
}

/** A calendar as its form holds it. */
export function calendarValues(calendar: CalendarDefinition & { name: string }): Record<string, string> {
  const { name, timeZone, week, holidays } = calendar;
  return {
    name,
    timeZone,
    holidays: writeHolidays(holidays),
    ...Object.fromEntries(WEEKDAYS.map((day) => [`week.${day}`, writeSpans(week[day])])),
  };
}

/**
 * Errors by the fields of the form: what is wrong within a day or among the holidays stands beside that field. The last
 * of `errors` is what was found first.
 */
export function fieldErrors(errors: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors).map(([path, message]) => {
      const [first, second] = path.split(".");
      const name = first === "week" && second ? `week.${second}` : first === "holidays" ? first : path;
      return [name, message];
    }),
  );
}

/** The next day that is closed, from today in the calendar's zone; undefined when none is left. */
export function nextHoliday(calendar: CalendarResource, now: string) {
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(calendar.timeZone).toPlainDate().toString();
  return calendar.holidays.find(({ date }) => date >= today);
}
