/** Somebody whom a text calls: `label` is the name as the text has it. */
export interface Mention {
  id: string;
  label: string;
}

/** A place where a text may call somebody: by id, or by whatever name the text goes on with. */
export type WrittenMention = { id: string; label: string } | { following: string };

/** A name is at most this long (the users table says so). */
const NAME = 120;
const BY_ID =
  /^@\[([^\][\n]{1,120})\]\(user:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\)/;
/** `@[`, a name, `](user:`, an id and `)`. */
const LONGEST = NAME + 64;
const WORD = /[\p{L}\p{N}_]/u;

/** Whether `text` has a letter, digit or underscore at `at`. */
export function isWordAt(text: string, at: number): boolean {
  return at >= 0 && at < text.length && WORD.test(String.fromCodePoint(text.codePointAt(at)!));
}

/** The mention by id, `@[Ana Silva](user:…)`, that begins at `at`, and how long it is; null when there is none. */
export function mentionById(text: string, at: number): (Mention & { length: number }) | null {
  const found = BY_ID.exec(text.slice(at, at + LONGEST));
  return found && { id: found[2]!, label: found[1]!, length: found[0].length };
}

/** How a mention is written where the name alone might be somebody else's. */
export function writeById({ id, label }: Mention): string {
  // Brackets and line ends would end the name early.
  return `@[${label.replaceAll(/[\][\n]/g, " ")}](user:${id})`;
}

/** A text as people read it, with names for mentions by id. */
export function plainMentions(text: string): string {
  return text.replaceAll(new RegExp(BY_ID.source.slice(1), "g"), "@$1");
}

/**
 * Where a text may call somebody, in its order: each `@` that begins a word, outside of quotes and code. Linear in the
 * text's length.
 *
 * @param most after so many it stops: a text that calls more is a log, not a letter
 */
export function mentionsIn(text: string, most: number): WrittenMention[] {
  const found: WrittenMention[] = [];
  let fence = "";
  for (const line of text.split("\n")) {
    const start = line.trimStart().slice(0, 3);
    if (start === "```" || start === "~~~") fence = fence === "" ? start : fence === start ? "" : fence;
    else if (fence === "" && !start.startsWith(">")) callsInLine(line, { found, most });
    if (found.length >= most) break;
  }
  return found;
}

function callsInLine(line: string, { found, most }: { found: WrittenMention[]; most: number }): void {
  // Between two backticks is code; behind a last odd one is text.
  const parts = line.split("`");
  for (const [i, part] of parts.entries()) {
    if (i % 2 === 1 && i < parts.length - 1) continue;
    for (let at = part.indexOf("@"); at >= 0 && found.length < most; at = part.indexOf("@", at + 1)) {
      if (isWordAt(part, at - 1)) continue;
      const byId = mentionById(part, at);
      if (byId) found.push({ id: byId.id, label: byId.label });
      else if (isWordAt(part, at + 1)) found.push({ following: part.slice(at + 1, at + 1 + NAME + 1) });
    }
  }
}

/** Whether `text` goes on with `name` as a whole word, in any case. */
export function goesOnWith(text: string, name: string): boolean {
  return text.slice(0, name.length).toLowerCase() === name.toLowerCase() && !isWordAt(text, name.length);
}
