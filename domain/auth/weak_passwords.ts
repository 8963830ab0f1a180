import { COMMON_PASSWORDS, COMMON_WORDS } from "./common_passwords.ts";

/** Longer passwords aren't in anyone's list of guesses. */
const MOST_EXAMINED = 80;
const MOST_COMMON_WORDS = 2;

const KEYBOARD = [
  ..."1234567890 qwertyuiop asdfghjkl zxcvbnm qwertzuiop yxcvbnm azertyuiop qsdfghjklm wxcvbn".split(" "),
  ..."1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm 8ik 9ol 0p abcdefghijklmnopqrstuvwxyz йцукенгшщзхъ фывапролджэ ячсмитьбю"
    .split(" "),
];
const NEXT_KEYS = neighbours(KEYBOARD);
const SHIFTED: Record<string, string> = Object.fromEntries(
  [..."!@#$%^&*()"].map((c, i) => [c, "1234567890"[i]!]),
);
const LEET: Record<string, string> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  "$": "s",
  "!": "i",
};

/** A repeated unit, a few runs of equal or neighbouring keys, or hardly any distinct characters. */
export function isPattern(password: string): boolean {
  const keys = [...password.toLowerCase()].map((c) => SHIFTED[c] ?? c);
  if (keys.length > MOST_EXAMINED) return new Set(keys).size < 4 || isRepeated(keys);
  return new Set(keys).size < 4 || isRepeated(keys) || runs(keys) <= Math.ceil(keys.length / 3) ||
    interleaved(keys);
}

function isRepeated(keys: string[]): boolean {
  const longest = Math.min(8, Math.floor(keys.length / 2));
  for (let unit = 1; unit <= longest; unit++) {
    if (keys.every((key, i) => i < unit || key === keys[i - unit])) return true;
  }
  return false;
}

/** The number of runs of equal, rising or neighbouring keys. */
function runs(keys: string[]): number {
  let count = 0;
  for (let i = 0; i < keys.length; count++) {
    let end = i + 1;
    const step = stepOf(keys[i]!, keys[end]);
    while (step !== null && end < keys.length && isStep(keys[end - 1]!, keys[end]!, step)) end++;
    i = end;
  }
  return count;
}

/** Two interleaved rows, as in `q1w2e3r4t5y6`. */
function interleaved(keys: string[]): boolean {
  const even = keys.filter((_, i) => i % 2 === 0);
  const odd = keys.filter((_, i) => i % 2 === 1);
  return runs(even) <= 2 && runs(odd) <= 2;
}

type Step = "same" | "up" | "down";

function stepOf(from: string, to: string | undefined): Step | null {
  if (to === undefined) return null;
  return (["same", "up", "down"] as const).find((step) => isStep(from, to, step)) ?? null;
}

function isStep(from: string, to: string, step: Step): boolean {
  if (step === "same") return from === to;
  return step === "up" ? NEXT_KEYS.has(from + to) : NEXT_KEYS.has(to + from);
}

function neighbours(rows: string[]): Set<string> {
  const pairs = new Set<string>(["90", "01"]);
  for (const row of rows) {
    const keys = [...row];
    for (let i = 1; i < keys.length; i++) pairs.add(keys[i - 1]! + keys[i]!);
  }
  return pairs;
}

/** Also with digits, signs, capitals and look-alikes. Words of `personal` count from three letters on. */
export function isCommon(password: string, personal: string[]): "common" | "personal" | null {
  const text = password.toLowerCase();
  if (text.length > MOST_EXAMINED) return null;
  const own = new Set(personal.flatMap((part) => part.toLowerCase().match(/\p{L}{3,}/gu) ?? []));
  const edges = /^[\d\p{P}\p{S}\s]+|[\d\p{P}\p{S}\s]+$/gu;
  const readings = [
    text,
    text.replaceAll(edges, "").replaceAll(/./gu, unleet),
    text.replaceAll(/./gu, unleet),
  ];
  for (const reading of readings) {
    if (isListed(reading)) return "common";
    const cost = wordCount(reading, own);
    if (cost !== null && cost.words <= MOST_COMMON_WORDS) return cost.words === 0 ? "personal" : "common";
  }
  return null;
}

function isListed(text: string): boolean {
  const solid = text.replaceAll(/[\s\p{P}]/gu, "");
  return COMMON_PASSWORDS.has(solid) || COMMON_PASSWORDS.has(solid.replaceAll(/^\d+|\d+$/g, ""));
}

function unleet(char: string): string {
  return LEET[char] ?? char;
}

/** The fewest common words that make up `text`, the owner's words not counted; null if letters are left. */
function wordCount(text: string, own: Set<string>): { words: number } | null {
  const parts = text.match(/[\p{L}\p{M}]+/gu);
  if (!parts) return null;
  let words = 0;
  for (const part of parts) {
    const least = [0, ...Array<number>(part.length).fill(Infinity)];
    for (let end = 1; end <= part.length; end++) {
      for (let start = Math.max(0, end - 24); start < end; start++) {
        const word = part.slice(start, end);
        const cost = own.has(word) ? 0 : COMMON_WORDS.has(word) ? 1 : Infinity;
        least[end] = Math.min(least[end]!, least[start]! + cost);
      }
    }
    if (least[part.length] === Infinity) return null;
    words += least[part.length]!;
  }
  return { words };
}
