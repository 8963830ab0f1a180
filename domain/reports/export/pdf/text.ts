import type { Fonts } from "./fonts.ts";

/** Stands for what the fonts lack. */
export const BOX = "\u25a1";

/** The font makes them of letters, and would take every such pair for one of these. */
const LIGATURE = /[\ufb00-\ufb06]/g;
const UNSEEN = /[\p{Cf}\p{Cc}\ufe00-\ufe0f]/u;
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const LTR = /[\p{L}\p{N}]/u;

/** A text as the fonts can write it; `lost` gets the characters that they can't. */
export function writable(text: string, fonts: Fonts, lost: Set<string>): string {
  let written = "";
  const plain = text.normalize("NFC").replaceAll(/[\s\p{Zs}]+/gu, " ").replaceAll(
    LIGATURE,
    (one) => one.normalize("NFKC"),
  );
  for (const one of plain) {
    const codePoint = one.codePointAt(0)!;
    if (UNSEEN.test(one)) continue;
    if (fonts.regular.hasGlyphForCodePoint(codePoint) && fonts.bold.hasGlyphForCodePoint(codePoint)) {
      written += one;
    } else {
      lost.add(one);
      written += BOX;
    }
  }
  return written;
}

/** Whether a line isn't written from left to right throughout. */
export function isTurned(line: string): boolean {
  return RTL.test(line);
}

/** Words in the order in which they stand from left to right. Letters within a word are turned by the font's layout. */
export function visual(line: string): string[] {
  const words = line.split(" ");
  // What has no direction goes with the line, which goes with its first word that has one.
  const turned = RTL.test(words.find((word) => RTL.test(word) || LTR.test(word)) ?? "");
  const runs: { rtl: boolean; words: string[] }[] = [];
  for (const word of words) {
    const last = runs.at(-1);
    const rtl = RTL.test(word) || turned && !LTR.test(word);
    if (last?.rtl === rtl) last.words.push(word);
    else runs.push({ rtl, words: [word] });
  }
  const shown = runs.map(({ rtl, words }) => rtl ? words.toReversed() : words);
  return (turned ? shown.toReversed() : shown).flat();
}

/** No line has more, whatever its width: what is longer isn't measured as a whole. */
const MOST = 400;

/** Lines of at most `width`; a word that is longer than a line is cut. */
export function wrap(text: string, width: number, measure: (text: string) => number): string[] {
  const fits = (line: string) => line.length <= MOST && measure(line) <= width;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    while (!fits(line)) {
      const cut = cutAt(line, width, measure);
      if (cut === line.length) break;
      lines.push(line.slice(0, cut));
      line = line.slice(cut);
    }
  }
  return [...lines, line];
}

/** How many UTF-16 units fit, at whole characters; one at least. */
function cutAt(text: string, width: number, measure: (text: string) => number): number {
  let cut = 0;
  for (const one of text.slice(0, MOST).toWellFormed()) {
    if (cut > 0 && measure(text.slice(0, cut + one.length)) > width) break;
    cut += one.length;
  }
  return cut;
}

/** The beginning that fits, with an ellipsis where it isn't all. */
export function shorten(text: string, width: number, measure: (text: string) => number): string {
  if (text.length <= MOST && measure(text) <= width) return text;
  return `${text.slice(0, cutAt(text, width - measure("…"), measure)).trimEnd()}…`;
}
