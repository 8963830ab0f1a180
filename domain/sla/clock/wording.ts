import type { TicketClock, TicketItem } from "@/domain/tickets/model/types.ts";
import type { Metric } from "./ledger.ts";

export const METRIC_LABELS: Readonly<Record<Metric, string>> = {
  firstResponse: "First response",
  resolution: "Resolution",
};

export interface ClockWords {
  word: "On track" | "At risk" | "Breached" | "Paused" | "Met" | "Missed" | "Stopped";
  tone: "neutral" | "blue" | "amber" | "green" | "red";
  glyph: "clock" | "alert" | "pause" | "check" | "ban";
  /** `in 2 h`, `3 h over`, `2 h left`; null for a clock that has ended. */
  left: string | null;
}

const MINUTE = 60_000;
const HOUR = 60;
const DAY = 24 * HOUR;

/** Business minutes: `45 min`, `3 h 20 min`, `40 h`. */
export function formatMinutes(minutes: number): string {
  if (minutes < HOUR) return `${minutes} min`;
  const [hours, rest] = [Math.floor(minutes / HOUR), minutes % HOUR];
  return rest === 0 ? `${hours.toLocaleString("en")} h` : `${hours.toLocaleString("en")} h ${rest} min`;
}

/** A rough distance: `45 min`, `5 h`, `3 d`. */
export function formatRoughly(milliseconds: number): string {
  const minutes = Math.floor(Math.abs(milliseconds) / MINUTE);
  if (minutes < HOUR) return `${Math.max(minutes, 1)} min`;
  return minutes < 2 * DAY ? `${Math.floor(minutes / HOUR)} h` : `${Math.floor(minutes / DAY)} d`;
}

/** @param now RFC 3339 */
export function clockWords(clock: TicketClock, now: string): ClockWords {
  const { state, dueAt, endedAt, elapsedMinutes, targetMinutes } = clock;
  if (endedAt !== null) {
    if (state === "breached") return { word: "Missed", tone: "red", glyph: "alert", left: null };
    return state === "met"
      ? { word: "Met", tone: "green", glyph: "check", left: null }
      : { word: "Stopped", tone: "neutral", glyph: "ban", left: null };
  }
  const until = dueAt === null ? null : Date.parse(dueAt) - Date.parse(now);
  const left = until === null
    ? null
    : until <= 0
    ? `${formatRoughly(until)} over`
    : `in ${formatRoughly(until)}`;
  if (state === "breached") return { word: "Breached", tone: "red", glyph: "alert", left };
  if (state === "paused") {
    const minutes = `${formatMinutes(targetMinutes - elapsedMinutes)} left`;
    return { word: "Paused", tone: "neutral", glyph: "pause", left: minutes };
  }
  const near = elapsedMinutes >= 0.75 * targetMinutes;
  return near
    ? { word: "At risk", tone: "amber", glyph: "clock", left }
    : { word: "On track", tone: "blue", glyph: "clock", left };
}

export interface DueWords extends ClockWords {
  metric: Metric;
  dueAt: string | null;
}

/** The next due clock that hasn't ended, for lists. */
export function dueWords(sla: TicketItem["sla"], now: string): DueWords | null {
  const open = (["firstResponse", "resolution"] as const).flatMap((metric) => {
    const clock = sla[metric];
    return clock && clock.endedAt === null ? [{ metric, clock }] : [];
  });
  const time = ({ clock }: (typeof open)[number]) =>
    clock.dueAt === null ? Infinity : Date.parse(clock.dueAt);
  const next = open.toSorted((a, b) => time(a) - time(b))[0];
  return next ? { ...clockWords(next.clock, now), metric: next.metric, dueAt: next.clock.dueAt } : null;
}
