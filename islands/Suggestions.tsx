import { useEffect, useState } from "preact/hooks";

export type Suggested = "people" | "tickets" | "tags";

interface Suggestion {
  value: string;
  label?: string;
}

const PAUSE_MS = 120;
const MOST = 8;

/** Fills the datalist of a field as one types: people by address, tickets by key, or tags. */
export function Suggestions({ field, list, kind }: { field: string; list: string; kind: Suggested }) {
  const [found, setFound] = useState<Suggestion[]>([]);
  useEffect(() => {
    const input = document.getElementById(field);
    if (!(input instanceof HTMLInputElement)) return;
    let asked: AbortController | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = () => {
      clearTimeout(timer);
      asked?.abort();
    };
    const look = () => {
      stop();
      const q = input.value.trim();
      if (q === "" && kind !== "tags") return setFound([]);
      timer = setTimeout(() => {
        asked = new AbortController();
        ask(kind, q, asked.signal).then(setFound, () => {});
      }, PAUSE_MS);
    };
    input.addEventListener("input", look);
    input.addEventListener("focus", look);
    if (document.activeElement === input) look();
    return () => {
      stop();
      input.removeEventListener("input", look);
      input.removeEventListener("focus", look);
    };
  }, [field, kind]);
  return (
    <datalist data-island id={list}>
      {found.map(({ value, label }) => <option key={value} value={value}>{label}</option>)}
    </datalist>
  );
}

async function ask(kind: Suggested, q: string, signal: AbortSignal): Promise<Suggestion[]> {
  const query = encodeURIComponent(q);
  const path = kind === "tags"
    ? `/v1/tags?limit=${MOST}&q=${query}`
    : `/v1/search?types=${kind}&limit=${MOST}&q=${query}`;
  const response = await fetch(path, { signal });
  if (!response.ok) return [];
  const body = await response.json();
  if (kind === "tags") return (body.items as string[]).map((value) => ({ value }));
  if (kind === "people") {
    return (body.people as { name: { text: string }; email: { text: string } }[])
      .map(({ name, email }) => ({ value: email.text, label: name.text }));
  }
  return (body.tickets as { key: string; title: { text: string } }[])
    .map(({ key, title }) => ({ value: key, label: title.text }));
}
