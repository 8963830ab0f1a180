import type { z } from "zod";
import { sql } from "@/db/sql.ts";
import { parse } from "@/domain/validation.ts";
import { isStaff } from "@/domain/permissions.ts";
import { act, type Cx, type RequestInfo } from "@/domain/cx.ts";
import { pendingConfirmation } from "@/domain/profile/pending_confirmation.ts";
import { organisationsOfEmail } from "@/domain/auth/find_organisations.ts";
import { openResetsOf } from "@/domain/auth/forgot_password.ts";
import { savedReportUrl, settingsUrl } from "@/domain/shared/links.ts";
import { isOptionalMail, preferencesOf } from "@/domain/profile/preferences.ts";
import { type MailedReport, readMailedReport } from "@/domain/reports/saved/mailed_report.ts";
import { unsubscribeUrl } from "./unsubscribe_link.ts";
import type { Mail } from "@/ports.ts";
import { renderHtml } from "./render/html_part.tsx";
import type { MailContent, MailFrame } from "./render/mail_content.ts";
import { type MailRow, readMailRow } from "./mail_row.ts";
import { type MailNames, namesFor, unprovedProblem } from "./recipients.ts";
import { reportFiles } from "./report_files.ts";
import { replyAddress } from "./reply_address.ts";
import { senderOf } from "./sender.ts";
import { MAIL_COMPOSERS, type MailContext } from "./templates/templates.ts";
import { type MailTemplate, PAYLOADS } from "@/domain/messages/payloads.ts";
import { renderText } from "./render/text_part.ts";
import { acceptsReply } from "./templates/ticket_mails.ts";

export type PreparedMail = { mail: Mail } | { skipped: string };

const LINK_GONE = "Not sent: the link was used or has expired";

interface Link extends Record<string, unknown> {
  expiresAt: string;
  by: string;
}

/** With current links and names. @throws Error for an unknown template or an invalid payload */
export async function prepareMail(
  request: RequestInfo,
  { tenantId, id }: { tenantId: string; id: string },
): Promise<PreparedMail> {
  const loaded = await act(request, { kind: "system", tenantId }, async (cx) => {
    const row = await readMailRow(cx, id);
    const template = templateOf(row, id);
    const link = await linkOf(cx, template, row.payload);
    const skipped = reasonToSkip({ ...row, template }, link);
    return { row, template, link: link ?? null, skipped, tenant: cx.tenant };
  });
  if (loaded.skipped) return { skipped: loaded.skipped };
  const { row, template, link, tenant } = loaded;
  const names = namesFor({ ...row, template }, {
    tenant: { id: tenant.id, slug: tenant.slug, name: tenant.name },
    invitedBy: link?.by ?? "",
    config: request.services.config,
  });
  const resets = template === "password_resets" ? await openResetsOf(request, row.recipient) : [];
  if (template === "password_resets" && resets.length === 0) return { skipped: LINK_GONE };
  const report = template === "saved_report" ? await readReport(request, tenantId, row.payload) : undefined;
  if (report && "skipped" in report) return report;
  const message = composeMail(template, names.payload, {
    services: request.services,
    tenant: names.tenant,
    email: row.recipient,
    name: names.name,
    reader: { locale: row.locale ?? tenant.locale, timeZone: row.timeZone ?? tenant.timeZone },
    at: row.createdAt,
    invitedBy: names.invitedBy,
    expiresAt: link?.expiresAt ?? row.createdAt,
    dueAt: row.dueAt,
    organisations: template === "find_organisations"
      ? await organisationsOfEmail(request, row.recipient)
      : [],
    resets,
    report,
  });
  const mail = mailOf(request, { id, tenantId: tenant.id, names, row, template, message, report });
  return { mail: report ? { ...mail, attachments: await reportFiles(report.result) } : mail };
}

async function readReport(request: RequestInfo, tenantId: string, payload: unknown) {
  return await readMailedReport(request, { tenantId, ...parse(PAYLOADS.saved_report, payload) });
}

/** @throws DomainError invalid for a payload that doesn't fit the template */
export function composeMail(template: MailTemplate, payload: unknown, facts: MailContext): MailContent {
  const compose = MAIL_COMPOSERS[template] as (facts: MailContext, payload: unknown) => MailContent;
  return compose(facts, parse(PAYLOADS[template] as z.ZodType, payload));
}

