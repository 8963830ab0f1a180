import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "@/components/Icon.tsx";
import { coalesce, onNews } from "@/browser/live.ts";
import { fetchPage, isBusy, isSame, refresh, refreshAll, refreshChildren } from "@/browser/page_refresh.ts";

/** After the first of several changes, and between two looks, in milliseconds. */
const PACE = { afterMs: 150, everyMs: 1_500 };

/** What came while the page was open. */
interface Arrived {
  /** Who did what: "Ana Agent replied". */
  text: string;
  /** Where it is on the page. */
  id: string;
}

/**
 * Keeps an open ticket as it is: comments, state and facts come in while one reads or writes, and nothing that is being
 * typed is touched. Says what others did, and more plainly to who is writing a reply.
 *
 * @param props `id` is the ticket's, `href` its page, `me` the person's id; `latest` whether the page shows the end of
 *   the conversation
 */
export function LiveTicket(
  { id, href, me, latest }: { id: string; href: string; me: string; latest: boolean },
) {
  const [arrived, setArrived] = useState<Arrived[]>([]);
  const [stale, setStale] = useState(false);
  const here = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let complete = true;
    const look = coalesce(async () => {
      const page = await fetchPage(href);
      if (!page) return setStale(true);
      const composer = document.querySelector(".composer");
      const top = composer?.getBoundingClientRect().top ?? 0;
      const fresh = latest ? mergeConversation(page, me) : [];
      complete = [
        refreshAll(".page-header", page),
        refreshParts(".ticket-side", page),
        !latest || refreshParts(".ticket-talk", page),
      ].every(Boolean);
      setStale(Boolean(composer) !== Boolean(page.querySelector(".composer")));
      // What comes in above must not carry the field away under who types in it.
      if (composer?.contains(document.activeElement)) {
        scrollBy({ top: composer.getBoundingClientRect().top - top, behavior: "instant" });
      }
      setArrived((before) => [...before, ...fresh].slice(-3));
    }, PACE);
    const deafen = onNews((news) => {
      if (news.kind === "reset" || news.kind === "change" && news.entityId === id) look.ask();
    });
    // What somebody was at is brought up to date when they leave it.
    const onLeave = () => {
      if (!complete) look.ask();
    };
    document.addEventListener("focusout", onLeave);
    return () => {
      document.removeEventListener("focusout", onLeave);
      deafen();
      look.stop();
    };
  }, [id, href, me, latest]);
  const last = arrived.at(-1);
  const writing = isWriting();
  return (
    <div data-island class="live-notice" ref={here} role="status">
      {stale && (
        <p class="live-line">
          <Icon name="info" size="sm" />
          <span>This ticket has changed too much to show it here.</span> <a href={href}>Show it as it is</a>
        </p>
      )}
      {last && (
        <p class={writing ? "live-line is-warning" : "live-line"}>
          <Icon name={writing ? "alert" : "comment"} size="sm" />
          <span>{arrived.map(({ text }) => text).join(" · ")}{writing ? " while you were writing" : ""}</span>
          {" "}
          <a href={`#${last.id}`}>Show</a>
          <button class="button button-quiet button-sm" type="button" onClick={() => setArrived([])}>
            Dismiss
          </button>
        </p>
      )}
    </div>
  );
}

function isWriting(): boolean {
  if (typeof document === "undefined") return false;
  return (document.querySelector<HTMLTextAreaElement>(".composer textarea")?.value.trim() ?? "") !== "";
}

/** Parts of the page one by one, each as far as nobody is at it. */
function refreshParts(selector: string, page: Document): boolean {
  const [old, fresh] = [document, page].map((one) => one.querySelector(selector));
  return old && fresh ? refreshChildren(old, fresh) : true;
}

/** Adds what is new to the conversation and mends what was changed. @returns what others did */
function mergeConversation(page: Document, me: string): Arrived[] {
  const [list, next] = [document, page].map((one) => one.querySelector(".conversation"));
  if (!list || !next) return [];
  const arrived: Arrived[] = [];
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
    if (added.getAttribute("data-author") !== me) arrived.push({ text: said(added), id: added.id });
  }
  return arrived;
}

function said(entry: Element): string {
  const event = entry.querySelector(".event-text > span");
  if (event) return event.textContent?.trim() ?? "";
  const author = entry.querySelector(".comment-author")?.textContent ?? "Somebody";
  return entry.querySelector(".comment-internal") ? `${author} left an internal note` : `${author} replied`;
}
