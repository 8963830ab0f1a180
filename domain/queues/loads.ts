import { sql } from "../../db/sql.ts";
import { assertRole, STAFF, ticketScope } from "../access.ts";
import type { UserCx } from "../cx.ts";
import { type ByStatus, countMatching, countTickets } from "../tickets/counts.ts";
import { TicketFilter } from "../tickets/filter.ts";
import { countLabel } from "../tickets/formatting.ts";
import { ACTIVE, STATUSES } from "../tickets/states.ts";
import type { Named } from "../tickets/types.ts";

/** What waits in a queue. */
export interface QueueLoad {
  /** Null for tickets in no queue. */
  id: string | null;
  name: string;
  /** Whether the actor works on it. */
  mine: boolean;
  byStatus: ByStatus;
  /** Active tickets that nobody works on, worded: counting stops at 1,000. */
  unassigned: string;
}

/** More queues than this are not shown on one page. */
const MOST = 200;

/**
 * Every queue in use with what waits in it, by name; last the tickets in no queue, where there are any. Agents who are
 * confined to their queues see those.
 *
 * @throws DomainError forbidden
 */
export async function listQueueLoads(cx: UserCx): Promise<QueueLoad[]> {
  assertRole(cx, STAFF);
  const scope = ticketScope(cx.tenant, cx.actor);
  const only = scope.kind === "confined" ? scope.queueIds : null;
  const [queues, { byQueue }] = await Promise.all([
    cx.db.rows<Named & { mine: boolean }>(sql`select q.id, q.name, exists (select from queue_members m
          where m.tenant_id = q.tenant_id and m.queue_id = q.id and m.user_id = ${cx.actor.id}) as mine
        from queues q where q.tenant_id = ${cx.tenant.id} and q.archived_at is null
          and (${only}::uuid[] is null or q.id = any(${only}::uuid[]))
        order by q.name_key limit ${MOST}`),
    countTickets(cx),
  ]);
  const none = byQueue.find(({ queue, active }) => queue === null && active > 0);
  const all = [...queues, ...(none ? [{ id: null, name: "No queue", mine: false }] : [])];
  return await Promise.all(all.map(async (queue): Promise<QueueLoad> => {
    const filter = { queueId: [queue.id ?? "none"], assigneeId: ["none"], status: [...ACTIVE] };
    const unassigned = await countMatching(cx, { ...TicketFilter.parse({}), ...filter });
    const counts = byQueue.find((one) => (one.queue?.id ?? null) === queue.id);
    return { ...queue, byStatus: counts?.byStatus ?? zeros(), unassigned: countLabel(unassigned) };
  }));
}

function zeros(): ByStatus {
  return Object.fromEntries(STATUSES.map((status) => [status, 0])) as ByStatus;
}
