import type { Role } from "@/domain/cx.ts";
import type { Marked } from "./highlight.ts";
import type { Found } from "./search.ts";
import type { MatchedIn } from "./tickets.ts";

/** Where a ticket was found, in words; nothing where the title says it. */
export const MATCHED_LABELS: Readonly<Record<MatchedIn, string>> = {
  key: "Ticket key",
  title: "",
  description: "In the description",
  comment: "In a comment",
  internal: "In an internal note",
  requester: "Requester",
  similar: "Similar spelling",
};

/** Something to choose of what was found, or of where one can go. */
export interface Choice {
  href: string;
  label: Marked;
  /** Before the label: a ticket's key. */
  code?: string;
  /** Behind it, fainter. */
  detail?: string;
  icon: "ticket" | "user" | "book" | "search" | "arrow" | "plus" | "clock";
}

export interface ChoiceGroup {
  label: string;
  choices: Choice[];
}

/** Where a person is to be looked at: admins have a page of each, others their tickets. */
export function personHref(id: string, role: Role): string {
  return role === "ADMIN" ? `/admin/users/${id}` : `/tickets?requesterId=${id}&status=`;
}

/** Where something is asked for. */
export function itemHref(id: string): string {
  return `/catalog/${id}`;
}

/** Every result of a search as a page. */
export function searchHref(q: string): string {
  return `/search?q=${encodeURIComponent(q)}`;
}

/** What was found as choices, group by group; groups without any are left out. */
export function foundChoices(found: Found, role: Role): ChoiceGroup[] {
  const groups: ChoiceGroup[] = [
    {
      label: "Tickets",
      choices: found.tickets.map(({ key, title, matchedIn, requester }) => ({
        href: `/tickets/${key}`,
        label: title,
        code: key,
        detail: MATCHED_LABELS[matchedIn] || requester.name.text,
        icon: "ticket",
      })),
    },
    {
      label: "People",
      choices: found.people.map(({ id, name, email }) => ({
        href: personHref(id, role),
        label: name,
        detail: email.text,
        icon: "user",
      })),
    },
    {
      label: "Catalog",
      choices: found.catalog.map(({ id, name, section }) => ({
        href: itemHref(id),
        label: name,
        detail: section,
        icon: "book",
      })),
    },
  ];
  return groups.filter(({ choices }) => choices.length > 0);
}

/** Text without anything marked in it. */
export function plain(text: string): Marked {
  return { text, ranges: [] };
}
