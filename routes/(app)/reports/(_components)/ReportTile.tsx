import { Sparkline } from "@/components/charts/Sparkline.tsx";
import type { Headline } from "@/domain/reports/headlines.ts";
import { formatChange, formatValue } from "@/domain/reports/model/wording.ts";

/** A report in the grid: its question, its number with the change, and its course. */
export function ReportTile({ headline }: { headline: Headline }) {
  const { name, title, question, measure, value, previous, days } = headline;
  const change = formatChange(value, previous, measure.unit);
  return (
    <a class="card report-tile" href={`/reports/${name}`} aria-current="false">
      <h2>{title}</h2>
      <p class="hint">{question}</p>
      <p class="report-tile-figure">
        <span class="stat-value">{formatValue(value, measure.unit)}</span>
        <span class="stat-label">{measure.label}</span>
      </p>
      <Sparkline values={days} label={`${measure.label}, by day`} />
      <p class="hint">
        {change === null ? "Nothing to compare with" : `${change} against the 30 days before`}
      </p>
    </a>
  );
}
