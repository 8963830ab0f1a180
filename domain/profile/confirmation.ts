import { sql } from "@/db/sql.ts";
import { act, type Cx, type RequestInfo, type UserCx } from "@/domain/cx.ts";
import { rateLimited } from "@/domain/errors.ts";
import { enqueueMail } from "@/domain/messages/enqueue.ts";
import { record } from "@/domain/record.ts";
import { isConfirmationOf, type PendingConfirmation, readConfirmation } from "./confirmation_link.ts";
import { pendingConfirmation } from "./pending_confirmation.ts";

const PAUSE_MINUTES = 10;
/** Links to one address, from all organisations: anyone can register with it. */
const MAILS = { limit: 10, windowSeconds: 24 * 3600 };

/**
 * Emails the actor a link to confirm their address, unless it is confirmed or a link was just sent.
 * @throws DomainError rate_limited
 */
export async function sendConfirmation(cx: UserCx): Promise<void> {
  const retryAfter = await sendConfirmationTo(cx, cx.actor.id);
  if (retryAfter > 0) throw rateLimited(retryAfter, "Too many emails to your address");
}

/** @returns the seconds to wait when too many went to that address */
export async function sendConfirmationTo(cx: Cx, userId: string): Promise<number> {
  const user = await cx.db.first<{ email: string }>(sql`update users set confirmation_sent_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${userId} and email_verified_at is null
      and coalesce(confirmation_sent_at < now() - make_interval(mins => ${PAUSE_MINUTES}), true)
    returning email`);
  if (!user) return 0;
  const { limiter, config } = cx.services;
  const limit = Math.ceil(MAILS.limit * config.RATE_LIMIT_SCALE);
  const taken = await limiter.take(`confirmation:${user.email.toLowerCase()}`, { ...MAILS, limit });
  if (!taken.allowed) return taken.resetSeconds;
  await Promise.all([
    enqueueMail(cx, { to: user.email, template: "email_confirmation", payload: { userId } }),
    record(cx, {
      action: "user.confirmation_sent",
      entity: "user",
      entityId: userId,
      actorId: userId,
    }),
  ]);
  return 0;
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
