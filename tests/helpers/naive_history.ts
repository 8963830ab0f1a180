/** What happened to each ticket of an organisation, told from the raw rows alone, to compare reports with. */
import type { CalendarDefinition } from "@/domain/sla/clock/calendar.ts";
import { type Metric, METRICS, type PolicyTargets } from "@/domain/sla/clock/ledger.ts";
import type { Desk } from "./desk.ts";
import {
  BusinessTime,
  type LedgerRow,
  type NaiveClock,
  naiveClock,
  type Versions,
  wallBetween,
} from "./naive_clock.ts";

const ACTIVE = ["new", "open", "in_progress", "pending"];
const ENDED = ["resolved", "closed", "cancelled"];

/** How a ticket was from one time to another. */
interface Moment {
  from: number;
  to: number;
  status: string;
  queue: string;
  agent: string;
}

/** A time in which something of a ticket was the same while it was active. */
export interface Stay {
  from: number;
  to: number;
  /** A status, a queue, an agent, or `none`. */
  held: string;
  /** Whether the ticket had just become active again. */
  resumed: boolean;
}

export interface Act {
  at: number;
  agent: string;
}

/** Times are epoch milliseconds; nobody, no queue and the like are `none`. */
export interface Story {
  id: string;
  created: number;
  type: string;
  source: string;
  priority: string;
  category: string;
  queue: string;
  agent: string;
  item: string;
  policy: string;
  tags: string[];
  score: number | null;
  statuses: Stay[];
  queues: Stay[];
  agents: Stay[];
  /** How many queues it went through. */
  passed: number;
  replies: Act[];
  resolutions: (Act & { undone: boolean })[];
  reopened: number | null;
  clocks: Partial<Record<Metric, NaiveClock>>;
  /** Who held it how long before a breach, in business milliseconds. */
  shares: { metric: Metric; at: number; queue: string; agent: string; business: number }[];
}

type Named = { id: string } | null;

interface AuditRow {
  at: number;
  id: string;
  action: string;
  actor: string | null;
  changes: {
    status?: { from: string; to: string };
    queue?: { from: Named; to: Named };
    assignee?: { from: Named; to: Named };
    visibility?: string;
    role?: { from: string; to: string };
  };
}

interface TicketRow {
  id: string;
  created: number;
  type: string;
  source: string;
  priority: string;
  category: string;
  queue: string;
  agent: string;
  requester: string;
  status: string;
  item: string;
  tags: string[];
  score: number | null;
}

const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

/** Merged tickets are left out. @param now epoch milliseconds: up to when clocks that run are counted, as if nothing happened */
export async function storiesOf(desk: Desk, tenantId: string, now: number): Promise<Story[]> {
  const [tickets, log, ledger, people, versions] = await Promise.all([
    desk.look<TicketRow>(
      `select t.id, ${ms("t.created_at")} as created, t.type, t.source, t.priority,
        coalesce(t.category_id::text, 'none') as category, coalesce(t.queue_id::text, 'none') as queue,
        coalesce(t.assignee_id::text, 'none') as agent, t.requester_id as requester, t.status,
        coalesce((select r.item_id::text from catalog_requests r where r.ticket_id = t.id), 'none') as item,
        array(select g.tag from ticket_tags g where g.ticket_id = t.id) as tags,
        (select r.score::int from ticket_ratings r where r.ticket_id = t.id) as score
      from tickets t where t.tenant_id = $1 and t.merged_at is null`,
      [tenantId],
    ),
    desk.look<AuditRow & { about: string }>(
      `select entity_id as about, ${ms("at")} as at, id, action, actor_id as actor, changes from audit_log
      where tenant_id = $1 and entity in ('ticket', 'user') order by at, id`,
      [tenantId],
    ),
    desk.look<LedgerRow & { about: string; policy: string }>(
      `select l.ticket_id as about, ${ms("l.at")} as at, l.kind, l.metric, l.priority, v.policy_id as policy,
        l.policy_version_id as "policyVersionId", l.calendar_version_id as "calendarVersionId"
      from sla_ledger l join sla_policy_versions v on v.id = l.policy_version_id
      where l.tenant_id = $1 order by l.at, l.position`,
      [tenantId],
    ),
    desk.look<{ id: string; role: string }>("select id, role from users where tenant_id = $1", [tenantId]),
    versionsOf(desk, tenantId, now),
  ]);
  const [logs, ledgers] = [Map.groupBy(log, ({ about }) => about), Map.groupBy(ledger, ({ about }) => about)];
  const roles = new Map(people.map(({ id, role }) => [id, role]));
  const isStaff = (person: string, at: number) => {
    const later = logs.get(person)?.find((row) => row.changes.role?.from && row.at > at);
    return (later?.changes.role?.from ?? roles.get(person)) !== "REQUESTER";
  };
  return tickets.map((ticket) => {
    const rows = ledgers.get(ticket.id) ?? [];
    const told = tell(ticket, logs.get(ticket.id) ?? [], isStaff);
    return {
      ...ticket,
      ...told,
      policy: rows.at(-1)?.policy ?? "none",
      ...clocksOf(rows, told.moments, { versions, now }),
    };
  });
}

