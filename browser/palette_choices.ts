import { marked } from "@/domain/search/highlight.ts";
import { type Choice, type ChoiceGroup, plain, searchHref } from "@/domain/search/wording.ts";
import type { RecentTicket } from "./recent_tickets.ts";

export interface Place {
  href: string;
  label: string;
}

/** What the palette offers for a text: pages by words of their names, search results, and the search page. */
export function paletteChoices({ text, places, recent, found }: {
  text: string;
  places: Place[];
  recent: RecentTicket[];
  found: ChoiceGroup[];
}): ChoiceGroup[] {
  const wanted = text.trim();
  const goTo = { label: "Go to", choices: matchingPlaces(places, wanted.toLowerCase()) };
  const groups = wanted === ""
    ? [{ label: "Recent tickets", choices: recent.map(recentChoice) }, goTo]
    : [goTo, ...found, { label: "Search", choices: [searchChoice(wanted)] }];
  return groups.filter(({ choices }) => choices.length > 0);
}

function matchingPlaces(places: Place[], wanted: string): Choice[] {
  const words = wanted.split(/\s+/).filter(Boolean);
  const marks = words.map((word) => ({ word, begins: true, words: [], digits: [] }));
  return places
    .filter(({ label }) => words.every((word) => ` ${label.toLowerCase()}`.includes(` ${word}`)))
    .map(({ href, label }) => ({
      href,
      label: marked(label, marks),
      icon: href === "/tickets/new" ? "plus" : "arrow",
    }));
}

function recentChoice({ key, title }: RecentTicket): Choice {
  return { href: `/tickets/${key}`, code: key, label: plain(title), icon: "clock" };
}

function searchChoice(text: string): Choice {
  return { href: searchHref(text), label: plain(`Search for “${text}”`), icon: "search" };
}
