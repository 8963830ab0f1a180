import { type Sql, sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";

/**
 * Whether user `u` may see ticket `t`, as a condition of SQL: the policy of `ticketScope` and `inScope`, asked about
 * people who aren't the actor. A test holds the two together.
 */
export function maySeeTicket(cx: Cx): Sql {
  // Look-ups by key with a limit: as EXISTS the planner may read every member or participant of the tenant instead.
  const takesPart = sql`coalesce((select true from ticket_participants p
    where p.tenant_id = t.tenant_id and p.ticket_id = t.id and p.user_id = u.id limit 1), false)`;
  if (cx.tenant.agentsSeeAll) return sql`(u.role <> 'REQUESTER' or ${takesPart})`;
  return sql`(u.role in ('MANAGER', 'ADMIN')
    or u.role = 'AGENT' and (t.queue_id is null or t.assignee_key = u.id
      or coalesce((select true from queue_members m
        where m.tenant_id = t.tenant_id and m.queue_id = t.queue_id and m.user_id = u.id limit 1), false))
    or ${takesPart})`;
}
