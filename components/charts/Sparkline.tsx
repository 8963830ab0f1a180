import { area, line } from "d3-shape";
import { rounded } from "./scale.ts";

/** The course of one measure, for a tile: no axes, so `label` says what is seen. A null is a gap. */
export function Sparkline({ values, label }: { values: readonly (number | null)[]; label: string }) {
  const top = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0) || 1;
  const points = values.map((value, i) => ({
    x: rounded(values.length === 1 ? 50 : i / (values.length - 1) * 100),
    y: value === null ? null : rounded(100 - Math.max(value, 0) / top * 100),
  }));
  type Point = (typeof points)[number];
  const isThere = ({ y }: Point) => y !== null;
  const last = points.findLast(isThere);
  return (
    <svg class="sparkline chart-c-1" role="img" aria-label={label}>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none">
        <path
          class="chart-area"
          d={area<Point>().x(({ x }) => x).y1(({ y }) => y!).y0(100).defined(isThere)(points) ?? ""}
        />
        <path
          class="chart-line"
          d={line<Point>(({ x }) => x, ({ y }) => y!).defined(isThere)(points) ?? ""}
        />
      </svg>
      {last && <circle class="chart-mark" cx={`${last.x}%`} cy={`${last.y}%`} r="2.5" />}
    </svg>
  );
}
