import { axisWords } from "./words.ts";
import type { MeasureInfo, ReportResult, ReportRow } from "@/domain/reports/model/types.ts";

/** In the order in which a report's measures take them; the dashes tell them apart without colour. */
export const SERIES = [
  { color: "#0b6a73", dash: [] },
  { color: "#c2410c", dash: [5, 2] },
  { color: "#3b5bdb", dash: [2, 2] },
  { color: "#8f3fb5", dash: [7, 2, 2, 2] },
  { color: "#475569", dash: [1, 2] },
  { color: "#b91c1c", dash: [9, 3] },
] as const;
export const BEFORE_COLOR = "#94a3b8";

export interface Series {
  measure: MeasureInfo;
  color: string;
  dash: readonly number[];
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface ChartData {
  rows: ReportRow[];
  /** What stands at each row. */
  labels: string[];
  series: Series[];
  kind: ReportResult["chart"]["kind"];
  /** Whether the first series is also drawn as it was before. */
  compared: boolean;
  /** The highest value that is drawn. */
  highest: number;
}

/** What a chart draws of a result's `rows`. */
export function dataOf(result: ReportResult, rows: ReportRow[]): ChartData {
  const { chart, measures, by, filters } = result;
  const chosen = chart.measures.map((name) => measures.find((measure) => measure.name === name)!);
  // Another unit would need another axis.
  const series = chosen.filter(({ unit }) => unit === chosen[0]!.unit)
    .map((measure, i) => ({ measure, ...SERIES[i % SERIES.length]! }));
  const isKnown = (row: ReportRow) => typeof row.previous?.[series[0]!.measure.name] === "number";
  const compared = by.name === "time" && chart.kind !== "stacked" && rows.some(isKnown);
  const value = (row: ReportRow, { measure: { name } }: Series) => row.values[name] ?? 0;
  const drawn = rows.map((row) => {
    const values = series.map((one) => value(row, one));
    return chart.kind === "stacked" ? values.reduce((sum, one) => sum + one, 0) : Math.max(...values);
  });
  const before = compared ? rows.map((row) => row.previous?.[series[0]!.measure.name] ?? 0) : [];
  const labels = rows.map((row) => by.name === "time" ? axisWords(row.key, filters.interval) : row.label);
  return { rows, labels, series, kind: chart.kind, compared, highest: Math.max(0, ...drawn, ...before) };
}

export function barsOf({ kind, series }: ChartData): number {
  return kind === "stacked" ? 1 : series.length;
}
