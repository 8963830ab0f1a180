import { type Sql, sql } from "../../db/sql.ts";
import type { Cx } from "../cx.ts";

/**
 * Whether user `u` may see ticket `t`, as a condition of SQL: the policy of `ticketScope` and `inScope`, asked about
 * people who aren't the actor. A test holds the two together.
 */
export function maySeeTicket(cx: Cx): Sql {
  return sql`(u.role in ('MANAGER', 'ADMIN')
    or u.role = 'AGENT' and (${cx.tenant.agentsSeeAll}::boolean or t.queue_id is null or t.assignee_key = u.id
      or exists (select from queue_members m
        where m.tenant_id = t.tenant_id and m.queue_id = t.queue_id and m.user_id = u.id))
    or exists (select from ticket_participants p
      where p.tenant_id = t.tenant_id and p.ticket_id = t.id and p.user_id = u.id))`;
}
