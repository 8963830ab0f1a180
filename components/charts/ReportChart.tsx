import { useId } from "preact/hooks";
import type { ReportResult } from "@/domain/reports/model/types.ts";
import { BarRows } from "./BarRows.tsx";
import { Swatch } from "./Marks.tsx";
import { Plot } from "./Plot.tsx";
import { type Drawing, drawingsOf, hasRoomForColumns, isEmpty } from "./series.ts";
import { chartNotes, chartTitle, dayLabel } from "./words.ts";

/** The table of the same report, which a chart's reader can skip to. */
export const TABLE_ID = "report-table";

/** A report's chart, drawn on the server: one drawing for each unit, since an axis has one. */
export function ReportChart({ result }: { result: ReportResult }) {
  const id = useId();
  return (
    <div class="charts">
      {drawingsOf(result, id).map((drawing) => (
        <Drawn
          key={drawing.unit}
          drawing={drawing}
          result={result}
        />
      ))}
    </div>
  );
}

function Drawn({ drawing, result }: { drawing: Drawing; result: ReportResult }) {
  if (isEmpty(drawing)) {
    return <p class="chart-none">{chartTitle(drawing, result)}: nothing to draw in this period.</p>;
  }
  const notes = chartNotes(drawing, result).join(" ");
  const upright = drawing.overTime || hasRoomForColumns(drawing);
  return (
    <figure class="chart">
      <Legend drawing={drawing} result={result} upright={upright} />
      <a class="chart-skip visually-hidden" href={`#${TABLE_ID}`}>Skip the chart</a>
      {upright ? <Plot drawing={drawing} result={result} /> : <BarRows drawing={drawing} result={result} />}
      {notes && <p class="chart-note">{notes}</p>}
    </figure>
  );
}

function Legend({ drawing, result, upright }: { drawing: Drawing; result: ReportResult; upright: boolean }) {
  const { id, series, kind, rows } = drawing;
  const { comparison } = result.filters;
  const compared = kind !== "stacked" && rows.some(({ previous }) => previous);
  return (
    <figcaption class="chart-legend">
      {series.map((one) => (
        <span key={one.measure.name} class="chart-key" title={one.measure.help}>
          <Swatch id={id} series={one} line={kind === "line"} />
          {one.measure.label}
        </span>
      ))}
      {comparison && compared && (
        <span class="chart-key">
          <svg class="chart-swatch" width="20" height="12" viewBox="0 0 20 12" aria-hidden="true">
            {kind === "line"
              ? <path class="chart-line is-previous" d="M0 6h20" />
              : <path class="chart-before" d={upright ? "M3 6h14" : "M10 0v12"} />}
          </svg>
          {dayLabel(comparison.from)} – {dayLabel(comparison.to)}
        </span>
      )}
    </figcaption>
  );
}
