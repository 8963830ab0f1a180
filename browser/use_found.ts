import { useEffect, useState } from "preact/hooks";
import type { Found } from "@/domain/search/search.ts";

/** After so long without a key the search is asked. */
const PAUSE_MS = 120;
const MOST = 5;

/** What was found as somebody types. */
export interface AsTyped {
  /** The text that `found` belongs to. */
  q: string;
  found: Found | null;
  /** Whether the search was asked and hasn't answered, or can't. */
  state: "idle" | "asking" | "failed";
}

/** Asks the search as `q` changes, the last text alone; from two characters on, or one of a script without spaces. */
export function useFound(q: string): AsTyped {
  const [typed, setTyped] = useState<AsTyped>({ q: "", found: null, state: "idle" });
  const asked = q.trim().slice(0, 200);
  useEffect(() => {
    // deno-lint-ignore no-control-regex -- one ASCII character says nothing yet
    if (asked.length < 2 && /^[\x00-\x7f]*$/.test(asked)) {
      setTyped({ q: asked, found: null, state: "idle" });
      return;
    }
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      setTyped((before) => ({ ...before, state: "asking" }));
      const answer = await ask(asked, abort.signal);
      if (!abort.signal.aborted) setTyped({ q: asked, found: answer, state: answer ? "idle" : "failed" });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [asked]);
  return typed;
}

async function ask(q: string, signal: AbortSignal): Promise<Found | null> {
  try {
    const response = await fetch(`/v1/search?limit=${MOST}&q=${encodeURIComponent(q)}`, { signal });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
