import { type Sql, sql } from "@/db/sql.ts";
import type { Cx, UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";

/** The audit action of a user whom an email created. */
export const ADDED_BY_MAIL = "user.added_by_mail";

/**
 * Whether a row of users has an address that its owner proved by a mailed link. Where no email is delivered nobody can
 * prove theirs: then everyone counts but senders of received emails.
 */
export function isProved(cx: Cx, user: Sql): Sql {
  if (cx.services.mail.delivers) return sql`(${user}.email_verified_at is not null)`;
  return sql`(${user}.email_verified_at is not null or not exists (select from audit_log added
    where added.tenant_id = ${user}.tenant_id and added.entity_id = ${user}.id and added.action = ${ADDED_BY_MAIL}))`;
}

/** Whether an organisation may email people who haven't proved their address: one of its admins has proved theirs. */
export function hasProvedAdmin(cx: Cx): Sql {
  return sql`exists (select from users admin where admin.tenant_id = ${cx.tenant.id} and admin.role = 'ADMIN'
    and admin.deactivated_at is null and ${isProved(cx, sql`admin`)})`;
}

/** The actor's address while what emails strangers has to wait for its proof; null otherwise. */
export async function unprovedAddress(cx: UserCx): Promise<string | null> {
  if (!cx.services.mail.delivers) return null;
  const actor = await cx.db.first<{ proved: boolean }>(
    sql`select ${isProved(cx, sql`u`)} as proved from users u
    where u.tenant_id = ${cx.tenant.id} and u.id = ${cx.actor.id}`,
  );
  return actor?.proved ? null : cx.actor.email;
}

/** The gate for what emails strangers. @throws DomainError forbidden until the actor has proved their own address */
export async function assertAddressProved(cx: UserCx): Promise<void> {
  const email = await unprovedAddress(cx);
  if (email === null) return;
  throw new DomainError(
    "forbidden",
    `Confirm that ${email} is your address first: your profile (POST /v1/me/email-confirmation) sends you a link`,
  );
}
