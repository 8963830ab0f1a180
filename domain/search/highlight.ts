import { folded } from "./folding.ts";
import { PHONE } from "./phones.ts";

/** From `start` to before `end`, in UTF-16 code units. */
export interface Range {
  start: number;
  end: number;
}

/** Text with what a search found in it. Not escaped. */
export interface Marked {
  text: string;
  ranges: Range[];
}

/** A word equal to one of `words`, or beginning with `word`; or a telephone number with one of `digits` in it. */
export interface Sought {
  word: string;
  begins: boolean;
  digits: readonly string[];
  words: readonly string[];
}

const WORD = /[\p{L}\p{N}\p{M}\p{Default_Ignorable_Code_Point}]+/gu;
// Scripts without spaces between words.
const DENSE = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/;
const HYPHEN = /^[-\u2010\u2011]$/;
/** Of a word with hyphens. */
const MOST_PARTS = 5;
const MOST_RANGES = 20;
const MOST_NOTED = 500;
/** The index keeps so much of a word; the rest of a longer run is marks. */
const LONGEST = 200;

/** @returns at most twenty ranges in order, and the positions in `sought` of what was found */
export function findWords(text: string, sought: readonly Sought[]): { ranges: Range[]; found: Set<number> } {
  const ranges: Range[] = [];
  const found = new Set<number>();
  /** Which of `sought` which word is. */
  const marks = new Set<string>();
  const matches = [...text.matchAll(WORD)];
  // All at once: most of the work is in the call.
  const words = folded(matches.map(([word]) => word.slice(0, LONGEST)).join("\n")).split("\n");
  const note = (n: number, start: number, end: number) => {
    found.add(n);
    if (ranges.length < MOST_NOTED) ranges.push({ start, end });
  };
  for (const [i, { index, 0: original }] of matches.entries()) {
    const word = words[i]!;
    const dense = DENSE.test(word);
    const number = word.replace(/^0+(?=\d)/, "");
    for (const [n, { word: wanted, begins, words }] of sought.entries()) {
      const at = dense ? original.indexOf(wanted) : 0;
      if (
        dense ? at >= 0 : words.includes(word) || words.includes(number) || begins && word.startsWith(wanted)
      ) {
        note(n, index + at, index + (dense ? at + wanted.length : original.length));
        marks.add(`${n} ${i}`);
      }
    }
  }
  for (const { word, first, last } of joinedWords(text, matches, words)) {
    const parts = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    for (const [n, { word: wanted, begins, words }] of sought.entries()) {
      // The smaller match is the one that was meant.
      if (parts.some((i) => marks.has(`${n} ${i}`))) continue;
      if (!words.includes(word) && !(begins && word.startsWith(wanted))) continue;
      note(n, matches[first]!.index, matches[last]!.index + matches[last]![0].length);
      for (const i of parts) marks.add(`${n} ${i}`);
    }
  }
  const phones = sought.some(({ digits }) => digits.length > 0) ? [...text.matchAll(PHONE)] : [];
  for (const { index, 0: phone } of phones) {
    const forms = [phone, phone.replaceAll("(0)", "")].map((form) => form.replaceAll(/\D/g, ""));
    for (const [n, { digits }] of sought.entries()) {
      if (digits.some((wanted) => forms.some((form) => form.includes(wanted)))) {
        note(n, index, index + phone.length);
      }
    }
  }
  // A telephone number, or what is joined, may be around some words and stand before others.
  const merged: Range[] = [];
  for (const range of ranges.sort((a, b) => a.start - b.start)) add(merged, range);
  return { ranges: merged.slice(0, MOST_RANGES), found };
}

/** What is written with hyphens, as `search_joined` joins it. */
function joinedWords(
  text: string,
  matches: RegExpExecArray[],
  words: string[],
): { word: string; first: number; last: number }[] {
  const joined: { word: string; first: number; last: number }[] = [];
  const endOf = (i: number) => matches[i]!.index + matches[i]![0].length;
  for (let from = 0, to = 0; from < matches.length; from = ++to) {
    while (to + 1 < matches.length && HYPHEN.test(text.slice(endOf(to), matches[to + 1]!.index))) to++;
    if (to === from || to - from >= MOST_PARTS) continue;
    const add = (first: number, last: number) =>
      joined.push({ word: words.slice(first, last + 1).join(""), first, last });
    for (let i = from; i < to; i++) add(i, i + 1);
    if (to - from > 1) add(from, to);
  }
  return joined;
}

function add(ranges: Range[], range: Range): void {
  const last = ranges.at(-1);
  if (!last || range.start > last.end) ranges.push(range);
  else if (range.start >= last.start) last.end = Math.max(last.end, range.end);
}

export function marked(text: string, sought: readonly Sought[]): Marked {
  return { text, ranges: findWords(text, sought).ranges };
}

const BEFORE = 60;
const LENGTH = 200;

/** The line around the first match, or the beginning. @returns also which of `sought` the whole text has */
export function snippetOf(text: string, sought: readonly Sought[]): { snippet: Marked; found: Set<number> } {
  // The line is shown as plain text, without Markdown's marks.
  const line = text.replaceAll(/^(?:#{1,6}|>) /gm, "").replaceAll(/[*`~]/g, "").replaceAll(/\s+/g, " ")
    .trim();
  const { ranges, found } = findWords(line, sought);
  const first = ranges[0]?.start ?? 0;
  const from = line.length <= LENGTH || first <= BEFORE ? 0 : wordAt(line, first - BEFORE);
  const to = from + LENGTH >= line.length ? line.length : Math.max(from + 1, wordBefore(line, from + LENGTH));
  const cut = `${from > 0 ? "… " : ""}${line.slice(from, to).toWellFormed().trim()}${
    to < line.length ? " …" : ""
  }`;
  return { snippet: marked(cut, sought), found };
}

/** The beginning of a word near `at`, or `at` itself. */
function wordAt(text: string, at: number): number {
  const space = text.indexOf(" ", at);
  return space < 0 || space > at + 30 ? at : space + 1;
}

function wordBefore(text: string, at: number): number {
  const space = text.lastIndexOf(" ", at);
  return space < at - 30 ? at : space;
}
