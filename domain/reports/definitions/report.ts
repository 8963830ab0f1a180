import type { Sql } from "@/db/sql.ts";
import type { DimensionName, ReportName } from "@/domain/reports/model/names.ts";
import type { MeasureInfo } from "@/domain/reports/model/types.ts";

/**
 * Facts that a measure counts. SQL is about ticket `t` (report_tickets) and, of other facts, about row `f`. A ticket is
 * there once unless `f` says otherwise.
 */
export type Population =
  & {
    facts?: "report_stays" | "report_acts" | "report_breaches";
    where?: Sql;
    /** Where these facts know better than the ticket as it is now; for rows and filters alike. */
    keys?: Partial<Record<"queue" | "agent", Sql>>;
  }
  & (
    /** What happened at a time: in the period, and not after the present. */
    | { at: Sql }
    /** What lasts, once a ticket at any time: counted at the end of the period or interval, or at the present. */
    | Span
  );

/** A count that is what is left of `whole` without `others`, by name: told so where counting it would cost more. */
export interface Rest {
  whole: string;
  others: readonly string[];
}

/** From one time to another. */
export interface Span {
  from: Sql;
  to: Sql;
}

export type Measure =
  & MeasureInfo
  & (
    /** How many tickets of a population meet `where`; of what lasts, in a `span` within its own. */
    | { kind: "count"; of: Population; where?: Sql; span?: Span; rest?: Rest }
    /** Of those tickets, by an aggregate; null of none. `where` narrows the tickets that are listed, not the aggregate. */
    | { kind: "value"; of: Population; value: Sql; where?: Sql }
    /** Of two counts of the report, by name, in percent: `part` of the sum of `whole`. Null of nothing. */
    | { kind: "share"; part: string; whole: readonly string[] }
  );

/** What a report is: page, chart, files, mails, API and the lists behind its numbers are made of this. */
export interface Report {
  name: ReportName;
  title: string;
  question: string;
  /** The first is what it is by unless asked. */
  dimensions: readonly DimensionName[];
  measures: readonly Measure[];
  headline: string;
  chart: {
    /** How it is drawn over time; else as bars. */
    kind: "line" | "stacked";
    measures: readonly string[];
    /** Other measures where it isn't over time. */
    bars?: readonly string[];
  };
  /** Shows what people wrote with their rating. */
  comments?: true;
}
