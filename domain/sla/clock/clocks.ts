import type { Metric } from "./ledger.ts";

export const MINUTE = 60_000;

/** Shares of the target, in percent, that are marked: two warnings and the breach. */
export const THRESHOLDS = [75, 90, 100] as const;
export type Threshold = (typeof THRESHOLDS)[number];

/** What a clock does now, apart from whether it is over its target. */
export type Phase = "running" | "paused" | "met" | "stopped";

/** A clock as of an instant. Instants are epoch milliseconds. */
export interface Clock {
  metric: Metric;
  phase: Phase;
  startedAt: number;
  /** When it was met or stopped; null while it is neither. */
  endedAt: number | null;
  /** Null where nothing is promised. */
  targetMinutes: number | null;
  /** Business time, in milliseconds. */
  elapsed: number;
  /** When the target was or will be reached; null while that can't be told, as while it stands. */
  dueAt: number | null;
  /** When each threshold of the target that holds was reached. */
  reachedAt: Record<Threshold, number | null>;
  /** The same for a clock that runs, and for those ahead when they will be. */
  expectedAt: Record<Threshold, number | null>;
  /** When it was first over its target; that stays, whatever is changed later. */
  breachedAt: number | null;
  /** The calendar it is counted by now. */
  calendarVersionId: string;
  policyVersionId: string;
  /** Business minutes by the queue that held the ticket; the sum is {@link elapsedMinutes} the clock. */
  minutesByQueue: Map<string | null, number>;
}

/** The clocks of a ticket; none that haven't begun. */
export type Clocks = Partial<Record<Metric, Clock>>;

/** Whole minutes that a clock has counted. */
export function elapsedMinutes(clock: Pick<Clock, "elapsed">): number {
  return Math.floor(clock.elapsed / MINUTE);
}

/** Whether what the clock waits for may still happen. */
export function isActive(phase: Phase): boolean {
  return phase === "running" || phase === "paused";
}
