/** Texts made to be slow, of any length. */

const KINDS: Record<string, (length: number) => string> = {
  "combining marks": (n) => fill("a", "\u0301\u0327\u200b\u1dc4", n),
  "runs of marks": (n) => fill("", `e${"\u0301\u0327".repeat(15)}`, n),
  "marks that turn text, or don't show": (n) => fill("a", "\u202e\u2066b\u202d\u200f\u200b\u200d\ufeff", n),
  "one character": (n) => "x".repeat(n),
  "deep Markdown": (n) => fill("", "> - *[_`~~![](<@[x](user:", n),
  "brackets": (n) => fill("", "[", n),
  "long words": (n) => fill("", `${"Łøßİ漢".repeat(60)} `, n),
  "ligatures": (n) => fill("", "\ufdfa", n),
};

export const HOSTILE = Object.keys(KINDS);

/** Of at most `units` UTF-16 code units and, if given, `bytes` of UTF-8. */
export function hostileText(
  kind: string,
  { units, bytes = Infinity }: { units: number; bytes?: number },
): string {
  const text = KINDS[kind]!(units);
  if (bytes === Infinity) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes));
  return text.slice(0, read);
}

function fill(start: string, part: string, length: number): string {
  return (start + part.repeat(Math.ceil(length / part.length))).slice(0, length).toWellFormed();
}
