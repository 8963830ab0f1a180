import { invalidField } from "@/domain/errors.ts";
import type { Interval } from "./names.ts";

export const PRESETS = [
  "today",
  "yesterday",
  "last-7-days",
  "last-30-days",
  "last-90-days",
  "last-365-days",
  "this-week",
  "last-week",
  "this-month",
  "last-month",
  "this-quarter",
  "last-quarter",
  "this-year",
  "last-year",
] as const;
export type Preset = (typeof PRESETS)[number];

export const PRESET_LABELS: Readonly<Record<Preset | "custom", string>> = {
  "today": "Today",
  "yesterday": "Yesterday",
  "last-7-days": "Last 7 days",
  "last-30-days": "Last 30 days",
  "last-90-days": "Last 90 days",
  "last-365-days": "Last 365 days",
  "this-week": "This week",
  "last-week": "Last week",
  "this-month": "This month",
  "last-month": "Last month",
  "this-quarter": "This quarter",
  "last-quarter": "Last quarter",
  "this-year": "This year",
  "last-year": "Last year",
  "custom": "Custom",
};

/** Whole days in the zone, both included, as YYYY-MM-DD; and the instants that they are, `until` excluded. RFC 3339. */
export interface Period {
  from: string;
  to: string;
  start: string;
  until: string;
}

const LONGEST_YEARS = 5;
const FIRST_DAY = Temporal.PlainDate.from("1970-01-01");
const LAST_DAY = Temporal.PlainDate.from("2100-12-31");

type Day = Temporal.PlainDate;

/**
 * The days that are asked for; the last 30 unless anything is. What is under way ends today.
 * @param now RFC 3339 @throws DomainError invalid, about `from`, `to` or `period`
 */
export function choosePeriod(
  { period, from, to }: { period?: Preset | undefined; from?: string | undefined; to?: string | undefined },
  timeZone: string,
  now: string,
): Period & { preset: Preset | "custom" } {
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(timeZone).toPlainDate();
  if (from === undefined && to === undefined) {
    const preset = period ?? "last-30-days";
    return { preset, ...wholeDays(PERIODS[preset](today), timeZone) };
  }
  if (period !== undefined) {
    throw invalidField("period", "with_days", "Choose a period, or the days from and to, not both");
  }
  if (from === undefined) throw invalidField("from", "required", "Name the first day too");
  const first = Temporal.PlainDate.from(from);
  const last = to === undefined ? today : Temporal.PlainDate.from(to);
  if (Temporal.PlainDate.compare(first, FIRST_DAY) < 0) {
    throw invalidField("from", "too_early", "Must not be before 1970-01-01");
  }
  if (Temporal.PlainDate.compare(last, LAST_DAY) > 0) {
    throw invalidField("to", "too_late", "Must not be after 2100-12-31");
  }
  if (Temporal.PlainDate.compare(last, first) < 0) {
    throw to === undefined
      ? invalidField("from", "in_future", "Must not be after today")
      : invalidField("to", "before_from", "Must not be before the first day");
  }
  if (Temporal.PlainDate.compare(first.add({ years: LONGEST_YEARS }), last) <= 0) {
    throw invalidField("to", "too_long", `A report covers at most ${LONGEST_YEARS} years`);
  }
  return { preset: "custom", ...wholeDays([first, last], timeZone) };
}

const startOfWeek = (day: Day) => day.subtract({ days: day.dayOfWeek - 1 });
const startOfQuarter = (day: Day) => day.with({ day: 1, month: day.month - (day.month - 1) % 3 });
const lastDays = (days: number) => (today: Day): [Day, Day] => [today.subtract({ days: days - 1 }), today];

const PERIODS: Readonly<Record<Preset, (today: Day) => [Day, Day]>> = {
  "today": (today) => [today, today],
  "yesterday": (today) => [today.subtract({ days: 1 }), today.subtract({ days: 1 })],
  "last-7-days": lastDays(7),
  "last-30-days": lastDays(30),
  "last-90-days": lastDays(90),
  "last-365-days": lastDays(365),
  "this-week": (today) => [startOfWeek(today), today],
  "last-week": (today) => [
    startOfWeek(today).subtract({ weeks: 1 }),
    startOfWeek(today).subtract({ days: 1 }),
  ],
  "this-month": (today) => [today.with({ day: 1 }), today],
  "last-month": (today) => [
    today.with({ day: 1 }).subtract({ months: 1 }),
    today.with({ day: 1 }).subtract({ days: 1 }),
  ],
  "this-quarter": (today) => [startOfQuarter(today), today],
  "last-quarter": (today) => [
    startOfQuarter(today).subtract({ months: 3 }),
    startOfQuarter(today).subtract({ days: 1 }),
  ],
  "this-year": (today) => [today.with({ day: 1, month: 1 }), today],
  "last-year": (today) => [
    today.with({ day: 1, month: 1 }).subtract({ years: 1 }),
    today.with({ day: 1, month: 1 }).subtract({ days: 1 }),
  ],
};

