import { empty, sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { findActiveQueue } from "@/domain/queues/active_queue.ts";
import { defaultQueue } from "@/domain/queues/default_queue.ts";
import { nextAssignee } from "@/domain/queues/next_assignee.ts";
import { inOrder } from "@/domain/shared/in_order.ts";
import { record } from "@/domain/record.ts";
import { assignTicket } from "@/domain/tickets/assign.ts";
import { ACTIVE } from "@/domain/tickets/model/states.ts";

/** Whose tickets, of all queues or one; `to` is who gets them, null for their queues. */
export interface TicketHandover {
  userId: string;
  queueId?: string;
  to: string | null;
}

/**
 * Each active ticket is assigned anew, as a person would do it. Back in its queue, or in the default one if it has none,
 * the queue's rule picks the assignee; else its members hear of it. @returns how many
 */
export async function handOverTickets(cx: UserCx, { userId, queueId, to }: TicketHandover): Promise<number> {
  const tickets = await cx.db.rows<{ id: string; version: number; queue_id: string | null }>(
    sql`select id, version, queue_id from tickets where tenant_id = ${cx.tenant.id} and assignee_key = ${userId}
        and status = any(${ACTIVE}::text[]) ${queueId ? sql`and queue_id = ${queueId}` : empty}
      order by id for no key update`,
  );
  for (const { id, version, queue_id } of tickets) {
    const queue = queue_id === null ? await defaultQueue(cx) : await findActiveQueue(cx, queue_id);
    const assigneeId = to ?? (queue && await nextAssignee(cx, queue))?.id ?? null;
    await assignTicket(cx, { id, version, assigneeId, queueId: queue_id ?? queue?.id ?? null });
  }
  return tickets.length;
}

/**
 * Locks what a person's leaving changes, in the order of other changes: their tickets before the queues that then choose
 * an assignee among their members.
 */
export async function holdForHandover(cx: UserCx, userId: string): Promise<void> {
  await inOrder(cx.db, [
    () =>
      // Two look-ups by person: a condition with "or" would read every ticket of the organisation.
      cx.db.run(sql`select 1 from tickets t where t.tenant_id = ${cx.tenant.id} and t.id in (
          select a.id from tickets a where a.tenant_id = ${cx.tenant.id} and a.assignee_key = ${userId}
            and a.status = any(${ACTIVE}::text[])
          union
          select p.ticket_id from ticket_participants p where p.tenant_id = ${cx.tenant.id}
            and p.user_id = ${userId} and p.kind = 'watcher')
        order by t.id for no key update of t`),
    () =>
      cx.db.run(sql`select 1 from queues q where q.tenant_id = ${cx.tenant.id} and q.id in (
          select m.queue_id from queue_members m where m.tenant_id = ${cx.tenant.id} and m.user_id = ${userId})
        order by q.id for no key update`),
  ]);
}

/** Of other people's tickets; with `queueId` of those in that queue which aren't theirs to work on. */
export async function endWatches(
  cx: UserCx,
  { userId, queueId }: Pick<TicketHandover, "userId" | "queueId">,
): Promise<void> {
  const person = await cx.db.first<{ id: string; name: string }>(
    sql`select id, name from users where tenant_id = ${cx.tenant.id} and id = ${userId}`,
  );
  const tickets = await cx.db.rows<
    {
      id: string;
      version: number;
      requester_id: string;
      assignee_id: string | null;
      queue_id: string | null;
      hidden: boolean;
    }
  >(sql`with held as materialized (
      select t.tenant_id, t.id, t.version, t.requester_id, t.assignee_id, t.queue_id
      from ticket_participants p join tickets t on t.tenant_id = p.tenant_id and t.id = p.ticket_id
      where p.tenant_id = ${cx.tenant.id} and p.user_id = ${userId} and p.kind = 'watcher'
        ${queueId ? sql`and t.queue_id = ${queueId} and t.assignee_key <> ${userId}` : empty}
      order by t.id for no key update of t
    )
    delete from ticket_participants p using held t
    where p.tenant_id = t.tenant_id and p.ticket_id = t.id and p.user_id = ${userId} and p.kind = 'watcher'
    returning t.id, t.version, t.requester_id, t.assignee_id, t.queue_id,
      exists (select from ticket_watch_requests r where r.tenant_id = t.tenant_id and r.ticket_id = t.id
        and r.user_id = p.user_id) as hidden`);
  await Promise.all(tickets.map(({ id, version, requester_id, assignee_id, queue_id, hidden }) =>
    record(cx, {
      action: "ticket.watcher_removed",
      entity: "ticket",
      entityId: id,
      version,
      changes: { watcher: person },
      internal: hidden,
      audience: { requesterId: requester_id, assigneeId: assignee_id, queueId: queue_id },
    })
  ));
}
