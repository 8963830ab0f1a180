import { isWordAt, mentionById, NAME, type WrittenMention } from "./mention_text.ts";
import { affordable, commonMark } from "./markdown.ts";

const markdown = commonMark();

markdown.inline.ruler.before("link", "mention", (state, silent) => {
  const { src, pos } = state;
  if (src.charCodeAt(pos) !== 0x40 || isWordAt(src, pos - 1)) return false;
  const byId = mentionById(src, pos);
  if (!byId && !isWordAt(src, pos + 1)) return false;
  if (!silent) {
    const token = state.push("call", "", 0);
    const call: WrittenMention = byId
      ? { id: byId.id, label: byId.label }
      : { following: src.slice(pos + 1, pos + 1 + NAME + 1) };
    token.meta = { ...call };
  }
  state.pos += byId?.length ?? 1;
  return true;
});

/** Each `@` that begins a word, up to `most`: none in code, quotes and links, as CommonMark sees them. */
export function mentionsIn(text: string, most: number): WrittenMention[] {
  if (!text.includes("@")) return [];
  const found: WrittenMention[] = [];
  let quotes = 0;
  for (const { type, children } of markdown.parse(affordable(text), {})) {
    if (type === "blockquote_open") quotes++;
    else if (type === "blockquote_close") quotes--;
    if (quotes > 0) continue;
    let links = 0;
    for (const { type, meta } of children ?? []) {
      if (type === "link_open") links++;
      else if (type === "link_close") links--;
      else if (type === "call" && links === 0) found.push(meta as unknown as WrittenMention);
    }
    if (found.length >= most) return found.slice(0, most);
  }
  return found;
}
