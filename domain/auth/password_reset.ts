import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { act, type Cx, type RequestInfo } from "@/domain/cx.ts";
import { type DomainError, invalidField } from "@/domain/errors.ts";
import { enqueueMail } from "@/domain/messages/enqueue.ts";
import { record } from "@/domain/record.ts";
import { Password, Token } from "@/domain/shared/account_fields.ts";
import { assertGoodPassword, normalizePassword } from "./passwords.ts";
import { accountKey, endSessionsOf } from "./sessions.ts";
import { forgetFailures, limitByAddress } from "./throttle.ts";
import { readToken, type TokenRow } from "@/domain/shared/tokens.ts";

export const ResetPassword = z.object({ token: Token, password: Password });

const BUDGET = { limit: 30, windowSeconds: 3600 };

export async function isResetUsable(request: RequestInfo, token: string): Promise<boolean> {
  return await ownerOf(request, token) !== null;
}

/**
 * Once, within 30 minutes. Ends all sessions and other reset links of the user, and confirms their address.
 * @throws DomainError invalid for an unusable link or password; rate_limited
 */
export async function resetPassword(
  request: RequestInfo,
  input: z.output<typeof ResetPassword>,
): Promise<void> {
  await limitByAddress(request, "reset", BUDGET);
  const found = await ownerOf(request, input.token);
  if (!found) throw unusableLink();
  const { row, owner } = found;
  await assertGoodPassword(request, input.password, { owner });
  const passwordHash = await request.services.passwords.hash(normalizePassword(input.password));
  await act(request, { kind: "system", tenantId: row.tenantId }, async (cx) => {
    // Users are locked before their sessions and links everywhere, to avoid deadlocks.
    await cx.db.run(sql`select u.id from password_resets r
      join users u on u.tenant_id = r.tenant_id and u.id = r.user_id
      where r.tenant_id = ${cx.tenant.id} and r.id = ${row.id} for no key update of u`);
    const user = await cx.db.first<{ id: string; version: number }>(sql`
      with used as (
        update password_resets set used_at = now()
        where tenant_id = ${cx.tenant.id} and id = ${row.id} and used_at is null and expires_at > now()
        returning user_id
      )
      update users u set password_hash = ${passwordHash}, email_verified_at = coalesce(email_verified_at, now()),
        version = version + 1, updated_at = now()
      from used where u.tenant_id = ${cx.tenant.id} and u.id = used.user_id and u.deactivated_at is null
      returning u.id, u.version`);
    if (!user) throw unusableLink();
    await Promise.all([
      endSessionsOf(cx, user.id),
      revokeResets(cx, user.id),
      enqueueMail(cx, { to: owner.email, template: "password_changed", payload: {} }),
      record(cx, {
        action: "user.password_reset",
        entity: "user",
        entityId: user.id,
        version: user.version,
        actorId: user.id,
      }),
    ]);
  });
  await forgetFailures(request, { account: accountKey(row.tenantId, owner.email), device: null });
}

export async function revokeResets(cx: Cx, userId: string): Promise<void> {
  await cx.db.run(sql`update password_resets set used_at = now()
    where tenant_id = ${cx.tenant.id} and user_id = ${userId} and used_at is null`);
}

interface Owner {
  email: string;
  name: string;
  organisation: string;
}

async function ownerOf(request: RequestInfo, token: string): Promise<{ row: TokenRow; owner: Owner } | null> {
  const row = readToken(request.services.secrets, "reset", token);
  if (!row) return null;
  return await act(request, { kind: "system", tenantId: row.tenantId }, async (cx) => {
    const user = await cx.db.first<{ email: string; name: string }>(sql`
      select u.email, u.name from password_resets r
      join users u on u.tenant_id = r.tenant_id and u.id = r.user_id
      where r.tenant_id = ${row.tenantId} and r.id = ${row.id} and r.used_at is null and r.expires_at > now()
        and u.deactivated_at is null`);
    return user ? { row, owner: { ...user, organisation: cx.tenant.name } } : null;
  });
}

function unusableLink(): DomainError {
  return invalidField(
    "token",
    "unusable_link",
    "This link was used or has expired. Ask for a new one",
  );
}
