import type { ReportResult, ReportRow } from "@/domain/reports/model/types.ts";
import { formatValue } from "@/domain/reports/model/wording.ts";
import { stackedBars } from "./Columns.tsx";
import { Bar, Textures } from "./Marks.tsx";
import { type Axis, axisFor } from "./scale.ts";
import { rounded } from "./scale.ts";
import { type Drawing, reachedValues, type Series } from "./series.ts";
import { Stop } from "./Tip.tsx";
import { chartDescription, chartTitle } from "./words.ts";

/** Lying bars, a row for each key, its name beside or, on a phone, above them. */
export function BarRows({ drawing, result }: { drawing: Drawing; result: ReportResult }) {
  const { id, series, rows, kind } = drawing;
  const axis = axisFor(reachedValues(drawing), drawing.unit);
  return (
    <div class="chart-rows">
      <svg class="chart-drawing" role="img" aria-labelledby={`${id}-title`} aria-describedby={`${id}-about`}>
        <title id={`${id}-title`}>{chartTitle(drawing, result)}</title>
        <desc id={`${id}-about`}>{chartDescription(drawing, result)}</desc>
        <Textures id={id} series={series} />
        {axis.ticks.map(({ at }) => (
          <line
            key={at}
            class="chart-grid"
            x1={`${at}%`}
            x2={`${at}%`}
            y2="100%"
          />
        ))}
      </svg>
      {rows.map((row, i) => (
        <Stop key={row.key} drawing={drawing} row={row} side="middle" class="chart-row">
          <bdi class="chart-row-name" title={row.label}>{row.label}</bdi>
          <span class="chart-row-bars" aria-hidden="true">
            {kind === "stacked"
              ? <Stacked drawing={drawing} row={i} axis={axis} />
              : series.map((one) => <Single key={one.measure.name} {...{ id, one, row, axis }} />)}
          </span>
        </Stop>
      ))}
      <div class="chart-scale" aria-hidden="true">
        {axis.ticks.map(({ label, at }) => <span key={at}>{label}</span>)}
      </div>
    </div>
  );
}

function Single({ id, one, row, axis }: { id: string; one: Series; row: ReportRow; axis: Axis }) {
  const { name, unit } = one.measure;
  const value = row.values[name] ?? null;
  const before = row.previous?.[name] ?? null;
  const length = axis.at(value ?? 0);
  return (
    <svg class="chart-track">
      <Bar id={id} series={one} partial={row.partial} x={0} y={15} width={length} height={70} />
      {before !== null && (
        <line class="chart-before" x1={`${axis.at(before)}%`} x2={`${axis.at(before)}%`} y2="100%" />
      )}
      {/* After both marks where they are close: the line would cross the text. */}
      <End
        at={before !== null && axis.at(before) > length ? Math.max(length, axis.at(before)) : length}
        text={formatValue(value, unit)}
      />
    </svg>
  );
}

function Stacked({ drawing, row, axis }: { drawing: Drawing; row: number; axis: Axis }) {
  const { id, series, rows, unit } = drawing;
  const bars = stackedBars({ ...drawing, rows: [rows[row]!] });
  const sum = bars.at(-1)!.to;
  return (
    <svg class="chart-track">
      {bars.map(({ one, from, to }) => {
        const [x, width] = [axis.at(from), rounded(axis.at(to) - axis.at(from))];
        return (
          <Bar
            key={one}
            id={id}
            series={series[one]!}
            partial={rows[row]!.partial}
            {...{ x, width, y: 15, height: 70 }}
          />
        );
      })}
      <End at={axis.at(sum)} text={formatValue(sum, unit)} />
    </svg>
  );
}

/** A value at the end of its bar; on the bar where there is no room after it. */
function End({ at, text }: { at: number; text: string }) {
  return <text class={at > 75 && text.length > 6 ? "is-inside" : undefined} x={`${at}%`} y="50%">{text}
  </text>;
}
