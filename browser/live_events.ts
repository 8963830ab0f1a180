/** What an open page is told: where to look, never what is there. */
export type LiveEvent =
  | { kind: "change"; topic: string; entity: string; entityId: string }
  /** Somebody came to a ticket, left it, or started or stopped replying. */
  | { kind: "presence"; entityId: string }
  /** Anything may have changed. */
  | { kind: "reset" };

const NAME = "servicehub:live";

export function publish(event: LiveEvent): void {
  dispatchEvent(new CustomEvent<LiveEvent>(NAME, { detail: event }));
}

export function subscribe(listener: (event: LiveEvent) => void): () => void {
  const receive = (event: Event) => listener((event as CustomEvent<LiveEvent>).detail);
  addEventListener(NAME, receive);
  return () => removeEventListener(NAME, receive);
}

/** Whether any ticket may have changed. */
export function isTicketChange(event: LiveEvent): boolean {
  return event.kind === "reset" || event.kind === "change" && event.entity === "ticket";
}

/** How soon after the first of several events something runs, and how often at most, in milliseconds. */
export interface Pace {
  afterMs: number;
  everyMs: number;
}

export interface Coalesced {
  ask: () => void;
  stop: () => void;
}

/** Runs `work` once for all requests that come close together. In a hidden window it waits until it is visible. */
export function coalesce(work: () => Promise<void> | void, { afterMs, everyMs }: Pace): Coalesced {
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

/** Runs `work` after events that `matches` says yes to, coalesced. */
export function runAfter(
  matches: (event: LiveEvent) => boolean,
  work: () => Promise<void> | void,
  pace: Pace,
): Coalesced {
  const { ask, stop } = coalesce(work, pace);
  const unsubscribe = subscribe((event) => {
    if (matches(event)) ask();
  });
  return {
    ask,
    stop() {
      unsubscribe();
      stop();
    },
  };
}
