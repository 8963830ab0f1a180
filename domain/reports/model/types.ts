import type { Comparison, DimensionName, Interval, ReportName, Unit } from "./names.ts";
import type { ReportFilter } from "./parameters.ts";
import type { Period } from "./period.ts";

/** A column of a report. */
export interface MeasureInfo {
  /** Stable: in addresses, JSON, CSV. `resolvedBusinessP90` */
  name: string;
  label: string;
  unit: Unit;
  /** What it counts, as a sentence for whoever reads the report. */
  help: string;
  /** Whether more is worse, for how a change is shown; null where neither is. */
  moreIs: "good" | "bad" | null;
}

/** A value for each measure; null where there is none, such as an average of nothing. */
export type Values = Readonly<Record<string, number | null>>;

export interface ReportRow {
  /** Of the dimension: an id, `none`, a priority, …; of time the first day of the interval as YYYY-MM-DD. */
  key: string;
  label: string;
  /** Of time alone. */
  period?: Period;
  /** Time alone: the period's edge or the present cuts the interval short. */
  partial?: boolean;
  values: Values;
  /** In the period that is compared with: of the same key, or of the same days that much earlier. */
  previous?: Values;
  /** Where the tickets of each number are listed, by measure, as a path with a query; of numbers that have tickets. */
  links: Readonly<Record<string, string>>;
}

/** What a report was asked for, each value with its name for people. */
export interface AppliedFilters {
  period: Period;
  /** A preset's name, or `custom`. */
  preset: string;
  timeZone: string;
  interval: Interval;
  /** Null when it isn't compared. */
  comparison: (Period & { kind: Exclude<Comparison, "none"> }) | null;
  filter: ReportFilter;
  /** A line for each filter, for people: `Queue: Hardware, Network`. */
  lines: { label: string; value: string }[];
}

/** What a report comes to: page, chart, JSON, CSV, PDF and mail are made of this alone. */
export interface ReportResult {
  name: ReportName;
  title: string;
  /** The question that it answers. */
  question: string;
  by: { name: DimensionName; label: string };
  /** What the rows are sorted by, as in an address: a minus sorts downwards. */
  sort: string;
  measures: MeasureInfo[];
  /** The measure that stands for the report in a tile. */
  headline: string;
  /** Which measures the chart draws, and how. */
  chart: { kind: "line" | "bars" | "stacked"; measures: string[] };
  filters: AppliedFilters;
  rows: ReportRow[];
  total: ReportRow;
  /** RFC 3339. */
  madeAt: string;
  madeBy: string;
  organisation: string;
  /** False while changes of tickets are still to be counted. */
  complete: boolean;
  /** Whether the period is still under way; what it is compared with ends at the same time of day then. */
  partial: boolean;
  /** What people wrote, of satisfaction alone: the newest thousand, newest first. */
  comments?: ReportComment[];
  /** How many of these there are in all. */
  commentCount?: number;
}

export interface ReportComment {
  ticketKey: string;
  score: number;
  text: string;
  /** RFC 3339. */
  at: string;
  requester: string;
}
