import { z } from "zod";
import { inSystem } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import { act, type RequestInfo } from "@/domain/cx.ts";
import { enqueueJob } from "@/domain/jobs/enqueue.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { readReplyAddress } from "@/domain/mail/reply_address.ts";
import { type MailAddress, parseAddress } from "./mail_address.ts";
import { claimEvent } from "./claim_event.ts";

const addresses = z.array(z.string().max(1000)).max(1000).nullish().transform((all) => all ?? []);

/** What the provider tells of a mail that came. Its content is fetched later. */
export const MailReceived = z.looseObject({
  email_id: z.string().regex(/^[\w-]{1,200}$/),
  from: z.string().max(2000),
  to: addresses,
  cc: addresses,
  bcc: addresses,
  // Whom the mail server was told, where the provider tells: of a mail that was passed on, To says another.
  received_for: z.preprocess((value) => typeof value === "string" ? [value] : value, addresses),
  subject: z.string().nullish(),
  message_id: z.string().nullish(),
});

/** Recipients that are looked at; nobody writes to more of one desk. */
const MOST_RECIPIENTS = 50;

/**
 * Takes in that a mail came: a row for each organisation that it is for, and a job that fetches and reads it.
 *
 * @param given the event's id and what it says
 */
export async function receiveMail(
  request: RequestInfo,
  { id, mail }: { id: string; mail: z.output<typeof MailReceived> },
): Promise<void> {
  const sender = parseAddress(mail.from);
  if (!sender) return;
  const recipients = await recipientsOf(request, [
    ...mail.received_for,
    ...mail.to,
    ...mail.cc,
    ...mail.bcc,
  ]);
  for (const [tenantId, recipient] of recipients) {
    await act(request, { kind: "system", tenantId }, async (cx) => {
      // A reply address can name an organisation that isn't there.
      if (cx.tenant.slug === "" || !await claimEvent(cx, { id, kind: "email.received" })) return;
      const mailId = await newId(cx);
      const made = await cx.db.run(sql`
        insert into inbound_mails (tenant_id, id, provider_id, message_id, sender, recipient, subject)
        values (${tenantId}, ${mailId}, ${mail.email_id}, ${
        clean(mail.message_id ?? "", 998)
      }, ${sender.email},
          ${recipient}, ${clean(mail.subject ?? "", 998)}) on conflict do nothing`);
      // The same mail under another id of the provider's, as when it was sent to two of our addresses.
      if (made > 0) await enqueueJob(cx, { kind: "inbound", id: mailId });
    });
  }
}

/** Which organisations a mail is for, and by which address: one that answers a ticket goes before one for new tickets. */
async function recipientsOf(
  { services: { config } }: RequestInfo,
  all: string[],
): Promise<Map<string, string>> {
  const domain = config.INBOUND_DOMAIN?.toLowerCase();
  const found = new Map<string, string>();
  if (!domain) return found;
  const ours = all.slice(0, MOST_RECIPIENTS).map(parseAddress)
    .filter((address): address is MailAddress => address?.domain === domain);
  for (const { email } of ours) {
    const reply = readReplyAddress(email);
    if (reply && !found.has(reply.tenantId)) found.set(reply.tenantId, email);
  }
  for (const { email, local } of ours) {
    if (readReplyAddress(email)) continue;
    const tenant = await inSystem(
      "find organisation",
      (db) => db.first<{ id: string }>(sql`select id from find_tenant(${local})`),
    );
    if (tenant && !found.has(tenant.id)) found.set(tenant.id, email);
  }
  return found;
}

function clean(text: string, most: number): string {
  return text.replaceAll(/\p{Cc}+/gu, " ").trim().slice(0, most).toWellFormed();
}
