import { useEffect, useState } from "preact/hooks";
import { Icon } from "@/components/Icon.tsx";
import { coalesce, onNews } from "@/browser/live.ts";
import { fetchPage, isSame, refreshAll } from "@/browser/page_refresh.ts";

/** After the first of several changes, and between two looks, in milliseconds. */
const PACE = { afterMs: 400, everyMs: 4_000 };

/**
 * Keeps an open list as it is: rows that changed are shown anew where they stand, with their boxes as they were; what
 * would come in is counted, and comes when it is asked for, so that nothing moves under the pointer.
 */
export function LiveList() {
  const [more, setMore] = useState(0);
  useEffect(() => {
    const look = coalesce(async () => {
      const page = await fetchPage(location.pathname + location.search);
      if (!page) return;
      refreshAll("nav.tabs", page);
      setMore(refreshRows(page));
    }, PACE);
    const deafen = onNews((news) => {
      if (news.kind === "reset" || news.kind === "change" && news.entity === "ticket") look.ask();
    });
    return () => {
      deafen();
      look.stop();
    };
  }, []);
  return (
    <div data-island class="live-notice" role="status">
      {more > 0 && (
        <p class="live-line">
          <Icon name="refresh" size="sm" />
          <span>
            {more === 1 ? "1 ticket has come in or moved up" : `${more} tickets have come in or moved up`}
          </span>{" "}
          <a href={location.pathname + location.search}>Show</a>
        </p>
      )}
    </div>
  );
}

const ROW = "tr[data-id]";

/** Brings the rows that are shown up to date. @returns how many would be shown that aren't */
function refreshRows(page: Document): number {
  const fresh = new Map([...page.querySelectorAll<HTMLElement>(ROW)].map((row) => [row.dataset.id!, row]));
  for (const row of document.querySelectorAll<HTMLElement>(ROW)) {
    const next = fresh.get(row.dataset.id!);
    fresh.delete(row.dataset.id!);
    // It isn't in this list any more: it stays until the list is asked for again.
    row.classList.toggle("is-gone", !next);
    if (!next || isSame(row, next)) continue;
    const focused = row.contains(document.activeElement) ? document.activeElement!.className : null;
    const checked = row.querySelector<HTMLInputElement>("input[type=checkbox]")?.checked ?? false;
    row.innerHTML = next.innerHTML;
    const box = row.querySelector<HTMLInputElement>("input[type=checkbox]");
    if (box) box.checked = checked;
    if (focused !== null) (focused === "" ? box : row.querySelector<HTMLElement>(`.${focused}`))?.focus();
    row.classList.remove("is-changed");
    // Starts the mark anew.
    void row.offsetWidth;
    row.classList.add("is-changed");
  }
  return fresh.size;
}
