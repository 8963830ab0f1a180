import { scaleBand, scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { ticksOf } from "./chart_axis.ts";
import { barsOf, BEFORE_COLOR, type Box, type ChartData, type Series } from "./chart_data.ts";
import { INK, MUTED, type Paper, RULE } from "./paper.ts";

const AXIS = { size: 7.5, color: MUTED };
const FOOT = 22;
/** Beyond so many, points would touch. */
const MOST_POINTS = 45;

interface Plot extends Box {
  center(i: number): number;
  band: number;
  start(i: number): number;
  up(value: number): number;
}

/** A chart over time: intervals from left to right. */
export function drawUpright(paper: Paper, data: ChartData, box: Box): void {
  const ticks = ticksOf(data.highest, data.series[0]!.measure.unit);
  const labels = ticks.values.map(ticks.label);
  const side = Math.max(...labels.map(paper.measure(AXIS))) + 8;
  const plot = plotOf(data, ticks.values.at(-1)!, {
    x: box.x + side,
    y: box.y + 6,
    width: box.width - side,
    height: box.height - FOOT - 6,
  });
  ticks.values.forEach((value, i) => {
    const y = plot.up(value);
    paper.doc.moveTo(plot.x, y).lineTo(plot.x + plot.width, y).lineWidth(0.5).stroke(i === 0 ? INK : RULE);
    paper.line(labels[i]!, box.x, y - 5, { ...AXIS, width: side - 6, align: "right" });
  });
  drawLabels(paper, data, plot);
  if (data.kind === "line") drawLines(paper, data, plot);
  else drawBars(paper, data, plot);
}

function plotOf(data: ChartData, most: number, box: Box): Plot {
  const bands = scaleBand<number>().domain(data.rows.map((_, i) => i))
    .range([box.x, box.x + box.width]).paddingInner(0.25).paddingOuter(0.15);
  const up = scaleLinear().domain([0, most]).range([box.y + box.height, box.y]);
  const band = bands.bandwidth();
  return { ...box, band, start: (i) => bands(i)!, center: (i) => bands(i)! + band / 2, up };
}

/** As many as fit, always the first. */
function drawLabels(paper: Paper, { labels }: ChartData, plot: Plot): void {
  const measure = paper.measure(AXIS);
  const widest = Math.max(...labels.map(measure)) + 8;
  const step = Math.max(1, Math.ceil(widest / (plot.width / labels.length)));
  for (let i = 0; i < labels.length; i += step) {
    const left = Math.min(Math.max(plot.center(i) - widest / 2, plot.x - 20), plot.x + plot.width - widest);
    const place = { ...AXIS, width: widest, align: "center" } as const;
    paper.line(labels[i]!, left, plot.y + plot.height + 6, place);
  }
}

function drawLines(paper: Paper, data: ChartData, plot: Plot): void {
  const { doc } = paper;
  const trace = (
    valueOf: (i: number) => number | null | undefined,
    color: string,
    dash: readonly number[],
  ) => {
    const path = line<number>().defined((i) => typeof valueOf(i) === "number")
      .x(plot.center).y((i) => plot.up(valueOf(i)!));
    doc.save();
    if (dash.length > 0) doc.dash([...dash] as never, {});
    const drawn = path(data.rows.keys().toArray());
    if (drawn) doc.path(drawn).lineWidth(1.8).lineJoin("round").stroke(color);
    doc.restore();
  };
  const [first] = data.series;
  if (data.compared) trace((i) => data.rows[i]!.previous?.[first!.measure.name], BEFORE_COLOR, []);
  for (const { measure: { name }, color, dash } of data.series) {
    trace((i) => data.rows[i]!.values[name], color, dash);
    if (data.rows.length <= MOST_POINTS) drawPoints(paper, data, plot, { name, color });
  }
}

function drawPoints(
  { doc }: Paper,
  { rows }: ChartData,
  plot: Plot,
  { name, color }: { name: string; color: string },
): void {
  rows.forEach(({ values, partial }, i) => {
    const value = values[name];
    if (typeof value !== "number") return;
    doc.circle(plot.center(i), plot.up(value), 2.2).lineWidth(1.2);
    if (partial) doc.fillAndStroke("#ffffff", color);
    else doc.fillAndStroke(color, color);
  });
}

function drawBars(paper: Paper, data: ChartData, plot: Plot): void {
  const { doc } = paper;
  const many = barsOf(data);
  const width = plot.band / many;
  const floor = plot.y + plot.height;
  data.rows.forEach((row, i) => {
    let below = 0;
    doc.save().opacity(row.partial ? 0.45 : 1);
    data.series.forEach(({ measure: { name }, color }: Series, place) => {
      const value = row.values[name] ?? 0;
      const from = data.kind === "stacked" ? below : 0;
      const x = plot.start(i) + (data.kind === "stacked" ? 0 : place * width);
      const [top, bottom] = [plot.up(from + value), plot.up(from)];
      // A little apart, so that they can be told from each other without colour.
      if (value > 0) {
        doc.rect(x, top, Math.max(0.8, width - 0.6), Math.max(0.4, bottom - top - 0.5)).fill(color);
      }
      below += value;
    });
    doc.restore();
    const before = data.compared ? row.previous?.[data.series[0]!.measure.name] : null;
    if (typeof before !== "number") return;
    const y = Math.min(floor, plot.up(before));
    doc.moveTo(plot.start(i) - 1, y).lineTo(plot.start(i) + width, y).lineWidth(1.4).stroke(BEFORE_COLOR);
  });
}
