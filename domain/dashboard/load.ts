import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { ACTIVE } from "@/domain/tickets/model/states.ts";
import { listed } from "./lists.ts";
import type { Team } from "./model.ts";

const SHOWN = 10;
const MOST = 1000;

interface Row extends Record<string, unknown> {
  id: string;
  name: string;
  email: string;
  active: number;
  agents: number;
}

/** Agents, managers and admins by their active tickets; those without any too, since they could take some. */
export async function readLoad(cx: UserCx): Promise<Pick<Team, "load" | "moreAgents">> {
  const rows = await cx.db.rows<Row>(sql`
    select u.id, u.name, u.email, k.active, count(*) over () as agents
    from users u cross join lateral (
      select count(*) as active from (
        select 1 from tickets t
        where t.tenant_id = u.tenant_id and t.assignee_key = u.id and t.status = any(${ACTIVE}::text[])
        limit ${MOST + 1}
      ) counted
    ) k
    where u.tenant_id = ${cx.tenant.id} and u.role <> 'REQUESTER' and u.deactivated_at is null
      and (u.role = 'AGENT' or k.active > 0)
    order by k.active desc, u.name_key, u.id limit ${SHOWN}`);
  return {
    load: rows.map(({ id, name, email, active }) => ({
      agent: { id, name, email },
      active: listed({ count: Math.min(active, MOST), capped: active > MOST }, {
        assigneeId: id,
        status: ACTIVE,
      }),
    })),
    moreAgents: Math.max((rows[0]?.agents ?? 0) - SHOWN, 0),
  };
}
