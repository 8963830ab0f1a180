import type { ReportResult } from "@/domain/reports/model/types.ts";
import { drawChart } from "./chart.ts";
import { drawCover } from "./cover.ts";
import { loadFonts } from "./fonts.ts";
import { drawComments, drawDefinitions, drawLost } from "./notes.ts";
import { MUTED, Paper } from "./paper.ts";
import { drawTables } from "./table.ts";
import { periodWords } from "./words.ts";

const MARGIN = 48;
/**
 * A report to hand on: cover, chart, tables and definitions, tagged for screen readers (PDF/UA-1, ISO 14289-1). The same
 * result gives the same bytes.
 */
export async function reportPdf(result: ReportResult): Promise<Uint8Array<ArrayBuffer>> {
  const [{ default: PDFDocument }, fonts] = await Promise.all([import("pdfkit"), loadFonts()]);
  const doc = new PDFDocument({
    size: "A4",
    margin: MARGIN,
    pdfVersion: "1.7",
    tagged: true,
    subset: "PDF/UA" as never,
    lang: "en",
    displayTitle: true,
    bufferPages: true,
    // Another font would be loaded otherwise, and not embedded.
    font: null as never,
    info: {
      Title: named(`${result.title}, ${periodWords(result.filters.period)}`),
      Author: named(result.madeBy),
      Creator: "ServiceHub",
      CreationDate: new Date(result.madeAt),
    },
  });
  const pieces: Uint8Array[] = [];
  const written = new Promise<void>((done, failed) => {
    doc.on("data", (piece: Uint8Array) => pieces.push(piece));
    doc.on("end", done);
    doc.on("error", failed);
  });
  const paper = new Paper(doc, fonts);
  drawCover(paper, result);
  paper.newPage();
  drawChart(paper, result);
  await drawTables(paper, result);
  await drawComments(paper, result);
  drawDefinitions(paper, result);
  drawLost(paper);
  paper.root.end();
  drawFeet(paper, result);
  doc.end();
  await written;
  return joined(pieces);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The library writes these into XML as they are. */
function named(text: string): string {
  return text.replaceAll("&", "＆").replaceAll("<", "＜").replaceAll(">", "＞");
}

function drawFeet(paper: Paper, { organisation, title, filters }: ReportResult): void {
  const { doc } = paper;
  const { count } = doc.bufferedPageRange();
  for (let i = 0; i < count; i++) {
    doc.switchToPage(i);
    const y = doc.page.height - MARGIN - 8;
    const half = paper.width / 2;
    const style = { size: 7.5, color: MUTED, width: half };
    paper.artifact(() => {
      const left = `${organisation} · ${title} · ${periodWords(filters.period)}`;
      paper.line(left, paper.left, y, { ...style, width: paper.width - 80 });
      paper.line(`Page ${i + 1} of ${count}`, paper.left + half, y, { ...style, align: "right" });
    }, "Pagination");
  }
}
