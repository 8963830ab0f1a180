import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import type { PendingConfirmation } from "./confirmation_link.ts";

const GOOD_HOURS = 72;

/** Undefined once confirmed or expired. */
export async function pendingConfirmation(cx: Cx, userId: unknown): Promise<PendingConfirmation | undefined> {
  const user = await cx.db.first<{ email: string; expiresAt: string }>(sql`
    select u.email, u.confirmation_sent_at + make_interval(hours => ${GOOD_HOURS}) as "expiresAt" from users u
    where u.tenant_id = ${cx.tenant.id} and u.id = ${userId} and u.deactivated_at is null
      and u.email_verified_at is null
      and u.confirmation_sent_at > now() - make_interval(hours => ${GOOD_HOURS})`);
  return user && { tenantId: cx.tenant.id, userId: String(userId), ...user };
}
