import { handOver } from "@/domain/handover/hand_over.ts";
import type { JobHandler } from "@/domain/jobs/claim.ts";
import { deliverMail } from "@/domain/mail/deliver_mail.ts";
import { processMail } from "@/domain/mail/inbound/process_mail.ts";
import { deliverWebhook } from "@/domain/webhooks/deliver.ts";

export interface JobKind {
  handler: JobHandler;
  slots: number;
  /** Slots that one tenant may take, so that its slow server leaves some to the others. */
  slotsPerTenant: number;
  /** Slots that one receiver may take, of all workers. */
  slotsPerLane?: number | undefined;
}

/** Every kind of job. Each has its own slots, so mails don't wait for webhooks. */
export const JOB_KINDS: Record<string, JobKind> = {
  // A received mail may have 40 MiB, and is read in memory.
  inbound: { handler: processMail, slots: 4, slotsPerTenant: 2 },
  handover: { handler: handOver, slots: 4, slotsPerTenant: 1 },
  email: { handler: deliverMail, slots: 32, slotsPerTenant: 16 },
  webhook: { handler: deliverWebhook, slots: 32, slotsPerTenant: 8, slotsPerLane: 2 },
};
