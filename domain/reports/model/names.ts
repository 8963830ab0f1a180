export const REPORTS = [
  "volume",
  "backlog",
  "first-response",
  "resolution",
  "sla",
  "breaches",
  "agents",
  "queues",
  "categories",
  "reopened",
  "satisfaction",
  "hand-offs",
] as const;
export type ReportName = (typeof REPORTS)[number];

/** `minutes` may have a fraction; `percent` is 0 to 100; `score` is 1 to 5. */
export type Unit = "tickets" | "replies" | "queues" | "minutes" | "percent" | "score";

/** What a report's rows are about. */
export const DIMENSIONS = [
  "time",
  "queue",
  "agent",
  "category",
  "item",
  "priority",
  "type",
  "source",
  "policy",
  "queues",
] as const;
export type DimensionName = (typeof DIMENSIONS)[number];

export const INTERVALS = ["day", "week", "month"] as const;
export type Interval = (typeof INTERVALS)[number];

export const COMPARISONS = ["none", "previous", "year"] as const;
export type Comparison = (typeof COMPARISONS)[number];
