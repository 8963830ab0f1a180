import { sql } from "@/db/sql.ts";
import { cachedConfig } from "@/domain/config_cache.ts";
import type { Cx } from "@/domain/cx.ts";
import type { TicketType } from "@/domain/tickets/model/formatting.ts";
import type { PolicyTargets } from "@/domain/sla/clock/ledger.ts";
import { cacheTargets } from "./versions.ts";

export interface ActivePolicy {
  policyId: string;
  policyVersionId: string;
  calendarVersionId: string;
  name: string;
  /** Null for any queue. */
  queueId: string | null;
  /** Levels between the ticket's category and the policy's: 0 for the same; null for any category. */
  categoryDistance: number | null;
  typed: boolean;
}

type PolicyRow = ActivePolicy & { targets: PolicyTargets };

/** In any queue. The ticket's category must exist: the result is cached under it. */
export async function matchingPolicies(
  cx: Cx,
  ticket: { type: TicketType; categoryId: string | null },
): Promise<ActivePolicy[]> {
  const key = `policies:${ticket.type}:${ticket.categoryId ?? ""}`;
  const rows = await cachedConfig(cx, key, () => readPolicies(cx, ticket));
  for (const { policyVersionId, targets } of rows) cacheTargets(policyVersionId, targets);
  return rows;
}

async function readPolicies(
  cx: Cx,
  ticket: { type: TicketType; categoryId: string | null },
): Promise<PolicyRow[]> {
  return await cx.db.rows<PolicyRow>(sql`
    with recursive above as (
      select id, parent_id, 0 as distance from categories
      where tenant_id = ${cx.tenant.id} and id = ${ticket.categoryId}
      union all
      select c.id, c.parent_id, above.distance + 1 from categories c join above on c.id = above.parent_id
      where c.tenant_id = ${cx.tenant.id}
    )
    select p.id as "policyId", v.id as "policyVersionId", h.id as "calendarVersionId", p.name,
      p.queue_id as "queueId", above.distance as "categoryDistance", p.ticket_type is not null as typed, v.targets
    from sla_policies p
    join sla_policy_versions v on v.tenant_id = p.tenant_id and v.policy_id = p.id and v.version = p.version
    join calendars c on c.tenant_id = p.tenant_id and c.id = p.calendar_id
    join calendar_versions h on h.tenant_id = c.tenant_id and h.calendar_id = c.id and h.version = c.version
    left join above on above.id = p.category_id
    where p.tenant_id = ${cx.tenant.id} and p.archived_at is null
      and (p.category_id is null or above.id is not null)
      and (p.ticket_type is null or p.ticket_type = ${ticket.type})`);
}

/** The one with most of category, queue and type; then the nearest category, then the one with a queue. */
export function choosePolicy(
  policies: readonly ActivePolicy[],
  queueId: string | null,
): ActivePolicy | null {
  const fitting = policies.filter((policy) => policy.queueId === null || policy.queueId === queueId);
  const named = (policy: ActivePolicy) =>
    Number(policy.categoryDistance !== null) + Number(policy.queueId !== null) + Number(policy.typed);
  const distance = (policy: ActivePolicy) => policy.categoryDistance ?? Infinity;
  const best = fitting.reduce<ActivePolicy | null>((a, b) => {
    if (a === null || named(b) !== named(a)) return a === null || named(b) > named(a) ? b : a;
    if (distance(b) !== distance(a)) return distance(b) < distance(a) ? b : a;
    return b.queueId !== null && a.queueId === null ? b : a;
  }, null);
  return best;
}
