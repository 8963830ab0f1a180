import { type RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type PickerItem, searchCannedReplies } from "./canned_replies.ts";

const PAUSE_MS = 150;

/** Closes a menu with Escape and by a press elsewhere. @returns whether scripts run yet */
export function useClosing(menu: RefObject<HTMLDetailsElement>): boolean {
  const [live, setLive] = useState(false);
  useEffect(() => {
    setLive(true);
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !menu.current?.open) return;
      menu.current.open = false;
      menu.current.querySelector("summary")?.focus();
    };
    const onPress = (event: Event) => {
      if (menu.current?.open && !menu.current.contains(event.target as Node)) menu.current.open = false;
    };
    addEventListener("keydown", onKey);
    addEventListener("pointerdown", onPress);
    return () => {
      removeEventListener("keydown", onKey);
      removeEventListener("pointerdown", onPress);
    };
  }, []);
  return live;
}

/** The items that have the words in them. Where the server has `more` than these, it is asked. */
export function useFiltered(
  items: PickerItem[],
  { words, more }: { words: string; more: boolean },
): PickerItem[] {
  const [found, setFound] = useState<PickerItem[] | null>(null);
  useEffect(() => {
    if (!more || words === "") return setFound(null);
    const aborted = new AbortController();
    const timer = setTimeout(() => {
      searchCannedReplies(words, aborted.signal).then(setFound, () => setFound(null));
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      aborted.abort();
    };
  }, [words]);
  const wanted = words.trim().toLowerCase();
  return found ?? items.filter(({ title, text }) => `${title} ${text}`.toLowerCase().includes(wanted));
}
