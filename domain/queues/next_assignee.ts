import { inOrder } from "@/domain/shared/in_order.ts";
import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import type { Named, Person } from "@/domain/shared/types.ts";
import { ACTIVE, type Status } from "@/domain/tickets/model/states.ts";

/** `manual` leaves it to people. */
export const ASSIGNMENT_RULES = ["manual", "round_robin", "least_loaded"] as const;
export type AssignmentRule = (typeof ASSIGNMENT_RULES)[number];

export interface Destination extends Named {
  rule: AssignmentRule;
}

/**
 * Locks the queue until the commit, so tickets at once see each other's assignee. Lock order: ticket, queue, counter of
 * ticket numbers. @returns null for a manual queue, or when no member is available
 */
export async function nextAssignee(cx: UserCx, queue: Destination): Promise<Required<Person> | null> {
  if (queue.rule === "manual") return null;
  const [, person] = await inOrder(cx.db, [
    () =>
      cx.db.run(sql`select 1 from queues where tenant_id = ${cx.tenant.id} and id = ${queue.id}
      for no key update`),
    // A statement of its own, so that it sees what was committed while this one waited for the lock.
    () =>
      cx.db.first<Required<Person>>(sql`with next as (
        select m.user_id, u.name, u.email from queue_members m
          join users u on u.tenant_id = m.tenant_id and u.id = m.user_id
        where m.tenant_id = ${cx.tenant.id} and m.queue_id = ${queue.id} and m.accepts
          and u.deactivated_at is null and u.role <> 'REQUESTER'
        order by case when ${queue.rule === "least_loaded"}::boolean then (
            select count(*) from tickets t where t.tenant_id = m.tenant_id and t.assignee_key = m.user_id
              and t.status = any(${[...ACTIVE]}::text[])) else 0 end,
          m.turn, m.user_id
        limit 1
      ), taken as (
        update queue_members m set turn = 1 + (select max(o.turn) from queue_members o
            where o.tenant_id = ${cx.tenant.id} and o.queue_id = ${queue.id})
        from next where m.tenant_id = ${cx.tenant.id} and m.queue_id = ${queue.id} and m.user_id = next.user_id
      )
      select user_id as id, name, email from next`),
  ]);
  return person ?? null;
}

/** The assignee of an unassigned ticket that moves into `queue`. Locks the ticket first. */
export async function assigneeOnEntry(
  cx: UserCx,
  ticket: { id: string; status: Status },
  queue: Named | Destination | null,
): Promise<Required<Person> | null> {
  if (!queue || !("rule" in queue) || queue.rule === "manual" || !ACTIVE.includes(ticket.status)) return null;
  await cx.db.run(sql`select 1 from tickets where tenant_id = ${cx.tenant.id} and id = ${ticket.id}
    for no key update`);
  return await nextAssignee(cx, queue);
}
