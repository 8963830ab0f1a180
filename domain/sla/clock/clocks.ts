import type { Metric } from "./ledger.ts";

export const MINUTE = 60_000;

/** Percent of the target: two warnings and the breach. */
export const THRESHOLDS = [75, 90, 100] as const;
export type Threshold = (typeof THRESHOLDS)[number];

export type Phase = "running" | "paused" | "met" | "stopped";

/** A clock as of an instant. Instants are epoch milliseconds. */
export interface Clock {
  metric: Metric;
  phase: Phase;
  startedAt: number;
  endedAt: number | null;
  /** Null where the policy has no target. */
  targetMinutes: number | null;
  /** Business time, in milliseconds. */
  elapsed: number;
  /** When the target was or will be reached; null if unknown, as while paused. */
  dueAt: number | null;
  /** When each threshold of the current target was reached. */
  reachedAt: Record<Threshold, number | null>;
  /** For a running clock: the same, or when each threshold will be reached. */
  expectedAt: Record<Threshold, number | null>;
  /** The first breach; later changes don't undo it. */
  breachedAt: number | null;
  calendarVersionId: string;
  policyVersionId: string;
  /** Business minutes per queue; the sum is {@link elapsedMinutes}. */
  minutesByQueue: Map<string | null, number>;
}

/** Clocks that haven't started are missing. */
export type Clocks = Partial<Record<Metric, Clock>>;

export function elapsedMinutes(clock: Pick<Clock, "elapsed">): number {
  return Math.floor(clock.elapsed / MINUTE);
}

/** Whether the clock can still be met. */
export function isActive(phase: Phase): boolean {
  return phase === "running" || phase === "paused";
}
