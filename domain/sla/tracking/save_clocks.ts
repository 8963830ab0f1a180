import { type Sql, sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import type { Clock, Clocks } from "@/domain/sla/clock/clocks.ts";
import { evaluate } from "@/domain/sla/clock/evaluate.ts";
import type { ClockSettings, LedgerEntry, LedgerEvent, SlaVersions } from "@/domain/sla/clock/ledger.ts";

export interface ClockUpdate {
  ticketId: string;
  entries: (LedgerEntry & { position: number })[];
  clocks: Clocks;
  dueTimes: DueTimes;
}

/** Copies on the ticket's row, for lists. */
export interface DueTimes {
  /** When the next running clock is due. */
  dueAt: string | null;
  /** When 75% of a target that isn't breached has elapsed. */
  warnAt: string | null;
  /** The first breach, or when it will come. */
  breachAt: string | null;
}

/** Appends events at the transaction's time and evaluates the clocks. @param ledger the entries so far, sorted */
export function appendToLedger(
  cx: Cx,
  { ticketId, ledger, events, settings, versions, actorId = cx.actor?.id ?? null }: {
    ticketId: string;
    ledger: readonly LedgerEntry[];
    events: readonly LedgerEvent[];
    settings: ClockSettings;
    versions: SlaVersions;
    /** Who caused it, if not the actor. */
    actorId?: string | null;
  },
): ClockUpdate {
  // A transaction that began earlier may get here later: the ledger's time never goes back.
  const last = ledger.at(-1)?.at ?? cx.now;
  const at = Date.parse(last) > Date.parse(cx.now) ? last : cx.now;
  const rows = events.map((event, i) => ({
    ...settings,
    ...event,
    id: "",
    at,
    actorId,
    position: ledger.length + i,
  }));
  const { clocks } = evaluate([...ledger, ...rows], versions, Date.parse(at));
  return { ticketId, entries: rows, clocks, dueTimes: dueTimesOf(clocks) };
}

function dueTimesOf(clocks: Clocks): DueTimes {
  const all = Object.values(clocks);
  const running = all.filter(({ phase }) => phase === "running");
  const inTime = running.filter(({ breachedAt }) => breachedAt === null);
  return {
    dueAt: earliest(running.map(({ dueAt }) => dueAt)),
    warnAt: earliest(inTime.map(({ expectedAt }) => expectedAt[75])),
    breachAt: earliest([
      ...all.map(({ breachedAt }) => breachedAt),
      ...inTime.map(({ dueAt }) => dueAt),
    ]),
  };
}

function earliest(times: (number | null)[]): string | null {
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? iso(Math.min(...known)) : null;
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

/** Writes the first ledger entries and clocks of a ticket that was just inserted with its due times. */
export async function insertClocks(cx: Cx, update: ClockUpdate): Promise<void> {
  await cx.db.run(sql`with ledger as (${ledgerRows(cx, update)}) ${clockRows(cx, update)}`);
}

export async function updateClocks(cx: Cx, update: ClockUpdate): Promise<void> {
  const { ticketId, dueTimes: { dueAt, warnAt, breachAt } } = update;
  await cx.db.run(sql`with ledger as (${ledgerRows(cx, update)}),
    clocks as (${clockRows(cx, update)}
      on conflict (tenant_id, ticket_id, metric) do update set phase = excluded.phase,
        target_minutes = excluded.target_minutes, elapsed_ms = excluded.elapsed_ms,
        counted_at = excluded.counted_at, warn_at = excluded.warn_at, late_warn_at = excluded.late_warn_at,
        due_at = excluded.due_at, breached_at = excluded.breached_at, ended_at = excluded.ended_at,
        policy_version_id = excluded.policy_version_id, calendar_version_id = excluded.calendar_version_id)
    update tickets set sla_due_at = ${dueAt}, sla_warn_at = ${warnAt}, sla_breach_at = ${breachAt}
    where tenant_id = ${cx.tenant.id} and id = ${ticketId}
      and (sla_due_at is distinct from ${dueAt}::timestamptz
        or sla_warn_at is distinct from ${warnAt}::timestamptz
        or sla_breach_at is distinct from ${breachAt}::timestamptz)`);
}

function ledgerRows(cx: Cx, { ticketId, entries: rows }: ClockUpdate): Sql {
  return sql`insert into sla_ledger (tenant_id, ticket_id, position, at, kind, metric, actor_id, rule, priority,
      queue_id, policy_version_id, calendar_version_id)
    select ${cx.tenant.id}::uuid, ${ticketId}::uuid, r.* from jsonb_to_recordset(${
    JSON.stringify(rows)
  }::jsonb) as r (
      "position" integer, at timestamptz, kind text, metric text, "actorId" uuid, rule text, priority text,
      "queueId" uuid, "policyVersionId" uuid, "calendarVersionId" uuid)`;
}

function clockRows(cx: Cx, { ticketId, entries: rows, clocks }: ClockUpdate): Sql {
  const countedAt = rows.at(-1)!.at;
  const list = Object.values(clocks).map((clock) => ({
    metric: clock.metric,
    phase: clock.phase,
    startedAt: iso(clock.startedAt),
    target: clock.targetMinutes,
    elapsed: clock.elapsed,
    countedAt,
    ...thresholds(clock),
    breachedAt: iso(clock.breachedAt),
    endedAt: iso(clock.endedAt),
    policyVersionId: clock.policyVersionId,
    calendarVersionId: clock.calendarVersionId,
  }));
  return sql`insert into sla_clocks (tenant_id, ticket_id, metric, phase, started_at, target_minutes, elapsed_ms,
      counted_at, warn_at, late_warn_at, due_at, breached_at, ended_at, policy_version_id, calendar_version_id)
    select ${cx.tenant.id}::uuid, ${ticketId}::uuid, k.* from jsonb_to_recordset(${
    JSON.stringify(list)
  }::jsonb) as k (
      metric text, phase text, "startedAt" timestamptz, target integer, elapsed bigint, "countedAt" timestamptz,
      "warnAt" timestamptz, "lateWarnAt" timestamptz, "dueAt" timestamptz, "breachedAt" timestamptz, "endedAt" timestamptz,
      "policyVersionId" uuid, "calendarVersionId" uuid)`;
}

/** A clock that isn't running has only the thresholds already reached. */
function thresholds(clock: Clock): Record<"warnAt" | "lateWarnAt" | "dueAt", string | null> {
  const times = clock.phase === "running" ? clock.expectedAt : clock.reachedAt;
  return { warnAt: iso(times[75]), lateWarnAt: iso(times[90]), dueAt: iso(clock.dueAt) };
}
