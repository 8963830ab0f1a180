import { sql } from "@/db/sql.ts";
import type { Cx, Role } from "@/domain/cx.ts";
import { type Principal, principalOf } from "./audience.ts";

/** Events about these entities may change what someone may see. */
export const PRINCIPAL_ENTITIES: ReadonlySet<string> = new Set(["session", "user", "queue", "tenant"]);

/** The principals of active sessions; ended ones are missing. */
export async function readPrincipals(cx: Cx, sessionIds: string[]): Promise<Map<string, Principal>> {
  const rows = await cx.db.rows<{ session_id: string; id: string; role: Role; queue_ids: string[] }>(sql`
    select s.id as session_id, u.id, u.role, case when u.role = 'AGENT'
        then array(select m.queue_id from queue_members m where m.tenant_id = u.tenant_id and m.user_id = u.id)
        else '{}' end as queue_ids
    from unnest(${sessionIds}::uuid[]) asked (id)
    join sessions s on s.tenant_id = ${cx.tenant.id} and s.id = asked.id
    join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
    where s.ended_at is null and s.expires_at > now() and u.deactivated_at is null`);
  return new Map(
    rows.map(({ session_id, id, role, queue_ids }) => [
      session_id,
      principalOf(cx.tenant, { id, role, queueIds: queue_ids }),
    ]),
  );
}
