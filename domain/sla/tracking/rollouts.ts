import { inSystem } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import type { Cx, UserCx } from "@/domain/cx.ts";
import { appendToLedger, updateClocks } from "./save_clocks.ts";
import type { ClockSettings, LedgerEvent } from "@/domain/sla/clock/ledger.ts";
import { readLedgers, type StoredEntry } from "./read_ledger.ts";
import { loadVersions } from "./versions.ts";

/** Tickets per transaction. */
const AT_ONCE = 100;

/** Open tickets follow the new version: a job updates their ledgers in batches, starting within a minute. */
export async function scheduleRollout(
  cx: UserCx,
  of: { policyId: string } | { calendarId: string },
): Promise<void> {
  const [policyId, calendarId] = "policyId" in of ? [of.policyId, null] : [null, of.calendarId];
  await cx.db.run(sql`insert into sla_rollouts (tenant_id, policy_id, calendar_id, actor_id)
    values (${cx.tenant.id}, ${policyId}, ${calendarId}, ${cx.actor.id})`);
}

export async function tenantsWithRollouts(): Promise<string[]> {
  const rows = await inSystem(
    "roll out SLA policies",
    (db) => db.rows<{ id: string }>(sql`select id from tenants_with_sla_rollouts()`),
  );
  return rows.map(({ id }) => id);
}

interface Rollout {
  id: string;
  policyId: string | null;
  calendarId: string | null;
  actorId: string;
}

/** The versions to move tickets to: of a policy, of a calendar, or of both if the policy has another calendar. */
interface RolloutTarget {
  policyVersionId: string | null;
  calendarVersionId: string;
  calendarId: string;
  rule: string;
}

/**
 * A ticket that was moved isn't found again, so this may be run any number of times and be cut off anywhere.
 * @returns `more` is false when no rollout is left, or another process works on it
 */
export async function advanceRollout(cx: Cx): Promise<{ done: number; more: boolean }> {
  const rollout = await cx.db.first<Rollout>(
    sql`select id, policy_id as "policyId", calendar_id as "calendarId",
      actor_id as "actorId" from sla_rollouts
    where tenant_id = ${cx.tenant.id} and done_at is null order by id limit 1 for update skip locked`,
  );
  if (!rollout) return { done: 0, more: false };
  const target = await targetOf(cx, rollout);
  const ticketIds = await lockOutdatedTickets(cx, rollout);
  if (ticketIds.length === 0) {
    await cx.db.run(
      sql`update sla_rollouts set done_at = now() where tenant_id = ${cx.tenant.id} and id = ${rollout.id}`,
    );
    return { done: 0, more: true };
  }
  await moveToTarget(cx, ticketIds, { target, actorId: rollout.actorId });
  return { done: ticketIds.length, more: true };
}

async function targetOf(cx: Cx, { policyId, calendarId }: Rollout): Promise<RolloutTarget> {
  const target = policyId !== null
    ? await cx.db.first<RolloutTarget>(sql`select v.id as "policyVersionId", h.id as "calendarVersionId",
        c.id as "calendarId", 'Version ' || p.version || ' of policy “' || p.name || '” applies' as rule
      from sla_policies p
      join sla_policy_versions v on v.tenant_id = p.tenant_id and v.policy_id = p.id and v.version = p.version
      join calendars c on c.tenant_id = p.tenant_id and c.id = p.calendar_id
      join calendar_versions h on h.tenant_id = c.tenant_id and h.calendar_id = c.id and h.version = c.version
      where p.tenant_id = ${cx.tenant.id} and p.id = ${policyId}`)
    : await cx.db.first<RolloutTarget>(
      sql`select null::uuid as "policyVersionId", h.id as "calendarVersionId",
        c.id as "calendarId", 'Version ' || c.version || ' of calendar “' || c.name || '” applies' as rule
      from calendars c
      join calendar_versions h on h.tenant_id = c.tenant_id and h.calendar_id = c.id and h.version = c.version
      where c.tenant_id = ${cx.tenant.id} and c.id = ${calendarId}`,
    );
  return target!;
}

/** Locks open tickets on an older version. */
async function lockOutdatedTickets(cx: Cx, { policyId, calendarId }: Rollout): Promise<string[]> {
  const rows = policyId !== null
    ? await cx.db.rows<{ id: string }>(sql`select distinct k.ticket_id as id from sla_clocks k
      where k.tenant_id = ${cx.tenant.id} and k.phase in ('running', 'paused') and k.policy_version_id = any(array(
        select v.id from sla_policy_versions v
        join sla_policies p on p.tenant_id = v.tenant_id and p.id = v.policy_id and p.version > v.version
        where v.tenant_id = ${cx.tenant.id} and v.policy_id = ${policyId}))
      limit ${AT_ONCE}`)
    : await cx.db.rows<{ id: string }>(sql`select distinct k.ticket_id as id from sla_clocks k
      where k.tenant_id = ${cx.tenant.id} and k.phase in ('running', 'paused') and k.calendar_version_id = any(array(
        select v.id from calendar_versions v
        join calendars c on c.tenant_id = v.tenant_id and c.id = v.calendar_id and c.version > v.version
        where v.tenant_id = ${cx.tenant.id} and v.calendar_id = ${calendarId}))
      limit ${AT_ONCE}`);
  const ids = rows.map(({ id }) => id);
  await cx.db.run(sql`select 1 from tickets where tenant_id = ${cx.tenant.id} and id = any(${ids}::uuid[])
    order by id for no key update`);
  return ids;
}

async function moveToTarget(
  cx: Cx,
  ticketIds: string[],
  { target, actorId }: { target: RolloutTarget; actorId: string },
): Promise<void> {
  const ledgers = await readLedgers(cx, ticketIds);
  const rows = [...ledgers.values()].flat();
  const versions = await loadVersions(cx, {
    calendars: [...rows.map((row) => row.calendarVersionId), target.calendarVersionId],
    policies: [
      ...rows.map((row) => row.policyVersionId),
      ...(target.policyVersionId ? [target.policyVersionId] : []),
    ],
  });
  await Promise.all([...ledgers].map(([ticketId, ledger]) => {
    const { events, settings } = rolloutEvent(ledger.at(-1)!, target);
    return updateClocks(cx, appendToLedger(cx, { ticketId, ledger, events, settings, versions, actorId }));
  }));
  // Nothing is recorded of them, and still their clocks are others for whoever follows changes.
  await cx.db.run(sql`update tickets set changed_at = change_time(tenant_id)
    where tenant_id = ${cx.tenant.id} and id = any(${ticketIds}::uuid[])`);
}

/** A policy that keeps its calendar leaves the calendar's version alone. */
function rolloutEvent(
  last: StoredEntry,
  { policyVersionId, calendarVersionId, calendarId, rule }: RolloutTarget,
) {
  const event: LedgerEvent = { kind: policyVersionId ? "policy" : "calendar", metric: null, rule };
  const settings: ClockSettings = {
    priority: last.priority,
    queueId: last.queueId,
    policyVersionId: policyVersionId ?? last.policyVersionId,
    calendarVersionId: policyVersionId && last.calendarId === calendarId
      ? last.calendarVersionId
      : calendarVersionId,
  };
  return { events: [event], settings };
}
