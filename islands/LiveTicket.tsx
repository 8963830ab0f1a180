import { useEffect, useRef, useState } from "preact/hooks";
import { isReplying } from "@/browser/composer.ts";
import { type Arrival, mergeConversation } from "@/browser/conversation_refresh.ts";
import { runAfter } from "@/browser/live_events.ts";
import { partOfLinked } from "@/browser/linked_comment.ts";
import { readNotices, unreadBefore } from "@/browser/read_notices.ts";
import { fetchPage, refreshAll, refreshChildren } from "@/browser/page_refresh.ts";
import { Icon } from "@/components/Icon.tsx";

const PACE = { afterMs: 150, everyMs: 1_500 };

/**
 * Keeps an open ticket up to date and says what others did. What is being typed stays as it is.
 *
 * @param props `id` is the ticket's, `href` its page, `me` the person's id; `latest` whether the page shows the end of
 *   the conversation
 */
export function LiveTicket(
  { id, href, me, latest }: { id: string; href: string; me: string; latest: boolean },
) {
  const [arrivals, setArrivals] = useState<Arrival[]>([]);
  const [stale, setStale] = useState(false);
  const unread = useRef<string | null>(null);
  const read = async () => {
    const before = unread.current;
    if (before === null || document.visibilityState !== "visible") return;
    unread.current = null;
    // Lost on the way: when the page is looked at again, it is tried again.
    if (!await readNotices(id, before)) unread.current ??= before;
  };
  useEffect(() => {
    const part = partOfLinked(location);
    if (part !== null) location.replace(part);
  }, []);
  useEffect(() => {
    unread.current = unreadBefore(document);
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [id]);
  useEffect(() => {
    let complete = true;
    const refreshing = runAfter(
      (event) => event.kind === "reset" || event.kind === "change" && event.entityId === id,
      async () => {
        const page = await fetchPage(href);
        if (!page) return setStale(true);
        const composer = document.querySelector(".composer");
        const top = composer?.getBoundingClientRect().top ?? 0;
        const fresh = latest ? mergeConversation(page, me) : [];
        unread.current = unreadBefore(page) ?? unread.current;
        read();
        complete = [
          refreshAll(".page-header", page),
          refreshParts(".ticket-side", page),
          !latest || refreshParts(".ticket-talk", page),
        ].every(Boolean);
        setStale(Boolean(composer) !== Boolean(page.querySelector(".composer")));
        // New comments above must not push the reply box away while somebody types in it.
        if (composer?.contains(document.activeElement)) {
          scrollBy({ top: composer.getBoundingClientRect().top - top, behavior: "instant" });
        }
        setArrivals((before) => [...before, ...fresh].slice(-3));
      },
      PACE,
    );
    // What was in use is refreshed when it loses the focus.
    const onLeave = () => {
      if (!complete) refreshing.ask();
    };
    document.addEventListener("focusout", onLeave);
    return () => {
      document.removeEventListener("focusout", onLeave);
      refreshing.stop();
    };
  }, [id, href, me, latest]);
  const last = arrivals.at(-1);
  const writing = isReplying();
  return (
    <div data-island class="live-notice" role="status">
      {stale && (
        <p class="live-line">
          <Icon name="info" size="sm" />
          <span>This ticket has changed. Reload the page to see the changes.</span> <a href={href}>Reload</a>
        </p>
      )}
      {last && (
        <p class={writing ? "live-line is-warning" : "live-line"}>
          <Icon name={writing ? "alert" : "comment"} size="sm" />
          <span>
            {arrivals.map(({ text }) => text).join(" · ")}
            {writing ? " while you were writing" : ""}
          </span>{" "}
          <a href={`#${last.id}`}>Show</a>
          <button class="button button-quiet button-sm" type="button" onClick={() => setArrivals([])}>
            Dismiss
          </button>
        </p>
      )}
    </div>
  );
}

function refreshParts(selector: string, page: Document): boolean {
  const [old, fresh] = [document, page].map((one) => one.querySelector(selector));
  return old && fresh ? refreshChildren(old, fresh) : true;
}
