/** A part of a text, from `start` to before `end`, in UTF-16 code units as JavaScript counts them. */
export interface Range {
  start: number;
  end: number;
}

/** Text with the parts that a search found in it. It is text: whoever shows it escapes it. */
export interface Marked {
  text: string;
  ranges: Range[];
}

/** A word to look for: equal to one of `words`, or beginning with `word`. */
export interface Sought {
  word: string;
  begins: boolean;
  words: readonly string[];
}

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
// Scripts without spaces between words: there a word is found anywhere in a run.
const DENSE = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/;
const MOST_RANGES = 20;

/** Text as the index compares it: without case and accents. */
export function folded(text: string): string {
  // deno-lint-ignore no-control-regex -- the fast way for plain ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  return text.toLowerCase().replaceAll("ß", "ss").normalize("NFKD").replaceAll(/[\u0300-\u036f]/g, "")
    .normalize("NFKC");
}

/**
 * Where the words of a search are in a text.
 *
 * @returns ranges in order, at most twenty, and which of `sought` were found, by their place
 */
export function findWords(text: string, sought: readonly Sought[]): { ranges: Range[]; found: Set<number> } {
  const ranges: Range[] = [];
  const found = new Set<number>();
  for (const match of text.matchAll(WORD)) {
    const word = folded(match[0]);
    const dense = DENSE.test(word);
    for (const [i, { word: wanted, begins, words }] of sought.entries()) {
      const at = dense ? match[0].indexOf(wanted) : 0;
      if (dense ? at < 0 : !(words.includes(word) || begins && word.startsWith(wanted))) continue;
      found.add(i);
      if (ranges.length >= MOST_RANGES) continue;
      add(ranges, {
        start: match.index + at,
        end: match.index + (dense ? at + wanted.length : match[0].length),
      });
    }
  }
  return { ranges, found };
}

/** Adds a range, joined with the one before where they touch. */
function add(ranges: Range[], range: Range): void {
  const last = ranges.at(-1);
  if (!last || range.start > last.end) ranges.push(range);
  else if (range.start >= last.start) last.end = Math.max(last.end, range.end);
}

/** The whole of a short text, with what was found in it. */
export function marked(text: string, sought: readonly Sought[]): Marked {
  return { text, ranges: findWords(text, sought).ranges };
}

/** Characters around what was found. */
const BEFORE = 60;
const LENGTH = 200;

/**
 * A line of a long text around the first thing found in it; its beginning where nothing was.
 *
 * @returns the line, with `…` where it was cut, and how many of `sought` the whole text has
 */
export function snippetOf(text: string, sought: readonly Sought[]): { snippet: Marked; found: Set<number> } {
  // A line is shown as plain text, so the marks of Markdown would only be in the way.
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

/** The beginning of the first word from `at` on, or `at` itself where there is none near. */
function wordAt(text: string, at: number): number {
  const space = text.indexOf(" ", at);
  return space < 0 || space > at + 30 ? at : space + 1;
}

function wordBefore(text: string, at: number): number {
  const space = text.lastIndexOf(" ", at);
  return space < at - 30 ? at : space;
}
