import type { Unit } from "@/domain/reports/model/names.ts";
import type { MeasureInfo, ReportResult, ReportRow } from "@/domain/reports/model/types.ts";

export type ChartKind = ReportResult["chart"]["kind"];

/** A measure as it is drawn: its colour, mark and texture go by `index`. */
export interface Series {
  measure: MeasureInfo;
  index: number;
}

/** What one drawing shows: measures of one unit, over time or by key. */
export interface Drawing {
  id: string;
  kind: ChartKind;
  unit: Unit;
  series: Series[];
  rows: ReportRow[];
  overTime: boolean;
  /** How many rows have no room. */
  left: number;
}

const COLOURS = 6;
const MOST_KEYS = 15;

export const colourOf = ({ index }: Series) => `chart-c-${index % COLOURS + 1}`;

/** A drawing for each unit among the measures of the chart. */
export function drawingsOf(result: ReportResult, id: string): Drawing[] {
  const measures = result.chart.measures.flatMap((name) =>
    result.measures.find((one) => one.name === name) ?? []
  );
  const overTime = result.by.name === "time";
  return [...Map.groupBy(measures, ({ unit }) => unit)].map(([unit, list]) => {
    const rows = overTime ? result.rows : largest(result.rows, list);
    return {
      id: `${id}-${unit}`,
      kind: result.chart.kind === "line" && !overTime ? "bars" : result.chart.kind,
      unit,
      series: list.map((measure, index) => ({ measure, index })),
      rows,
      overTime,
      left: result.rows.length - rows.length,
    };
  });
}

/** The keys that are drawn, in the order of the table. */
function largest(rows: ReportRow[], measures: MeasureInfo[]): ReportRow[] {
  if (rows.length <= MOST_KEYS) return rows;
  const size = ({ values }: ReportRow) => measures.reduce((sum, { name }) => sum + (values[name] ?? 0), 0);
  const drawn = new Set(rows.toSorted((a, b) => size(b) - size(a)).slice(0, MOST_KEYS));
  return rows.filter((row) => drawn.has(row));
}

/** Every value that the axis has to reach. */
export function reachedValues({ kind, series, rows }: Drawing): (number | null | undefined)[] {
  return rows.flatMap(({ values, previous }) => {
    const own = series.map(({ measure }) => values[measure.name] ?? null);
    if (kind === "stacked") return own.reduce<number>((sum, value) => sum + Math.max(value ?? 0, 0), 0);
    return [...own, ...series.map(({ measure }) => previous?.[measure.name])];
  });
}

export const isEmpty = ({ series, rows }: Drawing) =>
  rows.every(({ values }) => series.every(({ measure }) => (values[measure.name] ?? null) === null));

/** Where a row stands on the axis of rows: its middle and its width, in percent. */
export function placeOf(i: number, count: number): { middle: number; width: number } {
  return { middle: (i + 0.5) / count * 100, width: 100 / count };
}

const LETTER = 6.5;
const PHONE = 290;

/** Columns need their labels side by side, on a phone too. */
export function hasRoomForColumns({ rows, kind, series }: Drawing): boolean {
  const longest = Math.max(...rows.map(({ label }) => label.length));
  const bars = kind === "stacked" ? 1 : series.length;
  return rows.length * Math.max(longest * LETTER + 8, bars * 12 + 8) <= PHONE;
}
