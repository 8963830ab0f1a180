import type { Calendar } from "./calendar.ts";
import {
  type Clock,
  type Clocks,
  elapsedMinutes,
  isActive,
  MINUTE,
  type Phase,
  type Threshold,
  THRESHOLDS,
} from "./clocks.ts";
import { type LedgerEntry, type Metric, METRICS, type SlaVersions } from "./ledger.ts";

/** `minutes` since the previous entry, `elapsed` in total. */
export interface ClockReading {
  minutes: number;
  elapsed: number;
  target: number | null;
  breached: boolean;
  phase: Phase;
}

/** A ledger entry with what the clocks had counted by then. */
export interface EvaluatedEntry {
  /** Null for the present. */
  entry: LedgerEntry | null;
  at: number;
  readings: Partial<Record<Metric, ClockReading>>;
  /** The queue that held the ticket since the previous entry. */
  queueId: string | null;
}

export interface Evaluation {
  clocks: Clocks;
  /** The last one is the present. */
  entries: EvaluatedEntry[];
}

/**
 * A pure function of the ledger, the versions it names, and the time. A new target counts from the clock's start, so it
 * may be breached immediately; a new calendar from its entry on. A clock is breached once its whole target has elapsed.
 * @param rows sorted by time, then by position @param now epoch milliseconds, not before the last entry
 */
export function evaluate(rows: readonly LedgerEntry[], versions: SlaVersions, now: number): Evaluation {
  const running = new Evaluator(versions);
  for (const row of rows) running.take(row);
  running.end(now);
  return running;
}

/** A time in which a clock ran. */
interface Run {
  from: number;
  /** What had been counted by then, and what was added. */
  before: number;
  passed: number;
  calendar: Calendar;
}

class Evaluator implements Evaluation {
  readonly clocks: Clocks = {};
  readonly #runs: Record<Metric, Run[]> = { firstResponse: [], resolution: [] };
  readonly entries: EvaluatedEntry[] = [];
  #last: LedgerEntry | undefined;
  #at = 0;

  constructor(readonly versions: SlaVersions) {}

  take(row: LedgerEntry): void {
    const at = Date.parse(row.at);
    const step = this.#countTo(at);
    this.#last = row;
    for (const metric of METRICS) {
      if (row.metric === null || row.metric === metric) this.#apply(metric, row, at);
      const clock = this.clocks[metric];
      if (clock) {
        this.#retarget(clock, row, at);
        step.readings[metric] = readingOf(clock, step.readings[metric]?.minutes ?? 0);
      }
    }
    step.entry = row;
    this.entries.push(step);
  }

