import type { UserCx } from "@/domain/cx.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";

export const PLACEHOLDERS = {
  "requester.name": "The requester's name",
  "requester.firstName": "The requester's first name",
  "ticket.key": "The ticket's key",
  "ticket.title": "The ticket's title",
  "agent.name": "Your name",
} as const;

type Placeholder = keyof typeof PLACEHOLDERS;

export interface PlaceholderFacts {
  requester: string;
  key: string;
  title: string;
  agent: string;
}

export function placeholderFacts(
  cx: UserCx,
  ticket: Pick<Ticket, "key" | "title"> & { requester: { name: string } },
): PlaceholderFacts {
  return {
    requester: ticket.requester.name,
    key: ticket.key,
    title: ticket.title,
    agent: cx.actor.name,
  };
}

const PLACEHOLDER = /\{\{ {0,3}([a-z]{1,20}\.[a-zA-Z]{1,20}) {0,3}\}\}/g;

/** Placeholders in a filled-in value stay as they are. */
export function fillPlaceholders(text: string, facts: PlaceholderFacts): string {
  const values: Record<Placeholder, string> = {
    "requester.name": facts.requester,
    "requester.firstName": facts.requester.trim().split(/\s/, 1)[0] ?? "",
    "ticket.key": facts.key,
    "ticket.title": facts.title,
    "agent.name": facts.agent,
  };
  return text.replaceAll(
    PLACEHOLDER,
    (written, name: string) => Object.hasOwn(values, name) ? values[name as Placeholder] : written,
  );
}
