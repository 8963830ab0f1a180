import { useEffect, useState } from "preact/hooks";
import { Icon } from "../components/Icon.tsx";
import { unreadLabel } from "../domain/notifications/wording.ts";

const EVERY_MS = 60_000;

/** How many are unread, as the page that was opened knew it. */
interface Unread {
  count: number;
  capped: boolean;
}

/** The bell of every page: how many notifications are unread. Asks again by the minute and when its window is looked at. */
export function Bell({ unread: first }: { unread: Unread }) {
  const [unread, setUnread] = useState(first);
  useEffect(() => {
    const ask = async () => {
      if (document.visibilityState === "hidden") return;
      // A network that is away is no news; the next time will do.
      const response = await fetch("/v1/notifications?unread=true&limit=1").catch(() => null);
      if (response?.ok) setUnread((await response.json()).unread);
    };
    const timer = setInterval(ask, EVERY_MS);
    addEventListener("focus", ask);
    addEventListener("pageshow", ask);
    document.addEventListener("visibilitychange", ask);
    return () => {
      clearInterval(timer);
      removeEventListener("focus", ask);
      removeEventListener("pageshow", ask);
      document.removeEventListener("visibilitychange", ask);
    };
  }, []);
  const label = unread.count === 0 ? "Notifications" : `Notifications: ${unreadLabel(unread)} unread`;
  return (
    <a class="button button-quiet button-icon bell" href="/notifications" aria-label={label} title={label}>
      <Icon name="bell" />
      {unread.count > 0 && <span class="bell-count" aria-hidden="true">{unreadLabel(unread)}</span>}
    </a>
  );
}
