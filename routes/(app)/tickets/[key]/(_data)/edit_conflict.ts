import { createHash } from "node:crypto";
import type { ConflictField } from "@/components/ConflictNotice.tsx";
import type { TicketChoices } from "@/domain/tickets/choices.ts";
import { LEVEL_LABELS, PRIORITY_LABELS, TYPE_LABELS } from "@/domain/tickets/model/formatting.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";

const LABELS: Record<string, string> = {
  type: "Type",
  title: "Title",
  description: "Description",
  impact: "Impact",
  urgency: "Urgency",
  priority: "Priority",
  categoryId: "Category",
  queueId: "Queue",
  tags: "Tags",
};

const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  type: TYPE_LABELS,
  impact: LEVEL_LABELS,
  urgency: LEVEL_LABELS,
  priority: PRIORITY_LABELS,
};

/** Every field that the person changed and that is different now, for them to choose. */
export function conflictFields(
  ticket: Ticket,
  values: Record<string, string>,
  choices: TicketChoices,
): ConflictField[] {
  const now = fieldsOf(ticket);
  const base = new URLSearchParams(values.base);
  const words = (name: string, value: string) => {
    const named = [...choices.categories, ...choices.queues, ticket.category, ticket.queue];
    if (name.endsWith("Id")) return named.find((thing) => thing?.id === value)?.name ?? "None";
    return WORDS[name]?.[value] ?? value;
  };
  return Object.keys(LABELS).flatMap((name) => {
    const mine = values[name]?.replaceAll("\r\n", "\n");
    const theirs = now[name] ?? "";
    if (mine === undefined || mine === theirs || base.get(name) === digest(mine)) return [];
    return [{
      name,
      label: LABELS[name]!,
      yours: { value: mine, text: words(name, mine) },
      theirs: { value: theirs, text: words(name, theirs) },
    }];
  });
}

/** What a ticket's fields were when its form was opened, by digest: enough to tell later what the person changed. */
export function baseOf(ticket: Ticket): string {
  return new URLSearchParams(Object.entries(fieldsOf(ticket)).map(([name, value]) => [name, digest(value)]))
    .toString();
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}

/** A ticket's fields as the form's values. */
export function fieldsOf(ticket: Ticket): Record<string, string> {
  return {
    type: ticket.type,
    title: ticket.title,
    description: ticket.description,
    impact: ticket.impact,
    urgency: ticket.urgency,
    priority: ticket.priority,
    categoryId: ticket.category?.id ?? "",
    queueId: ticket.queue?.id ?? "",
    tags: ticket.tags.join(", "),
  };
}
