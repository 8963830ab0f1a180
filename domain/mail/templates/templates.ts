import type { z } from "zod";
import type { MailTemplate, PAYLOADS, TicketMailPayload } from "@/domain/messages/payloads.ts";
import type { Services } from "@/ports.ts";
import { confirmationUrl } from "@/domain/profile/confirmation_link.ts";
import { endpointUrl, invitationUrl, resetUrl, signInUrl } from "@/domain/shared/links.ts";
import type { TenantName } from "@/domain/organisations/tenants.ts";
import { NOTIFICATION_KINDS, type NotificationKind } from "@/domain/notifications/kinds.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { MailContent } from "@/domain/mail/render/mail_content.ts";
import { composeTicketMail } from "./ticket_mails.ts";

/** What is looked up as a mail leaves. */
export interface MailContext {
  services: Services;
  tenant: TenantName;
  email: string;
  /** The recipient's name, where they are a user. */
  name: string;
  /** How they read times: as they chose, or as the organisation does. */
  reader: Reader;
  /** When it happened, RFC 3339. */
  at: string;
  /** Who invited them. */
  invitedBy: string;
  /** Until when the link is good, RFC 3339. */
  expiresAt: string;
  /** When the target of the service level is reached that the mail is about, RFC 3339. */
  dueAt: string | null;
  /** All organisations of the address. */
  organisations: TenantName[];
}

type Composers = {
  [T in MailTemplate]: (facts: MailContext, payload: z.output<typeof PAYLOADS[T]>) => MailContent;
};

/** What each mail says. */
export const MAIL_COMPOSERS: Composers = {
  invitation: ({ services, tenant, invitedBy, expiresAt, ...facts }, { invitationId }) => ({
    subject: `${invitedBy} invites you to the help desk of ${tenant.name}`,
    heading: `Join the help desk of ${tenant.name}`,
    paragraphs: [
      `${invitedBy} has invited you. Choose a password, and you are in.`,
      `The link works once, until ${formatTime(expiresAt, facts)}.`,
    ],
    action: {
      label: "Accept the invitation",
      url: invitationUrl(services, { tenantId: tenant.id, id: invitationId }),
      inFull: true,
    },
    footnote: "If you weren't expecting this, you can ignore it.",
  }),
  password_reset: ({ services, tenant, name, expiresAt, ...facts }, { resetId }) => ({
    subject: `Set a new password for ${tenant.name}`,
    heading: "Set a new password",
    paragraphs: [
      `Hello ${name}, somebody, hopefully you, asked for a new password at the help desk of ${tenant.name}.`,
      `The link works once, until ${formatTime(expiresAt, facts)}. It signs you out everywhere.`,
    ],
    action: {
      label: "Set a new password",
      url: resetUrl(services, { tenantId: tenant.id, id: resetId }),
      inFull: true,
    },
    footnote: "If it wasn't you, ignore this e-mail: your password stays as it is.",
  }),
  password_changed: ({ services, tenant, name, at, ...facts }) => ({
    subject: `Your password for ${tenant.name} was changed`,
    heading: "Your password was changed",
    paragraphs: [
      `Hello ${name}, the password of your account at the help desk of ${tenant.name} was changed on ${
        formatTime(at, facts)
      }. Your other sessions were ended.`,
    ],
    action: { label: "Sign in", url: signInUrl(services, tenant.slug) },
    footnote:
      'If it wasn\'t you, use "Forgot password" on the sign-in page at once, and tell your administrator.',
  }),
  email_confirmation: ({ services, tenant, name, email, expiresAt, ...facts }, { userId }) => ({
    subject: `Confirm your address for ${tenant.name}`,
    heading: "Confirm your address",
    paragraphs: [
      `Hello ${name}, please confirm that ${email} is your address at the help desk of ${tenant.name}.`,
      `The link works until ${formatTime(expiresAt, facts)}.`,
    ],
    action: {
      label: "Confirm this address",
      url: confirmationUrl(services, { tenantId: tenant.id, userId, email, expiresAt }),
      inFull: true,
    },
    footnote: "If you don't know of any help desk, ignore this e-mail: nothing else will come.",
  }),
  find_organisations: ({ services, organisations }) => ({
    subject: "Where you sign in",
    heading: "Your help desks",
    paragraphs: ["Here is where you sign in with this address:"],
    links: organisations.map(({ name, slug }) => ({ label: name, url: signInUrl(services, slug) })),
    footnote: "Somebody, hopefully you, asked for this list. If it wasn't you, there is nothing to do.",
  }),
  webhook_disabled: ({ services, tenant }, { endpointId, host, because }) => ({
    subject: `The webhook to ${host} was disabled`,
    heading: `The webhook to ${host} was disabled`,
    paragraphs: [
      because === "gone"
        ? `The receiver at ${host} answered 410 Gone, so the help desk of ${tenant.name} sends nothing there any more.`
        : `Nothing that the help desk of ${tenant.name} sends to ${host} arrives, so it has stopped trying.`,
      "Send a test until it arrives, then enable the endpoint again. What happens meanwhile is not sent later.",
    ],
    action: { label: "See what was answered", url: endpointUrl(services, endpointId) },
    footnote: "You get this because you are an administrator.",
  }),
  ...aboutTickets(),
};

function aboutTickets(): Pick<Composers, NotificationKind> {
  return Object.fromEntries(NOTIFICATION_KINDS.map((kind) => [
    kind,
    (facts: MailContext, ticket: TicketMailPayload) => {
      const due = facts.dueAt === null ? undefined : formatTime(facts.dueAt, facts);
      return composeTicketMail(kind, { services: facts.services, due }, ticket);
    },
  ])) as Pick<Composers, NotificationKind>;
}

/** `24 Nov 2026, 10:00 (Europe/Berlin)`. */
function formatTime(iso: string, { reader }: Pick<MailContext, "reader">): string {
  return `${moment(iso, reader, iso).absolute} (${reader.timeZone})`;
}
