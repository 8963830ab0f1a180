import { isBusy, isSame, refresh } from "./page_refresh.ts";

export interface Arrival {
  /** "Ana Agent replied". */
  text: string;
  id: string;
}

/** Adds the new entries of a fetched page and updates those that were edited. `me` is an id: own entries don't count. */
export function mergeConversation(page: Document, me: string): Arrival[] {
  const [list, next] = [document, page].map((one) => one.querySelector(".conversation"));
  if (!list || !next) return [];
  const arrivals: Arrival[] = [];
  let before: Element | null = null;
  for (const entry of [...next.children]) {
    const shown = document.getElementById(entry.id);
    if (shown) {
      if (!isSame(shown, entry) && !isBusy(shown)) refresh(shown, entry);
      before = document.getElementById(entry.id);
      continue;
    }
    const added = document.importNode(entry, true);
    added.classList.add("is-new");
    if (before) before.after(added);
    else list.append(added);
    before = added;
    if (added.getAttribute("data-author") !== me) arrivals.push({ text: describe(added), id: added.id });
  }
  return arrivals;
}

function describe(entry: Element): string {
  const event = entry.querySelector(".event-text > span");
  if (event) return event.textContent?.trim() ?? "";
  const author = entry.querySelector(".comment-author")?.textContent ?? "Somebody";
  return entry.querySelector(".comment-internal") ? `${author} left an internal note` : `${author} replied`;
}
