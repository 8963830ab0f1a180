import { z } from "zod";
import type { Services } from "../services.ts";
import { invitationUrl, resetUrl, signInUrl, ticketUrl } from "../identity/links.ts";
import type { TenantName } from "../identity/tenants.ts";
import type { Message } from "./layout.ts";

/** What mails about a ticket need. An internal one, with its excerpt, is for staff alone. */
const TicketPayload = z.object({
  key: z.string(),
  ticketId: z.string(),
  title: z.string(),
  actorName: z.string().default(""),
  excerpt: z.string().default(""),
  internal: z.boolean().default(false),
});

/**
 * What the outbox keeps for each kind of mail. Links that open an account are not in it: the row has the id of the
 * invitation or reset, and the link is made of it as the mail leaves.
 */
export const PAYLOADS = {
  invitation: z.object({ invitationId: z.uuid() }),
  password_reset: z.object({ resetId: z.uuid() }),
  password_changed: z.object({}),
  find_organisations: z.object({}),
  ticket_created: TicketPayload,
  comment_added: TicketPayload,
  ticket_assigned: TicketPayload,
  ticket_resolved: TicketPayload,
};

export type MailTemplate = keyof typeof PAYLOADS;
export type MailPayloads = { [T in MailTemplate]: z.input<typeof PAYLOADS[T]> };

/** What is looked up as a mail leaves. */
export interface Facts {
  services: Services;
  tenant: TenantName;
  /** The recipient's name, where they are a user. */
  name: string;
  /** Who invited them. */
  invitedBy: string;
  /** All organisations of the address. */
  organisations: TenantName[];
}

type Composers = { [T in MailTemplate]: (facts: Facts, payload: z.output<typeof PAYLOADS[T]>) => Message };

/** What each mail says. */
export const COMPOSE: Composers = {
  invitation: ({ services, tenant, invitedBy }, { invitationId }) => ({
    subject: `${invitedBy} invites you to the help desk of ${tenant.name}`,
    heading: `Join the help desk of ${tenant.name}`,
    paragraphs: [
      `${invitedBy} has invited you. Choose a password, and you are in.`,
      "The link works once, within 72 hours.",
    ],
    action: {
      label: "Accept the invitation",
      url: invitationUrl(services, { tenantId: tenant.id, id: invitationId }),
    },
    footnote: "If you don't know why you got this, you can leave it unanswered: nothing happens then.",
  }),
  password_reset: ({ services, tenant, name }, { resetId }) => ({
    subject: `Set a new password for ${tenant.name}`,
    heading: "Set a new password",
    paragraphs: [
      `Hello ${name}, somebody, hopefully you, asked for a new password at the help desk of ${tenant.name}.`,
      "The link works once, within 30 minutes. It signs you out everywhere.",
    ],
    action: { label: "Set a new password", url: resetUrl(services, { tenantId: tenant.id, id: resetId }) },
    footnote: "If it wasn't you, leave this unanswered: your password stays as it is.",
  }),
  password_changed: ({ services, tenant, name }) => ({
    subject: `Your password for ${tenant.name} was changed`,
    heading: "Your password was changed",
    paragraphs: [
      `Hello ${name}, the password of your account at the help desk of ${tenant.name} was just changed. Your other ` +
      "sessions were ended.",
    ],
    action: { label: "Sign in", url: signInUrl(services, tenant.slug) },
    footnote:
      'If it wasn\'t you, use "Forgot password" on the sign-in page at once, and tell your administrator.',
  }),
  find_organisations: ({ services, organisations }) => ({
    subject: "Where you sign in",
    heading: "Your help desks",
    paragraphs: ["Here is where you sign in with this address:"],
    links: organisations.map(({ name, slug }) => ({ label: name, url: signInUrl(services, slug) })),
    footnote: "Somebody, hopefully you, asked for this list. If it wasn't you, there is nothing to do.",
  }),
  ticket_created: ({ services }, ticket) => ({
    ...aboutTicket(services, ticket),
    subject: `[${ticket.key}] ${ticket.title}`,
    heading: "We got your request",
    paragraphs: [
      `"${ticket.title}" has the number ${ticket.key}. You hear from us as soon as somebody answers.`,
    ],
  }),
  comment_added: ({ services }, ticket) => ({
    ...aboutTicket(services, ticket),
    subject: `Re: [${ticket.key}] ${ticket.title}`,
    heading: `${ticket.actorName} commented on ${ticket.key}`,
    paragraphs: [`There is a new comment on "${ticket.title}".`],
  }),
  ticket_assigned: ({ services }, ticket) => ({
    ...aboutTicket(services, ticket),
    subject: `Assigned to you: [${ticket.key}] ${ticket.title}`,
    heading: `${ticket.key} is yours`,
    paragraphs: [`${ticket.actorName} assigned "${ticket.title}" to you.`],
  }),
  ticket_resolved: ({ services }, ticket) => ({
    ...aboutTicket(services, ticket),
    subject: `Resolved: [${ticket.key}] ${ticket.title}`,
    heading: `${ticket.key} is resolved`,
    paragraphs: [
      `${ticket.actorName} resolved "${ticket.title}".`,
      "If something is still wrong, answer on its page and it is opened again.",
    ],
  }),
};

function aboutTicket(services: Services, ticket: z.output<typeof TicketPayload>) {
  return {
    ...(ticket.excerpt ? { quote: { by: ticket.actorName || ticket.key, text: ticket.excerpt } } : {}),
    action: { label: `Open ${ticket.key}`, url: ticketUrl(services, ticket.key) },
    footnote: "You get this because you take part in the ticket. What is sent to you is set in your profile.",
    thread: `ticket-${ticket.ticketId}`,
  };
}
