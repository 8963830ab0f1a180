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

/** Of the changes since, so that a message costs the same however much happened to its ticket. */
const MOST_LATER = 1000;

/** The ticket's fields as the event left them, by what the earliest later change had before; null after too many. */
export async function ticketAtEvent(
  cx: Cx,
  { entityId, at, auditId }: EventMoment,
  now: Ticket,
): Promise<TicketAtEvent | null> {
  if (auditId === undefined) return null;
  const later = await cx.db.first<{ changes: number; before: Record<string, unknown> }>(
    sql`with later as materialized (
        select id, changes from audit_log
        where tenant_id = ${cx.tenant.id} and entity = 'ticket' and entity_id = ${entityId}
          and at >= ${at}::timestamptz - ${LONGEST_TRANSACTION}::interval and id > ${auditId}
        order by at, id limit ${MOST_LATER + 1}
      ), first as (
        select distinct on (c.key) c.key, c.value -> 'from' as before
        from later, jsonb_each(later.changes) c
        where c.key = any(${FIELDS}::text[]) and jsonb_typeof(c.value) = 'object' and c.value ? 'from'
        order by c.key, later.id
      )
      select (select count(*)::int from later) as changes,
        (select coalesce(jsonb_object_agg(key, before), '{}') from first) as before`,
  );
  const { changes, before } = later!;
  if (changes > MOST_LATER) return null;
  const then = FIELDS.map((field) => {
    const value = Object.hasOwn(before, field) ? before[field] : now[field];
    return [field, isNamed(value) ? { id: value.id, name: value.name } : value];
  });
  return { id: now.id, key: now.key, ...Object.fromEntries(then) } as TicketAtEvent;
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
