import { formatValue } from "@/domain/reports/model/wording.ts";
import type { ReportResult } from "@/domain/reports/model/types.ts";
import { ACCENT, INK, MUTED, type Paper, RULE, SHADE, type Style } from "./paper.ts";
import { changeWords, factsOf, periodWords } from "./words.ts";

const LABEL: Style = { size: 9, color: MUTED };
const VALUE: Style = { size: 9.5 };
const NAME: Style = { size: 8.5, color: MUTED };
const LABEL_WIDTH = 110;
const GAP = 10;
const TILE = 76;
const ACROSS = 3;

export function drawCover(paper: Paper, result: ReportResult): void {
  paper.artifact(() => paper.doc.rect(0, 0, paper.doc.page.width, 8).fill(ACCENT));
  paper.y = paper.top + 28;
  paper.paragraph(result.organisation, { size: 12, weight: "bold", color: ACCENT });
  paper.y += 10;
  paper.heading(1, result.title, { size: 30, weight: "bold" });
  paper.y += 2;
  paper.paragraph(result.question, { size: 12, color: MUTED });
  paper.y += 16;
  paper.paragraph(periodWords(result.filters.period), { size: 16, weight: "bold" });
  paper.y += 22;
  drawFacts(paper, result);
  paper.y += 26;
  drawTotals(paper, result);
}

function drawFacts(paper: Paper, result: ReportResult): void {
  const table = paper.element("Table");
  paper.root.add(table);
  const width = paper.width - LABEL_WIDTH - GAP;
  for (const { label, value } of factsOf(result)) {
    const [names, values] = [paper.lines(label, LABEL_WIDTH, LABEL), paper.lines(value, width, VALUE)];
    const height = Math.max(paper.height(names, LABEL), paper.height(values, VALUE)) + 9;
    paper.room(height);
    const { y } = paper;
    paper.artifact(() => {
      paper.doc.moveTo(paper.left, y).lineTo(paper.left + paper.width, y).lineWidth(0.5).stroke(RULE);
    });
    const row = paper.element("TR");
    table.add(row);
    row.add(paper.element("TH", { scope: "Row", ...paper.spoken(label) }, () => {
      paper.draw(names, paper.left, y + 5, { width: LABEL_WIDTH, ...LABEL });
    }));
    row.add(paper.element("TD", paper.spoken(value), () => {
      paper.draw(values, paper.left + LABEL_WIDTH + GAP, y + 4.5, { width, ...VALUE });
    }));
    row.end();
    paper.y += height;
  }
  table.end();
}

/** The whole period in a tile for each measure. */
function drawTotals(paper: Paper, { measures, total, headline }: ReportResult): void {
  paper.heading(2, "The whole period", { size: 13, weight: "bold" }, TILE + GAP);
  paper.y += 8;
  const width = (paper.width - GAP * (ACROSS - 1)) / ACROSS;
  const list = paper.element("L");
  paper.root.add(list);
  measures.forEach((measure, i) => {
    const place = i % ACROSS;
    if (place === 0 && i > 0) paper.y += TILE + GAP;
    if (place === 0) paper.room(TILE);
    const [x, { y }] = [paper.left + place * (width + GAP), paper];
    const first = measure.name === headline;
    paper.artifact(() => {
      paper.doc.roundedRect(x, y, width, TILE, 4).fill(SHADE);
      if (first) paper.doc.rect(x, y + 4, 2.5, TILE - 8).fill(ACCENT);
    });
    const inside = { width: width - 20 };
    const change = changeWords(total, measure);
    const item = paper.element("LI");
    list.add(item);
    item.add(paper.element("LBody", {}, () => {
      const names = paper.lines(measure.label, inside.width, NAME).slice(0, 2);
      paper.draw(names, x + 10, y + 9, { ...inside, ...NAME });
      const shown = formatValue(total.values[measure.name], measure.unit);
      paper.fit(shown, x + 10, y + 33, { ...inside, size: 17, weight: "bold", color: INK });
      if (change) paper.fit(change, x + 10, y + 59, { ...inside, ...NAME });
    }));
    item.end();
  });
  list.end();
  paper.y += TILE;
}
