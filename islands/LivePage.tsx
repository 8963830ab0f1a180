import { useEffect } from "preact/hooks";
import { coalesce, onNews } from "@/browser/live.ts";
import { fetchPage, refreshChildren } from "@/browser/page_refresh.ts";

/** After the first of several changes, and between two looks, in milliseconds. */
const PACE = { afterMs: 500, everyMs: 5_000 };

/** Keeps a page of figures and lists as it is, as far as nobody is at it. */
export function LivePage() {
  useEffect(() => {
    const look = coalesce(async () => {
      const next = await fetchPage(location.pathname + location.search);
      const [old, fresh] = [document, next].map((page) => page?.querySelector("main .page"));
      if (old && fresh) refreshChildren(old, fresh);
    }, PACE);
    const deafen = onNews((news) => {
      if (news.kind === "reset" || news.kind === "change" && news.entity === "ticket") look.ask();
    });
    return () => {
      deafen();
      look.stop();
    };
  }, []);
  return null;
}
