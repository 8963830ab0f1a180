import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { record } from "@/domain/record.ts";

/** An endpoint where nothing arrives is stopped after this many days, or this many messages given up in a row. */
export const MAX_DAYS_FAILING = 3;
export const MAX_FAILED_IN_A_ROW = 10;

/** What came of an attempt. */
export interface AttemptResult {
  endpointId: string;
  arrived: boolean;
  /** Whether the receiver said that it wants nothing more. */
  gone: boolean;
  /** Whether the message is given up with it. */
  last: boolean;
}

/**
 * Counts how an endpoint does. Where nothing has arrived for too long, or the receiver says that it is gone, the
 * endpoint is stopped, and that is recorded.
 */
export async function updateHealth(
  cx: Cx,
  { endpointId, arrived, gone, last }: AttemptResult,
): Promise<void> {
  if (arrived) {
    await cx.db.run(
      sql`update webhook_endpoints set failing_since = null, given_up = 0
      where tenant_id = ${cx.tenant.id} and id = ${endpointId} and failing_since is not null`,
    );
    return;
  }
  const row = await cx.db.first<{ stop: boolean; version: number; url: string; failingSince: string }>(
    sql`update webhook_endpoints set failing_since = coalesce(failing_since, now()),
      given_up = given_up + ${last || gone}::boolean::integer
    where tenant_id = ${cx.tenant.id} and id = ${endpointId} and disabled_at is null and deleted_at is null
    returning version, url, failing_since as "failingSince", ${gone}::boolean or given_up >= ${MAX_FAILED_IN_A_ROW}
      or failing_since <= now() - make_interval(days => ${MAX_DAYS_FAILING}) as stop`,
  );
  if (!row?.stop) return;
  const because = gone ? "gone" : "failing";
  await Promise.all([
    cx.db.run(
      sql`update webhook_endpoints set disabled_at = now(), disabled_because = ${because}, version = version + 1,
        updated_at = now()
      where tenant_id = ${cx.tenant.id} and id = ${endpointId}`,
    ),
    notifyAdmins(cx, { endpointId, host: new URL(row.url).host, because }),
    record(cx, {
      action: "webhook_endpoint.disabled",
      entity: "webhook_endpoint",
      entityId: endpointId,
      version: row.version + 1,
      changes: { url: row.url, because, failingSince: row.failingSince },
      internal: true,
    }),
  ]);
}

/** Tells every admin, in the product and by e-mail. */
async function notifyAdmins(
  cx: Cx,
  facts: { endpointId: string; host: string; because: "gone" | "failing" },
): Promise<void> {
  const payload = JSON.stringify(facts);
  cx.afterCommit(cx.services.wake);
  await cx.db.run(
    sql`with admins as (
      select id, email from users
      where tenant_id = ${cx.tenant.id} and role = 'ADMIN' and deactivated_at is null
    ), shown as (
      insert into notifications (tenant_id, user_id, kind, payload)
      select ${cx.tenant.id}::uuid, a.id, 'webhook_disabled', ${payload}::jsonb from admins a
    )
    insert into outbox (tenant_id, recipient, template, payload)
    select ${cx.tenant.id}::uuid, a.email, 'webhook_disabled', ${payload}::jsonb from admins a`,
  );
}
