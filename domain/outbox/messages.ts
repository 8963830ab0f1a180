import { z } from "zod";
import { sql } from "../../db/sql.ts";
import { ADMINS, assertRole } from "../access.ts";
import { END, PageOf, readCursor, writeCursor } from "../cursor.ts";
import type { UserCx } from "../cx.ts";
import { DomainError } from "../errors.ts";
import { KEY_PREFIX } from "../tickets/formatting.ts";
import type { Count, Page } from "../tickets/types.ts";
import { optional } from "../validation.ts";

export const MESSAGE_STATES = ["ready", "running", "done", "dead"] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];
export const DELIVERIES = ["sent", "delayed", "delivered", "failed", "bounced", "complained"] as const;
export const MESSAGE_KINDS = ["email", "webhook"] as const;

/** Which messages to list; all without a filter. */
export const ListMessages = PageOf.extend({
  state: optional(z.enum(MESSAGE_STATES)),
  kind: optional(z.enum(MESSAGE_KINDS)),
});

/**
 * A message as an admin sees it: whereto and what about, never what it says. Times are RFC 3339.
 */
export interface Message {
  id: string;
  kind: (typeof MESSAGE_KINDS)[number];
  recipient: string;
  /** What it is, as `ticket_assigned` or `invitation`. */
  template: string;
  ticket: { id: string; key: string } | null;
  /** `ready` waits, `running` is being sent, `done` was sent or needn't be, `dead` was given up. */
  state: MessageState;
  attempts: number;
  maxAttempts: number;
  /** The latest error; of one that is done, why it wasn't sent. */
  note: string | null;
  /** When it is tried next; null for one that isn't waiting. */
  nextTryAt: string | null;
  createdAt: string;
  finishedAt: string | null;
  /** What the provider said of it later, and when; null while it said nothing. */
  delivery: (typeof DELIVERIES)[number] | null;
  deliveryAt: string | null;
}

/** What waits, what was given up, and how fast messages leave. */
export interface OutboxStats {
  byState: Record<MessageState, Count>;
  /** Since when the message waits that has waited longest. */
  oldestReadyAt: string | null;
  /** Messages that ended within the last hour, of those that were made in the last two. */
  doneLastHour: number;
  /** The same a minute. */
  perMinute: number;
}

interface Row extends Omit<Message, "ticket"> {
  [column: string]: unknown;
  ticketId: string | null;
  ticketKey: string | null;
}

const LIST = "outbox";

/** The columns of a message, of outbox `o` with its job `j`. */
const COLUMNS =
  sql`o.id, o.kind, o.recipient, o.template, j.state, j.attempts, j.max_attempts as "maxAttempts",
  j.last_error as note, case when j.state = 'ready' then j.run_at end as "nextTryAt", o.created_at as "createdAt",
  j.finished_at as "finishedAt", o.delivery, o.delivery_at as "deliveryAt", ticket.id as "ticketId", ticket.key as "ticketKey"`;

/** The ticket that message `o` is about, as it is called now. */
const TICKET =
  sql`left join lateral (select t.id, case t.type when 'incident' then ${KEY_PREFIX.incident}::text
    else ${KEY_PREFIX.service_request}::text end || t.number as key from tickets t
  where t.tenant_id = o.tenant_id and t.id = coalesce(o.payload ->> 'ticketId',
    case o.payload ->> 'entity' when 'ticket' then o.payload ->> 'entityId' end)::uuid limit 1) ticket on true`;

/**
 * The organisation's messages, latest first.
 *
 * @throws DomainError forbidden, or invalid for a cursor of another list
 */
export async function listMessages(cx: UserCx, query: z.output<typeof ListMessages>): Promise<Page<Message>> {
  assertRole(cx, ADMINS);
  const { limit, cursor, state, kind = null } = query;
  const list = `${LIST}:${state ?? ""}:${kind ?? ""}`;
  const before = cursor ? readCursor(cx, list, cursor) : END;
  // By state the jobs lead, whose index has it; else the outbox, in the order of its key.
  const found = state
    ? sql`select o.id from jobs j join outbox o on o.tenant_id = j.tenant_id and o.id = j.id
        where j.tenant_id = ${cx.tenant.id} and j.state = ${state} and j.id < ${before.id}
          and j.kind = any(${kind ? [kind] : MESSAGE_KINDS}::text[])
        order by j.id desc limit ${limit + 1}`
    : sql`select o.id from outbox o where o.tenant_id = ${cx.tenant.id} and o.id < ${before.id}
          and (${kind}::text is null or o.kind = ${kind})
        order by o.id desc limit ${limit + 1}`;
  const rows = await cx.db.rows<Row>(sql`select ${COLUMNS} from (${found}) f
    join outbox o on o.tenant_id = ${cx.tenant.id} and o.id = f.id
    join jobs j on j.tenant_id = o.tenant_id and j.id = o.id ${TICKET}
    order by o.id desc`);
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  return {
    items: rows.map(toMessage),
    nextCursor: more && last ? writeCursor(cx, list, { at: last.createdAt, id: last.id }) : null,
  };
}

/** A message by its id. @throws DomainError not_found, or forbidden */
export async function getMessage(cx: UserCx, id: string): Promise<Message> {
  assertRole(cx, ADMINS);
  const row = await cx.db.first<Row>(sql`select ${COLUMNS} from outbox o
    join jobs j on j.tenant_id = o.tenant_id and j.id = o.id ${TICKET}
    where o.tenant_id = ${cx.tenant.id} and o.id = ${id}`);
  if (!row) throw new DomainError("not_found");
  return toMessage(row);
}

function toMessage({ ticketId, ticketKey, ...message }: Row): Message {
  return { ...message, ticket: ticketId === null ? null : { id: ticketId, key: ticketKey! } } as Message;
}

/** Counting stops here. */
const MOST = 1000;

/** How the organisation's messages stand. @throws DomainError forbidden */
export async function outboxStats(cx: UserCx): Promise<OutboxStats> {
  assertRole(cx, ADMINS);
  const [counts, now] = await Promise.all([
    cx.db.rows<{ state: MessageState; count: number }>(
      sql`select s.state, (select count(*) from (select 1 from jobs j
          where j.tenant_id = ${cx.tenant.id} and j.state = s.state and j.kind = any(${MESSAGE_KINDS}::text[])
          limit ${MOST + 1}) counted) as count
        from unnest(${MESSAGE_STATES}::text[]) s (state)`,
    ),
    // The hour is read from the ids, which carry their time: one that was tried for longer isn't counted.
    cx.db.first<{ oldest: string | null; done: number }>(
      sql`select (select j.created_at from jobs j where j.tenant_id = ${cx.tenant.id} and j.state = 'ready'
            and j.kind = any(${MESSAGE_KINDS}::text[]) order by j.id limit 1) as oldest,
          (select count(*) from jobs j where j.tenant_id = ${cx.tenant.id} and j.state = 'done'
            and j.kind = any(${MESSAGE_KINDS}::text[]) and j.id > (select uuidv7('-2 hours'))
            and j.finished_at > now() - interval '1 hour') as done`,
    ),
  ]);
  const byState = Object.fromEntries(
    counts.map(({ state, count }) => [state, { count: Math.min(count, MOST), capped: count > MOST }]),
  ) as OutboxStats["byState"];
  const done = now?.done ?? 0;
  return {
    byState,
    oldestReadyAt: now?.oldest ?? null,
    doneLastHour: done,
    perMinute: Math.round(done / 6) / 10,
  };
}
