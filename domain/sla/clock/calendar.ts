import { type OffsetPeriod, offsetPeriods, periodAt } from "./zones.ts";

export const WEEKDAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Business time of a weekday on the wall clock. An end at or before the start is on the next day. */
export interface Span {
  from: string;
  /** Up to `24:00`. */
  to: string;
}

export interface Holiday {
  /** `2026-12-25`, in the calendar's time zone. */
  date: string;
  name: string;
  /** When it begins and ends, up to `24:00`; both or neither, which is all day. */
  from?: string | undefined;
  to?: string | undefined;
}

export interface CalendarDefinition {
  timeZone: string;
  week: Record<Weekday, Span[]>;
  holidays: Holiday[];
}

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Days from a Monday to 1 January 1970, a Thursday. */
const EPOCH_WEEKDAY = 3;
/** No due time is later than this: 1 January 2101. */
const HORIZON = Date.UTC(2101, 0);

/** Business time within a day, in milliseconds from midnight; `before` is the business time earlier that day. */
interface Stretch {
  from: number;
  to: number;
  before: number;
}

/**
 * Business time of a calendar, exact to the millisecond; instants are epoch milliseconds.
 *
 * A moment counts when the zone's wall clock is within a span, or within one that started the day before, and the date
 * no holiday at that time. So the hour that autumn repeats counts twice, the hour that spring skips not at all, and a night shift
 * ends at the midnight that begins a holiday. Only displays round down.
 */
export class Calendar {
  readonly #pieces: readonly OffsetPeriod[];
  /** By weekday, Monday first. */
  readonly #days: Stretch[][];
  /** Business time of a week before each weekday, and of the whole week. */
  readonly #before: number[];
  /** Holidays as days since 1970, ascending, with the business time lost to all up to then, and what is left of each. */
  readonly #holidays: { day: number; lost: number; left: Stretch[] }[];

