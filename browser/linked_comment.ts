/**
 * The address of the part of the conversation that has the comment of a link such as `/tickets/INC-1#comment-…`; null
 * where it is on the page. Emails had such links, and a server isn't told what follows the `#`.
 */
export function partOfLinked({ href, hash }: { href: string; hash: string }): string | null {
  const [, id] = /^#comment-([0-9a-f-]{36})$/i.exec(hash) ?? [];
  const to = new URL(href);
  if (!id || document.getElementById(`comment-${id}`) || to.searchParams.get("comment") === id) return null;
  to.searchParams.delete("before");
  to.searchParams.set("comment", id);
  return to.href;
}
