import { empty, type Sql, sql } from "@/db/sql.ts";
import { ticketScope } from "@/domain/permissions.ts";
import type { Cx } from "@/domain/cx.ts";

/** How the generated keys of tickets write "nobody" and "no queue". */
export const NONE = "00000000-0000-0000-0000-000000000000";

/** The actor's scope as a condition on ticket `t`, with its `and`; empty where they see every ticket. */
export function visibleTo(cx: Cx): Sql {
  const scope = ticketScope(cx.tenant, cx.actor);
  if (scope.kind === "all") return empty;
  const actorId = cx.actor?.id ?? null;
  const taken = sql`exists (select 1 from ticket_participants x
    where x.tenant_id = t.tenant_id and x.ticket_id = t.id and x.user_id = ${actorId})`;
  if (scope.kind === "own") return sql`and ${taken}`;
  const queues = [...scope.queueIds, NONE];
  return sql`and (t.queue_key = any(${queues}::uuid[]) or t.assignee_key = ${actorId} or ${taken})`;
}
