import type { ReportResult } from "@/domain/reports/model/types.ts";
import { newestComments } from "@/domain/reports/model/wording.ts";
import { MUTED, type Paper } from "./paper.ts";
import { BOX } from "./text.ts";
import { momentWords } from "./words.ts";

const HEADING = { size: 13, weight: "bold" } as const;
const TEXT = { size: 9 };
/** Comments between which others may use the processor. */
const TURN = 20;

/** What people wrote, whole. */
export async function drawComments(paper: Paper, result: ReportResult): Promise<void> {
  const { comments, filters } = result;
  if (!comments || comments.length === 0) return;
  paper.heading(2, "Comments", HEADING);
  const newest = newestComments(result);
  if (newest) {
    paper.y += 4;
    paper.paragraph(`These are ${newest}.`, { ...TEXT, color: MUTED });
  }
  for (const [i, { ticketKey, score, text, requester, at }] of comments.entries()) {
    paper.y += 8;
    paper.room(40);
    const when = momentWords(at, filters.timeZone);
    paper.paragraph(`${ticketKey} · ${score} of 5 · ${requester} · ${when}`, { size: 8, color: MUTED });
    for (const part of text.split(/\n+/).filter((one) => one.trim() !== "")) paper.paragraph(part, TEXT);
    if (i % TURN === TURN - 1) await new Promise((done) => setTimeout(done));
  }
  paper.y += 18;
}

/** What each measure counts. */
export function drawDefinitions(paper: Paper, { measures }: ReportResult): void {
  paper.heading(2, "What the numbers mean", HEADING);
  for (const { label, help } of measures) {
    paper.y += 6;
    paper.room(36);
    paper.paragraph(label, { ...TEXT, weight: "bold" });
    paper.paragraph(help, { ...TEXT, color: MUTED });
  }
  paper.y += 18;
}

/** Says which characters a box stands for, by their numbers: they can't be shown. */
export function drawLost(paper: Paper): void {
  if (paper.lost.size === 0) return;
  const codes = [...paper.lost].map((one) =>
    `U+${one.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`
  );
  const more = codes.length > 40 ? `, and ${codes.length - 40} more` : "";
  paper.heading(2, "Characters that can't be shown", HEADING);
  paper.y += 4;
  const list = `${codes.toSorted().slice(0, 40).join(", ")}${more}`;
  paper.paragraph(
    `${BOX} stands for characters that the fonts of this file don't have: ${list}. CSV and JSON have them.`,
    TEXT,
  );
}
