import { stack } from "d3-shape";
import { Bar, Textures } from "./Marks.tsx";
import type { Axis } from "./scale.ts";
import { rounded } from "./scale.ts";
import { type Drawing, placeOf } from "./series.ts";

/** The part of its place that a row's columns fill. */
const FILLED = 0.72;

/** Upright bars of each row, beside or on top of each other. */
export function Columns({ drawing, axis }: { drawing: Drawing; axis: Axis }) {
  const { id, series, rows, kind } = drawing;
  const bars = kind === "stacked" ? stackedBars(drawing) : sideBySide(drawing);
  return (
    <>
      <Textures id={id} series={series} />
      {bars.map(({ row, one, from, to, left, share }) => {
        const place = placeOf(row, rows.length);
        const x = rounded(place.middle + place.width * FILLED * (left - 0.5));
        const width = rounded(place.width * FILLED * share);
        const top = axis.at(to);
        const before = kind === "stacked" ? null : rows[row]!.previous?.[series[one]!.measure.name] ?? null;
        return (
          <g key={`${row} ${one}`}>
            <Bar
              id={id}
              series={series[one]!}
              partial={rows[row]!.partial}
              {...{ x, width, y: rounded(100 - top), height: rounded(top - axis.at(from)) }}
            />
            {before !== null && <Before x={x} width={width} y={rounded(100 - axis.at(before))} />}
          </g>
        );
      })}
    </>
  );
}

/** Where the bar ended in the period that is compared with. */
function Before({ x, width, y }: { x: number; width: number; y: number }) {
  return <line class="chart-before" x1={`${x}%`} x2={`${x + width}%`} y1={`${y}%`} y2={`${y}%`} />;
}

/** One bar: from and to which value, where in its row's place, and which part of that. */
interface Upright {
  row: number;
  one: number;
  from: number;
  to: number;
  left: number;
  share: number;
}

const valueOf = ({ rows, series }: Drawing, row: number, one: number) =>
  Math.max(rows[row]!.values[series[one]!.measure.name] ?? 0, 0);

function sideBySide(drawing: Drawing): Upright[] {
  const share = 1 / drawing.series.length;
  return drawing.rows.flatMap((_, row) =>
    drawing.series.map((_, one) => ({
      row,
      one,
      from: 0,
      to: valueOf(drawing, row, one),
      left: one * share,
      share,
    }))
  );
}

export function stackedBars(drawing: Drawing): Upright[] {
  const layers = stack<unknown, number, number>().keys(drawing.series.keys())
    .value((row, one) => valueOf(drawing, row, one))(drawing.rows.keys());
  return layers.flatMap((layer) =>
    layer.map(([from, to], row) => ({ row, one: layer.key, from, to, left: 0, share: 1 }))
  );
}
