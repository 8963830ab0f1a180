import { sql } from "../../db/sql.ts";
import { isStaff } from "../access.ts";
import { act, type Cx, type RequestInfo, type Role } from "../cx.ts";
import { organisationsOf } from "../identity/find_organisations.ts";
import { isOptional, preferencesOf } from "../identity/preferences.ts";
import type { Mail } from "../services.ts";
import { maySeeTicket } from "../tickets/sight.ts";
import { renderHtml, renderText } from "./layout.ts";
import { senderOf } from "./sender.ts";
import { COMPOSE, type Facts, type MailTemplate, PAYLOADS } from "./templates.ts";

/** What became of a row: a mail to send, or why none is due any more. */
export type Prepared = { mail: Mail } | { skipped: string };

interface Row extends Record<string, unknown> {
  recipient: string;
  template: string;
  payload: Record<string, unknown>;
  name: string | null;
  role: Role | null;
  deactivated: boolean;
  /** Whether mails to the address came back for good, or its owner complained. */
  suppressed: boolean;
  preferences: unknown;
  /** Whether the recipient may see the ticket that it is about; true where it is about none. */
  sees: boolean;
}

/**
 * Makes the mail of a row of the outbox, with links and names as they are now.
 *
 * @throws Error for a template that this version doesn't know, or a payload that doesn't fit it
 */
export async function prepareMail(
  request: RequestInfo,
  { tenantId, id }: { tenantId: string; id: string },
): Promise<Prepared> {
  const loaded = await act(request, { kind: "system", tenantId }, async (cx) => {
    const row = await cx.db.first<Row>(sql`
      select o.recipient, o.template, o.payload, u.name, u.role,
        u.deactivated_at is not null as deactivated, exists (select from suppressed_addresses s
          where s.tenant_id = o.tenant_id and s.email_key = lower(o.recipient)) as suppressed, u.preferences, t.id is null or ${
      maySeeTicket(cx)
    } as sees
      from outbox o left join users u on u.tenant_id = o.tenant_id and u.email_key = lower(o.recipient)
        left join tickets t on t.tenant_id = o.tenant_id and t.id = (o.payload ->> 'ticketId')::uuid
      where o.tenant_id = ${tenantId} and o.id = ${id}`);
    if (!row) throw new Error(`Cannot send mail "${id}": it is gone`);
    if (!isTemplate(row.template)) {
      throw new Error(`Cannot send mail "${id}": unknown template "${row.template}"`);
    }
    const skipped = await reasonToSkip(cx, { ...row, template: row.template });
    const invitedBy = row.template === "invitation" && !skipped ? await inviterOf(cx, row.payload) : "";
    return { row, template: row.template, skipped, invitedBy, tenant: cx.tenant };
  });
  if (loaded.skipped) return { skipped: loaded.skipped };
  const { row, template, tenant, invitedBy } = loaded;
  const organisations = template === "find_organisations"
    ? await organisationsOf(request, row.recipient)
    : [];
  const facts: Facts = { services: request.services, tenant, name: row.name ?? "", invitedBy, organisations };
  const compose = COMPOSE[template] as (
    facts: Facts,
    payload: unknown,
  ) => ReturnType<typeof COMPOSE[MailTemplate]>;
  const message = compose(facts, PAYLOADS[template].parse(row.payload));
  const { domain } = senderOf(request.services.config);
  return {
    mail: {
      id,
      tenantId,
      fromName: tenant.name,
      to: row.recipient,
      subject: message.subject,
      text: renderText(message, tenant.name),
      html: renderHtml(message, tenant.name),
      messageId: `<${id}@${domain}>`,
      ...(message.thread ? { thread: `<${message.thread}@${domain}>` } : {}),
    },
  };
}

function isTemplate(name: string): name is MailTemplate {
  return Object.hasOwn(PAYLOADS, name);
}

async function reasonToSkip(cx: Cx, row: Row & { template: MailTemplate }): Promise<string | null> {
  const { template, payload } = row;
  if (row.suppressed) {
    return "Not sent: the address is suppressed, because mails came back or were called spam";
  }
  if (row.deactivated) return "Not sent: the recipient is deactivated";
  // Asked again as it leaves: a role can have been taken away since.
  if (payload["internal"] === true && (row.role === null || !isStaff(row.role))) {
    return "Not sent: it is for staff, which the recipient isn't any more";
  }
  if (!row.sees) return "Not sent: the recipient can't see the ticket any more";
  if (isOptional(template)) {
    const wanted = row.role !== null &&
      preferencesOf(row.preferences, row.role).notifications[template]?.email;
    return wanted ? null : "Not sent: the recipient turned these e-mails off";
  }
  if (template === "password_reset") {
    const open = await cx.db.first(sql`select id from password_resets where tenant_id = ${cx.tenant.id}
      and id = ${payload["resetId"]} and used_at is null and expires_at > now()`);
    return open ? null : "Not sent: the link was used or has expired";
  }
  if (template === "invitation") {
    const open = await cx.db.first(sql`select id from invitations where tenant_id = ${cx.tenant.id}
      and id = ${
      payload["invitationId"]
    } and accepted_at is null and revoked_at is null and expires_at > now()`);
    return open ? null : "Not sent: the invitation was accepted, revoked or has expired";
  }
  return null;
}

async function inviterOf(cx: Cx, payload: Record<string, unknown>): Promise<string> {
  const row = await cx.db.first<{ name: string }>(sql`
    select u.name from invitations i join users u on u.tenant_id = i.tenant_id and u.id = i.invited_by
    where i.tenant_id = ${cx.tenant.id} and i.id = ${payload["invitationId"]}`);
  return row?.name ?? cx.tenant.name;
}
