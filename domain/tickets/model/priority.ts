export const LEVELS = ["low", "medium", "high"] as const;
export type Level = (typeof LEVELS)[number];

export const PRIORITIES = ["low", "medium", "high", "urgent"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Impact (rows) by urgency (columns), as ITIL's priority matrix. */
const MATRIX: Readonly<Record<Level, Readonly<Record<Level, Priority>>>> = {
  low: { low: "low", medium: "low", high: "medium" },
  medium: { low: "low", medium: "medium", high: "high" },
  high: { low: "medium", medium: "high", high: "urgent" },
};

/** The priority that impact and urgency give. */
export function priorityOf(impact: Level, urgency: Level): Priority {
  return MATRIX[impact][urgency];
}

/**
 * The priority after a change of impact or urgency: one that was set by hand stays, one that came from the matrix
 * follows it.
 */
export function nextPriority(
  before: { impact: Level; urgency: Level; priority: Priority },
  after: { impact: Level; urgency: Level; priority?: Priority | undefined },
): Priority {
  if (after.priority) return after.priority;
  const byHand = before.priority !== priorityOf(before.impact, before.urgency);
  return byHand ? before.priority : priorityOf(after.impact, after.urgency);
}
