import type { Config } from "@/config.ts";
import type { TicketMailPayload } from "@/domain/messages/payloads.ts";
import type { MailTemplate } from "@/domain/messages/payloads.ts";
import type { TenantName } from "@/domain/organisations/tenants.ts";
import type { MailRow } from "./mail_row.ts";
import { plainName } from "./plain_name.ts";
import { senderOf } from "./sender.ts";

/** Acknowledgements in 24 hours to an address that nobody has proved. */
const MOST_ACKNOWLEDGEMENTS = 3;

/** Sent to prove an address, so from organisations where nobody has proved one as well. They name nobody. */
const PROVING: ReadonlySet<MailTemplate> = new Set(["email_confirmation", "password_reset"]);

/** Never sent to an address that nobody has proved. */
const FOR_PROVED: ReadonlySet<MailTemplate> = new Set(["webhook_disabled", "saved_report"]);

/** Words of other people in an email. An organisation's or person's name may be empty. */
export interface MailNames {
  fromName: string;
  tenant: TenantName;
  name: string;
  invitedBy: string;
  payload: Record<string, unknown>;
}

/** Whoever registers or writes may have given a stranger's address. @returns why an email may not be sent to it */
export function unprovedProblem(row: MailRow & { template: MailTemplate }): string | null {
  if (row.proved || PROVING.has(row.template)) return null;
  if (!row.mayMailStrangers) return "Not sent: no administrator has confirmed their email address";
  if (FOR_PROVED.has(row.template)) return "Not sent: the recipient hasn't confirmed their address";
  const acknowledges = row.template === "ticket_created" && row.payload["forYou"] !== true;
  return acknowledges && row.recentTickets >= MOST_ACKNOWLEDGEMENTS
    ? "Not sent: enough acknowledgements went to this unconfirmed address today"
    : null;
}

/** To an address that nobody has proved, only people who proved theirs are quoted, and names hold no links. */
export function namesFor(
  row: MailRow & { template: MailTemplate },
  { tenant, invitedBy, config }: { tenant: TenantName; invitedBy: string; config: Pick<Config, "MAIL_FROM"> },
): MailNames {
  if (row.proved) {
    return { fromName: tenant.name, tenant, name: row.name ?? "", invitedBy, payload: row.payload };
  }
  const organisation = PROVING.has(row.template) ? "" : plainName(tenant.name) ?? "";
  return {
    fromName: organisation || senderOf(config).name,
    tenant: { ...tenant, name: organisation },
    name: "",
    invitedBy: plainName(invitedBy) ?? "",
    payload: "ticketId" in row.payload ? withoutWords(row) : row.payload,
  };
}

function withoutWords({ payload, authorProved }: MailRow): Record<string, unknown> {
  const { actorName } = payload as Partial<TicketMailPayload>;
  return {
    ...payload,
    title: "Your request",
    actorName: plainName(actorName ?? "") ?? "The help desk",
    excerpt: authorProved ? payload["excerpt"] : "",
  };
}
