import { sql } from "@/db/sql.ts";
import { auditMac } from "@/domain/audit/mac.ts";
import type { Cx } from "@/domain/cx.ts";
import { insertClocks } from "@/domain/sla/tracking/save_clocks.ts";
import type { Named } from "@/domain/shared/types.ts";
import { uuid7 } from "@/domain/shared/uuid7.ts";
import { type PolicyCache, replayClocks } from "./replay_clocks.ts";
import type { ImportedTicket } from "./imported_ticket.ts";
import { type ImportedState, type ReplayedEvent, replayHistory } from "./replay.ts";

interface ReplayedTicket {
  ticket: ImportedTicket;
  number: number;
  outcome: ImportedState;
  steps: ReplayedEvent[];
}

/** With comments, audit log, clocks and ratings, as if made here; nobody is notified. `tickets` are in order of number. */
export async function importTickets(cx: Cx, tickets: readonly ImportedTicket[]): Promise<void> {
  if (tickets.length === 0) return;
  const [counter, staff] = await Promise.all([
    cx.db.first<{ last: number }>(sql`insert into ticket_counters (tenant_id, last)
      values (${cx.tenant.id}, ${1000 + tickets.length})
      on conflict (tenant_id) do update set last = ticket_counters.last + ${tickets.length} returning last`),
    cx.db.rows<Named>(
      sql`select id, name from users where tenant_id = ${cx.tenant.id} and role <> 'REQUESTER'`,
    ),
  ]);
  const first = counter!.last - tickets.length + 1;
  const taken = tickets.map((ticket, i) => ({ ticket, number: first + i, ...replayHistory(ticket) }));
  const book: PolicyCache = new Map();
  const names = new Map(staff.map(({ id, name }) => [id, name]));
  const known = new Set(names.keys());
  const clocks = await Promise.all(
    taken.map(({ ticket, outcome, steps }) =>
      replayClocks(cx, { ticket, ticketId: outcome.id, steps, staff: known, book })
    ),
  );
  await insertTickets(cx, taken.map((one, i) => ({ ...one, copies: clocks[i]?.dueTimes })));
  await Promise.all([
    insertComments(cx, taken),
    insertAudit(cx, taken, names),
    insertRatings(cx, taken),
    ...clocks.map((update) => update && insertClocks(cx, update)),
  ]);
  await markPassedThresholds(cx, taken.map(({ outcome }) => outcome.id));
}

/** Thresholds in the past are marked as announced. */
async function markPassedThresholds(cx: Cx, ticketIds: string[]): Promise<void> {
  await cx.db.run(sql`update sla_clocks set
      breached_at = coalesce(breached_at, case when phase = 'running' and due_at <= now() then due_at end),
      announced = case when breached_at is not null or due_at <= now() then 100
        when late_warn_at <= now() then 90 else 75 end
    where tenant_id = ${cx.tenant.id} and ticket_id = any(${ticketIds}::uuid[]) and next_at <= now()`);
}

async function insertTickets(
  cx: Cx,
  taken: (ReplayedTicket & {
    copies?: { dueAt: string | null; warnAt: string | null; breachAt: string | null } | undefined;
  })[],
): Promise<void> {
  const rows = taken.map(({ ticket, number, outcome, copies }) => ({
    ...ticket,
    ...outcome,
    ...copies,
    number,
    events: undefined,
  }));
  await cx.db.run(sql`with given as (
      select * from jsonb_to_recordset(${
    JSON.stringify(rows)
  }::jsonb) as g (id uuid, number bigint, type text,
        title text, description text, status text, "pendingReason" text, impact text, urgency text, priority text,
        "categoryId" uuid, "queueId" uuid, "requesterId" uuid, "assigneeId" uuid, "resolutionNote" text,
        version integer, "createdAt" timestamptz, "updatedAt" timestamptz, "resolvedAt" timestamptz,
        "closedAt" timestamptz, tags text[], "dueAt" timestamptz, "warnAt" timestamptz, "breachAt" timestamptz)
    ), t as (
      insert into tickets (tenant_id, id, number, type, title, description, status, pending_reason, impact, urgency,
        priority, category_id, queue_id, requester_id, assignee_id, source, resolution_note, version, created_at,
        updated_at, resolved_at, closed_at, sla_due_at, sla_warn_at, sla_breach_at)
      select ${cx.tenant.id}::uuid, id, number, type, title, description, status, "pendingReason", impact, urgency,
        priority, "categoryId", "queueId", "requesterId", "assigneeId", 'web', "resolutionNote", version, "createdAt",
        "updatedAt", "resolvedAt", "closedAt", "dueAt", "warnAt", "breachAt" from given
      returning tenant_id, id, requester_id, status, created_at, updated_at
    ), tagged as (
      insert into ticket_tags (tenant_id, ticket_id, tag)
      select t.tenant_id, t.id, unnest(given.tags) from t join given on given.id = t.id
    )
    insert into ticket_participants (tenant_id, ticket_id, user_id, kind, status, created_at, updated_at)
    select tenant_id, id, requester_id, 'requester', status, created_at, updated_at from t`);
}

