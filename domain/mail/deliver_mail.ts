import { sql } from "@/db/sql.ts";
import { log } from "@/log.ts";
import { act, type RequestInfo } from "@/domain/cx.ts";
import type { Job, JobHandler } from "@/domain/jobs/claim.ts";
import { prepareMail } from "./prepare.ts";

/** Sends one email of the outbox; its id is the provider's idempotency key. */
export const deliverMail: JobHandler = async (request, job, { signal }) => {
  const prepared = await prepareMail(request, job);
  if ("skipped" in prepared) return { note: prepared.skipped };
  const { providerId } = await request.services.mail.send(prepared.mail, { signal });
  if (providerId !== null) await noteProvider(request, job, providerId);
  return {};
};

/** The email has been sent: a failure here must not send it again. */
async function noteProvider(request: RequestInfo, { tenantId, id }: Job, providerId: string): Promise<void> {
  try {
    await act(
      request,
      { kind: "system", tenantId },
      (cx) =>
        cx.db.run(sql`update outbox set provider_id = ${providerId.slice(0, 200)}
        where tenant_id = ${tenantId} and id = ${id}`),
    );
  } catch (error) {
    log("warn", "Provider's id of an email not saved", { outboxId: id, error });
  }
}
