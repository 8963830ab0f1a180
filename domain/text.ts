/** Rules for texts without a schema library, so that the browser can apply them too. */

const SEEN = /[^\p{Cc}\p{Cf}\p{Z}\u034f\u115f\u1160\u2800\u3164\uffa0]/u;

/** Whether a text has a character that shows: blanks and marks that only join or turn text leave a name empty. */
export function isSeen(text: string): boolean {
  return SEEN.test(text);
}

const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** On one line beside other words, as titles and names, these turn what stands around them as well (UAX #9). */
export function withoutDirectionMarks(text: string): string {
  return text.replaceAll(DIRECTION_MARKS, "");
}

const UNSEEN = /[\p{Cf}\p{DI}]/gu;
/** Joiners belong to words of these scripts, and to emoji. */
const JOINING = [
  ..."Arab Syrc Nkoo Mong Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Khmr Mymr".split(" "),
].map((script) => `\\p{scx=${script}}`).join("");
const JOINED = new RegExp(
  `(?<=[${JOINING}])[\\u200c\\u200d](?=[${JOINING}])|(?<=\\p{ExtPict})\\ufe0f|(?<=[\\p{ExtPict}\\ufe0f])\\u200d(?=\\p{ExtPict})`,
  "gu",
);

/** Without what isn't seen, or turns text: with it, one name looks like another. */
export function withoutUnseen(text: string): string {
  // What belongs to a word is put aside first.
  const kept = [...text.matchAll(JOINED)].map(([char]) => char);
  return text.replaceAll(JOINED, "\0").replaceAll(UNSEEN, "").replaceAll("\0", () => kept.shift()!);
}

/** PostgreSQL can't store this character in a text. */
export function hasNul(text: string): boolean {
  return text.includes("\0");
}

const encoder = new TextEncoder();

export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** A longer text as it is stored: line ends of forms (CRLF) become LF, blanks around it go. */
export function toProse(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}

export const TEXT_PROBLEMS = {
  nul: "Must not contain the character U+0000",
  empty: "Must not be empty",
  unseen: "Must not contain invisible characters or marks that turn text",
  tooLong: (characters: number) => `Must have at most ${characters} characters`,
  tooLarge: (bytes: number) => `Must have at most ${bytes / 1024} KiB`,
};