  constructor(definition: CalendarDefinition) {
    this.#pieces = offsetPeriods(definition.timeZone);
    this.#days = daysOf(definition.week);
    this.#before = [0];
    for (const day of this.#days) this.#before.push(this.#before.at(-1)! + openIn(day));
    this.#holidays = [];
    const holidays = new Map(
      definition.holidays.map((holiday) => [Date.parse(`${holiday.date}T00:00Z`) / DAY, holiday]),
    );
    let lost = 0;
    for (const [day, holiday] of [...holidays].sort(([a], [b]) => a - b)) {
      const stretches = this.#days[weekdayOf(day)]!;
      const left = withoutHoliday(stretches, holiday);
      lost += openIn(stretches) - openIn(left);
      this.#holidays.push({ day, lost, left });
    }
  }

  /** Business time from `start` to `end`, in milliseconds; 0 when `end` is not after `start`. */
  between(start: number, end: number): number {
    let sum = 0;
    let at = start;
    for (let i = periodAt(this.#pieces, start); at < end; i++) {
      const { to, offset } = this.#pieces[i]!;
      const until = Math.min(end, to);
      sum += this.#openBefore(until + offset) - this.#openBefore(at + offset);
      at = until;
    }
    return sum;
  }

  /** When `business` milliseconds have passed since `start`; null when that is never, or after the year 2100. */
  after(start: number, business: number): number | null {
    if (business <= 0) return start;
    if (this.#before[7] === 0) return null;
    let left = business;
    for (let i = periodAt(this.#pieces, start); i < this.#pieces.length; i++) {
      const piece = this.#pieces[i]!;
      const [a, b] = [Math.max(start, piece.from), Math.min(piece.to, HORIZON)];
      if (b <= a) break;
      const opened = this.#openBefore(a + piece.offset);
      const open = this.#openBefore(b + piece.offset) - opened;
      if (open >= left) return this.#reach(opened + left, [a, b, piece.offset]);
      left -= open;
    }
    return null;
  }

  /** The first instant in a period at which the business time since 1970 is `wanted`. */
  #reach(wanted: number, [from, to, offset]: [number, number, number]): number {
    let low = Math.floor((from + offset) / DAY);
    let high = Math.floor((to + offset) / DAY);
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#openBefore(middle * DAY) < wanted) low = middle;
      else high = middle - 1;
    }
    const within = wanted - this.#openBefore(low * DAY);
    const { stretches } = this.#dayOf(low);
    const stretch = stretches.findLast(({ before }) => before < within)!;
    return low * DAY + stretch.from + within - stretch.before - offset;
  }

  /** Business time from 1970 to `wall`, both on the wall clock; negative before 1970. */
  #openBefore(wall: number): number {
    const day = Math.floor(wall / DAY);
    const weekday = weekdayOf(day);
    const weeks = (day + EPOCH_WEEKDAY - weekday) / 7;
    const whole = weeks * this.#before[7]! + this.#before[weekday]!;
    const { lost, stretches } = this.#dayOf(day);
    return whole - lost + openUpTo(stretches, wall - day * DAY);
  }

  /** The stretches of a day, and the business time lost to holidays before it. */
  #dayOf(day: number): { lost: number; stretches: Stretch[] } {
    const passed = this.#holidaysBefore(day);
    const lost = passed === 0 ? 0 : this.#holidays[passed - 1]!.lost;
    const holiday = this.#holidays[passed];
    return { lost, stretches: holiday?.day === day ? holiday.left : this.#days[weekdayOf(day)]! };
  }

  #holidaysBefore(day: number): number {
    let low = 0;
    let high = this.#holidays.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#holidays[middle]!.day < day) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** 0 for Monday to 6, for a day counted from 1 January 1970. */
function weekdayOf(day: number): number {
  return ((day + EPOCH_WEEKDAY) % 7 + 7) % 7;
}

function openIn(day: Stretch[]): number {
  const last = day.at(-1);
  return last ? last.before + last.to - last.from : 0;
}

function openUpTo(day: Stretch[], time: number): number {
  let open = 0;
  for (const { from, to } of day) {
    if (time <= from) break;
    open += Math.min(time, to) - from;
  }
  return open;
}

export function minuteOfDay(time: string): number {
  const [hours, minutes] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}

/** The minute at which a span ends: whoever writes 23:59 means the end of the day. */
export function minuteOfEnd(time: string): number {
  return time === "23:59" ? 1440 : minuteOfDay(time);
}

/** A week's spans in minutes since Monday's midnight; a span that crosses midnight ends past its day. */
export function minutesOfWeek(week: Record<Weekday, Span[]>): [from: number, to: number][] {
  return WEEKDAYS.flatMap((weekday, index) =>
    week[weekday].map(({ from, to }): [number, number] => {
      const [start, end] = [minuteOfDay(from), minuteOfEnd(to)];
      return [index * 1440 + start, index * 1440 + (end > start ? end : end + 1440)];
    })
  );
}

/** Splits spans at midnight and joins those that touch or overlap. */
function daysOf(week: Record<Weekday, Span[]>): Stretch[][] {
  const cut: [number, number][][] = WEEKDAYS.map(() => []);
  for (const [from, to] of minutesOfWeek(week)) {
    const day = Math.floor(from / 1440);
    const midnight = (day + 1) * 1440;
    cut[day]!.push([from - day * 1440, Math.min(to, midnight) - day * 1440]);
    if (to > midnight) cut[(day + 1) % 7]!.push([0, to - midnight]);
  }
  return cut.map((spans) => {
    const day: Stretch[] = [];
    for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
      const last = day.at(-1);
      if (last && from * MINUTE <= last.to) last.to = Math.max(last.to, to * MINUTE);
      else day.push({ from: from * MINUTE, to: to * MINUTE, before: 0 });
    }
    return counted(day);
  });
}

/** What is left of a day's stretches on a holiday that closes all of it, or some hours. */
function withoutHoliday(day: Stretch[], { from, to }: Holiday): Stretch[] {
  if (from === undefined || to === undefined) return [];
  const [start, end] = [minuteOfDay(from) * MINUTE, minuteOfEnd(to) * MINUTE];
  const left = day.flatMap((stretch) => [
    { ...stretch, to: Math.min(stretch.to, start) },
    { ...stretch, from: Math.max(stretch.from, end) },
  ]);
  return counted(left.filter((stretch) => stretch.to > stretch.from));
}

function counted(day: Stretch[]): Stretch[] {
  let before = 0;
  for (const stretch of day) {
    stretch.before = before;
    before += stretch.to - stretch.from;
  }
  return day;
}
