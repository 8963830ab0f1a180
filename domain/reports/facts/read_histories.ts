import { type Sql, sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { readLedgers } from "@/domain/sla/tracking/read_ledger.ts";
import { loadVersions } from "@/domain/sla/tracking/versions.ts";
import type { Named } from "@/domain/shared/types.ts";
import { NONE } from "@/domain/tickets/access/visibility.ts";
import type { Status } from "@/domain/tickets/model/states.ts";
import { readRoles, type RolesOf } from "./roles.ts";
import type { Step, TicketHistory } from "./history.ts";

/** What the audit log says of what facts are made of. */
const TELLING = [
  "ticket.created",
  "ticket.edited",
  "ticket.assigned",
  "ticket.transitioned",
  "ticket.commented",
  "ticket.merged",
  "ticket.unmerged",
];

type Change<Value> = { from: Value; to: Value };

/** Of a creation the queue and the assignee are told as they were; a comment has a visibility. */
type StepRow = [
  at: string,
  actorId: string | null,
  action: string,
  status: Change<Status> | null,
  queue: Change<Named | null> | Named | null,
  assignee: Change<Named | null> | Named | null,
  visibility: string | null,
];

interface HistoryRow extends Record<string, unknown> {
  id: string;
  type: string;
  source: string;
  status: Status;
  priority: string;
  categoryId: string | null;
  queueKey: string;
  assigneeKey: string;
  requesterId: string;
  createdAt: string;
  updatedAt: string;
  resolvedAt: string | null;
  closedAt: string | null;
  merged: boolean;
  changedAt: string;
  steps: StepRow[] | null;
  itemId: string | null;
  score: number | null;
}

export interface ReadHistory {
  history: TicketHistory;
  changedAt: string;
}

/**
 * In four statements, whatever their number: all are look-ups by ticket or person. @param wanted a condition on tickets
 * `t`, with its order and limit
 */
export async function readHistories(cx: Cx, wanted: Sql): Promise<ReadHistory[]> {
  const rows = await cx.db.rows<HistoryRow>(sql`
    select t.id, t.type, t.source, t.status, t.priority, t.category_id as "categoryId", t.queue_key as "queueKey",
      t.assignee_key as "assigneeKey", t.requester_id as "requesterId", t.created_at as "createdAt",
      t.updated_at as "updatedAt", t.resolved_at as "resolvedAt", t.closed_at as "closedAt",
      t.merged_at is not null as merged, t.changed_at as "changedAt",
      (select json_agg(json_build_array(a.at, a.actor_id, a.action, a.changes -> 'status', a.changes -> 'queue',
          a.changes -> 'assignee', a.changes -> 'visibility') order by a.id)
        from audit_log a where a.tenant_id = ${cx.tenant.id} and a.entity_id = t.id and a.entity = 'ticket'
          and a.action = any(${TELLING})) as steps,
      (select c.item_id from catalog_requests c where c.tenant_id = ${cx.tenant.id} and c.ticket_id = t.id)
        as "itemId",
      (select r.score from ticket_ratings r where r.tenant_id = ${cx.tenant.id} and r.ticket_id = t.id) as score
    from tickets t where t.tenant_id = ${cx.tenant.id} and ${wanted}`);
  const counted = rows.filter(({ merged }) => !merged);
  const [ledgers, roles] = await Promise.all([
    readLedgers(cx, counted.map(({ id }) => id)),
    readRoles(
      cx,
      counted.flatMap(({ steps }) => steps ?? []).flatMap(([, actorId, action]) =>
        action === "ticket.commented" && actorId !== null ? [actorId] : []
      ),
    ),
  ]);
  const entries = [...ledgers.values()].flat();
  const versions = await loadVersions(cx, {
    calendars: entries.map(({ calendarVersionId }) => calendarVersionId),
    policies: entries.map(({ policyVersionId }) => policyVersionId),
  });
  return rows.map(({ steps, requesterId, changedAt, itemId, score, ...row }) => {
    const ledger = ledgers.get(row.id) ?? [];
    const ms = (time: string | null) => time === null ? null : Date.parse(time);
    return {
      changedAt,
      history: {
        ticket: {
          ...row,
          createdAt: Date.parse(row.createdAt),
          updatedAt: Date.parse(row.updatedAt),
          resolvedAt: ms(row.resolvedAt),
          closedAt: ms(row.closedAt),
        },
        steps: (steps ?? []).map((step) => toStep(step, requesterId, roles)),
        ledger,
        versions,
        policyId: ledger.at(-1)?.policyId ?? null,
        itemId,
        score,
      },
    };
  });
}

function toStep(
  [time, actorId, action, status, queue, assignee, visibility]: StepRow,
  requesterId: string,
  roles: RolesOf,
): Step {
  const at = Date.parse(time);
  const step: Step = {
    at,
    actorId,
    action,
    reply: visibility === "public" && actorId !== null && actorId !== requesterId &&
      roles.isStaff(actorId, at),
  };
  if (status) step.status = status;
  if (queue) step.queue = keysOf(queue);
  if (assignee) step.assignee = keysOf(assignee);
  return step;
}

function keysOf(change: Change<Named | null> | Named): { from?: string; to: string } {
  if (!("to" in change)) return { to: change.id };
  return { from: change.from?.id ?? NONE, to: change.to?.id ?? NONE };
}
