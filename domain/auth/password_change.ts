import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { actAsUser, type Claim, type RequestInfo } from "@/domain/cx.ts";
import { DomainError, invalidField } from "@/domain/errors.ts";
import { enqueueMail } from "@/domain/messages/enqueue.ts";
import { record } from "@/domain/record.ts";
import { Password } from "@/domain/shared/account_fields.ts";
import { assertGoodPassword, isTooLong, normalizePassword } from "./passwords.ts";
import { revokeResets } from "./password_reset.ts";
import { accountKey, endSessionsOf } from "./sessions.ts";
import { forgetFailures, limitSignIn } from "./throttle.ts";

export const ChangePassword = z.object({ currentPassword: Password, newPassword: Password });

/** Ends the actor's other sessions. @throws DomainError invalid for a wrong or a weak password; rate_limited */
export async function changePassword(
  request: RequestInfo,
  claim: Claim,
  input: z.output<typeof ChangePassword>,
): Promise<void> {
  const { currentPassword, newPassword } = input;
  if (isTooLong(currentPassword)) throw wrongPassword();
  const known = await actAsUser(request, claim, async (cx) => {
    const row = await cx.db.first<{ hash: string }>(sql`
      select password_hash as hash from users where tenant_id = ${cx.tenant.id} and id = ${cx.actor.id}`);
    const { email, name } = cx.actor;
    return { hash: row!.hash, owner: { email, name, organisation: cx.tenant.name }, tenantId: cx.tenant.id };
  });
  const attempt = { account: accountKey(known.tenantId, known.owner.email), device: sessionOf(claim) };
  await limitSignIn(request, attempt);
  const { passwords } = request.services;
  const { ok } = await passwords.verify(known.hash, normalizePassword(currentPassword));
  if (!ok) throw wrongPassword();
  await forgetFailures(request, attempt);
  await assertGoodPassword(request, newPassword, { owner: known.owner, path: "newPassword" });
  const hash = await passwords.hash(normalizePassword(newPassword));
  await actAsUser(request, claim, async (cx) => {
    const row = await cx.db.first<{ version: number }>(sql`
      update users set password_hash = ${hash}, version = version + 1, updated_at = now()
      where tenant_id = ${cx.tenant.id} and id = ${cx.actor.id} and password_hash = ${known.hash}
      returning version`);
    if (!row) throw new DomainError("conflict", "The password was changed in the meantime");
    await Promise.all([
      endSessionsOf(cx, cx.actor.id, cx.sessionId),
      revokeResets(cx, cx.actor.id),
      enqueueMail(cx, { to: cx.actor.email, template: "password_changed", payload: {} }),
      record(cx, {
        action: "user.password_changed",
        entity: "user",
        entityId: cx.actor.id,
        version: row.version,
      }),
    ]);
  });
}

function sessionOf(claim: Claim): string | null {
  return claim.kind === "session" ? claim.sessionId : null;
}

function wrongPassword(): DomainError {
  return invalidField("currentPassword", "wrong_password", "Is not your current password");
}
