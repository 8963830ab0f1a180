import { formatValue } from "@/domain/reports/model/wording.ts";
import type { ReportResult, ReportRow } from "@/domain/reports/model/types.ts";
import { acrossStep, drawAcross } from "./chart_across.ts";
import { BEFORE_COLOR, type Box, type ChartData, dataOf } from "./chart_data.ts";
import { drawUpright } from "./chart_upright.ts";
import { MUTED, type Paper } from "./paper.ts";

/** Rows that bars of names are drawn for. */
const MOST_NAMES = 20;
const LEGEND = 20;
const UPRIGHT = 220;

/** The chart as vectors; a sentence where there is nothing to draw. */
export function drawChart(paper: Paper, result: ReportResult): void {
  const upright = result.by.name === "time";
  const most = paper.bottom - paper.top - 80;
  let data = dataOf(result, upright ? result.rows : result.rows.slice(0, MOST_NAMES));
  const fitting = Math.floor((most - LEGEND) / acrossStep(data));
  if (!upright && data.rows.length > fitting) data = dataOf(result, result.rows.slice(0, fitting));
  const height = LEGEND + (upright ? UPRIGHT : data.rows.length * acrossStep(data) + 4);
  const empty = data.highest === 0;
  paper.heading(2, "Chart", { size: 13, weight: "bold" }, empty ? 40 : height + 20);
  paper.y += 6;
  if (empty) {
    paper.paragraph("There is nothing to draw in this period.", { size: 10, color: MUTED });
    paper.y += 16;
    return;
  }
  const box = { x: paper.left, y: paper.y, width: paper.width, height };
  paper.root.add(paper.element("Figure", {
    alt: altOf(result, data),
    bbox: [box.x, box.y, box.x + box.width, box.y + box.height],
    placement: "Block",
  }, () => {
    drawLegend(paper, data, box);
    const plot = { ...box, y: box.y + LEGEND, height: box.height - LEGEND };
    if (upright) drawUpright(paper, data, plot);
    else drawAcross(paper, data, plot);
  }));
  paper.y += height + 6;
  const left = result.rows.length - data.rows.length;
  if (left > 0) {
    const text = `The first ${data.rows.length} of ${result.rows.length}. The table has all of them.`;
    paper.paragraph(text, { size: 8.5, color: MUTED });
  }
  if (data.rows.some((row) => row.partial)) {
    const text = data.kind === "line" ? "A hollow point is incomplete." : "What is lighter is incomplete.";
    paper.paragraph(text, { size: 8.5, color: MUTED });
  }
  paper.y += 16;
}

function drawLegend(paper: Paper, { series, compared, kind, rows }: ChartData, box: Box): void {
  const lines = kind === "line" && rows[0]?.period !== undefined;
  const entries = [
    ...series.map(({ measure, color, dash }) => ({ text: measure.label, color, dash, line: lines })),
    ...(compared
      ? [{ text: `${series[0]!.measure.label} before`, color: BEFORE_COLOR, dash: [], line: true }]
      : []),
  ];
  const style = { size: 8.5, width: 170 };
  let { x } = box;
  for (const { text, color, dash, line } of entries) {
    const { doc } = paper;
    if (line) {
      doc.save().moveTo(x, box.y + 6).lineTo(x + 18, box.y + 6).lineWidth(1.8);
      if (dash.length > 0) doc.dash([...dash] as never, {});
      doc.stroke(color).restore();
    } else doc.rect(x + 5, box.y + 1.5, 9, 9).fill(color);
    paper.line(text, x + 23, box.y + 0.5, style);
    x += 23 + Math.min(style.width, paper.measure(style)(paper.written(text))) + 16;
  }
}

/** What a reader hears who doesn't see the chart; the table has every number. */
function altOf(result: ReportResult, { series, rows, kind }: ChartData): string {
  const kinds = { line: "Line chart", bars: "Bar chart", stacked: "Stacked bar chart" };
  const parts = series.map(({ measure: { name, label, unit } }) => {
    const known = rows.filter((row) => typeof row.values[name] === "number");
    if (known.length === 0) return `${label}: no values.`;
    const sorted = known.toSorted((a, b) => a.values[name]! - b.values[name]!);
    const say = (row: ReportRow) => `${formatValue(row.values[name], unit)} (${row.label})`;
    return `${label}: from ${say(sorted[0]!)} to ${say(sorted.at(-1)!)}.`;
  });
  const shown = result.by.name === "time" || kind === "stacked" ? kinds[kind] : kinds.bars;
  return `${shown} by ${result.by.label.toLowerCase()}. ${parts.join(" ")} The table below has every number.`;
}
