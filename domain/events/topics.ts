/** Something that happens, of which a webhook can tell: an action of the record (domain/record.ts). */
interface Topic {
  topic: string;
  /** What happens, as an admin reads it. */
  label: string;
  group: "Tickets" | "Conversation" | "People";
}

/** Every topic that is offered. What isn't here is told to no webhook. */
export const TOPICS = [
  { topic: "ticket.created", label: "Ticket created", group: "Tickets" },
  { topic: "ticket.edited", label: "Ticket edited: title, priority, category, tags …", group: "Tickets" },
  { topic: "ticket.transitioned", label: "Status changed", group: "Tickets" },
  { topic: "ticket.assigned", label: "Assigned, or moved to a queue", group: "Tickets" },
  { topic: "ticket.merged", label: "Merged into another ticket", group: "Tickets" },
  { topic: "ticket.merged_in", label: "Another ticket merged into it", group: "Tickets" },
  { topic: "ticket.unmerged", label: "Merge undone", group: "Tickets" },
  { topic: "ticket.unmerged_out", label: "Merge of another ticket undone", group: "Tickets" },
  {
    topic: "ticket.sla_warned",
    label: "SLA target due soon: 75% or 90% of the time has elapsed",
    group: "Tickets",
  },
  { topic: "ticket.sla_breached", label: "SLA target breached", group: "Tickets" },
  { topic: "ticket.linked", label: "Linked to a ticket", group: "Tickets" },
  { topic: "ticket.unlinked", label: "Link removed", group: "Tickets" },
  { topic: "ticket.commented", label: "Reply or internal note added", group: "Conversation" },
  { topic: "ticket.comment_edited", label: "Reply or internal note edited", group: "Conversation" },
  { topic: "ticket.attached", label: "File attached", group: "Conversation" },
  { topic: "ticket.detached", label: "File removed", group: "Conversation" },
  { topic: "ticket.watcher_added", label: "Watcher added", group: "Conversation" },
  { topic: "ticket.watcher_removed", label: "Watcher removed", group: "Conversation" },
  { topic: "ticket.rated", label: "Rated by the requester", group: "Conversation" },
  { topic: "user.joined", label: "Person joined", group: "People" },
  { topic: "user.role_changed", label: "Role changed", group: "People" },
  { topic: "user.deactivated", label: "Person deactivated", group: "People" },
  { topic: "user.reactivated", label: "Person reactivated", group: "People" },
] as const satisfies readonly Topic[];

export const TOPIC_NAMES = TOPICS.map(({ topic }) => topic);
export const TOPIC_GROUPS = [...new Set(TOPICS.map(({ group }) => group))];

/** The topic of the message that an admin sends to try an endpoint. No filter holds it back. */
export const TEST_TOPIC = "webhook.test";

const LABELS: ReadonlyMap<string, string> = new Map<string, string>([
  ...TOPICS.map(({ topic, label }) => [topic, label] as const),
  [TEST_TOPIC, "Test"],
]);

/** Whether webhooks can be told of an action. */
export function isOffered(action: string): boolean {
  return LABELS.has(action);
}

/** What a topic is called; itself where this version doesn't offer it any more. */
export function topicLabel(topic: string): string {
  return LABELS.get(topic)?.replace(/: .*/, "") ?? topic;
}
