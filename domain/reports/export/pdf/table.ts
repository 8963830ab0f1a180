import { formatValue } from "@/domain/reports/model/wording.ts";
import type { MeasureInfo, ReportResult, ReportRow } from "@/domain/reports/model/types.ts";
import { type Element, INK, MUTED, type Paper, RULE, SHADE, type Style } from "./paper.ts";
import { changeWords } from "./words.ts";

const HEAD: Style = { size: 8, weight: "bold", color: INK };
const CELL: Style = { size: 8.5 };
const SMALL: Style = { size: 6.8, color: MUTED };
const PAD = 5;
/** Most measures beside each other; further ones get a table of their own. */
const ACROSS = 6;
/** Rows between which others may use the processor. */
const TURN = 20;

interface Layout {
  measures: MeasureInfo[];
  first: number;
  other: number;
  heads: string[][];
}

/** The report's rows and their total. The head comes again on each page. */
export async function drawTables(paper: Paper, result: ReportResult): Promise<void> {
  const many = result.measures.length;
  const across = Math.ceil(many / Math.ceil(many / ACROSS));
  for (let from = 0; from < many; from += across) {
    const title = `By ${result.by.label.toLowerCase()}${from === 0 ? "" : ", further numbers"}`;
    paper.heading(2, title, { size: 13, weight: "bold" });
    paper.y += 8;
    await drawTable(paper, result, result.measures.slice(from, from + across));
    paper.y += 18;
  }
}

async function drawTable(paper: Paper, result: ReportResult, measures: MeasureInfo[]): Promise<void> {
  const layout = layoutOf(paper, result, measures);
  const table = paper.element("Table");
  paper.root.add(table);
  const head = paper.element("THead");
  table.add(head);
  const row = paper.element("TR");
  head.add(row);
  drawHead(paper, layout, row);
  head.end();
  const body = paper.element("TBody");
  table.add(body);
  const { rows, partial } = result;
  const total = partial ? { ...result.total, label: `${result.total.label} (so far)` } : result.total;
  for (const [i, one] of [...rows, total].entries()) {
    drawRow(paper, layout, body, { row: one, shaded: i % 2 === 1, total: one === total });
    if (i % TURN === TURN - 1) await new Promise((done) => setTimeout(done));
  }
  body.end();
  table.end();
}

function layoutOf(paper: Paper, { by, rows }: ReportResult, measures: MeasureInfo[]): Layout {
  const measure = paper.measure(CELL);
  const longest = Math.max(80, ...rows.map((row) => measure(paper.written(labelOf(row))) + 2 * PAD));
  // Numbers need some 64 points; names get what is left, and more lines where that is little.
  const first = Math.min(longest, paper.width * 0.45, Math.max(115, paper.width - measures.length * 64));
  const other = (paper.width - first) / measures.length;
  const heads = [
    paper.lines(by.label, first - 2 * PAD, HEAD),
    ...measures.map(({ label }) => paper.lines(label, other - 2 * PAD, HEAD)),
  ];
  return { measures, first, other, heads };
}

function labelOf(row: ReportRow): string {
  return row.partial ? `${row.label} (incomplete)` : row.label;
}

function columnOf(paper: Paper, { first, other }: Layout, i: number): { x: number; width: number } {
  return i === 0
    ? { x: paper.left + PAD, width: first - 2 * PAD }
    : { x: paper.left + first + (i - 1) * other + PAD, width: other - 2 * PAD };
}

/** @param row none where it comes again, which nobody needs to hear twice */
function drawHead(paper: Paper, layout: Layout, row?: Element): void {
  const height = Math.max(...layout.heads.map((lines) => paper.height(lines, HEAD))) + 2 * PAD;
  const { y } = paper;
  const draw = (i: number) => {
    const { x, width } = columnOf(paper, layout, i);
    paper.draw(layout.heads[i]!, x, y + PAD, { width, ...HEAD, align: i === 0 ? "left" : "right" });
  };
  paper.artifact(() => {
    if (!row) layout.heads.forEach((_, i) => draw(i));
    paper.doc.moveTo(paper.left, y + height).lineTo(paper.left + paper.width, y + height).lineWidth(1).stroke(
      INK,
    );
  });
  if (row) {
    layout.heads.forEach((_, i) => row.add(paper.element("TH", { scope: "Column" }, () => draw(i))));
    row.end();
  }
  paper.y += height;
}

function drawRow(
  paper: Paper,
  layout: Layout,
  body: Element,
  { row, shaded, total }: { row: ReportRow; shaded: boolean; total: boolean },
): void {
  const style: Style = total ? { ...CELL, weight: "bold" } : CELL;
  const names = paper.lines(labelOf(row), layout.first - 2 * PAD, style);
  const changes = layout.measures.map((measure, i) => {
    const words = changeWords(row, measure);
    return words === null ? [] : paper.lines(words, columnOf(paper, layout, i + 1).width, SMALL);
  });
  const values = paper.height([""], style);
  const lower = Math.max(...changes.map((lines) => paper.height(lines, SMALL)));
  const height = Math.max(paper.height(names, style), values + lower) + 2 * PAD - 2;
  if (paper.room(height)) drawHead(paper, layout);
  const { y } = paper;
  paper.artifact(() => {
    if (shaded && !total) paper.doc.rect(paper.left, y, paper.width, height).fill(SHADE);
    if (total) {
      paper.doc.moveTo(paper.left, y).lineTo(paper.left + paper.width, y).lineWidth(0.8).stroke(RULE);
    }
  });
  const element = paper.element("TR");
  body.add(element);
  element.add(paper.element("TH", { scope: "Row", ...paper.spoken(labelOf(row)) }, () => {
    const { x, width } = columnOf(paper, layout, 0);
    paper.draw(names, x, y + PAD - 1, { width, ...style });
  }));
  layout.measures.forEach(({ name, unit }, i) => {
    element.add(paper.element("TD", {}, () => {
      const column = columnOf(paper, layout, i + 1);
      const shown = formatValue(row.values[name], unit);
      paper.line(shown, column.x, y + PAD - 1, { width: column.width, ...style, align: "right" });
      paper.draw(changes[i]!, column.x, y + PAD - 1 + values, {
        width: column.width,
        ...SMALL,
        align: "right",
      });
    }));
  });
  element.end();
  paper.y += height;
}
