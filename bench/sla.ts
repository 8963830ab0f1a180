import { officeHours } from "@/domain/sla/calendars/fields.ts";
import { Calendar } from "@/domain/sla/clock/calendar.ts";
import { evaluate } from "@/domain/sla/clock/evaluate.ts";
import type { LedgerEntry, LedgerKind, Metric } from "@/domain/sla/clock/ledger.ts";
import { DEFAULT_TARGETS } from "@/domain/sla/policies/fields.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { figure, median, print, table } from "./print.ts";

/** What a year of a ticket's history may take, in milliseconds; a line a day is a lot of history. */
const MOST_MS = 1;
const ROUNDS = 500;
const DAY_MS = 86_400_000;

/** Prints how long the clocks of a year take. @returns whether the bar is met */
export function checkClocks(): boolean {
  const rows: string[][] = [];
  let good = true;
  for (
    const { lines, bar } of [{ lines: 12, bar: MOST_MS }, { lines: 365, bar: MOST_MS }, { lines: 1_000 }]
  ) {
    const ledger = yearOf(lines);
    // The first in a process: the zone's changes are read, and the calendar is laid out.
    const [cold, first] = timed(() => count(ledger, new Calendar(calendar(lines))));
    const kept = new Calendar(calendar(lines));
    const runs = Array.from({ length: ROUNDS }, () => timed(() => count(ledger, kept))[0]);
    const worst = runs.toSorted((a, b) => a - b)[Math.floor(ROUNDS * 0.99)]!;
    const usual = median(runs);
    good &&= usual <= (bar ?? Infinity) && first.clocks.resolution !== undefined;
    rows.push([
      figure(lines),
      figure(usual, 3),
      figure(worst, 3),
      figure(cold, 2),
      bar === undefined ? "" : `≤ ${bar}`,
    ]);
  }
  print("\nMilliseconds to evaluate the clocks of a year, by lines of the ledger:\n");
  print(table(["lines", "median", "p99", "first in a process", "bar (median)"], rows));
  return good;
}

function count(ledger: LedgerEntry[], kept: Calendar) {
  return evaluate(ledger, { calendar: () => kept, targets: () => DEFAULT_TARGETS }, Date.UTC(2027, 0));
}

function timed<T>(work: () => T): [number, T] {
  const began = performance.now();
  const result = work();
  return [performance.now() - began, result];
}

/** Office hours with a break and twelve holidays, in another zone for each, so that none is known. */
function calendar(lines: number) {
  const zones: Record<number, string> = {
    12: "Europe/Vienna",
    365: "America/New_York",
    1_000: "Australia/Sydney",
  };
  const hours = officeHours(zones[lines]!);
  const day = [{ from: "08:30", to: "12:00" }, { from: "12:45", to: "17:15" }];
  const holidays = Array.from({ length: 12 }, (_, i) => ({
    date: `2026-${String(i + 1).padStart(2, "0")}-17`,
    name: "Holiday",
  }));
  const week = Object.fromEntries(
    Object.entries(hours.week).map(([name, spans]) => [name, spans.length > 0 ? day : []]),
  );
  return { ...hours, week: week as typeof hours.week, holidays };
}

const TURNS: [LedgerKind, Metric | null][] = [
  ["handoff", null],
  ["pause", "resolution"],
  ["resume", "resolution"],
  ["priority", null],
  ["met", "resolution"],
  ["reopen", "resolution"],
];

/** A ledger of a year: handed around, paused, changed, resolved and reopened. */
function yearOf(lines: number): LedgerEntry[] {
  return Array.from({ length: lines }, (_, i) => {
    const [kind, metric] = i === 0 ? ["start", null] as const : TURNS[i % TURNS.length]!;
    return {
      id: String(i),
      at: new Date(Date.UTC(2026, 0) + i * 365 * DAY_MS / lines).toISOString(),
      kind,
      metric,
      actorId: null,
      rule: "",
      priority: PRIORITIES[Math.floor(i / 7) % 4]!,
      queueId: String(Math.floor(i / 6) % 8),
      policyVersionId: "p",
      calendarVersionId: "c",
    };
  });
}
