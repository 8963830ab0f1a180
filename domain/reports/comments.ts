import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { ticketKey, type TicketType } from "@/domain/tickets/model/formatting.ts";
import { RESOLVED_BY } from "./definitions/populations.ts";
import type { ReportComment } from "./model/types.ts";
import { conditionsOf } from "./population_sql.ts";
import type { Scope } from "./scope.ts";

const MOST = 100;

/** What requesters wrote with the ratings of a period's resolved tickets, the newest first. */
export async function readComments(cx: UserCx, scope: Scope): Promise<ReportComment[]> {
  const rows = await cx.db.rows<{
    type: TicketType;
    number: number;
    score: number;
    text: string;
    at: string;
    requester: string;
  }>(sql`select k.type, k.number, r.score, r.comment as text, r.updated_at as at, u.name as requester
    from report_tickets t
    join ticket_ratings r on r.tenant_id = t.tenant_id and r.ticket_id = t.id and r.comment <> ''
    join tickets k on k.tenant_id = t.tenant_id and k.id = t.id
    join users u on u.tenant_id = r.tenant_id and u.id = r.requester_id
    where ${conditionsOf(cx, RESOLVED_BY, scope)} and t.score is not null
      and t.resolved_at >= ${scope.start}::timestamptz and t.resolved_at < ${scope.end}::timestamptz
    order by r.updated_at desc, t.id limit ${MOST}`);
  return rows.map(({ type, number, ...rest }) => ({ ticketKey: ticketKey(type, number), ...rest }));
}
