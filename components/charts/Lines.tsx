import { area, line } from "d3-shape";
import type { Values } from "@/domain/reports/model/types.ts";
import { markPath } from "./Marks.tsx";
import type { Axis } from "./scale.ts";
import { rounded } from "./scale.ts";
import { colourOf, type Drawing, placeOf, type Series } from "./series.ts";

interface Point {
  x: number;
  /** Null in a gap. */
  y: number | null;
  partial: boolean;
}

/** More points than this would run into each other. */
const MOST_MARKS = 62;

/** Lines with gaps where there is no value; the previous period is dashed, and what isn't complete is lighter. */
export function Lines({ drawing, axis }: { drawing: Drawing; axis: Axis }) {
  const { series, rows } = drawing;
  const pointsOf = (one: Series, of: "values" | "previous") =>
    rows.map((row, i): Point => {
      const value = (row[of] as Values | undefined)?.[one.measure.name] ?? null;
      const y = value === null ? null : rounded(100 - axis.at(value));
      return { x: rounded(placeOf(i, rows.length).middle), y, partial: row.partial === true };
    });
  return (
    <>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none">
        {series.length === 1 && (
          <path class={`chart-area ${colourOf(series[0]!)}`} d={areaOf(pointsOf(series[0]!, "values"))} />
        )}
        {series.map((one) => (
          <g key={one.measure.name} class={colourOf(one)}>
            <path class="chart-line is-previous" d={lineOf(pointsOf(one, "previous"))} />
            <path class="chart-line" d={lineOf(pointsOf(one, "values").map(withoutPartial))} />
            <path class="chart-line is-partial" d={partialOf(pointsOf(one, "values"))} />
          </g>
        ))}
      </svg>
      {series.map((one) => (
        <g key={one.measure.name} class={colourOf(one)}>
          {marked(pointsOf(one, "values")).map(({ x, y, partial }) => (
            <svg key={x} x={`${x}%`} y={`${y}%`}>
              <path class={partial ? "chart-mark is-partial" : "chart-mark"} d={markPath(one)} />
            </svg>
          ))}
        </g>
      ))}
    </>
  );
}

const isThere = ({ y }: Point) => y !== null;
const lineOf = (points: Point[]) => line<Point>(({ x }) => x, ({ y }) => y!).defined(isThere)(points) ?? "";
const areaOf = (points: Point[]) =>
  area<Point>().x(({ x }) => x).y1(({ y }) => y!).y0(100).defined(isThere)(points) ?? "";
const withoutPartial = (point: Point): Point => point.partial ? { ...point, y: null } : point;

/** The steps to and from points that aren't complete. */
function partialOf(points: Point[]): string {
  return points.slice(1).map((point, i) => [points[i]!, point])
    .filter((step) => step.some(({ partial }) => partial) && step.every(isThere)).map(lineOf).join("");
}

/** All points if there is room, else those that stand alone, since a line needs two. */
function marked(points: Point[]): Point[] {
  const alone = (i: number) => [points[i - 1], points[i + 1]].every((next) => !next || !isThere(next));
  return points.filter((point, i) => isThere(point) && (points.length <= MOST_MARKS || alone(i)));
}
