import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { inOrder } from "@/domain/shared/in_order.ts";
import { leastUuid7 } from "@/domain/shared/uuid7.ts";
import type { EventAudience, EventTicket } from "./audience.ts";
import { type FeedPosition, isAfter } from "./position.ts";

/** An event as it is in the feed, with who may know of it. */
export interface FeedEvent extends EventAudience {
  position: FeedPosition;
  topic: string;
  entityId: string;
  version: number | null;
  at: string;
}

/** A stretch of the feed. */
export interface FeedPage {
  events: FeedEvent[];
  /** Everything up to here has been given; nothing that commits later comes before it. */
  end: FeedPosition;
  /** Whether there is more to read at once. */
  more: boolean;
  /** What committed events that wait for an older transaction to end are about: they come as soon as that has. */
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
 * The feed's end: a transaction that began before this one and commits later has all its events behind it.
 *
 * Transactions end in another order than they begin, so events are given in the order of beginning, and only those of
 * which every older transaction has ended: then nobody has to wait, and nothing appears behind a reader's back.
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

/**
 * The events of the organisation behind a position, in order, at most `limit` of them.
 *
 * Whoever calls it sees internal ones if their transaction does, and cuts it to what a principal may hear.
 */
export async function readFeed(
  cx: Cx,
  { after, limit }: { after: FeedPosition; limit: number },
): Promise<FeedPage> {
  // The horizon is of an earlier moment than the rows: everything before it is among them.
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
