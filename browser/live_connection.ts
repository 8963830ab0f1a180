import { type News, tellPage } from "./live.ts";

/** What tabs of one browser say to each other. */
type Said =
  | { news: News; id: string; at: number }
  /** A page that was made at this time asks what it missed. */
  | { missedSince: number };

/** How long the leading tab remembers what it told, in milliseconds: a page takes some time to come to life. */
const REMEMBERED_MS = 30_000;
/** How long after it was made a page may be, as far as two clocks go. */
const MARGIN_MS = 2_000;
/** After a refusal, as of one stream too many or a session that has ended, in milliseconds. */
const REFUSED_MS = { first: 20_000, longest: 5 * 60_000 };

/**
 * Keeps one event stream for all tabs of a browser: the tab that holds the lock reads it and tells the others. When it
 * goes, the next one goes on behind what it was told last.
 *
 * @param options `user` whose stream it is; `after` the cursor of the page's own state
 * @returns how to let go
 */
export function connect({ user, after }: { user: string; after: string }): () => void {
  // A browser without them asks again by the minute, as the bell does.
  if (!("locks" in navigator) || !("BroadcastChannel" in globalThis)) return () => {};
  const name = `servicehub:live:${user}`;
  const channel = new BroadcastChannel(name);
  const left = new AbortController();
  const known = new Set<string>();
  const told: Extract<Said, { news: News }>[] = [];
  let last = after;

  const hear = ({ news, id }: { news: News; id: string }) => {
    if (news.kind === "change") {
      if (known.has(id)) return;
      known.add(id);
      if (known.size > 500) known.delete(known.values().next().value!);
    }
    if (id !== "") last = id;
    tellPage(news);
  };
  const tell = (news: News, id: string) => {
    const said = { news, id, at: Date.now() };
    told.push(said);
    while (told[0]!.at < said.at - REMEMBERED_MS) told.shift();
    channel.postMessage(said);
    hear(said);
  };
  channel.onmessage = ({ data }: MessageEvent<Said>) => {
    if ("news" in data) hear(data);
    else for (const said of told) if (said.at >= data.missedSince) channel.postMessage(said);
  };
  channel.postMessage({ missedSince: performance.timeOrigin - MARGIN_MS } satisfies Said);

  navigator.locks.request(name, { signal: left.signal }, async () => {
    const close = read(() => last, tell);
    await new Promise((done) => left.signal.addEventListener("abort", done));
    close();
  }).catch(() => {
    // It was let go before its turn came.
  });
  return () => {
    left.abort();
    channel.close();
  };
}

/** Reads the stream behind `cursor`, again and again. @returns how to stop */
function read(cursor: () => string, tell: (news: News, id: string) => void): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitMs = REFUSED_MS.first;
  const open = () => {
    source = new EventSource(`/v1/events?after=${encodeURIComponent(cursor())}`);
    source.onopen = () => waitMs = REFUSED_MS.first;
    source.onmessage = ({ data, lastEventId }) => {
      const { topic, entity, entityId } = JSON.parse(data);
      tell({ kind: "change", topic, entity, entityId }, lastEventId);
    };
    source.addEventListener("presence", ({ data }) => {
      tell({ kind: "presence", entityId: JSON.parse(data).entityId }, "");
    });
    source.addEventListener("reset", ({ lastEventId }) => tell({ kind: "reset" }, lastEventId));
    source.onerror = () => {
      // A stream that broke off is taken up again by the browser; one that was refused isn't.
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, waitMs * (0.75 + Math.random() / 2));
      waitMs = Math.min(waitMs * 2, REFUSED_MS.longest);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
