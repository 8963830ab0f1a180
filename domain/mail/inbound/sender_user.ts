import { sql } from "@/db/sql.ts";
import { act, type RequestInfo } from "@/domain/cx.ts";
import { Email, Name } from "@/domain/shared/account_fields.ts";
import { withoutUnseen } from "@/domain/text.ts";
import { tryParse } from "@/domain/validation.ts";
import { ADDED_BY_MAIL } from "@/domain/profile/proved_address.ts";
import { record } from "@/domain/record.ts";

/** A new one can't sign in until they set a password by a link sent to it. @returns null for an unusable address */
export async function findOrAddSender(
  request: RequestInfo,
  { tenantId, email, name }: { tenantId: string; email: string; name: string },
): Promise<string | null> {
  const address = tryParse(Email, email);
  if (address === undefined) return null;
  const named = [
    withoutUnseen(name.replaceAll(/\p{Cc}+/gu, " ")).trim().slice(0, 120).toWellFormed(),
    email.split("@")[0],
  ]
    .map((text) => tryParse(Name, text)).find((valid) => valid !== undefined) ?? email;
  // A random password, so that signing in takes as long as for anyone.
  const passwordHash = await request.services.passwords.hash(crypto.randomUUID() + crypto.randomUUID());
  return await act(request, { kind: "system", tenantId }, async (cx) => {
    const made = await cx.db.first<{ id: string; version: number }>(sql`
      insert into users (tenant_id, email, name, role, password_hash, locale, time_zone)
      values (${tenantId}, ${address}, ${named}, 'REQUESTER', ${passwordHash}, ${cx.tenant.locale},
        ${cx.tenant.timeZone}) on conflict (tenant_id, email_key) do nothing returning id, version`);
    if (!made) {
      const known = await cx.db.first<{ id: string }>(sql`select id from users where tenant_id = ${tenantId}
        and email_key = lower(${address}) and deactivated_at is null`);
      return known?.id ?? null;
    }
    await record(cx, {
      action: ADDED_BY_MAIL,
      entity: "user",
      entityId: made.id,
      version: made.version,
      changes: { role: "REQUESTER" },
    });
    return made.id;
  });
}
