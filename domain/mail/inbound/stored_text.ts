const MOST_BYTES = 64 * 1024;
const encoder = new TextEncoder();

/** Truncates an email's text to the limit of comments; `below` is added at the end. */
export function storedText(text: string, below = ""): string {
  const clean = text.replaceAll("\0", "").replaceAll(/\r\n?/g, "\n").toWellFormed();
  const end = below === "" ? "" : `\n\n(${below})`;
  if (encoder.encode(clean + end).length <= MOST_BYTES) return clean + end;
  const cutOff = "\n\n(The rest of this email was cut off)";
  const room = MOST_BYTES - encoder.encode(cutOff + end).length;
  // Drops half a character at the end.
  const part = new TextDecoder().decode(encoder.encode(clean).subarray(0, room), { stream: true });
  return part + cutOff + end;
}

/** A sentence about files that weren't stored; empty if all were. */
export function omittedFilesNote(names: string[]): string {
  if (names.length === 0) return "";
  const shown = names.slice(0, 10).map((name) => `"${name.replaceAll(/[`*_[\]<>\\]/g, "").slice(0, 80)}"`)
    .join(", ");
  const more = names.length > 10 ? ` and ${names.length - 10} more` : "";
  return `Files left out because of their type or size: ${shown}${more}`;
}
