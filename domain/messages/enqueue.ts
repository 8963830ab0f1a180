import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import type { MailPayloads } from "./payloads.ts";

/** Payloads never contain secret links: see payloads.ts. */
export type OutgoingMail = {
  [T in keyof MailPayloads]: { to: string; template: T; payload: MailPayloads[T] };
}[keyof MailPayloads];

/** Queues an email in the transaction it belongs to; the worker is woken after the commit. */
export async function enqueueMail(cx: Cx, { to, template, payload }: OutgoingMail): Promise<void> {
  cx.afterCommit(() => cx.services.wake("email"));
  await cx.db.run(sql`insert into outbox (tenant_id, recipient, template, payload)
    values (${cx.tenant.id}, ${to}, ${template}, ${JSON.stringify(payload)})`);
}
