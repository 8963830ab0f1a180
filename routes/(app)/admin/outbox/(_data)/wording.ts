import type { Tone } from "@/components/types.ts";
import type { Kind } from "@/domain/notifications/kinds.ts";
import { topicLabel } from "@/domain/events/topics.ts";
import type { Message, MessageState } from "@/domain/messages/messages.ts";

/** The tabs, those first that want somebody. */
export const STATE_LABELS: Readonly<Record<MessageState, string>> = {
  dead: "Failed",
  ready: "Waiting",
  running: "In progress",
  done: "Done",
};

/** What an empty tab says: what it means, and what to do. */
export const NOTHING: Readonly<Record<MessageState, { title: string; text: string }>> = {
  dead: {
    title: "Nothing has failed",
    text: "A message that can't be delivered after nine attempts comes here.",
  },
  ready: {
    title: "Nothing waits",
    text: "Messages leave within a second; those that failed wait here for their next try.",
  },
  running: {
    title: "Nothing is in progress",
    text: "Messages are here for as long as the mail server takes.",
  },
  done: {
    title: "Nothing was sent yet",
    text: "Invite somebody or reply to a ticket, and the message shows up here.",
  },
};

const TEMPLATES: Record<Kind | string, string> = {
  invitation: "Invitation",
  password_reset: "Link for a new password",
  password_changed: "Password was changed",
  email_confirmation: "Confirmation of an address",
  find_organisations: "List of organisations",
  webhook_disabled: "Webhook disabled",
  ticket_created: "Ticket received",
  ticket_assigned: "Ticket assigned",
  ticket_queued: "Ticket in a queue",
  mentioned: "Mention",
  comment_added: "Reply",
  note_added: "Internal note",
  ticket_resolved: "Ticket resolved",
  ticket_reopened: "Ticket reopened",
  ticket_moved: "Status changed",
  ticket_changed: "Ticket changed",
  sla_warning: "SLA warning",
  sla_breached: "SLA breached",
  rating_received: "Rating",
  received: "Received mail",
};

/** What a message is, as people read it. */
export function templateLabel({ kind, template }: Message): string {
  if (kind === "webhook") return topicLabel(template);
  return TEMPLATES[template] ?? template.replaceAll("_", " ");
}

/** What became of a message after it left. */
export const DELIVERY: Readonly<Record<NonNullable<Message["delivery"]>, { label: string; tone: Tone }>> = {
  sent: { label: "Accepted", tone: "neutral" },
  delayed: { label: "Delayed", tone: "amber" },
  delivered: { label: "Delivered", tone: "green" },
  failed: { label: "Refused", tone: "red" },
  bounced: { label: "Bounced", tone: "red" },
  complained: { label: "Marked as spam", tone: "red" },
};

/** How a message stands, where the tab doesn't say it already. */
export function standing({ kind, state, delivery, note }: Message): { label: string; tone: Tone } {
  if (delivery) return DELIVERY[delivery];
  if (state === "dead") return { label: "Failed", tone: "red" };
  if (state === "running") return { label: kind === "inbound" ? "Reading" : "Sending", tone: "blue" };
  if (state === "ready") {
    return note ? { label: "Will retry", tone: "amber" } : { label: "Waiting", tone: "blue" };
  }
  if (kind === "inbound") return { label: "Read", tone: note ? "neutral" : "green" };
  return note ? { label: "Not sent", tone: "neutral" } : { label: "Sent", tone: "green" };
}
