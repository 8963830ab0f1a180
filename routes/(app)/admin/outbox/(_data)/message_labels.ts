import type { Tone } from "@/components/types.ts";
import type { NotificationKind } from "@/domain/notifications/kinds.ts";
import { topicLabel } from "@/domain/events/topics.ts";
import type { OutboxMessage } from "@/domain/messages/messages.ts";
import type { MessageState } from "@/domain/messages/states.ts";

export const STATE_LABELS: Readonly<Record<MessageState, string>> = {
  failed: "Failed",
  retrying: "Retrying",
  queued: "Queued",
  sending: "In progress",
  sent: "Done",
  skipped: "Not sent",
};

/** What an empty tab says. */
export const NOTHING: Readonly<Record<MessageState, { title: string; text: string }>> = {
  failed: {
    title: "No failed messages",
    text: "Messages that can't be delivered after nine attempts appear here.",
  },
  retrying: {
    title: "No messages to retry",
    text: "Messages that failed wait here for their next attempt.",
  },
  queued: {
    title: "No messages queued",
    text: "Messages are usually sent within a second.",
  },
  sending: {
    title: "Nothing in progress",
    text: "Messages appear here while they are being sent.",
  },
  sent: {
    title: "No messages sent yet",
    text: "Invite someone or reply to a ticket, and the message appears here.",
  },
  skipped: {
    title: "No messages were skipped",
    text: "Messages that no longer had to be sent appear here, with the reason.",
  },
};

const TEMPLATES: Record<NotificationKind | string, string> = {
  invitation: "Invitation",
  password_reset: "Password reset link",
  password_resets: "Password reset links",
  password_changed: "Password changed",
  email_confirmation: "Address confirmation",
  find_organisations: "List of organisations",
  webhook_disabled: "Webhook disabled",
  saved_report: "Scheduled report",
  ticket_created: "Ticket received",
  ticket_assigned: "Ticket assigned",
  ticket_queued: "Ticket added to a queue",
  mentioned: "Mention",
  comment_added: "Reply",
  note_added: "Internal note",
  ticket_resolved: "Ticket resolved",
  ticket_reopened: "Ticket reopened",
  ticket_moved: "Status changed",
  ticket_merged: "Ticket merged",
  ticket_changed: "Ticket changed",
  sla_warning: "SLA warning",
  sla_breached: "SLA breached",
  rating_received: "Rating",
  received: "Received email",
};

export function templateLabel({ kind, template }: OutboxMessage): string {
  if (kind === "webhook") return topicLabel(template);
  return TEMPLATES[template] ?? template.replaceAll("_", " ");
}

/** What became of a sent message. */
export const DELIVERY: Readonly<
  Record<NonNullable<OutboxMessage["delivery"]>, { label: string; tone: Tone }>
> = {
  saved: { label: "Saved as a file", tone: "neutral" },
  sent: { label: "Sent", tone: "green" },
  delayed: { label: "Delayed", tone: "amber" },
  delivered: { label: "Delivered", tone: "green" },
  failed: { label: "Rejected", tone: "red" },
  bounced: { label: "Bounced", tone: "red" },
  complained: { label: "Marked as spam", tone: "red" },
};

/** The badge of a message. */
export function standing({ kind, state, delivery, note }: OutboxMessage): { label: string; tone: Tone } {
  if (delivery) return DELIVERY[delivery];
  if (state === "sending") return { label: kind === "inbound" ? "Reading" : "Sending", tone: "blue" };
  if (state === "sent" && kind === "inbound") return { label: "Read", tone: note ? "neutral" : "green" };
  return { label: state === "sent" ? "Sent" : STATE_LABELS[state], tone: TONES[state] };
}

const TONES: Readonly<Record<MessageState, Tone>> = {
  failed: "red",
  retrying: "amber",
  queued: "blue",
  sending: "blue",
  sent: "green",
  skipped: "neutral",
};
