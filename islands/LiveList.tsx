import { useEffect, useState } from "preact/hooks";
import { isTicketChange, runAfter } from "@/browser/live_events.ts";
import { fetchPage, isSame, refreshAll } from "@/browser/page_refresh.ts";
import { Icon } from "@/components/Icon.tsx";

const PACE = { afterMs: 400, everyMs: 4_000 };

/** Updates the rows of an open list in place. New rows are only counted, so that nothing moves under the pointer. */
export function LiveList() {
  const [more, setMore] = useState(0);
  useEffect(() => {
    const refreshing = runAfter(isTicketChange, async () => {
      const page = await fetchPage(location.pathname + location.search);
      if (!page) return;
      refreshAll("nav.tabs", page);
      setMore(refreshRows(page));
    }, PACE);
    return refreshing.stop;
  }, []);
  return (
    <div data-island class="live-notice" role="status">
      {more > 0 && (
        <p class="live-line">
          <Icon name="refresh" size="sm" />
          <span>
            {more === 1 ? "1 new or updated ticket" : `${more} new or updated tickets`}
          </span>{" "}
          <a href={location.pathname + location.search}>Show</a>
        </p>
      )}
    </div>
  );
}

const ROW = "tr[data-id]";

/** @returns how many rows the list would show that it doesn't */
function refreshRows(page: Document): number {
  const fresh = new Map([...page.querySelectorAll<HTMLElement>(ROW)].map((row) => [row.dataset.id!, row]));
  for (const row of document.querySelectorAll<HTMLElement>(ROW)) {
    const next = fresh.get(row.dataset.id!);
    fresh.delete(row.dataset.id!);
    // Left the list: greyed out until the list is loaded again.
    row.classList.toggle("is-gone", !next);
    if (!next || isSame(row, next)) continue;
    const focused = row.contains(document.activeElement) ? document.activeElement!.className : null;
    const checked = row.querySelector<HTMLInputElement>("input[type=checkbox]")?.checked ?? false;
    row.innerHTML = next.innerHTML;
    const box = row.querySelector<HTMLInputElement>("input[type=checkbox]");
    if (box) box.checked = checked;
    if (focused !== null) (focused === "" ? box : row.querySelector<HTMLElement>(`.${focused}`))?.focus();
    row.classList.remove("is-changed");
    // Restarts the animation.
    void row.offsetWidth;
    row.classList.add("is-changed");
  }
  return fresh.size;
}
