import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import type { LedgerEntry } from "@/domain/sla/clock/ledger.ts";

export type StoredEntry = LedgerEntry & { policyId: string; calendarId: string };

/** Each sorted by time: a breach is appended later than it happened. Tickets without a ledger are missing. */
export async function readLedgers(cx: Cx, ticketIds: string[]): Promise<Map<string, StoredEntry[]>> {
  const rows = await cx.db.rows<StoredEntry & { ticketId: string }>(
    sql`select l.ticket_id as "ticketId", l.id, l.at, l.kind, l.metric, l.actor_id as "actorId", l.rule, l.priority,
        l.queue_id as "queueId", l.policy_version_id as "policyVersionId",
        l.calendar_version_id as "calendarVersionId", p.policy_id as "policyId", c.calendar_id as "calendarId"
      from sla_ledger l
      join sla_policy_versions p on p.tenant_id = l.tenant_id and p.id = l.policy_version_id
      join calendar_versions c on c.tenant_id = l.tenant_id and c.id = l.calendar_version_id
      where l.tenant_id = ${cx.tenant.id} and l.ticket_id = any(${ticketIds}::uuid[])
      order by l.ticket_id, l.at, l.position`,
  );
  const ledgers = new Map<string, StoredEntry[]>();
  for (const row of rows) {
    const ledger = ledgers.get(row.ticketId);
    if (ledger) ledger.push(row);
    else ledgers.set(row.ticketId, [row]);
  }
  return ledgers;
}