  end(now: number): void {
    const step = this.#countTo(Math.max(now, this.#at));
    this.entries.push(step);
    const row = this.#last;
    if (!row) return;
    const calendar = this.versions.calendar(row.calendarVersionId);
    for (const clock of Object.values(this.clocks)) {
      if (clock.phase === "running") projectThresholds(clock, calendar, this.#at);
      else if (clock.phase === "paused") clock.dueAt = clock.reachedAt[100];
    }
  }

  /** Counts running clocks up to `at`, noting thresholds on the way. */
  #countTo(at: number): EvaluatedEntry {
    const row = this.#last;
    const heldBy = row?.queueId ?? null;
    const step: EvaluatedEntry = { entry: null, at, readings: {}, queueId: heldBy };
    if (row) {
      const calendar = this.versions.calendar(row.calendarVersionId);
      let passed: number | undefined;
      for (const metric of METRICS) {
        const clock = this.clocks[metric];
        if (!clock) continue;
        const before = elapsedMinutes(clock);
        if (clock.phase === "running") {
          passed ??= calendar.between(this.#at, at);
          this.#runs[metric].push({ from: this.#at, before: clock.elapsed, passed, calendar });
          count(clock, passed, (business) => calendar.after(this.#at, business)!);
        }
        const minutes = elapsedMinutes(clock) - before;
        const held = clock.minutesByQueue.get(heldBy) ?? 0;
        if (minutes > 0 || held > 0) clock.minutesByQueue.set(heldBy, held + minutes);
        step.readings[metric] = readingOf(clock, minutes);
      }
    }
    this.#at = at;
    return step;
  }

  #apply(metric: Metric, row: LedgerEntry, at: number): void {
    const clock = this.clocks[metric];
    if (!clock) {
      if (row.kind === "start") this.clocks[metric] = newClock(metric, row, at);
      return;
    }
    const active = isActive(clock.phase);
    if (row.kind === "pause" && clock.phase === "running") clock.phase = "paused";
    else if (row.kind === "resume" && clock.phase === "paused") clock.phase = "running";
    else if (row.kind === "met" && active) {
      end(clock, "met", at);
      const until = timeLeft(clock, 100);
      clock.dueAt = clock.reachedAt[100] ??
        (until < Infinity ? this.versions.calendar(clock.calendarVersionId).after(at, until) : null);
    } else if (row.kind === "stop" && active) {
      end(clock, "stopped", at);
      clock.dueAt = clock.reachedAt[100];
    } else if (row.kind === "reopen" && !active) {
      clock.phase = "running";
      clock.endedAt = null;
    }
  }

  /**
   * Applies the target in force from `row` on. A clock already past it is breached at once; it was due when that much of
   * its time had passed, or when an earlier target was reached, whichever came first.
   */
  #retarget(clock: Clock, row: LedgerEntry, at: number): void {
    clock.policyVersionId = row.policyVersionId;
    clock.calendarVersionId = row.calendarVersionId;
    if (!isActive(clock.phase)) return;
    const target = this.versions.targets(row.policyVersionId)[clock.metric][row.priority];
    if (target === clock.targetMinutes) return;
    const before = clock.reachedAt;
    clock.targetMinutes = target;
    clock.reachedAt = noTimes();
    for (const threshold of THRESHOLDS) {
      const left = timeLeft(clock, threshold);
      if (left > 0) continue;
      const passedAt = this.#whenCounted(clock.metric, clock.elapsed + left) ?? at;
      clock.reachedAt[threshold] = Math.min(before[threshold] ?? Infinity, passedAt);
      if (threshold === 100) clock.breachedAt ??= at;
    }
  }

  /** When a clock had counted so much business time; null when it hasn't. */
  #whenCounted(metric: Metric, business: number): number | null {
    const run = this.#runs[metric].find(({ before, passed }) => before + passed >= business);
    return run ? run.calendar.after(run.from, business - run.before) : null;
  }
}

function readingOf(clock: Clock, minutes: number): ClockReading {
  const { targetMinutes: target, breachedAt, phase } = clock;
  return { minutes, elapsed: elapsedMinutes(clock), target, breached: breachedAt !== null, phase };
}

function newClock(metric: Metric, row: LedgerEntry, at: number): Clock {
  return {
    metric,
    phase: "running",
    startedAt: at,
    endedAt: null,
    targetMinutes: null,
    elapsed: 0,
    dueAt: null,
    reachedAt: noTimes(),
    expectedAt: noTimes(),
    breachedAt: null,
    calendarVersionId: row.calendarVersionId,
    policyVersionId: row.policyVersionId,
    minutesByQueue: new Map(),
  };
}

function noTimes(): Record<Threshold, number | null> {
  return { 75: null, 90: null, 100: null };
}

function end(clock: Clock, phase: "met" | "stopped", at: number): void {
  clock.phase = phase;
  clock.endedAt = at;
}

/** Business milliseconds until a threshold; 0 or less once reached. */
function timeLeft(clock: Clock, threshold: Threshold): number {
  return clock.targetMinutes === null
    ? Infinity
    : clock.targetMinutes * MINUTE * threshold / 100 - clock.elapsed;
}

function markReached(clock: Clock, threshold: Threshold, at: number): void {
  clock.reachedAt[threshold] ??= at;
  if (threshold === 100) clock.breachedAt ??= clock.reachedAt[100];
}

/** `when` returns the instant at which some of the added time had passed. */
function count(clock: Clock, passed: number, when: (business: number) => number): void {
  for (const threshold of THRESHOLDS) {
    const until = timeLeft(clock, threshold);
    if (until <= passed && clock.reachedAt[threshold] === null) markReached(clock, threshold, when(until));
  }
  clock.elapsed += passed;
}

function projectThresholds(clock: Clock, calendar: Calendar, now: number): void {
  for (const threshold of THRESHOLDS) {
    const until = timeLeft(clock, threshold);
    clock.expectedAt[threshold] = clock.reachedAt[threshold] ??
      (until < Infinity ? calendar.after(now, until) : null);
  }
  clock.dueAt = clock.expectedAt[100];
}
