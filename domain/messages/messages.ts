import { z } from "zod";
import { empty, join, sql } from "@/db/sql.ts";
import { ADMINS, assertRole } from "@/domain/permissions.ts";
import { END, PageOf, readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { KEY_PREFIX } from "@/domain/tickets/model/formatting.ts";
import type { Count, Page } from "@/domain/shared/types.ts";
import { optional } from "@/domain/validation.ts";
import { IN_STATE, MESSAGE_STATES, type MessageState, STATE_OF_JOB } from "./states.ts";

/** What the mail provider said of a message, the worst last. */
export const DELIVERIES = ["sent", "delayed", "delivered", "failed", "bounced", "complained"] as const;
export type Delivery = (typeof DELIVERIES)[number];
/** Mails and webhooks that are sent, and mails that came and are taken in. */
export const MESSAGE_KINDS = ["email", "webhook", "inbound"] as const;

/** Which messages to list; all without a filter. */
export const ListMessages = PageOf.extend({
  state: optional(z.enum(MESSAGE_STATES)),
  kind: optional(z.enum(MESSAGE_KINDS)),
});

/**
 * A message as an admin sees it: whereto and what about, never what it says. Times are RFC 3339.
 */
export interface OutboxMessage {
  id: string;
  kind: (typeof MESSAGE_KINDS)[number];
  /** An address, of ours where it came; of a webhook its URL. */
  recipient: string;
  /** Who wrote a mail that came. */
  sender: string | null;
  /** What it is, as `ticket_assigned` or `invitation`; `received` for a mail that came. */
  template: string;
  ticket: { id: string; key: string } | null;
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
  delivery: Delivery | null;
  deliveryAt: string | null;
}

/** How many messages are in each state, and how fast they are sent. */
export interface MessageStats {
  byState: Record<MessageState, Count>;
  /** When the oldest message that waits was created. */
  oldestWaitingAt: string | null;
  /** Messages that were sent or skipped in the last hour, of those created in the last two. */
  doneLastHour: number;
  /** The same a minute. */
  perMinute: number;
}

interface Row extends Omit<OutboxMessage, "ticket"> {
  [column: string]: unknown;
  ticketId: string | null;
  ticketKey: string | null;
}

const LIST = "outbox";

/** The columns of a message, of job `j`. */
const COLUMNS = sql`j.id, j.kind, coalesce(o.recipient, i.recipient, '') as recipient, i.sender,
  coalesce(o.template, 'received') as template, ${STATE_OF_JOB} as state, j.attempts, j.max_attempts as "maxAttempts",
  coalesce(j.last_error, i.reason) as note, case when j.state = 'ready' then j.run_at end as "nextTryAt",
  j.created_at as "createdAt", j.finished_at as "finishedAt", o.delivery, o.delivery_at as "deliveryAt",
  ticket.id as "ticketId", ticket.key as "ticketKey"`;

/**
 * What job `j` is about: a message that is sent or one that came in, and the ticket as it is called now. No `coalesce` in
 * the ticket's condition: under row security PostgreSQL takes it for a leak and reads every ticket instead.
 */
const ABOUT = sql`left join outbox o on o.tenant_id = j.tenant_id and o.id = j.id
  left join inbound_mails i on i.tenant_id = j.tenant_id and i.id = j.id
  left join lateral (select t.id, case t.type when 'incident' then ${KEY_PREFIX.incident}::text
      else ${KEY_PREFIX.service_request}::text end || t.number as key from tickets t
    where t.tenant_id = j.tenant_id and t.id = case
      when i.ticket_id is not null then i.ticket_id
      when o.payload ->> 'entity' = 'ticket' then (o.payload ->> 'entityId')::uuid
      else (o.payload ->> 'ticketId')::uuid end limit 1) ticket on true`;

/**
 * The organisation's messages, latest first.
 *
 * @throws DomainError forbidden, or invalid for a cursor of another list
 */
export async function listMessages(
  cx: UserCx,
  query: z.output<typeof ListMessages>,
): Promise<Page<OutboxMessage>> {
  assertRole(cx, ADMINS);
  const { limit, cursor, state, kind } = query;
  const list = `${LIST}:${state ?? ""}:${kind ?? ""}`;
  const before = cursor ? readCursor(cx, list, cursor) : END;
  const kinds = kind ? [kind] : MESSAGE_KINDS;
  const rows = await cx.db.rows<Row>(sql`select ${COLUMNS} from (
      select * from jobs j where j.tenant_id = ${cx.tenant.id} and j.id < ${before.id} and j.kind = any(${kinds}::text[])
        ${state ? sql`and ${IN_STATE[state]}` : empty}
      order by j.id desc limit ${limit + 1}
    ) j ${ABOUT} order by j.id desc`);
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  return {
    items: rows.map(toMessage),
    nextCursor: more && last ? writeCursor(cx, list, { at: last.createdAt, id: last.id }) : null,
  };
}

/** A message by its id. @throws DomainError not_found, or forbidden */
export async function getMessage(cx: UserCx, id: string): Promise<OutboxMessage> {
  assertRole(cx, ADMINS);
  const row = await cx.db.first<Row>(sql`select ${COLUMNS} from jobs j ${ABOUT}
    where j.tenant_id = ${cx.tenant.id} and j.id = ${id} and j.kind = any(${MESSAGE_KINDS}::text[])`);
  if (!row) throw new DomainError("not_found");
  return toMessage(row);
}

function toMessage({ ticketId, ticketKey, ...message }: Row): OutboxMessage {
  return {
    ...message,
    ticket: ticketId === null ? null : { id: ticketId, key: ticketKey! },
  } as OutboxMessage;
}

/** Counting stops here. */
const MOST = 1000;

/** How the organisation's messages stand. @throws DomainError forbidden */
export async function messageStats(cx: UserCx): Promise<MessageStats> {
  assertRole(cx, ADMINS);
  const [counts, now] = await Promise.all([
    cx.db.rows<{ state: MessageState; count: number }>(
      join(
        MESSAGE_STATES.map((state) =>
          sql`select ${state}::text as state, (select count(*) from (select 1 from jobs j
            where j.tenant_id = ${cx.tenant.id} and ${
            IN_STATE[state]
          } and j.kind = any(${MESSAGE_KINDS}::text[])
            limit ${MOST + 1}) counted) as count`
        ),
        " union all ",
      ),
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
  ) as MessageStats["byState"];
  const done = now?.done ?? 0;
  return {
    byState,
    oldestWaitingAt: now?.oldest ?? null,
    doneLastHour: done,
    perMinute: Math.round(done / 6) / 10,
  };
}
