import type { Services } from "@/ports.ts";
import { NOTIFICATION_KINDS } from "@/domain/notifications/kinds.ts";
import { renderHtml } from "@/domain/mail/render/html_part.tsx";
import type { MailFrame } from "./render/mail_content.ts";
import { composeMail } from "@/domain/mail/prepare.ts";
import type { MailContext } from "@/domain/mail/templates/templates.ts";
import type { MailTemplate } from "@/domain/messages/payloads.ts";
import { renderText } from "@/domain/mail/render/text_part.ts";
import { acceptsReply } from "@/domain/mail/templates/ticket_mails.ts";
import type { TicketMailPayload } from "@/domain/messages/payloads.ts";
import { SAMPLE_REPORT } from "./sample_report.ts";

export const MAIL_TEMPLATES: readonly MailTemplate[] = [
  "invitation",
  "password_reset",
  "password_resets",
  "password_changed",
  "email_confirmation",
  "find_organisations",
  "webhook_disabled",
  "saved_report",
  ...NOTIFICATION_KINDS,
];

const ID = "0199f3a0-0000-7000-8000-000000000000";
const AT = "2026-11-24T09:00:00.000Z";

const TICKET: Partial<TicketMailPayload> = {
  key: "INC-1042",
  ticketId: ID,
  title: "Cannot open the shared drive “Finance”",
  actorName: "Emi Tanaka",
};

const WORDS = "Hello Daniel, I found the reason: your new group was added below the read-only one.\n" +
  "I am moving it now; please sign out and in again in ten minutes.";

const OWN: Partial<Record<MailTemplate, Partial<TicketMailPayload>>> = {
  ticket_assigned: { excerpt: "Since this morning I can't open \\\\files\\Finance." },
  mentioned: { excerpt: "@Daniel, is it still the old laptop?", commentId: ID },
  comment_added: { excerpt: WORDS, commentId: ID },
  note_added: {
    excerpt: "The group is nested in FIN-RO, so the token only carries read access.",
    commentId: ID,
    internal: true,
  },
  ticket_resolved: { excerpt: "The group is in its right place.", to: "resolved" },
  ticket_moved: { to: "in_progress" },
  sla_warning: { metric: "resolution", percent: 90 },
  sla_breached: { metric: "first_response" },
  rating_received: { actorName: "Daniel Okafor", rating: 5, excerpt: "Quick and kind." },
};

/** An email with sample data; its links don't work. */
export function sampleMail(
  services: Services,
  template: MailTemplate,
): { subject: string; text: string; html: string } {
  const tenant = { id: ID, slug: "northwind", name: "Northwind Logistics" };
  const facts: MailContext = {
    services: { ...services, secrets: { sign: () => "sample" } },
    tenant,
    email: "daniel@northwind.example",
    name: "Daniel Okafor",
    reader: { locale: "en-GB", timeZone: "Europe/Berlin" },
    at: AT,
    invitedBy: "Bea Kowalczyk",
    expiresAt: AT,
    dueAt: template.startsWith("sla_") ? AT : null,
    report: SAMPLE_REPORT,
    resets: [{ id: ID, tenant, expiresAt: AT }],
    organisations: [tenant, { id: ID, slug: "harbour", name: "Harbour Works" }],
  };
  const webhook = { endpointId: ID, host: "hooks.northwind.example", because: "failing" };
  const ids = { invitationId: ID, resetId: ID, userId: ID, savedReportId: ID };
  const own = template === "saved_report" ? { from: "2026-11-16", to: "2026-11-22" } : OWN[template];
  const payload = { ...ids, ...webhook, ...TICKET, ...own };
  const message = composeMail(template, payload, facts);
  const isTicket = (NOTIFICATION_KINDS as readonly string[]).includes(template);
  const { PUBLIC_URL } = services.config;
  const frame: MailFrame = {
    sender: tenant.name,
    acceptsReply: isTicket && acceptsReply(template, { internal: payload.internal === true }),
    ...(isTicket || template === "saved_report"
      ? {
        unsubscribe: {
          url: `${PUBLIC_URL}/unsubscribe/sample`,
          settingsUrl: `${PUBLIC_URL}/profile#notifications`,
        },
      }
      : {}),
  };
  return { subject: message.subject, text: renderText(message, frame), html: renderHtml(message, frame) };
}
