import type { Role } from "@/domain/cx.ts";
import type { Marked } from "./highlight.ts";
import type { Found } from "./search.ts";
import type { MatchedIn } from "./tickets.ts";

/** Empty where the title says it. */
export const MATCHED_LABELS: Readonly<Record<MatchedIn, string>> = {
  key: "Ticket key",
  title: "",
  description: "In the description",
  comment: "In a comment",
  internal: "In an internal note",
  requester: "Requester",
  similar: "Similar spelling",
};

export interface Choice {
  href: string;
  label: Marked;
  code?: string;
  detail?: string;
  icon: "ticket" | "user" | "book" | "search" | "arrow" | "plus" | "clock";
}

export interface ChoiceGroup {
  label: string;
  choices: Choice[];
}

/** Admins see the person's page, others their tickets. */
export function personHref(id: string, role: Role): string {
  return role === "ADMIN" ? `/admin/users/${id}` : `/tickets?requesterId=${id}&status=`;
}

export function itemHref(id: string): string {
  return `/catalog/${id}`;
}

export function searchHref(q: string): string {
  return `/search?q=${encodeURIComponent(q)}`;
}

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

export function plain(text: string): Marked {
  return { text, ranges: [] };
}
