import { sql } from "@/db/sql.ts";
import { act, type Cx, type RequestInfo, type UserCx } from "@/domain/cx.ts";
import { enqueueMail } from "@/domain/messages/enqueue.ts";
import { record } from "@/domain/record.ts";
import { isConfirmationOf, type PendingConfirmation, readConfirmation } from "./confirmation_link.ts";
import { pendingConfirmation } from "./pending_confirmation.ts";

const PAUSE_MINUTES = 10;

/** Emails the actor a link to confirm their address, unless it is confirmed or a link was just sent. */
export async function sendConfirmation(cx: UserCx): Promise<void> {
  await sendConfirmationTo(cx, cx.actor.id);
}

export async function sendConfirmationTo(cx: Cx, userId: string): Promise<void> {
  const user = await cx.db.first<{ email: string }>(sql`update users set confirmation_sent_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${userId} and email_verified_at is null
      and coalesce(confirmation_sent_at < now() - make_interval(mins => ${PAUSE_MINUTES}), true)
    returning email`);
  if (!user) return;
  await Promise.all([
    enqueueMail(cx, { to: user.email, template: "email_confirmation", payload: { userId } }),
    record(cx, {
      action: "user.confirmation_sent",
      entity: "user",
      entityId: userId,
      actorId: userId,
    }),
  ]);
}

/** The address a link confirms; null for an unusable link. Changes nothing. */
export async function readConfirmableAddress(request: RequestInfo, token: string): Promise<string | null> {
  return await withOwner(request, token, (_, { email }) => Promise.resolve(email));
}

/** Confirms an address by the emailed link. @returns the address; null for an unusable link */
export async function confirmAddress(request: RequestInfo, token: string): Promise<string | null> {
  return await withOwner(request, token, async (cx, { userId, email }) => {
    await Promise.all([
      cx.db.run(sql`update users set email_verified_at = now(), version = version + 1, updated_at = now()
        where tenant_id = ${cx.tenant.id} and id = ${userId} and email_verified_at is null`),
      record(cx, { action: "user.email_confirmed", entity: "user", entityId: userId, actorId: userId }),
    ]);
    return email;
  });
}

async function withOwner<T>(
  request: RequestInfo,
  token: string,
  fn: (cx: Cx, address: PendingConfirmation) => Promise<T>,
): Promise<T | null> {
  const named = readConfirmation(token);
  if (!named) return null;
  return await act(request, { kind: "system", tenantId: named.tenantId }, async (cx) => {
    // Serialises two clicks: the second finds the address confirmed.
    await cx.db.run(sql`select id from users where tenant_id = ${cx.tenant.id} and id = ${named.userId}
      for no key update`);
    const address = await pendingConfirmation(cx, named.userId);
    return address && isConfirmationOf(request.services, address, named.mac) ? await fn(cx, address) : null;
  });
}
