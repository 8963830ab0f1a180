import { sql } from "@/db/sql.ts";
import { log } from "@/log.ts";
import { act, type RequestInfo } from "@/domain/cx.ts";
import type { Job, JobHandler } from "@/domain/jobs/claim.ts";
import { prepareMail } from "./prepare.ts";

/** Sends one email of the outbox; its id is the provider's idempotency key. */
export const deliverMail: JobHandler = async (request, job, { signal }) => {
  const prepared = await prepareMail(request, job);
  if ("skipped" in prepared) return { note: prepared.skipped };
  const { mail } = request.services;
  const { providerId } = await mail.send(prepared.mail, { signal });
  await noteSent(request, job, { providerId, saved: !mail.delivers });
  return {};
};

/** The email has been sent: a failure here must not send it again. */
async function noteSent(
  request: RequestInfo,
  { tenantId, id }: Job,
  { providerId, saved }: { providerId: string | null; saved: boolean },
): Promise<void> {
  // What the provider reports may come before this; an earlier attempt may have had no transport. Null in both columns
  // means that the email is from before either was kept.
  const known = sql`nullif(delivery, 'saved')`;
  const delivery = saved ? sql`'saved'` : providerId === null ? sql`coalesce(${known}, 'sent')` : known;
  try {
    await act(
      request,
      { kind: "system", tenantId },
      (cx) =>
        cx.db.run(
          sql`update outbox set provider_id = ${providerId?.slice(0, 200) ?? null}, delivery = ${delivery}
        where tenant_id = ${tenantId} and id = ${id}`,
        ),
    );
  } catch (error) {
    log("warn", "An email's outcome wasn't stored", { outboxId: id, error });
  }
}
