import type { ReportResult } from "@/domain/reports/model/types.ts";
import { Columns } from "./Columns.tsx";
import { Lines } from "./Lines.tsx";
import { axisFor, rounded } from "./scale.ts";
import { type Drawing, placeOf, reachedValues } from "./series.ts";
import { Stop } from "./Tip.tsx";
import { chartDescription, chartTitle, timeLabel } from "./words.ts";

/** Labels of the time axis that a page and a phone have room for. */
const [MOST_WIDE, MOST_NARROW] = [12, 5];

/**
 * Values upwards, rows from left to right. Places are percentages and text is never scaled, so it fits any width.
 * Drawing and what the keyboard reaches lie on top of each other, as an image can't hold links.
 */
export function Plot({ drawing, result }: { drawing: Drawing; result: ReportResult }) {
  const { id, rows, kind, overTime } = drawing;
  const axis = axisFor(reachedValues(drawing), drawing.unit);
  const step = Math.ceil(rows.length / MOST_WIDE);
  const sparse = step * Math.ceil(rows.length / MOST_NARROW / step);
  const side = (i: number) => i < rows.length / 3 ? "start" : i < rows.length * 2 / 3 ? "middle" : "end";
  return (
    <div class="chart-plot">
      <div class="chart-values" aria-hidden="true">
        {axis.ticks.map(({ label, at }) => <span key={at}>{label}</span>)}
      </div>
      <div class="chart-field">
        <svg
          class="chart-drawing"
          role="img"
          aria-labelledby={`${id}-title`}
          aria-describedby={`${id}-about`}
        >
          <title id={`${id}-title`}>{chartTitle(drawing, result)}</title>
          <desc id={`${id}-about`}>{chartDescription(drawing, result)}</desc>
          {axis.ticks.map(({ at }) => (
            <line
              key={at}
              class="chart-grid"
              x2="100%"
              y1={`${rounded(100 - at)}%`}
              y2={`${rounded(100 - at)}%`}
            />
          ))}
          {kind === "line"
            ? <Lines drawing={drawing} axis={axis} />
            : <Columns drawing={drawing} axis={axis} />}
        </svg>
        <div class="chart-stops">
          {rows.map((row, i) => (
            <Stop key={row.key} drawing={drawing} row={row} side={side(i)} class="chart-column" />
          ))}
        </div>
      </div>
      <svg class="chart-names" aria-hidden="true">
        {rows.map((row, i) =>
          (!overTime || i % step === 0) && (
            <text
              key={row.key}
              class={overTime && i % sparse !== 0 ? "is-spare" : undefined}
              x={`${rounded(placeOf(i, rows.length).middle)}%`}
              y="1em"
            >
              {overTime ? timeLabel(row, result.filters.interval) : row.label}
            </text>
          )
        )}
      </svg>
    </div>
  );
}
