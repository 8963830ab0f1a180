import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";

const FIELDS = [
  "title",
  "type",
  "status",
  "impact",
  "urgency",
  "priority",
  "category",
  "queue",
  "assignee",
  "tags",
] as const;

export type TicketAtEvent = Pick<Ticket, "id" | "key" | typeof FIELDS[number]>;

/** Which event of a ticket; messages made before this was kept have no `auditId`. */
export interface EventMoment {
  entityId: string;
  at: string;
  auditId?: string;
}

/** A transaction's time is that of its beginning, which can lie before the changes it waited for. */
const LONGEST_TRANSACTION = "1 minute";

/** The ticket's fields as the event left them: what the audit log has of later changes is taken back, newest first. */
export async function ticketAtEvent(
  cx: Cx,
  { entityId, at, auditId }: EventMoment,
  now: Ticket,
): Promise<TicketAtEvent | null> {
  if (auditId === undefined) return null;
  const later = await cx.db.rows<{ changes: Record<string, { from?: unknown } | null> }>(
    sql`select changes from audit_log
    where tenant_id = ${cx.tenant.id} and entity = 'ticket' and entity_id = ${entityId}
      and at >= ${at}::timestamptz - ${LONGEST_TRANSACTION}::interval and id > ${auditId}
    order by id desc`,
  );
  const then: Record<string, unknown> = { id: now.id, key: now.key };
  for (const field of FIELDS) {
    const value = later.reduce<unknown>((value, { changes }) => {
      const change = changes[field];
      return typeof change === "object" && change !== null && "from" in change ? change.from : value;
    }, now[field]);
    then[field] = isNamed(value) ? { id: value.id, name: value.name } : value;
  }
  return then as unknown as TicketAtEvent;
}

function isNamed(value: unknown): value is { id: string; name: string } {
  return typeof value === "object" && value !== null && "id" in value && "name" in value;
}

/** A comment's text as the event left it; null when it may not be told or is gone. */
export async function commentAtEvent(
  cx: Cx,
  { id, at, includeInternal }: { id: string; at: string; includeInternal: boolean },
): Promise<{ id: string; body: string } | null> {
  return await cx.db.first<{ id: string; body: string }>(
    sql`select c.id, v.body from comments c cross join lateral (
      select c.version, c.body, coalesce(c.edited_at, c.created_at) as at, c.visibility
      union all
      select o.version, o.body, o.at, o.visibility from comment_versions o
      where o.tenant_id = c.tenant_id and o.comment_id = c.id
    ) v
    where c.tenant_id = ${cx.tenant.id} and c.id = ${id} and (v.version = 1 or v.at <= ${at}::timestamptz(3))
      and (${includeInternal}::boolean or (v.visibility = 'public' and c.visibility = 'public'))
    order by v.version desc limit 1`,
  ) ?? null;
}
