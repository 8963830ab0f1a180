import type { TicketMailPayload } from "@/domain/messages/payloads.ts";
import { commentUrl, ticketUrl } from "@/domain/shared/links.ts";
import type { NotificationKind } from "@/domain/notifications/kinds.ts";
import type { Services } from "@/ports.ts";
import { STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import type { MailContent } from "@/domain/mail/render/mail_content.ts";

interface Words {
  subject: string;
  heading: string;
  paragraphs: string[];
}

/** Emails that nobody should reply to. */
const NO_REPLY: ReadonlySet<string> = new Set<NotificationKind>([
  "sla_warning",
  "sla_breached",
  "rating_received",
]);

/** Whether replies to an email become public comments; never those to an internal note. */
export function acceptsReply(template: string, { internal }: { internal: boolean }): boolean {
  return !internal && !NO_REPLY.has(template);
}

/** The email for a notification; `due` is the formatted due time. */
export function composeTicketMail(
  kind: NotificationKind,
  { services, due }: { services: Services; due?: string | undefined },
  ticket: TicketMailPayload,
): MailContent {
  const { key, commentId } = ticket;
  const url = commentId ? commentUrl(services, key, commentId) : ticketUrl(services, key);
  const quoted = ticket.excerpt !== "" && kind !== "ticket_changed";
  return {
    ...WORDS[kind](ticket, services.config.INBOUND_DOMAIN !== undefined),
    details: [
      { label: "Ticket", value: `${ticket.key} · ${ticket.title}` },
      ...(due ? [{ label: "Due", value: due }] : []),
    ],
    ...(quoted ? { quote: { by: ticket.actorName || ticket.key, text: ticket.excerpt } } : {}),
    action: { label: `Open ${ticket.key}`, url },
    footnote: "You received this email because you are involved in this ticket.",
  };
}

// Mail programs group threads by subject, so only urgent ones get a prefix.
const named = ({ key, title }: TicketMailPayload) => `[${key}] ${title}`;

/** `replies` says whether emails to us are taken in. */
const WORDS: Record<NotificationKind, (ticket: TicketMailPayload, replies: boolean) => Words> = {
  ticket_created: (ticket) => ({
    subject: named(ticket),
    heading: ticket.forYou ? `${ticket.actorName} created a ticket for you` : "We received your request",
    paragraphs: [
      `Ticket ${ticket.key} has been created. We'll email you updates.`,
    ],
  }),
  ticket_assigned: (ticket) => ({
    subject: `Assigned to you: ${named(ticket)}`,
    heading: `${ticket.key} was assigned to you`,
    paragraphs: [`${ticket.actorName} assigned this ticket to you.`],
  }),
  ticket_queued: (ticket) => ({
    subject: `Unassigned: ${named(ticket)}`,
    heading: ticket.commentId
      ? `${ticket.actorName} replied to ${ticket.key}`
      : `${ticket.key} arrived in your queue`,
    paragraphs: ["This ticket is unassigned."],
  }),
  mentioned: (ticket) => ({
    subject: `Re: ${named(ticket)}`,
    heading: `${ticket.actorName} mentioned you in ${ticket.key}`,
    paragraphs: [],
  }),
  comment_added: (ticket) => ({
    subject: `Re: ${named(ticket)}`,
    heading: `${ticket.actorName} commented on ${ticket.key}`,
    paragraphs: [],
  }),
  note_added: (ticket) => ({
    subject: `Re: ${named(ticket)}`,
    heading: `${ticket.actorName} added an internal note to ${ticket.key}`,
    paragraphs: ["The requester can't see it."],
  }),
  ticket_resolved: (ticket, replies) => ({
    subject: `Re: ${named(ticket)}`,
    heading: `${ticket.key} has been resolved`,
    paragraphs: [
      `${ticket.actorName} resolved this ticket.`,
      replies
        ? "If something is still wrong, reply to reopen it."
        : "If something is still wrong, open the ticket to reopen it.",
    ],
  }),
  ticket_reopened: (ticket) => ({
    subject: `Re: ${named(ticket)}`,
    heading: `${ticket.key} has been reopened`,
    paragraphs: [`${ticket.actorName} reopened this ticket.`],
  }),
  ticket_moved: (ticket) => ({
    subject: `Re: ${named(ticket)}`,
    heading: `${ticket.key} is now ${
      ticket.to ? STATUS_LABELS[ticket.to].toLowerCase() : "in another status"
    }`,
    paragraphs: [`${ticket.actorName} changed the status.`],
  }),
  ticket_merged: (ticket) => ({
    subject: `Re: ${named(ticket)}`,
    heading: `${ticket.key} was merged into another ticket`,
    paragraphs: [
      `${ticket.actorName} merged this ticket into another one about the same matter. It is dealt with there.`,
    ],
  }),
  ticket_changed: (ticket) => ({
    subject: `Re: ${named(ticket)}`,
    heading: `${ticket.key} was updated`,
    paragraphs: [`${ticket.actorName} updated this ticket.`],
  }),
  sla_warning: (ticket) => ({
    subject: `SLA at risk: ${named(ticket)}`,
    heading: `${ticket.key}: ${clockOf(ticket)} is due soon`,
    paragraphs: [`${ticket.percent ?? 75}% of the time has elapsed.`],
  }),
  sla_breached: (ticket) => ({
    subject: `SLA breached: ${named(ticket)}`,
    heading: `${ticket.key}: ${clockOf(ticket)} is overdue`,
    paragraphs: ["The SLA target was missed."],
  }),
  rating_received: (ticket) => ({
    subject: `Re: ${named(ticket)}`,
    heading: `${ticket.actorName} rated ${ticket.key}`,
    paragraphs: [
      ticket.rating === undefined ? "The ticket was rated." : `Rating: ${ticket.rating} of 5.`,
    ],
  }),
};

function clockOf({ metric }: TicketMailPayload): string {
  return metric === "first_response" ? "first response" : "resolution";
}
