import { sql } from "@/db/sql.ts";
import { assertRole, STAFF, ticketVisibility } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { type ByStatus, countByQueue, zeros } from "./counts.ts";
import type { Named } from "@/domain/shared/types.ts";

export interface QueueWorkload {
  /** Null for tickets in no queue. */
  id: string | null;
  name: string;
  /** An archived queue is shown while it has active tickets. */
  archived: boolean;
  mine: boolean;
  byStatus: ByStatus;
  unassigned: number;
}

const MOST = 200;

/** By name; archived ones, then no queue, last. Confined agents see their own. @throws DomainError forbidden */
export async function listQueueWorkloads(cx: UserCx): Promise<QueueWorkload[]> {
  assertRole(cx, STAFF);
  const scope = ticketVisibility(cx.tenant, cx.actor);
  const only = scope.kind === "confined" ? scope.queueIds : null;
  const [queues, byQueue] = await Promise.all([
    cx.db.rows<Named & { archived: boolean; mine: boolean }>(sql`select q.id, q.name,
          q.archived_at is not null as archived, exists (select from queue_members m
          where m.tenant_id = q.tenant_id and m.queue_id = q.id and m.user_id = ${cx.actor.id}) as mine
        from queues q where q.tenant_id = ${cx.tenant.id}
          and (${only}::uuid[] is null or q.id = any(${only}::uuid[]))
        order by archived, q.name_key limit ${MOST}`),
    countByQueue(cx),
  ]);
  const none = byQueue.find(({ queue, active }) => queue === null && active > 0);
  const all = [...queues, ...(none ? [{ id: null, name: "No queue", archived: false, mine: false }] : [])];
  const counted = new Map(byQueue.map((counts) => [counts.queue?.id ?? null, counts]));
  return all.flatMap((queue): QueueWorkload[] => {
    const counts = counted.get(queue.id);
    if (queue.archived && !counts?.active) return [];
    return [{ ...queue, byStatus: counts?.byStatus ?? zeros(), unassigned: counts?.unassigned ?? 0 }];
  });
}
