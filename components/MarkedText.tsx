import type { Marked } from "@/domain/search/highlight.ts";

/** Text with what was searched for marked in it. */
export function MarkedText({ marked: { text, ranges } }: { marked: Marked }) {
  const parts = [];
  let at = 0;
  for (const { start, end } of ranges) {
    parts.push(text.slice(at, start), <mark key={start}>{text.slice(start, end)}</mark>);
    at = end;
  }
  return <>{parts}{text.slice(at)}</>;
}
