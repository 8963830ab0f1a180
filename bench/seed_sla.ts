import type pg from "pg";
import { officeHours } from "@/domain/sla/calendars/fields.ts";
import { DEFAULT_TARGETS } from "@/domain/sla/policies/fields.ts";

/** Gives a tenant what a new desk has: office hours, and a policy that counts by them. */
export async function seedPromise(admin: pg.Client, id: string): Promise<void> {
  await admin.query(
    `with calendar as (
       insert into calendars (tenant_id, name) values ($1, 'Office hours') returning id, name
     ), hours as (
       insert into calendar_versions (tenant_id, calendar_id, version, name, definition)
       select $1, id, 1, name, $2 from calendar
     ), policy as (
       insert into sla_policies (tenant_id, name, calendar_id) select $1, 'Standard', id from calendar
       returning id, name, calendar_id
     )
     insert into sla_policy_versions (tenant_id, policy_id, version, name, calendar_id, targets)
     select $1, id, 1, name, calendar_id, $3 from policy`,
    [id, JSON.stringify(officeHours("Europe/Vienna")), JSON.stringify(DEFAULT_TARGETS)],
  );
}

/**
 * Gives open tickets their clocks: the first response is met but for new ones. When they are due is spread over a week
 * before and after now, rather than counted.
 */
export async function seedClocks(admin: pg.Client, id: string): Promise<void> {
  // Without figures of a tenant that is new, joins of its tickets are planned as of a handful.
  await admin.query("analyze tickets, sla_policy_versions, calendar_versions");
  const due = "date_trunc('milliseconds', now()) + make_interval(mins => number::int % 20000 - 10000)";
  await admin.query(
    `update tickets set sla_due_at = ${due}, sla_breach_at = ${due}, sla_warn_at = ${due} - interval '6 hours'
     where tenant_id = $1 and status in ('new', 'open', 'in_progress')`,
    [id],
  );
  const open = `from tickets t
     join sla_policy_versions v on v.tenant_id = t.tenant_id
     join calendar_versions h on h.tenant_id = t.tenant_id
     where t.tenant_id = $1 and t.status in ('new', 'open', 'in_progress', 'pending')`;
  await admin.query(
    `insert into sla_ledger (tenant_id, ticket_id, position, at, kind, metric, actor_id, rule, priority, queue_id,
       policy_version_id, calendar_version_id)
     select t.tenant_id, t.id, 0, t.created_at, 'start', null, t.requester_id, 'Raised', t.priority, t.queue_id, v.id, h.id
     ${open}
     union all
     select t.tenant_id, t.id, 1, t.updated_at, 'met', 'firstResponse', t.assignee_id, 'First public reply', t.priority,
       t.queue_id, v.id, h.id ${open} and t.status <> 'new'
     union all
     select t.tenant_id, t.id, 2, t.updated_at, 'pause', 'resolution', t.assignee_id, 'Pending', t.priority,
       t.queue_id, v.id, h.id ${open} and t.status = 'pending'`,
    [id],
  );
  await admin.query(
    `insert into sla_clocks (tenant_id, ticket_id, metric, phase, started_at, target_minutes, elapsed_ms, counted_at,
       due_at, ended_at, policy_version_id, calendar_version_id)
     select t.tenant_id, t.id, m.metric,
       case when m.metric = 'firstResponse' and t.status <> 'new' then 'met'
         when m.metric = 'resolution' and t.status = 'pending' then 'paused' else 'running' end,
       t.created_at, case m.metric when 'resolution' then 1440 else 240 end, 1800000, t.updated_at, t.sla_due_at,
       case when m.metric = 'firstResponse' and t.status <> 'new' then t.updated_at end, v.id, h.id
     from (values ('firstResponse'), ('resolution')) m (metric), lateral (select 1) one, tickets t
     join sla_policy_versions v on v.tenant_id = t.tenant_id
     join calendar_versions h on h.tenant_id = t.tenant_id
     where t.tenant_id = $1 and t.status in ('new', 'open', 'in_progress', 'pending')`,
    [id],
  );
}
