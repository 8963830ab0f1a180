import type { Budget, RateLimiter } from "@/ports.ts";

/** Most keys that are remembered; the oldest window is dropped first. */
const MOST_KEYS = 200_000;

interface Window {
  taken: number;
  endsAt: number;
}

/** Fixed windows from a key's first take. Refused takes aren't counted, so `resetSeconds` is exact. `now` in whole ms. */
export function createRateLimiter(now: () => number = () => Math.floor(performance.now())): RateLimiter {
  const windows = new Map<string, Window>();
  let sweepAt = 0;
  function sweep(time: number): void {
    sweepAt = time + 60_000;
    for (const [key, window] of windows) if (window.endsAt <= time) windows.delete(key);
  }
  return {
    // deno-lint-ignore require-await -- the port returns a promise
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
