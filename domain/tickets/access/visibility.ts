import { empty, type Sql, sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { ticketVisibility } from "@/domain/permissions.ts";

/** The value for "nobody" and "no queue" in the generated keys of tickets. */
export const NONE = "00000000-0000-0000-0000-000000000000";

/** Whether the actor may see ticket `t`, as an `and` condition: the policy of `canSeeTicket`. */
export function visibleToActor(cx: Cx): Sql {
  const visibility = ticketVisibility(cx.tenant, cx.actor);
  if (visibility.kind === "all") return empty;
  const actorId = cx.actor?.id ?? null;
  const participates = sql`exists (select 1 from ticket_participants x
    where x.tenant_id = t.tenant_id and x.ticket_id = t.id and x.user_id = ${actorId})`;
  if (visibility.kind === "own") return sql`and ${participates}`;
  const queues = [...visibility.queueIds, NONE];
  return sql`and (t.queue_key = any(${queues}::uuid[]) or t.assignee_key = ${actorId} or ${participates})`;
}

/** Whether user `u` may see ticket `t`, as a condition: the same policy. A test compares the two. */
export function visibleToUser(cx: Cx): Sql {
  // Subqueries with a limit: for EXISTS the planner may read every member or participant of the tenant.
  const participates = sql`coalesce((select true from ticket_participants p
    where p.tenant_id = t.tenant_id and p.ticket_id = t.id and p.user_id = u.id limit 1), false)`;
  if (cx.tenant.agentsSeeAll) return sql`(u.role <> 'REQUESTER' or ${participates})`;
  return sql`(u.role in ('MANAGER', 'ADMIN')
    or u.role = 'AGENT' and (t.queue_id is null or t.assignee_key = u.id
      or coalesce((select true from queue_members m
        where m.tenant_id = t.tenant_id and m.queue_id = t.queue_id and m.user_id = u.id limit 1), false))
    or ${participates})`;
}

/** Whether user `u` may read comment `c`, by the ticket that it is in now: a merge may have moved it. */
export function commentVisibleToUser(cx: Cx): Sql {
  return sql`((c.visibility = 'public' or u.role <> 'REQUESTER') and coalesce((select true from tickets t
    where t.tenant_id = c.tenant_id and t.id = c.ticket_id and ${visibleToUser(cx)} limit 1), false))`;
}
