import { inSystem } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { choosePeriod } from "@/domain/reports/model/period.ts";
import { readStored } from "./read.ts";
import { latestRun, nextRun } from "./schedule.ts";
import { noteNotSent, queueMails } from "./send.ts";
import { whyNot } from "./why_not.ts";

const AT_ONCE = 10;

export async function tenantsWithDueReports(): Promise<string[]> {
  const rows = await inSystem(
    "send reports",
    (db) => db.rows<{ id: string }>(sql`select id from tenants_with_due_reports()`),
  );
  return rows.map(({ id }) => id);
}

interface Due extends Record<string, unknown> {
  id: string;
  ownerId: string;
  shared: boolean;
  report: string;
  query: unknown;
  schedule: unknown;
  isDue: boolean;
  recipientIds: string[];
}

/**
 * Sends what is due. The lock, the mails and the next time are one transaction, so each is sent once. After a long stop
 * only the latest time counts: what came before it is told to nobody.
 */
export async function sendDueReports(cx: Cx): Promise<{ done: number; more: boolean }> {
  const due = await cx.db.rows<Due>(
    sql`select s.id, s.owner_id as "ownerId", s.shared, s.report, s.query, s.schedule, s.next_run_at <= now() as "isDue",
        array(select r.user_id from saved_report_recipients r
          where r.tenant_id = s.tenant_id and r.saved_report_id = s.id) as "recipientIds"
      from saved_reports s where s.tenant_id = ${cx.tenant.id} and s.next_run_at is not null
        and (s.next_run_at <= now() or s.zone <> ${cx.tenant.timeZone})
      order by s.next_run_at, s.id limit ${AT_ONCE} for no key update skip locked`,
  );
  for (const row of due) await sendDueReport(cx, row);
  return { done: due.length, more: due.length === AT_ONCE };
}

async function sendDueReport(cx: Cx, row: Due): Promise<void> {
  const { query, schedule, outdated } = readStored(row);
  const { timeZone } = cx.tenant;
  if (row.isDue && schedule && !outdated && row.recipientIds.length > 0) {
    try {
      const period = choosePeriod(query, query.timeZone ?? timeZone, latestRun(schedule, timeZone, cx.now));
      await queueMails(cx, { ...row, period, scheduled: true });
    } catch (error) {
      // Days that have become too many since they were saved. Other reports are sent.
      if (!(error instanceof DomainError) || error.code !== "invalid") throw error;
      await noteNotSent(cx, row.id, whyNot(error));
    }
  }
  const next = schedule && nextRun(schedule, timeZone, cx.now);
  await cx.db.run(
    sql`update saved_reports set next_run_at = ${next}::timestamptz, zone = ${next && timeZone}::text
    where tenant_id = ${cx.tenant.id} and id = ${row.id}`,
  );
}
