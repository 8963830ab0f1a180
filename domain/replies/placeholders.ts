/** What stands for something of the ticket or the person in a canned reply, by its name and what it means. */
export const PLACEHOLDERS = {
  "requester.name": "The requester's name",
  "requester.firstName": "The requester's first name",
  "ticket.key": "The ticket's key",
  "ticket.title": "The ticket's title",
  "agent.name": "Your name",
} as const;

type Placeholder = keyof typeof PLACEHOLDERS;

/** What placeholders are filled with. */
export interface PlaceholderFacts {
  requester: string;
  key: string;
  title: string;
  agent: string;
}

const PLACEHOLDER = /\{\{ {0,3}([a-z]{1,20}\.[a-zA-Z]{1,20}) {0,3}\}\}/g;

/** Fills `{{requester.name}}` and the others in; what is no placeholder stays, and what was filled in isn't read again. */
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
