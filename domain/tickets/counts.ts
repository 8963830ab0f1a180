import { inSystem } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import { isStaff, ticketVisibility } from "@/domain/permissions.ts";
import type { Cx, UserCx } from "@/domain/cx.ts";
import { tiersOf } from "@/domain/search/candidates.ts";
import { matchText } from "@/domain/search/match.ts";
import { orderBySort, ticketQuery } from "./ticket_query.ts";
import { type Filter, NO_FILTER } from "./model/filter.ts";
import { ACTIVE, type Status, STATUSES } from "./model/states.ts";
import type { Count, Named } from "@/domain/shared/types.ts";

const COUNT_CAP = 1000;

export type ByStatus = Record<Status, number>;

export interface QueueCounts {
  queue: Named | null;
  active: number;
  unassigned: number;
  byStatus: ByStatus;
}

export interface TicketCounts {
  byStatus: ByStatus;
  /** Whether `byStatus` stopped at {@link COUNT_CAP}. */
  capped: boolean;
  /** By name, tickets without a queue last; empty for requesters. */
  byQueue: QueueCounts[];
  /** Null for requesters. */
  assignedToMe: Count | null;
  /** Null for requesters. */
  unassigned: Count | null;
}

interface CountRow {
  queue_id: string | null;
  queue_name: string | null;
  status: Status;
  total: number;
  unassigned: number;
}

/** Counts what the actor may see: for staff from the kept counts, for requesters one by one up to the cap. */
export async function countTickets(cx: UserCx): Promise<TicketCounts> {
  if (!isStaff(cx.actor.role)) return await countOwn(cx);
  const [byQueue, assignedToMe, unassigned] = await Promise.all([
    countByQueue(cx),
    countMatching(cx, { ...NO_FILTER, assigneeId: ["me"], status: [...ACTIVE] }),
    countMatching(cx, { ...NO_FILTER, assigneeId: ["none"], status: [...ACTIVE] }),
  ]);
  const byStatus = zeros();
  for (const counts of byQueue) {
    for (const status of STATUSES) byStatus[status] += counts.byStatus[status];
  }
  return { byStatus, capped: false, byQueue, assignedToMe, unassigned };
}

/** From the kept counts: a few rows, however many tickets there are. */
export async function countByQueue(cx: UserCx): Promise<QueueCounts[]> {
  const queues = new Map<string | null, QueueCounts>();
  for (const row of await keptCounts(cx)) {
    const { queue_id: id, queue_name: name, status, total, unassigned } = row;
    const counts = queues.get(id) ??
      { queue: id === null ? null : { id, name: name! }, active: 0, unassigned: 0, byStatus: zeros() };
    queues.set(id, counts);
    counts.byStatus[status] += total;
    if (!ACTIVE.includes(status)) continue;
    counts.active += total;
    counts.unassigned += unassigned;
  }
  return [...queues.values()];
}

const LOOKED_AT = 4000;

/** Up to {@link COUNT_CAP}. */
export async function countMatching(cx: UserCx, filter: Filter): Promise<Count> {
  const { units, numbers } = await matchText(cx, filter.q);
  const sort = filter.sla.length > 0 ? "due" : "-created";
  const order = orderBySort(sort);
  if (units) {
    const query = ticketQuery(cx, { filter, sort, cap: LOOKED_AT });
    const looked = await cx.db.rows<{ number: number }>(
      sql`select number from ${query} looked ${order} limit 4000`,
    );
    const { size } = await tiersOf(cx, units, looked.map(({ number }) => number));
    return { count: Math.min(size, COUNT_CAP), capped: size > COUNT_CAP || looked.length === LOOKED_AT };
  }
  const query = ticketQuery(cx, { filter, sort, cap: 1001, numbers });
  const row = await cx.db.first<{ count: number }>(
    sql`select count(*) from (select 1 from ${query} found ${order} limit 1001) counted`,
  );
  const count = row?.count ?? 0;
  return { count: Math.min(count, COUNT_CAP), capped: count > COUNT_CAP };
}

async function keptCounts(cx: UserCx): Promise<CountRow[]> {
  const scope = ticketVisibility(cx.tenant, cx.actor);
  const queueIds = scope.kind === "confined" ? scope.queueIds : null;
  return await cx.db.rows<CountRow>(
    sql`select q.id as queue_id, q.name as queue_name, k.status, k.total, k.unassigned
    from (
      select queue_key, status, sum(total)::bigint as total, sum(unassigned)::bigint as unassigned from (
        select queue_key, status, total, unassigned from ticket_counts where tenant_id = ${cx.tenant.id}
        union all select queue_key, status, delta, unassigned from ticket_count_deltas
          where tenant_id = ${cx.tenant.id}
      ) every group by queue_key, status
    ) k
    left join queues q on q.tenant_id = ${cx.tenant.id} and q.id = k.queue_key
    where k.total <> 0 and (${queueIds}::uuid[] is null or q.id is null or q.id = any(${queueIds}::uuid[]))
    order by q.name_key nulls last, k.status`,
  );
}

async function countOwn(cx: UserCx): Promise<TicketCounts> {
  const rows = await cx.db.rows<{ status: Status; total: number }>(
    sql`select status, count(*) as total from (
        select status from ticket_participants where tenant_id = ${cx.tenant.id} and user_id = ${cx.actor.id}
        order by created_at desc limit ${COUNT_CAP + 1}
      ) mine group by status`,
  );
  const byStatus = zeros();
  for (const { status, total } of rows) byStatus[status] = total;
  const all = rows.reduce((sum, row) => sum + row.total, 0);
  return { byStatus, capped: all > COUNT_CAP, byQueue: [], assignedToMe: null, unassigned: null };
}

export function zeros(): ByStatus {
  return Object.fromEntries(STATUSES.map((status) => [status, 0])) as ByStatus;
}

export async function tenantsToFold(): Promise<string[]> {
  const rows = await inSystem(
    "fold ticket counts",
    (db) => db.rows<{ id: string }>(sql`select id from tenants_with_count_deltas()`),
  );
  return rows.map(({ id }) => id);
}

const FOLDED_AT_ONCE = 10_000;

/** Any number may run at once: a delta is counted by whoever deletes it. */
export async function foldTicketCounts(cx: Cx): Promise<{ done: number; more: boolean }> {
  const row = await cx.db.first<{ folded: number }>(sql`with gone as (
      delete from ticket_count_deltas where tenant_id = ${cx.tenant.id} and id in (
        select id from ticket_count_deltas where tenant_id = ${cx.tenant.id} order by id limit ${FOLDED_AT_ONCE})
      returning queue_key, status, delta, unassigned
    ), folded as (
      insert into ticket_counts (tenant_id, queue_key, status, total, unassigned)
      select ${cx.tenant.id}::uuid, queue_key, status, sum(delta), sum(unassigned) from gone
      group by queue_key, status order by queue_key, status
      on conflict (tenant_id, queue_key, status) do update set
        total = ticket_counts.total + excluded.total, unassigned = ticket_counts.unassigned + excluded.unassigned
    )
    select count(*) as folded from gone`);
  const done = row?.folded ?? 0;
  return { done, more: done === FOLDED_AT_ONCE };
}
