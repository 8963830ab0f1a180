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

/** A received email as the provider announces it; its content is fetched later. */
export const MailReceived = z.looseObject({
  email_id: z.string().regex(/^[\w-]{1,200}$/),
  from: z.string().max(2000),
  to: addresses,
  cc: addresses,
  bcc: addresses,
  // The envelope recipient: To differs when the email was forwarded.
  received_for: z.preprocess((value) => typeof value === "string" ? [value] : value, addresses),
  subject: z.string().nullish(),
  message_id: z.string().nullish(),
});

const MOST_RECIPIENTS = 50;

/** Records a received email for each organisation it is for, with a job that fetches and processes it. */
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
      // A reply address may name an unknown organisation.
      if (cx.tenant.slug === "" || !await claimEvent(cx, { id, kind: "email.received" })) return;
      const mailId = await newId(cx);
      const made = await cx.db.run(sql`
        insert into inbound_mails (tenant_id, id, provider_id, message_id, sender, recipient, subject)
        values (${tenantId}, ${mailId}, ${mail.email_id}, ${
        clean(mail.message_id ?? "", 998)
      }, ${sender.email},
          ${recipient}, ${clean(mail.subject ?? "", 998)}) on conflict do nothing`);
      // No job when the provider announced the same email under another id.
      if (made > 0) await enqueueJob(cx, { kind: "inbound", id: mailId });
    });
  }
}

/** The organisations an email is for, with the address used; reply addresses take precedence. */
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
