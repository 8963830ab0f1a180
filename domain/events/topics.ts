interface Topic {
  topic: string;
  label: string;
  group: "Tickets" | "Conversation" | "People";
}

/** Actions not listed are never sent to webhooks. */
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

/** Sent to test an endpoint, whatever its filter. */
export const TEST_TOPIC = "webhook.test";

const LABELS: ReadonlyMap<string, string> = new Map<string, string>([
  ...TOPICS.map(({ topic, label }) => [topic, label] as const),
  [TEST_TOPIC, "Test"],
]);

export function isOffered(action: string): boolean {
  return LABELS.has(action);
}

/** The label of a topic; the topic itself if this version no longer offers it. */
export function topicLabel(topic: string): string {
  return LABELS.get(topic)?.replace(/: .*/, "") ?? topic;
}
