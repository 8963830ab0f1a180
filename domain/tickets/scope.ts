import { empty, type Sql, sql } from "../../db/sql.ts";
import { ticketScope } from "../access.ts";
import type { UserCx } from "../cx.ts";

/** How the generated keys of tickets write "nobody" and "no queue". */
export const NONE = "00000000-0000-0000-0000-000000000000";

/** The actor's scope as a condition on ticket `t`, with its `and`; empty where they see every ticket. */
export function visibleTo(cx: UserCx): Sql {
  const scope = ticketScope(cx.tenant, cx.actor);
  if (scope.kind === "all") return empty;
  const taken = sql`exists (select 1 from ticket_participants x
    where x.tenant_id = t.tenant_id and x.ticket_id = t.id and x.user_id = ${cx.actor.id})`;
  if (scope.kind === "own") return sql`and ${taken}`;
  const queues = [...scope.queueIds, NONE];
  return sql`and (t.queue_key = any(${queues}::uuid[]) or t.assignee_key = ${cx.actor.id} or ${taken})`;
}
