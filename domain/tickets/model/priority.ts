export const LEVELS = ["low", "medium", "high"] as const;
export type Level = (typeof LEVELS)[number];

export const PRIORITIES = ["low", "medium", "high", "urgent"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Impact (rows) by urgency (columns), as in ITIL. */
const MATRIX: Readonly<Record<Level, Readonly<Record<Level, Priority>>>> = {
  low: { low: "low", medium: "low", high: "medium" },
  medium: { low: "low", medium: "medium", high: "high" },
  high: { low: "medium", medium: "high", high: "urgent" },
};

export function priorityOf(impact: Level, urgency: Level): Priority {
  return MATRIX[impact][urgency];
}

/** A priority set by hand stays; one from the matrix follows impact and urgency. */
export function nextPriority(
  before: { impact: Level; urgency: Level; priority: Priority },
  after: { impact: Level; urgency: Level; priority?: Priority | undefined },
): Priority {
  if (after.priority) return after.priority;
  const byHand = before.priority !== priorityOf(before.impact, before.urgency);
  return byHand ? before.priority : priorityOf(after.impact, after.urgency);
}
