import type { Budget, RateLimiter } from "@/ports.ts";

/** Keys that are remembered at most; past that the oldest window is forgotten first. */
const MOST_KEYS = 200_000;

interface Window {
  taken: number;
  endsAt: number;
}

/**
 * A limiter that counts in this process: windows of fixed length, each starting with the first take of its key. What
 * is refused isn't counted, so `resetSeconds` is exact.
 *
 * @param now whole milliseconds on a clock that never goes back: of fractions the length of a window isn't exact
 */
export function createRateLimiter(now: () => number = () => Math.floor(performance.now())): RateLimiter {
  const windows = new Map<string, Window>();
  let sweepAt = 0;
  function sweep(time: number): void {
    sweepAt = time + 60_000;
    for (const [key, window] of windows) if (window.endsAt <= time) windows.delete(key);
  }
  return {
    // deno-lint-ignore require-await -- a promise as of one that asks a server
    async take(key: string, { limit, windowSeconds }: Budget) {
      const time = now();
      if (time >= sweepAt) sweep(time);
      let window = windows.get(key);
      if (!window || window.endsAt <= time) {
        windows.delete(key);
        if (windows.size >= MOST_KEYS) windows.delete(windows.keys().next().value!);
        windows.set(key, window = { taken: 0, endsAt: time + windowSeconds * 1000 });
      }
      const allowed = window.taken < limit;
      if (allowed) window.taken++;
      const resetSeconds = Math.max(1, Math.ceil((window.endsAt - time) / 1000));
      return { allowed, limit, remaining: Math.max(0, limit - window.taken), resetSeconds };
    },
    clear: (key) => Promise.resolve(void windows.delete(key)),
  };
}
