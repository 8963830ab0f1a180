import type { Interval } from "@/domain/reports/model/names.ts";
import { formatChange, formatValue, progressOf } from "@/domain/reports/model/wording.ts";
import type { MeasureInfo, ReportResult, ReportRow } from "@/domain/reports/model/types.ts";

const DAYS = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** `1–30 November 2026` */
export function periodWords({ from, to }: { from: string; to: string }): string {
  return DAYS.formatRange(new Date(`${from}T00:00Z`), new Date(`${to}T00:00Z`));
}

const SHORT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const MONTH = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });

/** What stands below an interval: `30 Nov`, or `Nov 2026` for months. */
export function axisWords(day: string, interval: Interval): string {
  return (interval === "month" ? MONTH : SHORT).format(new Date(`${day}T00:00Z`));
}

/** `30 November 2026, 17:25 (Europe/Vienna)` */
export function momentWords(rfc3339: string, timeZone: string): string {
  const at = Temporal.Instant.from(rfc3339).toZonedDateTimeISO(timeZone);
  const time = at.toPlainTime().toString({ smallestUnit: "minute" });
  return `${DAYS.format(new Date(`${at.toPlainDate()}T00:00Z`))}, ${time} (${timeZone})`;
}

export function comparisonWords({ filters: { comparison } }: ReportResult): string | null {
  if (!comparison) return null;
  const kind = comparison.kind === "previous" ? "the period before" : "the same days a year before";
  return `${periodWords(comparison)} (${kind})`;
}

/** `was 1,075, +12%`; null where there is nothing to compare with. */
export function changeWords(row: ReportRow, { name, unit }: MeasureInfo): string | null {
  const [value, before] = [row.values[name] ?? null, row.previous?.[name] ?? null];
  if (before === null) return null;
  const change = formatChange(value, before, unit);
  return `was ${formatValue(before, unit)}${change === null ? "" : `, ${change}`}`;
}

/** A line for each fact of the cover. */
export function factsOf(result: ReportResult): { label: string; value: string }[] {
  const { filters, by, madeBy, madeAt, complete, rows } = result;
  const compared = comparisonWords(result);
  const progress = progressOf(result);
  const marked = by.name === "time" && rows.some((row) => row.partial);
  return [
    ...(compared ? [{ label: "Compared with", value: compared }] : []),
    { label: "Time zone", value: filters.timeZone },
    { label: "By", value: by.label },
    ...(filters.lines.length > 0 ? filters.lines : [{ label: "Filters", value: "None" }]),
    { label: "Made by", value: madeBy },
    { label: "Made", value: momentWords(madeAt, filters.timeZone) },
    ...(progress ? [{ label: "Progress", value: progress }] : []),
    ...(marked ? [{ label: "Incomplete", value: "Some intervals are cut short. They are marked." }] : []),
    ...(complete ? [] : [{ label: "Note", value: "Recent changes are still being counted." }]),
  ];
}
