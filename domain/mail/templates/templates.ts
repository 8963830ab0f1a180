import type { z } from "zod";
import type { MailTemplate, PAYLOADS, TicketMailPayload } from "@/domain/messages/payloads.ts";
import type { Services } from "@/ports.ts";
import type { OpenReset } from "@/domain/auth/forgot_password.ts";
import { confirmationUrl } from "@/domain/profile/confirmation_link.ts";
import { endpointUrl, invitationUrl, resetUrl, signInUrl } from "@/domain/shared/links.ts";
import type { TenantName } from "@/domain/organisations/tenants.ts";
import { NOTIFICATION_KINDS, type NotificationKind } from "@/domain/notifications/kinds.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { MailedReport } from "@/domain/reports/saved/mailed_report.ts";
import type { MailContent } from "@/domain/mail/render/mail_content.ts";
import { composeReportMail } from "./report_mail.ts";
import { composeTicketMail } from "./ticket_mails.ts";

/** What is looked up when an email is sent. Times are RFC 3339. */
export interface MailContext {
  services: Services;
  /** Its name is empty where it isn't to be told. */
  tenant: TenantName;
  email: string;
  /** Empty unless the recipient is a user. */
  name: string;
  reader: Reader;
  at: string;
  invitedBy: string;
  expiresAt: string;
  /** When the SLA target is due. */
  dueAt: string | null;
  organisations: TenantName[];
  resets: OpenReset[];
  /** The saved report that it brings, as the recipient sees it. */
  report?: MailedReport | undefined;
}

type Composers = {
  [T in MailTemplate]: (facts: MailContext, payload: z.output<typeof PAYLOADS[T]>) => MailContent;
};

export const MAIL_COMPOSERS: Composers = {
  invitation: ({ services, tenant, invitedBy, expiresAt, ...facts }, { invitationId }) => ({
    subject: `${invitedBy || "An administrator"} invited you to ${deskOf(tenant, "a")}`,
    heading: `Join ${deskOf(tenant)}`,
    paragraphs: [
      `${invitedBy || "An administrator"} has invited you. Choose a password to get started.`,
      `This link can be used once and expires on ${formatTime(expiresAt, facts)}.`,
    ],
    action: {
      label: "Accept invitation",
      url: invitationUrl(services, { tenantId: tenant.id, id: invitationId }),
      inFull: true,
    },
    footnote: "If you weren't expecting this, you can ignore this email.",
  }),
  password_reset: ({ services, tenant, name, expiresAt, ...facts }, { resetId }) => ({
    subject: tenant.name ? `Reset your ${tenant.name} password` : "Reset your password",
    heading: "Reset your password",
    paragraphs: [
      `${greeting(name)}we received a request to reset your password for ${deskOf(tenant)}.`,
      `This link can be used once and expires on ${
        formatTime(expiresAt, facts)
      }. Using it signs you out everywhere.`,
    ],
    action: {
      label: "Reset password",
      url: resetUrl(services, { tenantId: tenant.id, id: resetId }),
      inFull: true,
    },
    footnote: "If you didn't ask for this, ignore this email. Your password won't change.",
  }),
  password_resets: ({ services, name, resets, expiresAt, ...facts }) => ({
    subject: "Reset your password",
    heading: "Reset your password",
    paragraphs: [
      `${
        greeting(name)
      }we received a request to reset your password. You use several help desks: choose one.`,
      `Each link can be used once and expires on ${
        formatTime(resets[0]?.expiresAt ?? expiresAt, facts)
      }. Using it signs you out of that help desk everywhere.`,
    ],
    links: resets.map(({ id, tenant }) => ({
      label: tenant.name,
      url: resetUrl(services, { tenantId: tenant.id, id }),
    })),
    footnote: "If you didn't ask for this, ignore this email. Your passwords won't change.",
  }),
  password_changed: ({ services, tenant, name, at, ...facts }) => ({
    subject: tenant.name ? `Your ${tenant.name} password was changed` : "Your password was changed",
    heading: "Your password was changed",
    paragraphs: [
      `${greeting(name)}your password for ${deskOf(tenant)} was changed on ${
        formatTime(at, facts)
      }. All other devices were signed out.`,
    ],
    action: { label: "Sign in", url: signInUrl(services, tenant.slug) },
    footnote:
      'If this wasn\'t you, use "Forgot password" on the sign-in page right away and tell your administrator.',
  }),
  // Whoever registered may have given someone else's address, so it carries none of their words.
  email_confirmation: ({ services, tenant, email, expiresAt, ...facts }, { userId }) => ({
    subject: "Confirm your email address",
    heading: "Confirm your email address",
    paragraphs: [
      `Someone registered at this help desk with ${email}. If it was you, please confirm your address.`,
      `This link expires on ${formatTime(expiresAt, facts)}.`,
    ],
    action: {
      label: "Confirm email address",
      url: confirmationUrl(services, { tenantId: tenant.id, userId, email, expiresAt }),
      inFull: true,
    },
    footnote: "If it wasn't you, ignore this email. Nothing else will be sent to you.",
  }),
  find_organisations: ({ services, organisations }) => ({
    subject: "Your help desks",
    heading: "Your help desks",
    paragraphs: ["You can sign in with this email address here:"],
    links: organisations.map(({ name, slug }) => ({ label: name, url: signInUrl(services, slug) })),
    footnote: "Someone asked for this list. If it wasn't you, you can ignore this email.",
  }),
  webhook_disabled: ({ services, tenant }, { endpointId, host, because }) => ({
    subject: `The webhook to ${host} was disabled`,
    heading: `The webhook to ${host} was disabled`,
    paragraphs: [
      because === "gone"
        ? `${host} answered 410 Gone, so ${tenant.name} no longer sends webhooks to it.`
        : `Webhooks from ${tenant.name} to ${host} kept failing, so we stopped sending them.`,
      "Fix the receiver, send a test, then enable the endpoint again. Events in the meantime are not sent later.",
    ],
    action: { label: "View deliveries", url: endpointUrl(services, endpointId) },
    footnote: "You received this email because you are an administrator.",
  }),
  saved_report: ({ services, reader, report }) => composeReportMail({ services, reader }, report!),
  ...aboutTickets(),
};

/** `the Harbour Works help desk`. */
function deskOf({ name }: TenantName, article: "a" | "the" = "the"): string {
  return name ? `the ${name} help desk` : `${article} help desk`;
}

function greeting(name: string): string {
  return name ? `Hello ${name}, ` : "Hello, ";
}

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
