import { inSystem } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { notify } from "@/domain/notifications/notify.ts";
import { record } from "@/domain/record.ts";
import type { Threshold } from "./clock/clocks.ts";
import { BREACH_RULES } from "./tracking/ledger_entries.ts";
import { stopMerged } from "./tracking/stop_merged.ts";
import type { Metric } from "./clock/ledger.ts";

/** Tickets per transaction; each may notify a hundred people. */
const AT_ONCE = 20;

export async function tenantsWithDueClocks(): Promise<string[]> {
  const rows = await inSystem(
    "evaluate SLA clocks",
    (db) => db.rows<{ id: string }>(sql`select id from tenants_with_due_clocks()`),
  );
  return rows.map(({ id }) => id);
}

interface DueClock extends Record<string, unknown> {
  ticketId: string;
  metric: Metric;
  reached: Threshold;
  at: string;
  targetMinutes: number;
  requesterId: string;
  assigneeId: string | null;
  queueId: string | null;
  version: number;
}

/**
 * Of several thresholds passed at once only the highest is announced. Marking and notifying share a transaction, so each
 * is announced once, however many processes run this. A locked ticket is left for the next run.
 * @returns how many clocks were announced, and whether there may be more
 */
export async function notifyDueClocks(cx: Cx): Promise<{ done: number; more: boolean }> {
  const tickets = await cx.db.rows<{ id: string; mergedAt: string | null }>(sql`
    select t.id, t.merged_at as "mergedAt" from sla_clocks k
    join tickets t on t.tenant_id = k.tenant_id and t.id = k.ticket_id
    where k.tenant_id = ${cx.tenant.id} and k.next_at <= now()
    order by k.next_at limit ${AT_ONCE} for no key update of t skip locked`);
  if (tickets.length === 0) return { done: 0, more: false };
  const merged = new Map(tickets.flatMap(({ id, mergedAt }) => mergedAt === null ? [] : [[id, mergedAt]]));
  await Promise.all(Array.from(merged, ([id, mergedAt]) => stopMerged(cx, { id, mergedAt })));
  const due = await markThresholds(cx, tickets.map(({ id }) => id).filter((id) => !merged.has(id)));
  await Promise.all(due.flatMap((clock) => [notifyOf(cx, clock), recordOf(cx, clock)]));
  return { done: due.length, more: tickets.length === AT_ONCE };
}

/** Reads the clocks again: they may have changed before the lock was taken. */
async function markThresholds(cx: Cx, ticketIds: string[]): Promise<DueClock[]> {
  return await cx.db.rows<DueClock>(sql`with marked as (
      update sla_clocks k set
        breached_at = coalesce(k.breached_at, case when k.due_at <= now() then k.due_at end),
        announced = case when k.breached_at is not null or k.due_at <= now() then 100
          when k.late_warn_at <= now() then 90 else 75 end
      where k.tenant_id = ${cx.tenant.id} and k.ticket_id = any(${ticketIds}::uuid[]) and k.next_at <= now()
      returning k.ticket_id, k.metric, k.announced, k.target_minutes, k.breached_at, k.warn_at, k.late_warn_at
    ), breaches as (
      insert into sla_ledger (tenant_id, ticket_id, position, at, kind, metric, rule, priority, queue_id,
        policy_version_id, calendar_version_id)
      select l.tenant_id, l.ticket_id,
        (select count(*) from sla_ledger r where r.tenant_id = l.tenant_id and r.ticket_id = l.ticket_id)
          + row_number() over (partition by m.ticket_id order by m.breached_at, m.metric) - 1,
        m.breached_at, 'breach', m.metric,
        case m.metric when 'resolution' then ${BREACH_RULES.resolution} else ${BREACH_RULES.firstResponse} end,
        l.priority, l.queue_id, l.policy_version_id, l.calendar_version_id
      from marked m cross join lateral (
        select * from sla_ledger h where h.tenant_id = ${cx.tenant.id} and h.ticket_id = m.ticket_id
          and h.at <= m.breached_at order by h.at desc, h.position desc limit 1) l
      where m.announced = 100
    )
    select m.ticket_id as "ticketId", m.metric, m.announced as reached, m.target_minutes as "targetMinutes",
      case m.announced when 100 then m.breached_at when 90 then m.late_warn_at else m.warn_at end as at,
      t.requester_id as "requesterId", t.assignee_id as "assigneeId", t.queue_id as "queueId", t.version
    from marked m join tickets t on t.tenant_id = ${cx.tenant.id} and t.id = m.ticket_id`);
}

async function notifyOf(cx: Cx, { ticketId, metric, reached }: DueClock): Promise<void> {
  const kind = reached === 100 ? "sla_breached" : "sla_warning";
  await notify(cx, {
    ticketId,
    assignee: kind,
    queue: kind,
    managers: kind,
    facts: {
      metric: metric === "resolution" ? "resolution" : "first_response",
      ...(reached === 100 ? {} : { percent: reached }),
    },
  });
}

async function recordOf(cx: Cx, due: DueClock): Promise<void> {
  const { ticketId, metric, reached, at, targetMinutes, version, requesterId, assigneeId, queueId } = due;
  await record(cx, {
    action: reached === 100 ? "ticket.sla_breached" : "ticket.sla_warned",
    entity: "ticket",
    entityId: ticketId,
    version,
    internal: true,
    changes: { metric, percent: reached, at, targetMinutes },
    audience: { requesterId, assigneeId, queueId },
  });
}
