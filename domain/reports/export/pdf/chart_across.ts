import { scaleLinear } from "d3-scale";
import { formatValue } from "@/domain/reports/model/wording.ts";
import { barsOf, type Box, type ChartData } from "./chart_data.ts";
import { MUTED, type Paper, RULE } from "./paper.ts";

const NAME = { size: 8.5 };
const VALUE = { size: 7.5, color: MUTED };

/** The height of a row. */
export function acrossStep(data: ChartData): number {
  return barsOf(data) * 11 + 7;
}

/** A chart of names: a row of bars for each, with its number. */
export function drawAcross(paper: Paper, data: ChartData, box: Box): void {
  const { doc } = paper;
  const measure = paper.measure(NAME);
  const names = Math.min(170, Math.max(...data.rows.map(({ label }) => measure(paper.written(label)))) + 8);
  const values = 70;
  const along = scaleLinear().domain([0, data.highest]).range([0, box.width - names - values]);
  const [left, step] = [box.x + names, acrossStep(data)];
  doc.moveTo(left, box.y).lineTo(left, box.y + data.rows.length * step).lineWidth(0.5).stroke(RULE);
  data.rows.forEach((row, i) => {
    const y = box.y + i * step + 3.5;
    const middle = y + (step - 7) / 2 - 5.5;
    paper.line(row.label, box.x, middle, { ...NAME, width: names - 8, align: "right" });
    let from = 0;
    data.series.forEach(({ measure: { name, unit }, color }, place) => {
      const value = row.values[name] ?? null;
      const stacked = data.kind === "stacked";
      const top = stacked ? y : y + place * 11;
      const width = along(value ?? 0);
      if (width > 0) doc.rect(left + along(from), top, Math.max(0.5, width - 0.5), 9.5).fill(color);
      if (!stacked) {
        paper.line(formatValue(value, unit), left + width + 5, top, { ...VALUE, width: values - 6 });
      } else from += value ?? 0;
    });
    const total = formatValue(from, data.series[0]!.measure.unit);
    if (data.kind === "stacked") {
      paper.line(total, left + along(from) + 5, y, { ...VALUE, width: values - 6 });
    }
  });
}
