import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import type { MailPayloads } from "./payloads.ts";

/** A mail to be sent: its template, and what the template needs. Never a link that opens something: see templates.ts. */
export type OutgoingMail = {
  [T in keyof MailPayloads]: { to: string; template: T; payload: MailPayloads[T] };
}[keyof MailPayloads];

/** Puts a mail into the outbox, in the transaction of what it tells of; the worker is woken after commit. */
export async function enqueueMail(cx: Cx, { to, template, payload }: OutgoingMail): Promise<void> {
  cx.afterCommit(() => cx.services.wake("email"));
  await cx.db.run(sql`insert into outbox (tenant_id, recipient, template, payload)
    values (${cx.tenant.id}, ${to}, ${template}, ${JSON.stringify(payload)})`);
}
