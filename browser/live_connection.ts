import { type LiveEvent, publish } from "./live_events.ts";

type TabMessage =
  | { event: LiveEvent; id: string; at: number }
  /** From a page that was made at this time and may have missed something. */
  | { missedSince: number };

/** How long the leading tab can repeat what it sent, in milliseconds: a page takes some time to start. */
const REPEATABLE_MS = 30_000;
const MARGIN_MS = 2_000;
/** After a refusal, as of one stream too many or an ended session, in milliseconds. */
const RETRY_MS = { first: 20_000, longest: 5 * 60_000 };
const MOST_KNOWN = 500;

/**
 * Keeps one event stream for all tabs of a browser: the tab that has the lock reads it and sends events to the others.
 * When it closes, the next one continues behind the last event.
 * `after` is the cursor of the page's own state.
 */
export function connect({ user, after }: { user: string; after: string }): () => void {
  // Browsers without these poll by the minute, as the bell does.
  if (!("locks" in navigator) || !("BroadcastChannel" in globalThis)) return () => {};
  const name = `servicehub:live:${user}`;
  const channel = new BroadcastChannel(name);
  const closed = new AbortController();
  const known = new Set<string>();
  const sent: Extract<TabMessage, { event: LiveEvent }>[] = [];
  let cursor = after;

  const receive = ({ event, id }: { event: LiveEvent; id: string }) => {
    if (event.kind === "change") {
      if (known.has(id)) return;
      known.add(id);
      if (known.size > MOST_KNOWN) known.delete(known.values().next().value!);
    }
    if (id !== "") cursor = id;
    publish(event);
  };
  const broadcast = (event: LiveEvent, id: string) => {
    const message = { event, id, at: Date.now() };
    sent.push(message);
    while (sent[0]!.at < message.at - REPEATABLE_MS) sent.shift();
    channel.postMessage(message);
    receive(message);
  };
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => {
    if ("event" in data) receive(data);
    else for (const message of sent) if (message.at >= data.missedSince) channel.postMessage(message);
  };
  channel.postMessage({ missedSince: performance.timeOrigin - MARGIN_MS } satisfies TabMessage);

  navigator.locks.request(name, { signal: closed.signal }, async () => {
    const close = readStream(() => cursor, broadcast);
    await new Promise((done) => closed.signal.addEventListener("abort", done));
    close();
  }).catch(() => {
    // Disconnected before the lock was free.
  });
  return () => {
    closed.abort();
    channel.close();
  };
}

function readStream(cursor: () => string, broadcast: (event: LiveEvent, id: string) => void): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitMs = RETRY_MS.first;
  const open = () => {
    source = new EventSource(`/v1/events?after=${encodeURIComponent(cursor())}`);
    source.onopen = () => waitMs = RETRY_MS.first;
    source.onmessage = ({ data, lastEventId }) => {
      const { topic, entity, entityId } = JSON.parse(data);
      broadcast({ kind: "change", topic, entity, entityId }, lastEventId);
    };
    source.addEventListener("presence", ({ data }) => {
      broadcast({ kind: "presence", entityId: JSON.parse(data).entityId }, "");
    });
    source.addEventListener("reset", ({ lastEventId }) => broadcast({ kind: "reset" }, lastEventId));
    source.onerror = () => {
      // The browser reconnects a broken stream by itself, a refused one it doesn't.
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, waitMs * (0.75 + Math.random() / 2));
      waitMs = Math.min(waitMs * 2, RETRY_MS.longest);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
