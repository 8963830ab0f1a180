import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { record } from "@/domain/record.ts";

interface Subscriber {
  userId: string;
  savedReportId: string;
}

/** Whether somebody active gets a report by its schedule; null when there is no such person or report. */
export async function readSubscription(
  cx: Cx,
  { userId, savedReportId }: Subscriber,
): Promise<{ name: string; subscribed: boolean } | null> {
  const row = await cx.db.first<{ name: string; subscribed: boolean }>(
    sql`select s.name, exists (select from saved_report_recipients r where r.tenant_id = s.tenant_id
        and r.saved_report_id = s.id and r.user_id = ${userId}) as subscribed
      from saved_reports s join users u on u.tenant_id = s.tenant_id and u.id = ${userId}
      where s.tenant_id = ${cx.tenant.id} and s.id = ${savedReportId} and u.deactivated_at is null`,
  );
  return row ?? null;
}

/** As its link was used, which proves who they are. Idempotent. */
export async function endSubscription(cx: Cx, { userId, savedReportId }: Subscriber): Promise<void> {
  const [left] = await cx.db.rows<{ version: number }>(sql`with gone as (
      delete from saved_report_recipients where tenant_id = ${cx.tenant.id} and saved_report_id = ${savedReportId}
        and user_id = ${userId} returning saved_report_id
    )
    update saved_reports set version = version + 1, updated_at = now()
    where tenant_id = ${cx.tenant.id} and id in (select saved_report_id from gone) returning version`);
  if (!left) return;
  await record(cx, {
    action: "saved_report.unsubscribed",
    entity: "saved_report",
    entityId: savedReportId,
    version: left.version,
    internal: true,
    changes: { userId, by: "link" },
    actorId: userId,
  });
}
