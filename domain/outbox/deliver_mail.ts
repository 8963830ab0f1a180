import type { JobHandler } from "../jobs/claim.ts";
import { prepareMail } from "./prepare.ts";

/** Sends one mail of the outbox. Its id goes along as the provider's idempotency key. */
export const deliverMail: JobHandler = async (request, job) => {
  const prepared = await prepareMail(request, job);
  if ("skipped" in prepared) return { note: prepared.skipped };
  await request.services.mail.send(prepared.mail);
  return {};
};
