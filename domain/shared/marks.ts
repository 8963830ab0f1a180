/**
 * Text from outside: at most 30 combining marks in a row, as in the Stream-Safe Text Format (UAX #15). Unicode
 * normalization takes time by the square of such a run, here and in PostgreSQL; no language writes more than a dozen.
 */

const MOST = 30;

const OTHER = 1;
const MARK = 2;
const UNSEEN = 3;

/** The two half-width signs become marks under NFKC and NFKD. */
const MARKS = /[\p{M}\uff9e\uff9f]/u;
/** Ends no run: a search ignores such characters, and the marks around them would come together. */
const IGNORED = /[\p{Cf}\p{DI}]/u;

const kinds = new Uint8Array(0x110000);

function kindOf(point: number): number {
  if (kinds[point] === 0) {
    const char = String.fromCodePoint(point);
    kinds[point] = MARKS.test(char) ? MARK : IGNORED.test(char) ? UNSEEN : OTHER;
  }
  return kinds[point]!;
}

/** Drops what goes on beyond the bound; any other text stays as it is. Linear. */
export function boundMarks(text: string): string {
  let kept = "";
  let from = 0;
  let run = 0;
  for (let at = 0; at < text.length;) {
    const point = text.codePointAt(at)!;
    const after = at + (point > 0xffff ? 2 : 1);
    const kind = kindOf(point);
    if (kind === OTHER) run = 0;
    else if (kind === MARK) run++;
    if (run > MOST) {
      kept += text.slice(from, at);
      from = after;
    }
    at = after;
  }
  return from === 0 ? text : kept + text.slice(from);
}

const PASSWORDS: ReadonlySet<string> = new Set(["password", "currentPassword", "newPassword"]);

/** Of a form or JSON body. An answer to a question of the catalog is none, whatever its key. */
export function isPassword(name: string): boolean {
  return PASSWORDS.has(name);
}

/** A field of a body. Passwords are checked as they came (ASVS 5.0, V6.2.8): their own limit of 1 KiB bounds them. */
export function boundField(name: string, value: string): string {
  return isPassword(name) ? value : boundMarks(value);
}

/** All texts of a JSON body, keys too; half a surrogate pair, which PostgreSQL can't store, becomes U+FFFD. */
export function boundBody(body: unknown): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return boundValue(body);
  return Object.fromEntries(
    Object.entries(body).map((
      [name, value],
    ) => [boundValue(name), isPassword(name) && typeof value === "string" ? value : boundValue(value)]),
  );
}

function boundValue(value: unknown): unknown {
  if (typeof value === "string") return boundMarks(value.toWellFormed());
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(boundValue);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [boundValue(name), boundValue(one)]));
}
