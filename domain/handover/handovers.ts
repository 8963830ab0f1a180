import { empty, type Sql, sql } from "@/db/sql.ts";
import type { Cx, UserCx } from "@/domain/cx.ts";
import { enqueueJob } from "@/domain/jobs/enqueue.ts";
import { newId } from "@/domain/shared/new_id.ts";
import type { Count, Named } from "@/domain/shared/types.ts";
import { ACTIVE } from "@/domain/tickets/model/states.ts";

/** What somebody who left, was made a requester or lost a queue still has to be relieved of. */
export interface Handover {
  id: string;
  userId: string;
  /** The queue that they left; null for all that is theirs. */
  queueId: string | null;
  /** Who gets the tickets; null for their queues. */
  to: string | null;
  actorId: string;
  /** Whether they were staff before. */
  wasStaff: boolean;
  /** When they left, RFC 3339. */
  createdAt: string;
}

/** Counts stop here. */
const MOST = 1_000;

const COLUMNS =
  sql`h.id, h.user_id as "userId", h.queue_id as "queueId", h.hand_to as "to", h.actor_id as "actorId",
  h.was_staff as "wasStaff", h.created_at as "createdAt"`;

/** A condition on handover `h`: nobody is relieved of anything any more once they are back. */
const GONE = sql`case when h.queue_id is null then exists (select from users u
    where u.tenant_id = h.tenant_id and u.id = h.user_id
      and (u.deactivated_at is not null or h.was_staff and u.role = 'REQUESTER'))
  else not exists (select from queue_members m
    where m.tenant_id = h.tenant_id and m.queue_id = h.queue_id and m.user_id = h.user_id) end`;

export async function newHandover(
  cx: UserCx,
  decided: Pick<Handover, "userId" | "queueId" | "to" | "wasStaff">,
): Promise<Handover> {
  return { ...decided, id: await newId(cx), actorId: cx.actor.id, createdAt: cx.now };
}

/** Leaves it to a job. */
export async function scheduleHandover(cx: UserCx, handover: Handover): Promise<void> {
  const { id, userId, queueId, to, actorId, wasStaff, createdAt } = handover;
  await cx.db.run(
    sql`insert into handovers (tenant_id, id, user_id, queue_id, hand_to, actor_id, was_staff, created_at)
    values (${cx.tenant.id}, ${id}, ${userId}, ${queueId}, ${to}, ${actorId}, ${wasStaff}, ${createdAt})`,
  );
  await enqueueJob(cx, { kind: "handover", id, orderKey: `handover:${userId}` });
}

/** Ends those that a new one replaces. @returns what they decided: who was to get the tickets of all queues, and from whom */
export async function replaceHandovers(
  cx: Cx,
  { userId, queueId }: Pick<Handover, "userId" | "queueId">,
): Promise<Pick<Handover, "to" | "wasStaff">> {
  const ended = await cx.db.rows<Pick<Handover, "to" | "wasStaff">>(
    sql`delete from handovers where tenant_id = ${cx.tenant.id} and user_id = ${userId}
    ${queueId === null ? empty : sql`and queue_id = ${queueId}`}
    returning case when queue_id is null then hand_to end as "to", was_staff as "wasStaff"`,
  );
  return {
    to: ended.find(({ to }) => to !== null)?.to ?? null,
    wasStaff: ended.some(({ wasStaff }) => wasStaff),
  };
}

export async function endHandover(cx: Cx, id: string): Promise<void> {
  await cx.db.run(sql`delete from handovers where tenant_id = ${cx.tenant.id} and id = ${id}`);
}

/** Until the transaction ends. @returns undefined when it has ended; not `gone` when they are back */
export async function lockHandover(cx: Cx, id: string): Promise<Handover & { gone: boolean } | undefined> {
  return await cx.db.first<Handover & { gone: boolean }>(
    sql`select ${COLUMNS}, ${GONE} as gone from handovers h
    where h.tenant_id = ${cx.tenant.id} and h.id = ${id} for update of h`,
  );
}

/** A condition on the job `j` of a handover: it waits after an error, or has been given up until the clock resumes it. */
const HELD_UP = sql`(j.state = 'dead' or j.state = 'ready' and j.last_error is not null)`;

