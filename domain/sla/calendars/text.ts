import { z } from "zod";
import { type CalendarDefinition, type Holiday, type Span, WEEKDAYS } from "@/domain/sla/clock/calendar.ts";
import { tryParse } from "@/domain/validation.ts";
import { Holidays, Week } from "./fields.ts";

const SPAN = /^(\d{1,2})(?:[:.](\d{2}))?\s*(?:[-–—]|to)\s*(\d{1,2})(?:[:.](\d{2}))?$/;
const HOLIDAY =
  /^(\d{4}-\d{2}-\d{2})(?:\s+(\d{1,2}(?:[:.]\d{2})?\s*(?:[-–—]|to)\s*\d{1,2}(?:[:.]\d{2})?)(?=\s|$))?(?:\s+(.*))?$/;

/** `09:00-12:30, 13:30-17:30`, `9-17`; "" or `closed` for none. Null for anything else. */
export function parseSpans(text: string): Span[] | null {
  const plain = text.trim().toLowerCase();
  if (plain === "" || plain === "closed") return [];
  const spans: Span[] = [];
  for (const part of plain.split(/[,;\n]/)) {
    const found = SPAN.exec(part.trim());
    if (!found) return null;
    const [, hour, minute = "00", untilHour, untilMinute = "00"] = found;
    spans.push({
      from: `${hour!.padStart(2, "0")}:${minute}`,
      to: `${untilHour!.padStart(2, "0")}:${untilMinute}`,
    });
  }
  return spans;
}

export function formatSpans(spans: readonly Span[]): string {
  return spans.map(({ from, to }) => `${from}-${to}`).join(", ");
}

export function formatHolidays(holidays: readonly Holiday[]): string {
  return holidays.map((holiday) => {
    const { date, name, from, to } = holiday;
    const hours = from === undefined || to === undefined ? "" : formatSpans([{ from, to }]);
    return [date, hours, name].filter(Boolean).join(" ");
  }).join("\n");
}

const typedDay = z.preprocess(
  (value) => value ?? "",
  z.string().transform((text, context): Span[] => {
    const spans = parseSpans(text);
    if (spans) return spans;
    context.addIssue({ code: "custom", message: "Must be times such as 09:00-12:30, 13:30-17:30" });
    return z.NEVER;
  }),
);

export const TypedWeek = z.object({
  monday: typedDay,
  tuesday: typedDay,
  wednesday: typedDay,
  thursday: typedDay,
  friday: typedDay,
  saturday: typedDay,
  sunday: typedDay,
}).transform((week): z.input<typeof Week> => week).pipe(Week);

/** Holidays as a form sends them, one per line: `2026-12-25 Christmas Day`, `2026-12-24 12:00-24:00 Christmas Eve`. */
export const TypedHolidays = z.string().transform((text, context): z.input<typeof Holidays> => {
  const holidays: Holiday[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const [, date, hours, name = ""] = HOLIDAY.exec(line.trim()) ?? [];
    if (tryParse(z.iso.date(), date) === undefined) {
      context.addIssue({
        code: "custom",
        message: `Line ${i + 1} must begin with a date such as 2026-12-25`,
      });
      return z.NEVER;
    }
    const [span] = parseSpans(hours ?? "") ?? [];
    holidays.push({ date: date!, name, ...span });
  }
  return holidays;
}).pipe(Holidays);

/** The week as typed; null if a day can't be read or the schema refuses it. */
export function parseWeek(typed: Record<string, unknown>): CalendarDefinition["week"] | null {
  return tryParse(TypedWeek, Object.fromEntries(WEEKDAYS.map((day) => [day, typed[`week.${day}`]]))) ?? null;
}
