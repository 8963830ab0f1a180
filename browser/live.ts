/** What a page is told while it is open: where to look, never what is there. */
export type News =
  /** Something changed. */
  | { kind: "change"; topic: string; entity: string; entityId: string }
  /** Who is at a ticket changed. */
  | { kind: "presence"; entityId: string }
  /** Anything may have changed. */
  | { kind: "reset" };

const NAME = "servicehub:news";

/** Tells the islands of this page. */
export function tellPage(news: News): void {
  dispatchEvent(new CustomEvent<News>(NAME, { detail: news }));
}

/** Listens to what changes. @returns how to stop */
export function onNews(listener: (news: News) => void): () => void {
  const heard = (event: Event) => listener((event as CustomEvent<News>).detail);
  addEventListener(NAME, heard);
  return () => removeEventListener(NAME, heard);
}

/**
 * Runs `work` after news, once for all that come within `afterMs`, and at most every `everyMs`; in a window that nobody
 * looks at it waits until somebody does.
 *
 * @returns what to call at news, and how to stop
 */
export function coalesce(
  work: () => Promise<void> | void,
  { afterMs, everyMs }: { afterMs: number; everyMs: number },
): { ask: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wanted = false;
  let ranAt = -Infinity;
  const run = async () => {
    timer = undefined;
    if (document.visibilityState === "hidden") return;
    wanted = false;
    ranAt = performance.now();
    await work();
  };
  const ask = () => {
    wanted = true;
    timer ??= setTimeout(run, Math.max(afterMs, ranAt + everyMs - performance.now()));
  };
  const onVisible = () => document.visibilityState === "visible" && wanted && ask();
  document.addEventListener("visibilitychange", onVisible);
  return {
    ask,
    stop() {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
    },
  };
}
