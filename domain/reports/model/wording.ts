import { formatMinutes } from "@/domain/sla/clock/wording.ts";
import type { Source } from "@/domain/tickets/model/types.ts";
import type { Comparison, DimensionName, Interval, Unit } from "./names.ts";
import type { ReportComment, ReportResult } from "./types.ts";

/** `1,204`, `3 h 20 min`, `95.5%`, `4.3`; an en dash for no value. */
export function formatValue(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return "–";
  if (unit === "minutes") return formatMinutes(Math.round(value));
  if (unit === "percent") return `${rounded(value, 1)}%`;
  return rounded(value, unit === "score" || unit === "queues" ? 2 : 0);
}

/** Made once: a report has thousands of numbers. */
const BY_DIGITS = [0, 1, 2].map((digits) => new Intl.NumberFormat("en", { maximumFractionDigits: digits }));

function rounded(value: number, digits: 0 | 1 | 2): string {
  return BY_DIGITS[digits]!.format(value);
}

/** `+12%`, `−3 points`; null where nothing can be said. */
export function formatChange(value: number | null, before: number | null, unit: Unit): string | null {
  if (value === null || before === null) return null;
  const sign = (n: number) => n > 0 ? "+" : n < 0 ? "−" : "±";
  if (unit === "percent" || unit === "score") {
    const change = value - before;
    const digits = unit === "percent" ? 1 : 2;
    return `${sign(change)}${rounded(Math.abs(change), digits)}${unit === "percent" ? " points" : ""}`;
  }
  if (before === 0) return value === 0 ? "±0%" : null;
  const change = Math.round((value - before) / before * 100);
  return `${sign(change)}${rounded(Math.abs(change), 0)}%`;
}

export function hasBegun({ filters, madeAt }: ReportResult): boolean {
  return Date.parse(filters.period.start) <= Date.parse(madeAt);
}

/** Says of a period that isn't over what its numbers are; null of one that is. */
export function progressOf(result: ReportResult): string | null {
  if (!result.partial) return null;
  if (!hasBegun(result)) return "This period hasn't begun.";
  const compared = result.filters.comparison
    ? " What they are compared with ends at the same time of day."
    : "";
  return `This period is still under way. These are the numbers so far.${compared}`;
}

/** `the newest 1,000 of 1,234`; null where the comments are all that there are. */
export function newestComments(
  { comments = [], commentCount = comments.length }: {
    comments?: readonly ReportComment[];
    commentCount?: number;
  },
): string | null {
  if (commentCount <= comments.length) return null;
  return `the newest ${rounded(comments.length, 0)} of ${rounded(commentCount, 0)}`;
}

export const SOURCE_LABELS: Readonly<Record<Source, string>> = { web: "Web", api: "API", email: "Email" };

export const DIMENSION_LABELS: Readonly<Record<DimensionName, string>> = {
  time: "Time",
  queue: "Queue",
  agent: "Agent",
  category: "Category",
  item: "Catalog item",
  priority: "Priority",
  type: "Type",
  source: "Source",
  policy: "SLA policy",
  queues: "Queues",
};

export const INTERVAL_LABELS: Readonly<Record<Interval, string>> = {
  day: "Day",
  week: "Week",
  month: "Month",
};

export const COMPARISON_LABELS: Readonly<Record<Comparison, string>> = {
  none: "No comparison",
  previous: "Period before",
  year: "A year before",
};
