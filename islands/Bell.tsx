import { useEffect, useState } from "preact/hooks";
import { Icon } from "@/components/Icon.tsx";
import { unreadLabel } from "@/domain/notifications/wording.ts";
import { coalesce, onNews } from "@/browser/live.ts";

const EVERY_MS = 60_000;
/** What comes sooner after the last question, as a window's focus with its becoming visible, is one and the same. */
const ONCE_MS = 1_000;
/** After something changed: soon, and not again and again on a busy desk. */
const NEWS = { afterMs: 300, everyMs: 5_000 };

/** How many are unread, as the page that was opened knew it. */
interface Unread {
  count: number;
  capped: boolean;
}

/**
 * The bell of every page: how many notifications are unread. Asks again when something changes that the person sees,
 * when its window is looked at, and by the minute.
 */
export function Bell({ unread: first }: { unread: Unread }) {
  const [unread, setUnread] = useState(first);
  useEffect(() => {
    let asked = performance.now();
    const ask = async () => {
      if (document.visibilityState === "visible" && performance.now() - asked >= ONCE_MS) await load();
    };
    const load = async () => {
      asked = performance.now();
      // A network that is away is no news; the next time will do.
      const response = await fetch("/v1/notifications?unread=true&limit=1").catch(() => null);
      if (response?.ok) setUnread((await response.json()).unread);
    };
    // Only a page from the browser's memory is older than what it says.
    const onShow = (event: PageTransitionEvent) => event.persisted && ask();
    const timer = setInterval(ask, EVERY_MS);
    const news = coalesce(load, NEWS);
    const deafen = onNews((one) => {
      if (one.kind === "reset" || one.kind === "change" && one.entity === "ticket") news.ask();
    });
    addEventListener("focus", ask);
    addEventListener("pageshow", onShow);
    document.addEventListener("visibilitychange", ask);
    return () => {
      clearInterval(timer);
      deafen();
      news.stop();
      removeEventListener("focus", ask);
      removeEventListener("pageshow", onShow);
      document.removeEventListener("visibilitychange", ask);
    };
  }, []);
  const label = unread.count === 0 ? "Notifications" : `Notifications: ${unreadLabel(unread)} unread`;
  return (
    <a
      data-island
      class="button button-quiet button-icon bell"
      href="/notifications"
      aria-current="false"
      aria-label={label}
      title={label}
    >
      <Icon name="bell" />
      {unread.count > 0 && <span class="bell-count" aria-hidden="true">{unreadLabel(unread)}</span>}
    </a>
  );
}
