import { digitsOf, PHONE } from "./phones.ts";

/** A search as it was typed or pasted. */
export interface Query {
  /** Of the ticket that is named by its key, or by a number alone. */
  number: number | null;
  pieces: Piece[];
}

/** What stood between spaces, or a telephone number: a ticket has all of it, or none. */
export interface Piece {
  text: string;
  /** The same with umlauts spelled out: `Müller` may be written as `Mueller`. */
  spelledOut: string | null;
  /** Of a telephone number, in the forms that it may have been written in. */
  digits: string[];
}

const MOST_PIECES = 8;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}+/gu;
/** `INC-1001`, with any dash, none, or what else people put there. */
const KEY = /(?<![\p{L}\p{N}])(?:INC|REQ)[\s\p{Pd}\u2212_.:#]{0,3}0*(\d{1,15})(?![\p{L}\p{N}])/iu;
const PLAIN_KEY = /^(?:INC|REQ)[\p{Pd}\u2212]?\d+$/iu;
const REPLY =
  /^(?:\s*(?:re|fw|fwd|aw|wg|antw|sv|vs|vb|tr|rv|res|enc|odp|pd|ynt|ilt|vl)\s*(?:\[\d+\])?\s*:)+/i;
const LETTERS: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", å: "aa", ø: "oe" };

export function parseQuery(q: string): Query {
  const text = q.normalize("NFKC").replaceAll(INVISIBLE, "").trim();
  const alone = /^#?0*(\d{1,15})$/.exec(text)?.[1];
  const key = KEY.exec(text);
  const number = key?.[1] ?? alone ?? /(?<!\S)#(\d{1,15})(?!\S)/.exec(text)?.[1];
  const words = text.replace(REPLY, "");
  const rest = key && PLAIN_KEY.test(key[0]) ? withoutKey(words) : words;
  // The key alone: other tickets may mention it.
  const only = key && !/[\p{L}\p{N}]/u.test(rest.replace(key[0], ""));
  const pieces = toPieces(only ? `${key[0].slice(0, 3)}-${key[1]}` : rest);
  return { number: number === undefined ? null : Number(number), pieces };
}

/** Without what surrounds the key up to the next space: brackets, or an address that it is part of. */
function withoutKey(text: string): string {
  return text.split(/\s+/).filter((piece) => !KEY.test(piece)).join(" ");
}

function toPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  const addWords = (part: string) => {
    for (const piece of part.split(/\s+/)) {
      if (!/[\p{L}\p{N}]/u.test(piece) || pieces.some(({ text }) => text === piece)) continue;
      pieces.push({ text: piece, spelledOut: spelledOut(piece), digits: [] });
    }
  };
  for (const { index, 0: phone } of text.matchAll(PHONE)) {
    const digits = digitsOf(phone);
    if (digits.length === 0) continue;
    addWords(text.slice(from, index));
    pieces.push({ text: phone, spelledOut: null, digits });
    from = index + phone.length;
  }
  addWords(text.slice(from));
  return pieces.slice(0, MOST_PIECES);
}

function spelledOut(piece: string): string | null {
  const spelled = piece.toLowerCase().replaceAll(/[äöüåø]/g, (letter) => LETTERS[letter]!);
  return spelled === piece.toLowerCase() ? null : spelled;
}