function wholeDays([first, last]: [Day, Day], timeZone: string): Period {
  return {
    from: first.toString(),
    to: last.toString(),
    start: startOf(first, timeZone),
    until: startOf(last.add({ days: 1 }), timeZone),
  };
}

/** The first instant of a day, which isn't always its midnight. RFC 3339 */
function startOf(day: Day, timeZone: string): string {
  return day.toZonedDateTime({ timeZone }).toInstant().toString({ smallestUnit: "millisecond" });
}

/** As many days right before it, or the same days a year before; 29 February becomes the 28th. */
export function comparedWith(period: Period, kind: "previous" | "year", timeZone: string): Period {
  const earlier = earlierThan(period, kind);
  return wholeDays([earlier(period.from), earlier(period.to)], timeZone);
}

function earlierThan(period: Period, kind: "previous" | "year"): (day: string) => Day {
  const back = distance(period, kind);
  return (day) => Temporal.PlainDate.from(day).subtract(back);
}

function distance({ from, to }: Period, kind: "previous" | "year"): { days: number } | { years: number } {
  return kind === "year" ? { years: 1 } : { days: daysOf({ from, to }) };
}

/** How many days a period has. */
export function daysOf({ from, to }: Pick<Period, "from" | "to">): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days + 1;
}

/**
 * What each interval of a period is compared with: the same stretch of days that much earlier, whatever weeks and months
 * they are in. Null for 28 February where the 29th is compared with that day.
 */
export function comparedIntervals(
  period: Period,
  { kind, intervals, timeZone }: {
    kind: "previous" | "year";
    intervals: readonly Period[];
    timeZone: string;
  },
): (Period | null)[] {
  const earlier = earlierThan(period, kind);
  return intervals.map(({ from }, i) => {
    const next = intervals[i + 1];
    const [first, last] = [
      earlier(from),
      next ? earlier(next.from).subtract({ days: 1 }) : earlier(period.to),
    ];
    return Temporal.PlainDate.compare(last, first) < 0 ? null : wholeDays([first, last], timeZone);
  });
}

/** The same time of day that much earlier, RFC 3339: so far a period that is under way is compared. @param now RFC 3339 */
export function comparedUntil(
  period: Period,
  kind: "previous" | "year",
  timeZone: string,
  now: string,
): string {
  return Temporal.Instant.from(now).toZonedDateTimeISO(timeZone).subtract(distance(period, kind)).toInstant()
    .toString({ smallestUnit: "millisecond" });
}

/** Days up to a month, weeks up to half a year, then months. */
export function usualInterval(period: Period): Interval {
  const days = daysOf(period);
  return days <= 31 ? "day" : days <= 184 ? "week" : "month";
}

const STEPS = { day: { days: 1 }, week: { weeks: 1 }, month: { months: 1 } } as const;

/** The days, weeks from Monday, or months of a period; the first and last may be cut short by its edges. */
export function intervalsOf(period: Period, interval: Interval, timeZone: string): Period[] {
  const end = Temporal.PlainDate.from(period.to);
  const list: Period[] = [];
  let first = Temporal.PlainDate.from(period.from);
  while (Temporal.PlainDate.compare(first, end) <= 0) {
    const whole = interval === "week"
      ? startOfWeek(first)
      : interval === "month"
      ? first.with({ day: 1 })
      : first;
    const next = whole.add(STEPS[interval]);
    const last = next.subtract({ days: 1 });
    list.push(wholeDays([first, Temporal.PlainDate.compare(last, end) > 0 ? end : last], timeZone));
    first = next;
  }
  return list;
}

/** Whether an interval of a report isn't whole: cut by the period's edge, or still under way. @param now RFC 3339 */
export function isPartial(part: Period, interval: Interval, now: string): boolean {
  if (Date.parse(part.until) > Date.parse(now)) return true;
  const [first, last] = [Temporal.PlainDate.from(part.from), Temporal.PlainDate.from(part.to)];
  if (interval === "week") return first.until(last).days < 6;
  return interval === "month" && (first.day !== 1 || last.day !== last.daysInMonth);
}
