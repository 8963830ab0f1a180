/** SLA clocks of a ledger and business time, counted from what the wall clock shows, to compare reports with. */
import type { CalendarDefinition } from "@/domain/sla/clock/calendar.ts";
import type { LedgerKind, Metric, PolicyTargets } from "@/domain/sla/clock/ledger.ts";
import type { Priority } from "@/domain/tickets/model/priority.ts";
import { openMinutes, type Wall } from "./sla_brute.ts";

const MINUTE = 60_000;
const HALF_HOUR = 30 * MINUTE;

/** What the wall clock shows in each minute; no zone of these tests changes its offset but at a half hour of UTC. */
export function wallBetween(timeZone: string, start: number, end: number): Wall {
  const from = Math.floor(start / HALF_HOUR) * HALF_HOUR;
  const size = Math.ceil((end - from) / HALF_HOUR) * 30;
  const wall: Wall = {
    timeZone,
    from,
    to: from + size * MINUTE,
    dates: new Int32Array(size),
    minutes: new Int32Array(size),
    weekdays: new Uint8Array(size),
  };
  let offset = 0;
  for (let i = 0; i < size; i++) {
    const at = from + i * MINUTE;
    if (i % 30 === 0) {
      const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
      offset = zoned.offsetNanoseconds / 1e6;
    }
    const shown = new Date(at + offset);
    wall.dates[i] = shown.getUTCFullYear() * 10_000 + (shown.getUTCMonth() + 1) * 100 + shown.getUTCDate();
    wall.minutes[i] = shown.getUTCHours() * 60 + shown.getUTCMinutes();
    wall.weekdays[i] = shown.getUTCDay() || 7;
  }
  return wall;
}

/** The business time of a calendar within the minutes of a wall. */
export class BusinessTime {
  readonly #open: Uint8Array;
  /** Minutes of business time before each minute. */
  readonly #before: Uint32Array;

  constructor(readonly wall: Wall, calendar: CalendarDefinition) {
    this.#open = openMinutes(wall, calendar);
    this.#before = new Uint32Array(this.#open.length + 1);
    for (const [i, open] of this.#open.entries()) this.#before[i + 1] = this.#before[i]! + open;
  }

  /** In milliseconds. */
  between(start: number, end: number): number {
    return end > start ? this.#upTo(end) - this.#upTo(start) : 0;
  }

  #upTo(at: number): number {
    const i = Math.floor((at - this.wall.from) / MINUTE);
    if (i < 0 || i > this.#open.length) throw new Error("Not within the minutes that are known");
    return this.#before[i]! * MINUTE + (this.#open[i] ? (at - this.wall.from) % MINUTE : 0);
  }

  /** The first time from `start` on by which so much has passed, which is before the end of what is known. */
  reached(start: number, business: number): number {
    let left = business;
    for (let i = Math.floor((start - this.wall.from) / MINUTE);; i++) {
      const from = Math.max(start, this.wall.from + i * MINUTE);
      const open = this.#open[i] ? this.wall.from + (i + 1) * MINUTE - from : 0;
      if (open >= left) return from + left;
      left -= open;
    }
  }
}

export interface LedgerRow {
  at: number;
  kind: LedgerKind;
  metric: Metric | null;
  priority: Priority;
  policyVersionId: string;
  calendarVersionId: string;
}

export interface Versions {
  targets: ReadonlyMap<string, PolicyTargets>;
  hours: ReadonlyMap<string, BusinessTime>;
}

/** Epoch milliseconds. */
export interface NaiveClock {
  started: number;
  /** The first breach, else when it was met or stopped; Infinity while it runs. */
  over: number;
  outcome: "met" | "breached" | "stopped" | "running";
  /** Whether there was a target when it ended, or is one now. */
  targeted: boolean;
  /** What it counted when it was met, in milliseconds. */
  metAfter: number | null;
  /** When it ran, up to a breach. */
  runs: { from: number; to: number; hours: BusinessTime }[];
}

/** A clock as of `now`, from ledger rows in their order; null if it never started. */
export function naiveClock(
  metric: Metric,
  rows: readonly LedgerRow[],
  { targets, hours }: Versions,
  now: number,
): NaiveClock | null {
  let state: "none" | "running" | "paused" | "met" | "stopped" = "none";
  let [at, started, elapsed, ended] = [0, 0, 0, 0];
  let target: number | null = null;
  let breached: number | null = null;
  let calendar: BusinessTime | null = null;
  const runs: NaiveClock["runs"] = [];
  const go = (to: number) => {
    if (state === "running") {
      const passed = calendar!.between(at, to);
      const before = breached;
      if (breached === null && target !== null && elapsed + passed >= target) {
        breached = calendar!.reached(at, target - elapsed);
      }
      if (before === null) runs.push({ from: at, to: breached ?? to, hours: calendar! });
      elapsed += passed;
    }
    at = to;
  };
  for (const row of rows) {
    go(row.at);
    calendar = hours.get(row.calendarVersionId)!;
    const [concerned, lives] = [
      row.metric === null || row.metric === metric,
      state === "running" || state === "paused",
    ];
    if (concerned && row.kind === "start" && state === "none") [state, started] = ["running", row.at];
    if (concerned && row.kind === "pause" && state === "running") state = "paused";
    if (concerned && row.kind === "resume" && state === "paused") state = "running";
    if (concerned && row.kind === "met" && lives) [state, ended] = ["met", row.at];
    if (concerned && row.kind === "stop" && lives) [state, ended] = ["stopped", row.at];
    if (concerned && row.kind === "reopen" && (state === "met" || state === "stopped")) state = "running";
    if (state !== "running" && state !== "paused") continue;
    const minutes = targets.get(row.policyVersionId)![metric][row.priority];
    target = minutes === null ? null : minutes * MINUTE;
    if (breached === null && target !== null && elapsed >= target) breached = row.at;
  }
  if (state === "none") return null;
  const metAfter = state === "met" ? elapsed : null;
  go(now);
  const outcome = breached !== null ? "breached" : state === "met" || state === "stopped" ? state : "running";
  return {
    started,
    over: breached ?? (outcome === "running" ? Infinity : ended),
    outcome,
    targeted: target !== null || breached !== null,
    metAfter,
    runs,
  };
}