async function insertComments(cx: Cx, taken: ReplayedTicket[]): Promise<void> {
  const rows = taken.flatMap(({ outcome, steps }) =>
    steps.flatMap(({ event, commentId }) =>
      event.kind === "say" ? [{ ...event, id: commentId, ticketId: outcome.id }] : []
    )
  );
  await cx.db.run(sql`insert into comments (tenant_id, id, ticket_id, author_id, visibility, body, created_at)
    select ${cx.tenant.id}::uuid, g.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as g (id uuid, "ticketId" uuid, by uuid, visibility text, body text, at timestamptz)`);
}

async function insertAudit(
  cx: Cx,
  taken: ReplayedTicket[],
  names: ReadonlyMap<string, string>,
): Promise<void> {
  const rows = taken.flatMap(({ ticket, outcome, steps }) => [
    auditRow(cx, outcome.id, {
      at: ticket.createdAt,
      by: ticket.requesterId,
      action: "ticket.created",
      changes: { type: ticket.type, title: ticket.title, source: "web" },
    }),
    ...steps.map((step) => auditRow(cx, outcome.id, { ...step.event, ...auditFacts(step, names) })),
  ]);
  await cx.db.run(sql`insert into audit_log (tenant_id, id, at, actor_id, action, entity, entity_id, internal,
      changes, request_id, ip, mac)
    select ${cx.tenant.id}::uuid, g.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as g (id uuid, at timestamptz, "actorId" uuid, action text, entity text, "entityId" uuid, internal boolean,
        changes jsonb, "requestId" text, ip text, mac text)`);
}

function auditRow(
  cx: Cx,
  ticketId: string,
  { at, by, action, changes, internal = false }: {
    at: string;
    by: string | null;
    action: string;
    changes: Record<string, unknown>;
    internal?: boolean;
  },
) {
  const row = {
    id: uuid7(),
    tenantId: cx.tenant.id,
    at,
    actorId: by,
    action,
    entity: "ticket",
    entityId: ticketId,
    internal,
    changes,
    requestId: cx.requestId,
    ip: cx.ip,
  };
  return { ...row, mac: auditMac(cx.services, row) };
}

function auditFacts({ event, before, after, commentId }: ReplayedEvent, names: ReadonlyMap<string, string>) {
  const named = (id: string | null) => id === null ? null : { id, name: names.get(id) ?? "" };
  if (event.kind === "assign") {
    const assignee = { from: named(before.assigneeId), to: named(event.to) };
    return { action: "ticket.assigned", changes: { assignee } };
  }
  if (event.kind === "say") {
    const internal = event.visibility === "internal";
    return { action: "ticket.commented", internal, changes: { commentId, visibility: event.visibility } };
  }
  if (event.kind === "rate") {
    return { action: "ticket.rated", internal: true, changes: { score: event.score } };
  }
  return {
    action: "ticket.transitioned",
    changes: {
      status: { from: before.status, to: after.status },
      ...(event.reason ? { reason: event.reason } : {}),
      ...(event.note ? { note: event.note } : {}),
    },
  };
}

async function insertRatings(cx: Cx, taken: ReplayedTicket[]): Promise<void> {
  const rows = taken.flatMap(({ ticket, outcome, steps }) => {
    const last = steps.findLast(({ event }) => event.kind === "rate")?.event;
    if (last?.kind !== "rate") return [];
    const { requesterId, queueId } = ticket;
    return [{ ...last, ticketId: outcome.id, requesterId, queueId, assigneeId: outcome.assigneeId }];
  });
  await cx.db.run(
    sql`insert into ticket_ratings (tenant_id, ticket_id, score, comment, requester_id, assignee_id,
      queue_id, created_at, updated_at)
    select ${cx.tenant.id}::uuid, g."ticketId", g.score, g.comment, g."requesterId", g."assigneeId", g."queueId", g.at,
      g.at
    from jsonb_to_recordset(${
      JSON.stringify(rows)
    }::jsonb) as g ("ticketId" uuid, score smallint, comment text,
      "requesterId" uuid, "assigneeId" uuid, "queueId" uuid, at timestamptz)`,
  );
}
