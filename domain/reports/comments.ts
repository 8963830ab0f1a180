import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { ticketKey, type TicketType } from "@/domain/tickets/model/formatting.ts";
import { visibleToActor } from "@/domain/tickets/access/visibility.ts";
import { RESOLVED_BY } from "./definitions/populations.ts";
import type { ReportComment } from "./model/types.ts";
import { conditionsOf } from "./population_sql.ts";
import type { Scope } from "./scope.ts";

const MOST = 1_000;

/** What requesters wrote with the ratings of a period's resolved tickets, the newest first. */
export async function readComments(
  cx: UserCx,
  scope: Scope,
): Promise<{ comments: ReportComment[]; commentCount: number }> {
  const rows = await cx.db.rows<{
    type: TicketType;
    number: number;
    score: number;
    text: string;
    at: string;
    requester: string;
    total: number;
  }>(
    sql`select k.type, k.number, r.score, r.comment as text, r.updated_at as at, u.name as requester, count(*) over () as total
    from report_tickets t
    join ticket_ratings r on r.tenant_id = t.tenant_id and r.ticket_id = t.id and r.comment <> ''
    join tickets k on k.tenant_id = t.tenant_id and k.id = t.id
    join users u on u.tenant_id = r.tenant_id and u.id = r.requester_id
    where ${conditionsOf(cx, RESOLVED_BY, scope)} and t.score is not null
      -- The ticket as it is, which the facts may not know yet.
      and exists (select 1 from tickets t where t.tenant_id = k.tenant_id and t.id = k.id ${
      visibleToActor(cx)
    })
      and t.resolved_at >= ${scope.start}::timestamptz and t.resolved_at < ${scope.end}::timestamptz
    order by r.updated_at desc, t.id limit ${MOST}`,
  );
  return {
    comments: rows.map(({ type, number, total: _, ...rest }) => ({
      ticketKey: ticketKey(type, number),
      ...rest,
    })),
    commentCount: rows[0]?.total ?? 0,
  };
}