function mailOf(
  { services }: RequestInfo,
  { id, tenantId, names, row, template, message, report }: {
    id: string;
    tenantId: string;
    names: MailNames;
    row: MailRow;
    template: MailTemplate;
    message: MailContent;
    report: MailedReport | undefined;
  },
): Mail {
  const { userId, payload } = row;
  const ticketId = typeof payload["ticketId"] === "string" ? payload["ticketId"] : null;
  const { domain } = senderOf(services.config);
  const stop = userId === null
    ? null
    : isOptionalMail(template)
    ? unsubscribeUrl(services, { tenantId, userId, kind: template })
    : report?.subscribed
    ? unsubscribeUrl(services, { tenantId, userId, savedReportId: report.saved.id })
    : null;
  const answered = ticketId && userId && services.config.INBOUND_DOMAIN &&
      acceptsReply(template, { internal: payload["internal"] === true })
    ? replyAddress(services, { tenantId, ticketId, userId })
    : null;
  const frame: MailFrame = {
    sender: names.fromName,
    acceptsReply: answered !== null,
    ...(stop
      ? {
        unsubscribe: {
          url: stop,
          settingsUrl: report ? savedReportUrl(services, report.saved.id) : settingsUrl(services),
        },
      }
      : {}),
  };
  return {
    id,
    tenantId,
    fromName: names.fromName,
    to: row.recipient,
    subject: message.subject,
    text: renderText(message, frame),
    html: renderHtml(message, frame),
    messageId: `<${id}@${domain}>`,
    ...(ticketId ? { thread: `<ticket-${ticketId}@${domain}>` } : {}),
    ...(answered ? { replyTo: answered } : {}),
    ...(stop ? { unsubscribeUrl: stop } : {}),
  };
}

function templateOf({ template }: MailRow, id: string): MailTemplate {
  if (Object.hasOwn(PAYLOADS, template)) return template as MailTemplate;
  throw new Error(`Cannot send mail "${id}": unknown template "${template}"`);
}

/** The invitation, reset or confirmation behind a link; null once it can't be used, undefined if there is none. */
async function linkOf(
  cx: Cx,
  template: MailTemplate,
  payload: Record<string, unknown>,
): Promise<Link | null | undefined> {
  if (template === "password_reset") {
    return await cx.db.first<Link>(sql`select expires_at as "expiresAt", '' as by from password_resets
      where tenant_id = ${cx.tenant.id} and id = ${payload["resetId"]} and used_at is null
        and expires_at > now()`) ?? null;
  }
  if (template === "invitation") {
    return await cx.db.first<Link>(sql`select i.expires_at as "expiresAt", u.name as by
      from invitations i join users u on u.tenant_id = i.tenant_id and u.id = i.invited_by
      where i.tenant_id = ${cx.tenant.id} and i.id = ${payload["invitationId"]} and i.accepted_at is null
        and i.revoked_at is null and i.expires_at > now()`) ?? null;
  }
  if (template === "email_confirmation") {
    const address = await pendingConfirmation(cx, payload["userId"]);
    return address ? { expiresAt: address.expiresAt, by: "" } : null;
  }
  return undefined;
}

/** Checked when it is sent: access and preferences may have changed since it was queued. */
function reasonToSkip(
  row: MailRow & { template: MailTemplate },
  link: Link | null | undefined,
): string | null {
  const { template, payload } = row;
  if (row.suppressed) {
    return "Not sent: the address is suppressed after a bounce or spam complaint";
  }
  if (row.deactivated) return "Not sent: the recipient is deactivated";
  const unproved = unprovedProblem(row);
  if (unproved) return unproved;
  // The address may be somebody else's by now.
  if (template === "saved_report" && payload["userId"] !== row.userId) {
    return "Not sent: the recipient's address has changed";
  }
  if (payload["internal"] === true && (row.role === null || !isStaff(row.role))) {
    return "Not sent: it is for staff, and the recipient is no longer staff";
  }
  if (!row.sees) return "Not sent: the recipient can no longer see the ticket or comment";
  if (link === null) {
    return template === "invitation"
      ? "Not sent: the invitation was accepted, revoked or has expired"
      : LINK_GONE;
  }
  if (!isOptionalMail(template)) return null;
  const wanted = row.role !== null && preferencesOf(row.preferences, row.role).notifications[template]?.email;
  return wanted ? null : "Not sent: the recipient turned these emails off";
}
