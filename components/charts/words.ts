import type { Interval } from "@/domain/reports/model/names.ts";
import type { ReportResult, ReportRow } from "@/domain/reports/model/types.ts";
import { formatValue } from "@/domain/reports/model/wording.ts";
import type { Drawing, Series } from "./series.ts";

const KINDS = { line: "Line chart", bars: "Bar chart", stacked: "Stacked bar chart" } as const;
const list = new Intl.ListFormat("en");
const month = new Intl.DateTimeFormat("en", { month: "short", timeZone: "UTC" });

/** `3 Nov 2026` */
export const dayLabel = (day: string) => `${shortDay(day)} ${day.slice(0, 4)}`;

const shortDay = (day: string) => `${Number(day.slice(8))} ${month.format(new Date(day))}`;

/** A place on the time axis: `3 Nov`, of months `Nov`, in January with the year. */
export function timeLabel({ key }: ReportRow, interval: Interval): string {
  if (interval !== "month") return shortDay(key);
  const name = month.format(new Date(key));
  return key.slice(5, 7) === "01" ? `${name} ${key.slice(0, 4)}` : name;
}

export const chartTitle = ({ series }: Drawing, { by }: ReportResult) =>
  `${list.format(series.map(({ measure }) => measure.label))} by ${by.label.toLowerCase()}`;

/** What a chart shows, for those who can't see it. */
export function chartDescription(drawing: Drawing, { filters }: ReportResult): string {
  const { from, to } = filters.period;
  const period = from === to ? dayLabel(from) : `${dayLabel(from)} to ${dayLabel(to)}`;
  const extremes = drawing.series.map((series) => extremesOf(series, drawing.rows)).filter(Boolean);
  return [`${KINDS[drawing.kind]}, ${period}.`, ...extremes, "The table has all values."].join(" ");
}

function extremesOf({ measure: { name, label, unit } }: Series, rows: ReportRow[]): string {
  const known = rows.filter(({ values }) => typeof values[name] === "number")
    .toSorted((a, b) => a.values[name]! - b.values[name]!);
  const [low, high] = [known[0], known.at(-1)];
  if (!low || !high) return "";
  const say = (row: ReportRow) => `${formatValue(row.values[name], unit)} (${row.label})`;
  return low.values[name] === high.values[name]
    ? `${label}: ${formatValue(low.values[name], unit)} throughout.`
    : `${label}: highest ${say(high)}, lowest ${say(low)}.`;
}

/** What the reader should know of a drawing, as sentences. */
export function chartNotes({ kind, series, rows, overTime, left }: Drawing, result: ReportResult): string[] {
  const notes: string[] = [];
  const partial = rows.filter((row) => row.partial).map(({ label }) => label);
  if (partial.length > 0) {
    notes.push(`Faded: ${list.format(partial)} ${partial.length === 1 ? "isn't" : "aren't"} complete.`);
  }
  const missing = rows.some(({ values }) =>
    series.some(({ measure }) => (values[measure.name] ?? null) === null)
  );
  if (missing) notes.push(overTime && kind === "line" ? "Gaps have no value." : "– means no value.");
  if (left > 0) {
    const { label } = result.by;
    notes.push(`Drawn are the ${rows.length} largest; the table has ${left} more by ${label.toLowerCase()}.`);
  }
  return notes;
}
