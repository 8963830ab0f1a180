import { Buffer } from "node:buffer";

export const MOST_HEADERS = 256 * 1024;

const DECLARED = /boundary\s*=\s*"?([^"\s;]{1,100})/gi;

/** How many bytes the headers of all parts of a raw email have, about. Linear. */
export function partHeaderBytes(raw: Uint8Array): number {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString("latin1");
  const boundaries = new Set(Array.from(text.matchAll(DECLARED), ([, boundary]) => `--${boundary}`));
  let total = 0;
  let inHead = true;
  for (let at = 0; at < text.length;) {
    const next = text.indexOf("\n", at) + 1 || text.length;
    const isBoundary = text.startsWith("--", at) && boundaries.has(text.slice(at, next).trimEnd());
    if (isBoundary) inHead = true;
    else if (inHead && (text[at] === "\n" || text.startsWith("\r\n", at))) inHead = false;
    else if (inHead) total += next - at;
    at = next;
  }
  return total;
}

/**
 * The values of a header of a raw email, topmost first, without its line breaks. Linear, so that it can be looked at
 * before the email is parsed. @returns null when the headers are too large
 */
export function headerValues(raw: Uint8Array, name: string): string[] | null {
  const head = new TextDecoder("latin1").decode(raw.subarray(0, MOST_HEADERS + 4));
  const end = /\r?\n\r?\n/.exec(head)?.index ?? (raw.length > MOST_HEADERS ? -1 : head.length);
  if (end < 0) return null;
  const values: string[] = [];
  let open = false;
  for (const line of head.slice(0, end).split(/\r?\n/)) {
    if (/^[ \t]/.test(line)) {
      if (open) values.push(values.pop() + " " + line.trim());
      continue;
    }
    const colon = line.indexOf(":");
    open = colon > 0 && line.slice(0, colon).trim().toLowerCase() === name;
    if (open) values.push(line.slice(colon + 1).trim());
  }
  return values;
}
