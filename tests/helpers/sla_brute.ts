/** SLA clocks counted the slow way, minute by minute on the wall clock, to compare the product's with. */
import type { CalendarDefinition, Weekday } from "@/domain/sla/clock/calendar.ts";
import type { LedgerEntry, Metric, PolicyTargets } from "@/domain/sla/clock/ledger.ts";

const MINUTE = 60_000;
const WEEK: Weekday[] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** What the wall clock of a zone shows in each minute of some weeks, as PlainDateTime gives it. */
export interface Wall {
  timeZone: string;
  from: number;
  to: number;
  /** By minute: the local date as `20261025`, and the minute of that day. */
  dates: Int32Array;
  minutes: Int32Array;
  /** By minute: 1 for Monday to 7. */
  weekdays: Uint8Array;
}

/** Reads a zone's wall clock for `days` days from a date on. */
export function wallOf(timeZone: string, date: string, days: number): Wall {
  const from = Date.parse(`${date}T00:00:00Z`);
  const size = days * 1440;
  const wall: Wall = {
    timeZone,
    from,
    to: from + size * MINUTE,
    dates: new Int32Array(size),
    minutes: new Int32Array(size),
    weekdays: new Uint8Array(size),
  };
  for (let i = 0; i < size; i++) {
    const at = Temporal.Instant.fromEpochMilliseconds(from + i * MINUTE).toZonedDateTimeISO(timeZone);
    wall.dates[i] = at.year * 10_000 + at.month * 100 + at.day;
    wall.minutes[i] = at.hour * 60 + at.minute;
    wall.weekdays[i] = at.dayOfWeek;
  }
  return wall;
}

/** Whether each minute of a wall clock is business time of a calendar. */
export function openMinutes(wall: Wall, calendar: CalendarDefinition): Uint8Array {
  const minute = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const end = (time: string) => time === "23:59" ? 1440 : minute(time);
  const holidays = new Map(calendar.holidays.map((day) => [Number(day.date.replaceAll("-", "")), day]));
  // By weekday and minute of the day.
  const opens = WEEK.map(() => new Uint8Array(1440));
  for (const [day, name] of WEEK.entries()) {
    for (
      const [from, to] of calendar.week[name].map((span) => [minute(span.from), end(span.to)] as const)
    ) {
      opens[day]!.fill(1, from, from < to ? to : 1440);
      if (to <= from) opens[(day + 1) % 7]!.fill(1, 0, to);
    }
  }
  const open = new Uint8Array(wall.weekdays.length);
  let [date, day] = [0, new Uint8Array(1440)];
  for (let i = 0; i < open.length; i++) {
    if (wall.dates[i] !== date) {
      date = wall.dates[i]!;
      const holiday = holidays.get(date);
      day = opens[wall.weekdays[i]! - 1]!.slice();
      if (holiday) day.fill(0, minute(holiday.from ?? "00:00"), end(holiday.to ?? "24:00"));
    }
    open[i] = day[wall.minutes[i]!]!;
  }
  return open;
}

export interface SlowClock {
  state: string;
  elapsedMinutes: number;
  /** "later" when it is after the weeks that are known. */
  dueAt: number | "later" | null;
  breachedAt: number | null;
  byQueue: Record<string, number>;
}

/** One clock, walked through minute by minute. */
export function slowClock(
  metric: Metric,
  rows: LedgerEntry[],
  { wall, open, targets, now }: {
    wall: Wall;
    open: Record<string, Uint8Array>;
    targets: Record<string, PolicyTargets>;
    now: number;
  },
): SlowClock | null {
  let state = "none";
  let [elapsed, shown] = [0, 0];
  let target: number | null = null;
  let reached: number | null = null;
  let breachedAt: number | null = null;
  let held: string | null = null;
  let dueAt: SlowClock["dueAt"] = null;
  const byQueue: Record<string, number> = {};
  let by = "";
  const runs: { from: number; to: number; before: number; by: string }[] = [];
  const attribute = () => {
    const minutes = Math.floor(elapsed / MINUTE);
    if (minutes > shown) byQueue[String(held)] = (byQueue[String(held)] ?? 0) + minutes - shown;
    shown = minutes;
  };
  /** Walks from `from` to `to`, or to where `stop` business milliseconds are full; tells where that is. */
  const walk = (from: number, to: number, counted: number, stop: number | null) => {
    let full: number | null = null;
    const minutes = open[by]!;
    let minute = Math.floor((from - wall.from) / MINUTE);
    for (let at = from; at < to; minute++) {
      const next = Math.min(wall.from + (minute + 1) * MINUTE, to);
      if (minutes[minute] === 1) {
        if (stop !== null && full === null && counted + next - at >= stop) full = at + stop - counted;
        counted += next - at;
      }
      at = next;
    }
    return { counted, full };
  };
  const due = (at: number): SlowClock["dueAt"] => {
    if (target === null) return null;
    if (reached !== null) return reached;
    return walk(at, wall.to, elapsed, target).full ?? "later";
  };
  let at = 0;
  const go = (to: number) => {
    if (state === "running") {
      runs.push({ from: at, to, before: elapsed, by });
      const { counted, full } = walk(at, to, elapsed, reached === null ? target : null);
      elapsed = counted;
      if (full !== null) {
        reached = full;
        breachedAt ??= full;
      }
    }
    attribute();
    at = to;
  };
  for (const row of rows) {
    const time = Date.parse(row.at);
    go(time);
    held = row.queueId;
    by = row.calendarVersionId;
    if (row.metric === null || row.metric === metric) {
      const lives = state === "running" || state === "paused";
      if (row.kind === "start" && state === "none") state = "running";
      if (row.kind === "pause" && state === "running") state = "paused";
      else if (row.kind === "resume" && state === "paused") state = "running";
      else if (row.kind === "met" && lives) dueAt = (state = "met", due(time));
      else if (row.kind === "stop" && lives) dueAt = (state = "stopped", reached);
      else if (row.kind === "reopen" && (state === "met" || state === "stopped")) state = "running";
    }
    if (state === "running" || state === "paused") {
      const minutes = targets[row.policyVersionId]![metric][row.priority];
      const wanted = minutes === null ? null : minutes * MINUTE;
      if (wanted !== target) {
        const earlier = reached;
        [target, reached] = [wanted, null];
        if (wanted !== null && elapsed >= wanted) {
          const then = runs.map((run) => {
            by = run.by;
            return walk(run.from, run.to, run.before, wanted).full;
          }).find((full) => full !== null);
          by = row.calendarVersionId;
          reached = Math.min(earlier ?? Infinity, then ?? time);
          breachedAt ??= time;
        }
      }
    }
  }
  go(now);
  if (state === "none") return null;
  if (state === "running") dueAt = due(now);
  if (state === "paused") dueAt = reached;
  return { state, elapsedMinutes: Math.floor(elapsed / MINUTE), dueAt, breachedAt, byQueue };
}
