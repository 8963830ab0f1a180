export const MOST_HEADERS = 256 * 1024;

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
