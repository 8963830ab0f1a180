import { useEffect } from "preact/hooks";
import { isTicketChange, runAfter } from "@/browser/live_events.ts";
import { fetchPage, refreshChildren } from "@/browser/page_refresh.ts";

const PACE = { afterMs: 500, everyMs: 5_000 };

/** Keeps a page of figures and lists up to date, except for what the person is using. */
export function LivePage() {
  useEffect(() => {
    const refreshing = runAfter(isTicketChange, async () => {
      const next = await fetchPage(location.pathname + location.search);
      const [old, fresh] = [document, next].map((page) => page?.querySelector("main .page"));
      if (old && fresh) refreshChildren(old, fresh);
    }, PACE);
    return refreshing.stop;
  }, []);
  return null;
}