async function versionsOf(desk: Desk, tenantId: string, now: number): Promise<Versions> {
  const [policies, calendars, [first]] = await Promise.all([
    desk.look<{ id: string; targets: PolicyTargets }>(
      "select id, targets from sla_policy_versions where tenant_id = $1",
      [tenantId],
    ),
    desk.look<{ id: string; definition: CalendarDefinition }>(
      "select id, definition from calendar_versions where tenant_id = $1",
      [tenantId],
    ),
    desk.look<{ at: number }>(`select ${ms("min(at)")} as at from sla_ledger where tenant_id = $1`, [
      tenantId,
    ]),
  ]);
  const walls = new Map(
    [...new Set(calendars.map(({ definition }) => definition.timeZone))].map((timeZone) =>
      [timeZone, wallBetween(timeZone, first!.at ?? now, now + 60_000)] as const
    ),
  );
  return {
    targets: new Map(policies.map(({ id, targets }) => [id, targets])),
    hours: new Map(
      calendars.map(({ id, definition }) => [
        id,
        new BusinessTime(walls.get(definition.timeZone)!, definition),
      ]),
    ),
  };
}

function tell(ticket: TicketRow, log: AuditRow[], isStaff: (person: string, at: number) => boolean) {
  const moments = momentsOf(ticket, log);
  const replies = log.filter(({ action, actor, changes, at }) =>
    action === "ticket.commented" && changes.visibility === "public" && actor !== null &&
    actor !== ticket.requester && isStaff(actor, at)
  ).map(({ at, actor }) => ({ at, agent: actor! }));
  const resolutions: Story["resolutions"] = [];
  let reopened: number | null = null;
  let agent = moments[0]!.agent;
  for (const { at, action, actor, changes } of log) {
    if (action === "ticket.created") continue;
    if (changes.assignee) agent = changes.assignee.to?.id ?? "none";
    const { from, to } = changes.status ?? {};
    if (action === "ticket.transitioned" && to === "resolved") {
      resolutions.push({ at, agent: agent === "none" ? actor ?? "none" : agent, undone: false });
    }
    if (action !== "ticket.unmerged" && ENDED.includes(from ?? "") && to === "open") {
      reopened = at;
      for (const resolution of resolutions) resolution.undone = true;
    }
  }
  return {
    moments,
    replies,
    resolutions,
    reopened,
    statuses: staysOf(moments, ({ status }) => status),
    queues: staysOf(moments, ({ queue }) => queue),
    agents: staysOf(moments, ({ agent }) => agent).filter(({ held }) => held !== "none"),
    passed: moments.filter(({ queue }, i) => queue !== "none" && queue !== moments[i - 1]?.queue).length,
  };
}

/** What a field was first is what its first change says, or what it still is. */
function momentsOf(ticket: TicketRow, log: AuditRow[]): Moment[] {
  const changed = <Field extends "status" | "queue" | "assignee">(field: Field) =>
    log.find(({ changes, action }) => changes[field] && action !== "ticket.created")?.changes[field];
  const queue = changed("queue");
  const assignee = changed("assignee");
  let now: Moment = {
    from: ticket.created,
    to: Infinity,
    status: changed("status")?.from ?? ticket.status,
    queue: queue ? queue.from?.id ?? "none" : ticket.queue,
    agent: assignee ? assignee.from?.id ?? "none" : ticket.agent,
  };
  const moments = [now];
  for (const { at, action, changes } of log) {
    if (action === "ticket.created" || !(changes.status || changes.queue || changes.assignee)) continue;
    now.to = at;
    now = { ...now, from: at, to: Infinity };
    if (changes.status) now.status = changes.status.to;
    if (changes.queue) now.queue = changes.queue.to?.id ?? "none";
    if (changes.assignee) now.agent = changes.assignee.to?.id ?? "none";
    moments.push(now);
  }
  return moments;
}

function staysOf(moments: readonly Moment[], what: (moment: Moment) => string): Stay[] {
  const stays: Stay[] = [];
  let last: Stay | null = null;
  for (const [i, moment] of moments.entries()) {
    if (!ACTIVE.includes(moment.status)) {
      last = null;
    } else if (last?.held === what(moment)) {
      last.to = moment.to;
    } else {
      last = { from: moment.from, to: moment.to, held: what(moment), resumed: i > 0 && last === null };
      stays.push(last);
    }
  }
  return stays;
}

function clocksOf(
  rows: readonly LedgerRow[],
  moments: readonly Moment[],
  { versions, now }: { versions: Versions; now: number },
): Pick<Story, "clocks" | "shares"> {
  const clocks: Story["clocks"] = {};
  const shares: Story["shares"] = [];
  for (const metric of METRICS) {
    const clock = naiveClock(metric, rows, versions, now);
    if (!clock) continue;
    clocks[metric] = clock;
    if (clock.outcome !== "breached") continue;
    for (const { queue, agent, from, to } of moments) {
      for (const run of clock.runs) {
        const business = run.hours.between(Math.max(from, run.from), Math.min(to, run.to));
        if (business > 0) shares.push({ metric, at: clock.over, queue, agent, business });
      }
    }
  }
  return { clocks, shares };
}
