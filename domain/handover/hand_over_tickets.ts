import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { findActiveQueue } from "@/domain/queues/active_queue.ts";
import { defaultQueue } from "@/domain/queues/default_queue.ts";
import { nextAssignee } from "@/domain/queues/next_assignee.ts";
import { record } from "@/domain/record.ts";
import { assignTicket } from "@/domain/tickets/assign.ts";
import { ACTIVE } from "@/domain/tickets/model/states.ts";
import { WATCHES_BY_ADDRESS } from "@/domain/tickets/watchers/watch_requests.ts";
import { log } from "@/log.ts";
import { countLeft, type Handover, ticketsLeft, watchesLeft } from "./handovers.ts";

/** What one step did; `failed` tickets are theirs still, and `more` says whether anything is left. */
export interface HandedOver {
  tickets: number;
  watches: number;
  failed: number;
  more: boolean;
}

/**
 * Ends watches and hands over tickets, `limit` in all. What is done isn't found again, so it may be run any number of times
 * and be cut off anywhere. What somebody else is writing to just now is left for later.
 */
export async function handOverSome(cx: UserCx, handover: Handover, limit: number): Promise<HandedOver> {
  // First, so that nobody who left hears of their tickets as a watcher.
  const watches = await endWatches(cx, handover, limit);
  const handed = await handOverTickets(cx, handover, limit - watches);
  return { ...handed, watches, more: await countLeft(cx, handover, 1) > 0 };
}

/** Nothing new begins after that, in milliseconds: two tickets that take too long still fit into a transaction. */
const ENOUGH_MS = 7_000;

interface Locked extends Record<string, unknown> {
  id: string;
  version: number;
  queueId: string | null;
}

/** One that fails keeps none of the others: it is undone, logged and left, and steps take tickets in any order. */
async function handOverTickets(
  cx: UserCx,
  handover: Handover,
  limit: number,
): Promise<Pick<HandedOver, "tickets" | "failed">> {
  const handed = { tickets: 0, failed: 0 };
  const locked = limit > 0
    ? await cx.db.rows<Locked>(
      sql`select t.id, t.version, t.queue_id as "queueId" from tickets t where ${ticketsLeft(cx, handover)}
      order by random() limit ${limit} for no key update skip locked`,
    )
    : [];
  const start = performance.now();
  for (const ticket of locked) {
    if (performance.now() - start > ENOUGH_MS) break;
    try {
      await cx.db.savepoint(() => handOverTicket(cx, handover, ticket));
      handed.tickets++;
    } catch (error) {
      handed.failed++;
      log("warn", "A ticket can't be handed over", { ticketId: ticket.id, error });
    }
  }
  return handed;
}

/**
 * It is assigned anew, as a person would do it. Back in its queue, or in the default one if it has none, the queue's rule
 * picks the assignee; else its members hear of it.
 */
async function handOverTicket(
  cx: UserCx,
  { to }: Handover,
  { id, version, queueId }: Locked,
): Promise<void> {
  const queue = queueId === null ? await defaultQueue(cx) : await findActiveQueue(cx, queueId);
  const assigneeId = to ?? (queue && await nextAssignee(cx, queue))?.id ?? null;
  await assignTicket(cx, { id, version, assigneeId, queueId: queueId ?? queue?.id ?? null });
}

/**
 * Locks what a person's leaving changes, in the order of other changes: `limit` of their tickets before the queues, theirs
 * and those of the tickets, that then choose an assignee among their members.
 */
export async function holdForHandover(cx: UserCx, userId: string, limit: number): Promise<void> {
  await cx.db.run(
    sql`select 1 from tickets t where t.tenant_id = ${cx.tenant.id} and t.assignee_key = ${userId}
    and t.status = any(${ACTIVE}::text[]) limit ${limit} for no key update skip locked`,
  );
  await cx.db.run(sql`select 1 from queues q where q.tenant_id = ${cx.tenant.id} and q.id in (
      select m.queue_id from queue_members m where m.tenant_id = ${cx.tenant.id} and m.user_id = ${userId}
      union select t.queue_id from tickets t where t.tenant_id = ${cx.tenant.id} and t.assignee_key = ${userId}
        and t.status = any(${ACTIVE}::text[])
      union select default_queue_id from tenants where id = ${cx.tenant.id})
    order by q.id for no key update`);
}

/** @returns how many */
export async function endWatches(cx: UserCx, handover: Handover, limit: number): Promise<number> {
  const { userId } = handover;
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
      where ${watchesLeft(cx, handover)}
      order by p.created_at, p.ticket_id limit ${limit} for no key update of t skip locked
    )
    delete from ticket_participants p using held t
    where p.tenant_id = t.tenant_id and p.ticket_id = t.id and p.user_id = ${userId} and p.kind = 'watcher'
    returning t.id, t.version, t.requester_id, t.assignee_id, t.queue_id,
      ${WATCHES_BY_ADDRESS} as hidden`);
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
  return tickets.length;
}
