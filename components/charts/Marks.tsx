import {
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
} from "d3-shape";
import { colourOf, type Series } from "./series.ts";

const SHAPES = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolCross, symbolStar];
const AREA = 42;

/** The path of a series' mark, around the origin. */
export const markPath = ({ index }: Series) => symbol(SHAPES[index % SHAPES.length]!, AREA)()!;

const TEXTURES = [
  null,
  "M-1 7l8-8M-1 1l2-2M5 7l2-2",
  "M3 2v2M2 3h2",
  "M0 1.5h6M0 4.5h6",
  "M-1-1l8 8M-1 5l2 2M5-1l2 2",
  "M1.5 0v6M4.5 0v6",
] as const;

const textureOf = (id: string, { index }: Series) => {
  const texture = index % TEXTURES.length;
  return texture === 0 ? null : `url(#${id}-t${texture})`;
};

/** What tells the bars of several series apart without colour. */
export function Textures({ id, series }: { id: string; series: Series[] }) {
  const used = TEXTURES.map((d, i) => ({ d, i })).slice(1, series.length);
  return (
    <defs>
      {used.map(({ d, i }) => (
        <pattern key={i} id={`${id}-t${i}`} width="6" height="6" patternUnits="userSpaceOnUse">
          <path class="chart-texture" d={d!} />
        </pattern>
      ))}
    </defs>
  );
}

/** A bar in its series' colour and texture. Sizes are percentages. */
export function Bar({ id, series, partial, x, y, width, height }: {
  id: string;
  series: Series;
  partial: boolean | undefined;
  x: number;
  y: number;
  width: number;
  height: number;
}) {
  const place = { x: `${x}%`, y: `${y}%`, width: `${width}%`, height: `${height}%` };
  const texture = textureOf(id, series);
  return (
    <g class={partial ? "is-partial" : undefined}>
      <rect class={`chart-bar ${colourOf(series)}`} {...place} />
      {texture && <rect {...place} fill={texture} />}
    </g>
  );
}

/** A series' mark for the legend and tooltips. */
export function Swatch({ id, series, line }: { id: string; series: Series; line: boolean }) {
  const texture = textureOf(id, series);
  return (
    <svg
      class={`chart-swatch ${colourOf(series)}`}
      width="20"
      height="12"
      viewBox="0 0 20 12"
      aria-hidden="true"
    >
      {line
        ? (
          <>
            <path class="chart-line" d="M0 6h20" />
            <path class="chart-mark" d={markPath(series)} transform="translate(10 6)" />
          </>
        )
        : (
          <>
            <rect class="chart-bar" x="3" width="14" height="12" />
            {texture && <rect x="3" width="14" height="12" fill={texture} />}
          </>
        )}
    </svg>
  );
}
