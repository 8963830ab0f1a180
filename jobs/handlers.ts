import type { JobHandler } from "@/domain/jobs/claim.ts";
import { processMail } from "@/domain/mail/inbound/process_mail.ts";
import { deliverMail } from "@/domain/mail/deliver_mail.ts";
import { deliverWebhook } from "@/domain/webhooks/deliver.ts";

/** How jobs of a kind are done, and how many at once. */
export interface Lane {
  handler: JobHandler;
  /** Jobs that a process does at once. */
  slots: number;
  /** Of these, how many one organisation may have, so that who waits for a slow server holds up nobody else. */
  perTenant: number;
}

/** Every kind of job. Each has slots of its own: mails don't wait for webhooks. */
export const LANES: Record<string, Lane> = {
  // A mail may have 40 MiB, and is read in memory.
  inbound: { handler: processMail, slots: 4, perTenant: 2 },
  email: { handler: deliverMail, slots: 32, perTenant: 16 },
  webhook: { handler: deliverWebhook, slots: 32, perTenant: 8 },
};
