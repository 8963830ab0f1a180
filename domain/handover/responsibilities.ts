import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { ADMINS, assertRole } from "@/domain/permissions.ts";
import type { Count, Named } from "@/domain/shared/types.ts";
import { handoverOf } from "./handovers.ts";
import { ACTIVE } from "@/domain/tickets/model/states.ts";

/** What a person is responsible for. */
export interface Responsibilities {
  /** Active tickets that are assigned to them. */
  assigned: Count;
  /** Other people's tickets that they watch. */
  watched: Count;
  /** Their own active tickets, which stay theirs. */
  requested: Count;
  queues: (Named & { onlyMember: boolean })[];
  /** Views that others use too. */
  sharedViews: Named[];
  /** Saved reports that others use too. */
  sharedReports: Named[];
  /**
   * While a job hands over what is left, after they left; `handTo` is null where tickets go back to their queues,
   * and `heldUp` says that it failed and waits to be tried again.
   */
  handover: { handTo: Named | null; since: string; heldUp: boolean } | null;
}

const MOST = 1_000;

/** @throws DomainError forbidden */
export async function readResponsibilities(cx: UserCx, userId: string): Promise<Responsibilities> {
  assertRole(cx, ADMINS);
  const mine = sql`p.tenant_id = ${cx.tenant.id} and p.user_id = ${userId}`;
  const [counts, queues, sharedViews, sharedReports, handover] = await Promise.all([
    cx.db.first<{ assigned: number; watched: number; requested: number }>(
      sql`select (select count(*) from (select 1 from tickets t where t.tenant_id = ${cx.tenant.id}
            and t.assignee_key = ${userId} and t.status = any(${ACTIVE}::text[]) limit ${
        MOST + 1
      }) x) as assigned,
          (select count(*) from (select 1 from ticket_participants p where ${mine} and p.kind = 'watcher'
            limit ${MOST + 1}) x) as watched,
          (select count(*) from (select 1 from ticket_participants p where ${mine} and p.kind = 'requester'
            and p.status = any(${ACTIVE}::text[]) limit ${MOST + 1}) x) as requested`,
    ),
    cx.db.rows<Responsibilities["queues"][number]>(
      sql`select q.id, q.name, not exists (select from queue_members o
          join users u on u.tenant_id = o.tenant_id and u.id = o.user_id and u.deactivated_at is null
          where o.tenant_id = m.tenant_id and o.queue_id = m.queue_id and o.user_id <> m.user_id) as "onlyMember"
        from queue_members m join queues q on q.tenant_id = m.tenant_id and q.id = m.queue_id
        where m.tenant_id = ${cx.tenant.id} and m.user_id = ${userId} and q.archived_at is null
        order by q.name_key limit ${MOST}`,
    ),
    cx.db.rows<Named>(sql`select v.id, v.name from views v where v.tenant_id = ${cx.tenant.id}
      and v.owner_id = ${userId} and v.shared order by v.name_key limit ${MOST}`),
    cx.db.rows<Named>(sql`select s.id, s.name from saved_reports s where s.tenant_id = ${cx.tenant.id}
      and s.owner_id = ${userId} and s.shared order by s.name_key limit ${MOST}`),
    handoverOf(cx, userId),
  ]);
  const count = (total = 0): Count => ({ count: Math.min(total, MOST), capped: total > MOST });
  return {
    assigned: count(counts?.assigned),
    watched: count(counts?.watched),
    requested: count(counts?.requested),
    queues,
    sharedViews,
    sharedReports,
    handover,
  };
}
