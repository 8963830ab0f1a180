/** Rules for texts without a schema library, so that the browser can apply them too. */

const SEEN = /[^\p{Cc}\p{Cf}\p{Z}\u034f\u115f\u1160\u2800\u3164\uffa0]/u;

/** Whether a text has a character that shows: blanks and marks that only join or turn text leave a name empty. */
export function isSeen(text: string): boolean {
  return SEEN.test(text);
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
  tooLong: (characters: number) => `Must have at most ${characters} characters`,
  tooLarge: (bytes: number) => `Must have at most ${bytes / 1024} KiB`,
};
