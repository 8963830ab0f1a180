import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { record } from "@/domain/record.ts";

/** A failing endpoint is disabled after so many days, or so many failed messages in a row. */
export const MAX_DAYS_FAILING = 3;
export const MAX_FAILED_IN_A_ROW = 10;

export interface AttemptResult {
  endpointId: string;
  arrived: boolean;
  /** The receiver answered 410 Gone. */
  gone: boolean;
  /** No attempts are left. */
  last: boolean;
}

/** Updates an endpoint's health after an attempt, and disables it when it is gone or has failed for too long. */
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
