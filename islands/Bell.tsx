import { useEffect, useState } from "preact/hooks";
import { isTicketChange, runAfter } from "@/browser/live_events.ts";
import { NOTICES_READ } from "@/browser/read_notices.ts";
import { Icon } from "@/components/Icon.tsx";
import { unreadLabel } from "@/domain/notifications/wording.ts";

const EVERY_MS = 60_000;
/** A window that gets the focus becomes visible too: that is one reason to ask, not two. */
const ONCE_MS = 1_000;
const PACE = { afterMs: 300, everyMs: 5_000 };

interface Unread {
  count: number;
  capped: boolean;
}

/** How many notifications are unread. Asks again after changes, when the window gets the focus, and every minute. */
export function Bell({ unread: first }: { unread: Unread }) {
  const [unread, setUnread] = useState(first);
  useEffect(() => {
    let asked = performance.now();
    const ask = async () => {
      if (document.visibilityState === "visible" && performance.now() - asked >= ONCE_MS) await load();
    };
    const load = async () => {
      asked = performance.now();
      const response = await fetch("/v1/notifications?unread=true&limit=1").catch(() => null);
      if (response?.ok) setUnread((await response.json()).unread);
    };
    // A page from the back/forward cache may be old.
    const onShow = (event: PageTransitionEvent) => event.persisted && ask();
    const timer = setInterval(ask, EVERY_MS);
    const loading = runAfter(isTicketChange, load, PACE);
    const onRead = (event: Event) => setUnread((event as CustomEvent<Unread>).detail);
    addEventListener(NOTICES_READ, onRead);
    addEventListener("focus", ask);
    addEventListener("pageshow", onShow);
    document.addEventListener("visibilitychange", ask);
    return () => {
      clearInterval(timer);
      loading.stop();
      removeEventListener(NOTICES_READ, onRead);
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
