import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import { ticketKey } from "@/domain/tickets/model/formatting.ts";
import type { Priority } from "@/domain/tickets/model/priority.ts";
import type { TicketClock } from "@/domain/tickets/model/types.ts";
import type { Named } from "@/domain/shared/types.ts";
import { type Clock, type Clocks, elapsedMinutes } from "./clock/clocks.ts";
import type { EvaluatedEntry } from "./clock/evaluate.ts";
import { evaluate } from "./clock/evaluate.ts";
import { BREACH_RULES } from "./tracking/ledger_entries.ts";
import { type LedgerEntry, type LedgerKind, type Metric, METRICS } from "./clock/ledger.ts";
import { loadVersions } from "./tracking/versions.ts";

export interface NamedVersion extends Named {
  version: number;
}

/** Times are RFC 3339 in UTC. */
export interface ExplainedClock extends TicketClock {
  startedAt: string;
  /** The first breach; later changes don't undo it. */
  breachedAt: string | null;
  /** When 75% of the target had elapsed or will have. */
  warnAt: string | null;
  /** Null for no queue. */
  minutesByQueue: { queue: Named | null; minutes: number }[];
}

export interface LineReading {
  /** Since the previous line. */
  minutes: number;
  elapsedMinutes: number;
  targetMinutes: number | null;
  state: TicketClock["state"];
}

export interface SlaLine {
  at: string;
  /** `now` is the present. */
  kind: LedgerKind | "now";
  /** Null for both clocks. */
  metric: Metric | null;
  /** Null for the system. */
  actor: Named | null;
  rule: string;
  priority: Priority;
  policy: NamedVersion;
  calendar: NamedVersion;
  queue: Named | null;
  /** The queue that held the ticket since the previous line. */
  heldBy: Named | null;
  firstResponse: LineReading | null;
  resolution: LineReading | null;
}

export interface SlaExplanation {
  ticket: { id: string; key: string };
  firstResponse: ExplainedClock | null;
  resolution: ExplainedClock | null;
  lines: SlaLine[];
}

interface ExplainedRow extends LedgerEntry {
  actorName: string | null;
  queueName: string | null;
  policyId: string;
  policyName: string;
  policyVersion: number;
  calendarId: string;
  calendarName: string;
  calendarVersion: number;
}

/** Each ledger entry, the breaches between them, and the present. @throws DomainError not_found */
export async function explainSla(cx: UserCx, idOrKey: string): Promise<SlaExplanation> {
  const ticket = await requireTicket(cx, idOrKey);
  const ledger = await readExplained(cx, ticket.id);
  const versions = await loadVersions(cx, {
    calendars: ledger.map((row) => row.calendarVersionId),
    policies: ledger.map((row) => row.policyVersionId),
  });
  const last = ledger.at(-1);
  const now = Math.max(Date.parse(cx.now), last ? Date.parse(last.at) : 0);
  const rows = withBreaches(ledger, evaluate(ledger, versions, now).clocks);
  const { clocks, entries: steps } = evaluate(rows, versions, now);
  const names = new Map(ledger.map(({ queueId, queueName }) => [queueId, queueName]));
  const queueOf = (id: string | null): Named | null => id === null ? null : { id, name: names.get(id) ?? "" };
  return {
    ticket: { id: ticket.id, key: ticketKey(ticket.type, ticket.number) },
    firstResponse: clockOf(clocks.firstResponse, queueOf),
    resolution: clockOf(clocks.resolution, queueOf),
    lines: last ? steps.map((step) => lineOf(step, last, queueOf)) : [],
  };
}

async function readExplained(cx: UserCx, ticketId: string): Promise<ExplainedRow[]> {
  return await cx.db.rows<ExplainedRow>(
    sql`select l.id, l.at, l.kind, l.metric, l.actor_id as "actorId", l.rule,
      l.priority, l.queue_id as "queueId", l.policy_version_id as "policyVersionId",
      l.calendar_version_id as "calendarVersionId", actor.name as "actorName", q.name as "queueName",
      p.policy_id as "policyId", p.name as "policyName", p.version as "policyVersion",
      c.calendar_id as "calendarId", c.name as "calendarName", c.version as "calendarVersion"
    from sla_ledger l
    join sla_policy_versions p on p.tenant_id = l.tenant_id and p.id = l.policy_version_id
    join calendar_versions c on c.tenant_id = l.tenant_id and c.id = l.calendar_version_id
    left join lateral (select q.name from queues q
      where q.tenant_id = l.tenant_id and q.id = l.queue_id limit 1) q on true
    left join lateral (select u.name from users u
      where u.tenant_id = l.tenant_id and u.id = l.actor_id limit 1) actor on true
    where l.tenant_id = ${cx.tenant.id} and l.ticket_id = ${ticketId} order by l.at, l.position`,
  );
}

/** Adds a line for each breach at the time it happened. */
function withBreaches(
  ledger: readonly ExplainedRow[],
  clocks: Clocks,
): ExplainedRow[] {
  const rows = [...ledger];
  for (const metric of METRICS) {
    const at = clocks[metric]?.breachedAt ?? null;
    if (at === null || ledger.some((row) => row.kind === "breach" && row.metric === metric)) continue;
    const behind = rows.findLastIndex((row) => Date.parse(row.at) <= at);
    rows.splice(behind + 1, 0, {
      ...rows[behind]!,
      at: new Date(at).toISOString(),
      kind: "breach",
      metric,
      actorId: null,
      actorName: null,
      rule: BREACH_RULES[metric],
    });
  }
  return rows;
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

function stateOf({ phase, breachedAt }: Pick<Clock, "phase" | "breachedAt">): TicketClock["state"] {
  return breachedAt === null ? phase : "breached";
}

type QueueOf = (id: string | null) => Named | null;

function clockOf(clock: Clock | undefined, queueOf: QueueOf): ExplainedClock | null {
  if (!clock || clock.targetMinutes === null) return null;
  const times = clock.phase === "running" ? clock.expectedAt : clock.reachedAt;
  return {
    state: stateOf(clock),
    dueAt: iso(clock.dueAt),
    elapsedMinutes: elapsedMinutes(clock),
    targetMinutes: clock.targetMinutes,
    startedAt: iso(clock.startedAt)!,
    endedAt: iso(clock.endedAt),
    breachedAt: iso(clock.breachedAt),
    warnAt: iso(times[75]),
    minutesByQueue: [...clock.minutesByQueue].map(([id, minutes]) => ({ queue: queueOf(id), minutes })),
  };
}

function lineOf(step: EvaluatedEntry, last: ExplainedRow, queueOf: QueueOf): SlaLine {
  const row = step.entry as ExplainedRow | null;
  const holds = row ?? last;
  const counted = (metric: Metric): LineReading | null => {
    const of = step.readings[metric];
    if (!of) return null;
    return {
      minutes: of.minutes,
      elapsedMinutes: of.elapsed,
      targetMinutes: of.target,
      state: of.breached ? "breached" : of.phase,
    };
  };
  return {
    at: iso(step.at)!,
    kind: row?.kind ?? "now",
    metric: row?.metric ?? null,
    actor: row?.actorId ? { id: row.actorId, name: row.actorName ?? "" } : null,
    rule: row?.rule ?? "Now",
    priority: holds.priority,
    policy: { id: holds.policyId, name: holds.policyName, version: holds.policyVersion },
    calendar: { id: holds.calendarId, name: holds.calendarName, version: holds.calendarVersion },
    queue: queueOf(holds.queueId),
    heldBy: queueOf(step.queueId),
    firstResponse: counted("firstResponse"),
    resolution: counted("resolution"),
  };
}
