/** `label` is the name as the text has it. */
export interface Mention {
  id: string;
  label: string;
}

/** By id, or by whatever name the text continues with. */
export type WrittenMention = { id: string; label: string } | { following: string };

/** The longest name, in characters. */
export const NAME = 120;
const BY_ID =
  /^@\[([^\][\n]{1,120})\]\(user:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\)/;
/** `@[`, a name, `](user:`, an id and `)`. */
const LONGEST = NAME + 64;
const WORD = /[\p{L}\p{N}_]/u;

export function isWordAt(text: string, at: number): boolean {
  return at >= 0 && at < text.length && WORD.test(String.fromCodePoint(text.codePointAt(at)!));
}

/** `@[Ana Silva](user:…)`; null when there is none at `at`. */
export function mentionById(text: string, at: number): (Mention & { length: number }) | null {
  const found = BY_ID.exec(text.slice(at, at + LONGEST));
  return found && { id: found[2]!, label: found[1]!, length: found[0].length };
}

/** For a name that isn't unique. */
export function writeById({ id, label }: Mention): string {
  // Brackets and line ends would end the name early.
  return `@[${label.replaceAll(/[\][\n]/g, " ")}](user:${id})`;
}

/** With names for mentions by id. */
export function plainMentions(text: string): string {
  return text.replaceAll(new RegExp(BY_ID.source.slice(1), "g"), "@$1");
}

/** As a whole word, in any case. */
export function goesOnWith(text: string, name: string): boolean {
  return text.slice(0, name.length).toLowerCase() === name.toLowerCase() && !isWordAt(text, name.length);
}
