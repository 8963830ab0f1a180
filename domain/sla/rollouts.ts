import { sql } from "../../db/sql.ts";
import type { UserCx } from "../cx.ts";

/**
 * Has the open tickets that an older version of a policy or calendar counts follow the one that holds: a job appends to
 * their ledgers, some at a time. It begins after commit; a tick finds what a crash left.
 */
export async function orderRollout(
  cx: UserCx,
  of: { policyId: string } | { calendarId: string },
): Promise<void> {
  const [policyId, calendarId] = "policyId" in of ? [of.policyId, null] : [null, of.calendarId];
  await cx.db.run(sql`insert into sla_rollouts (tenant_id, policy_id, calendar_id, actor_id)
    values (${cx.tenant.id}, ${policyId}, ${calendarId}, ${cx.actor.id})`);
}
