import { useEffect, useState } from "preact/hooks";
import type { Found } from "@/domain/search/search.ts";

const PAUSE_MS = 120;
const MOST = 5;

export interface TypedSearch {
  /** The text that `found` belongs to. */
  q: string;
  found: Found | null;
}

/** Searches as `q` changes, from two characters on, or one of a script without spaces. Late answers are dropped. */
export function useSearch(q: string): TypedSearch {
  const [search, setSearch] = useState<TypedSearch>({ q: "", found: null });
  const wanted = q.trim().slice(0, 200);
  useEffect(() => {
    // deno-lint-ignore no-control-regex -- one ASCII character says nothing yet
    if (wanted.length < 2 && /^[\x00-\x7f]*$/.test(wanted)) return setSearch({ q: wanted, found: null });
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      const found = await fetchResults(wanted, abort.signal);
      if (!abort.signal.aborted) setSearch({ q: wanted, found });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [wanted]);
  return search;
}

async function fetchResults(q: string, signal: AbortSignal): Promise<Found | null> {
  try {
    const response = await fetch(`/v1/search?limit=${MOST}&q=${encodeURIComponent(q)}`, { signal });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
