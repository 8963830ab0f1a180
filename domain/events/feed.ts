import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { inOrder } from "@/domain/shared/in_order.ts";
import { leastUuid7 } from "@/domain/shared/uuid7.ts";
import type { EventAudience, EventTicket } from "./audience.ts";
import { type FeedPosition, isAfter } from "./position.ts";

export interface FeedEvent extends EventAudience {
  position: FeedPosition;
  topic: string;
  entityId: string;
  version: number | null;
  at: string;
}

export interface FeedPage {
  events: FeedEvent[];
  /** Nothing that commits later comes before it. */
  end: FeedPosition;
  more: boolean;
  /** Entities of committed events that wait for an older transaction to end. */
  heldBack: string[];
}

interface Row {
  xid: string;
  id: string;
  topic: string;
  entity: string;
  entity_id: string;
  version: number | null;
  internal: boolean;
  at: string;
  requester_id: string | null;
  assignee_id: string | null;
  queue_id: string | null;
  participants: string[];
}

interface HorizonRow {
  xmin: string;
  ms: string;
  held: string[];
}

/**
 * Transactions don't commit in the order they begin. So events are read up to the oldest open one: writers don't wait
 * for each other, and nothing appears behind a reader's position.
 */
export async function readFeedEnd(cx: Cx): Promise<{ end: FeedPosition; held: string[] }> {
  const row = await cx.db.first<HorizonRow & Record<string, unknown>>(sql`
    select pg_snapshot_xmin(pg_current_snapshot())::text as xmin,
      floor(extract(epoch from clock_timestamp()) * 1000)::text as ms,
      array(select distinct e.entity from events e where e.tenant_id = ${cx.tenant.id}
        and e.xid >= pg_snapshot_xmin(pg_current_snapshot())) as held`);
  const { xmin, ms, held } = row!;
  return { end: { xid: BigInt(xmin) - 1n, id: leastUuid7(Number(ms)) }, held };
}

/** The tenant's events after a position, in order. Callers filter them with `canReceive`. */
export async function readFeed(
  cx: Cx,
  { after, limit }: { after: FeedPosition; limit: number },
): Promise<FeedPage> {
  // Read first: everything before the end is then among the rows.
  const [horizon, rows] = await inOrder(cx.db, [
    () => readFeedEnd(cx),
    () =>
      cx.db.rows<Row & Record<string, unknown>>(sql`
      select e.xid::text as xid, e.id, e.topic, e.entity, e.entity_id, e.version, e.internal, e.at,
        t.requester_id, t.assignee_id, t.queue_id,
        case when e.entity = 'ticket' then array(select p.user_id from ticket_participants p
          where p.tenant_id = e.tenant_id and p.ticket_id = e.entity_id) else '{}' end as participants
      from events e
      left join tickets t on t.tenant_id = e.tenant_id and t.id = e.entity_id and e.entity = 'ticket'
      where e.tenant_id = ${cx.tenant.id} and (e.xid, e.id) > (${String(after.xid)}::xid8, ${after.id}::uuid)
        and e.xid < pg_snapshot_xmin(pg_current_snapshot())
      order by e.xid, e.id limit ${limit}`),
  ]);
  const events = rows.map(toEvent);
  const last = events.at(-1)?.position ?? after;
  const more = rows.length === limit;
  return {
    events,
    more,
    end: more || isAfter(last, horizon.end) ? last : horizon.end,
    heldBack: horizon.held,
  };
}

function toEvent(row: Row): FeedEvent {
  return {
    position: { xid: BigInt(row.xid), id: row.id },
    topic: row.topic,
    entity: row.entity,
    entityId: row.entity_id,
    version: row.version,
    internal: row.internal,
    at: row.at,
    ticket: row.requester_id === null ? null : audienceOf(row),
  };
}

function audienceOf(row: Row): EventTicket {
  return {
    requesterId: row.requester_id!,
    assigneeId: row.assignee_id,
    queueId: row.queue_id,
    participantIds: row.participants,
  };
}