/** Those whose jobs were given up, with all their attempts. @returns how many */
export async function resumeHandovers(cx: Cx): Promise<number> {
  const resumed = await cx.db.run(sql`update jobs j
    set state = 'ready', run_at = now(), finished_at = null, attempts = 0, lost = 0
    from handovers h where h.tenant_id = ${cx.tenant.id} and j.tenant_id = h.tenant_id and j.id = h.id
      and j.state = 'dead'`);
  if (resumed > 0) cx.afterCommit(() => cx.services.wake("handover"));
  return resumed;
}

/** Of a user, where all that was theirs is being handed over. */
export async function handoverOf(
  cx: Cx,
  userId: string,
): Promise<{ handTo: Named | null; since: string; heldUp: boolean } | null> {
  const row = await cx.db.first<
    { id: string | null; name: string | null; since: string; heldUp: boolean }
  >(
    sql`select u.id, u.name, h.created_at as since, ${HELD_UP} as "heldUp" from handovers h
    join jobs j on j.tenant_id = h.tenant_id and j.id = h.id
    left join users u on u.tenant_id = h.tenant_id and u.id = h.hand_to
    where h.tenant_id = ${cx.tenant.id} and h.user_id = ${userId} and h.queue_id is null and ${GONE}
    order by h.id limit 1`,
  );
  if (!row) return null;
  const { id, name, since, heldUp } = row;
  return { handTo: id === null ? null : { id, name: name! }, since, heldUp };
}

/** People who left a queue and have some of its tickets still to hand over, and how many. */
export async function handoversOfQueue(cx: Cx, queueId: string): Promise<(Named & { tickets: Count })[]> {
  const left = ticketsLeft(cx, {
    userId: sql`h.user_id`,
    queueId: sql`h.queue_id`,
    createdAt: sql`h.created_at`,
  });
  const rows = await cx.db.rows<Named & { total: number }>(
    sql`select u.id, u.name, l.total from handovers h
    join users u on u.tenant_id = h.tenant_id and u.id = h.user_id
    cross join lateral (select count(*) as total from (select 1 from tickets t where ${left}
      limit ${MOST + 1}) x) l
    where h.tenant_id = ${cx.tenant.id} and h.queue_id = ${queueId} and l.total > 0 and ${GONE}
    order by u.name_key, u.id limit 100`,
  );
  return rows.map(({ id, name, total }) => ({
    id,
    name,
    tickets: { count: Math.min(total, MOST), capped: total > MOST },
  }));
}

/** A condition on ticket `t`. What was assigned to them after they had left the queue stays theirs. */
export function ticketsLeft(
  cx: Cx,
  { userId, queueId, createdAt }: Record<"userId" | "createdAt", string | Sql> & {
    queueId: string | Sql | null;
  },
): Sql {
  const all = sql`t.tenant_id = ${cx.tenant.id} and t.assignee_key = ${userId}
    and t.status = any(${ACTIVE}::text[])`;
  return queueId === null ? all : sql`${all} and t.queue_id = ${queueId} and not exists (
    select from audit_log a where a.tenant_id = t.tenant_id and a.entity_id = t.id and a.at > ${createdAt}
      and a.action in ('ticket.created', 'ticket.assigned'))`;
}

/**
 * A condition on participant `p` and ticket `t`: what they watch; of a queue what they don't work on themselves, where they
 * see their own queues alone.
 */
export function watchesLeft(cx: Cx, { userId, queueId }: Handover): Sql {
  const all = sql`p.tenant_id = ${cx.tenant.id} and p.user_id = ${userId} and p.kind = 'watcher'`;
  return queueId === null
    ? all
    : sql`${all} and t.queue_id = ${queueId} and not ${cx.tenant.agentsSeeAll}::boolean
    and (t.assignee_key <> ${userId} or t.status = any(${ACTIVE}::text[]))
    and exists (select from users u where u.tenant_id = p.tenant_id and u.id = p.user_id and u.role = 'AGENT')`;
}

/** How many tickets and watches are left, `most` at most. */
export async function countLeft(cx: Cx, handover: Handover, most: number): Promise<number> {
  const row = await cx.db.first<{ total: number }>(sql`select
    (select count(*) from (select 1 from tickets t where ${ticketsLeft(cx, handover)} limit ${most}) x) +
    (select count(*) from (select 1 from ticket_participants p
      join tickets t on t.tenant_id = p.tenant_id and t.id = p.ticket_id
      where ${watchesLeft(cx, handover)} limit ${most}) x) as total`);
  return Math.min(row?.total ?? 0, most);
}
