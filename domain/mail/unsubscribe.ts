import { sql } from "@/db/sql.ts";
import { act, type Cx, type RequestInfo, type Role } from "@/domain/cx.ts";
import { preferencesOf } from "@/domain/profile/preferences.ts";
import { record } from "@/domain/record.ts";
import { KIND_FACTS, type NotificationKind } from "@/domain/notifications/kinds.ts";
import { endSubscription, readSubscription } from "@/domain/reports/saved/subscription.ts";
import { readUnsubscribeToken, type UnsubscribeTarget } from "./unsubscribe_link.ts";

export interface UnsubscriptionView {
  organisation: string;
  /** As the end of "… emails you". */
  what: string;
  /** Whether it is about a scheduled report, which others choose who gets. */
  report: boolean;
  off: boolean;
}

/** What an unsubscribe link is for; null for an invalid link or an inactive user. Changes nothing. */
export async function readUnsubscribe(
  request: RequestInfo,
  token: string,
): Promise<UnsubscriptionView | null> {
  const of = readUnsubscribeToken(request.services, token);
  if (!of) return null;
  return await act(request, { kind: "system", tenantId: of.tenantId }, (cx) => viewOf(cx, of));
}

/** By the link in such an email (RFC 8058). Idempotent. @returns null as for {@link readUnsubscribe} */
export async function unsubscribe(request: RequestInfo, token: string): Promise<UnsubscriptionView | null> {
  const of = readUnsubscribeToken(request.services, token);
  if (!of) return null;
  return await act(request, { kind: "system", tenantId: of.tenantId }, async (cx) => {
    const view = await viewOf(cx, of);
    if (!view || view.off) return view;
    if ("savedReportId" in of) await endSubscription(cx, of);
    else await Promise.all([turnOff(cx, of), recordOff(cx, of)]);
    return { ...view, off: true };
  });
}

async function viewOf(cx: Cx, of: UnsubscribeTarget): Promise<UnsubscriptionView | null> {
  const organisation = cx.tenant.name;
  if ("savedReportId" in of) {
    const found = await readSubscription(cx, of);
    return found &&
      { organisation, what: `the report “${found.name}”`, report: true, off: !found.subscribed };
  }
  const { userId, kind } = of;
  const row = await cx.db.first<{ preferences: unknown; role: Role }>(sql`select preferences, role from users
    where tenant_id = ${cx.tenant.id} and id = ${userId} and deactivated_at is null`);
  if (!row) return null;
  const wanted = preferencesOf(row.preferences, row.role).notifications[kind]?.email ?? false;
  return { organisation, what: `when ${KIND_FACTS[kind].when}`, report: false, off: !wanted };
}

async function turnOff(cx: Cx, { userId, kind }: { userId: string; kind: NotificationKind }): Promise<void> {
  await cx.db.run(sql`
    update users u set updated_at = now(), preferences = jsonb_set(u.preferences, '{notify}',
      coalesce(u.preferences -> 'notify', '{}') || jsonb_build_object(${kind}::text,
        coalesce(u.preferences -> 'notify' -> ${kind}::text, '{}') || '{"email": false}'))
    where u.tenant_id = ${cx.tenant.id} and u.id = ${userId}`);
}

async function recordOff(
  cx: Cx,
  { userId, kind }: { userId: string; kind: NotificationKind },
): Promise<void> {
  await record(cx, {
    action: "user.preferences_changed",
    entity: "user",
    entityId: userId,
    changes: { [`${kind}.email`]: { from: true, to: false }, by: "link" },
    actorId: userId,
  });
}
