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

/** `saved`: no transport was set up, it became a file. The others are the provider's reports, the worst last. */
export const DELIVERIES = [
  "saved",
  "sent",
  "delayed",
  "delivered",
  "failed",
  "bounced",
  "complained",
] as const;
export type Delivery = (typeof DELIVERIES)[number];
export const MESSAGE_KINDS = ["email", "webhook", "inbound"] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

export const ListMessages = PageOf.extend({
  state: optional(z.enum(MESSAGE_STATES)),
  kind: optional(z.enum(MESSAGE_KINDS)),
});

/** A message as admins see it, without its content. Times are RFC 3339. */
export interface OutboxMessage {
  id: string;
  kind: MessageKind;
  /** An address, or the URL of a webhook. */
  recipient: string;
  /** Of a received email. */
  sender: string | null;
  /** Such as `ticket_assigned`; `received` for a received email. */
  template: string;
  ticket: { id: string; key: string } | null;
  state: MessageState;
  attempts: number;
  maxAttempts: number;
  /** The latest error, or why it was skipped. */
  note: string | null;
  /** Null unless it waits. */
  nextTryAt: string | null;
  createdAt: string;
  finishedAt: string | null;
  /** Null without a transport's or provider's report. */
  delivery: Delivery | null;
  deliveryAt: string | null;
}

export interface MessageStats {
  byState: Record<MessageState, Count>;
  oldestWaitingAt: string | null;
  /** Of messages created in the last two hours. */
  doneLastHour: number;
  perMinute: number;
}

interface Row extends Omit<OutboxMessage, "ticket"> {
  [column: string]: unknown;
  ticketId: string | null;
  ticketKey: string | null;
}

const LIST = "outbox";

/** Until emails kept what became of them, nothing was written down; where none are sent, those were files as well. */
const deliveryIn = ({ services }: UserCx) =>
  services.mail.delivers ? sql`o.delivery` : sql`case when ${IN_STATE.sent} and j.kind = 'email'
    and o.provider_id is null then coalesce(o.delivery, 'saved') else o.delivery end`;

const columnsFor = (cx: UserCx) =>
  sql`j.id, j.kind, coalesce(o.recipient, i.recipient, '') as recipient, i.sender,
  coalesce(o.template, 'received') as template, ${STATE_OF_JOB} as state, j.attempts, j.max_attempts as "maxAttempts",
  coalesce(j.last_error, i.reason) as note, case when j.state = 'ready' then j.run_at end as "nextTryAt",
  j.created_at as "createdAt", j.finished_at as "finishedAt", ${
    deliveryIn(cx)
  } as delivery, o.delivery_at as "deliveryAt",
  ticket.id as "ticketId", ticket.key as "ticketKey"`;

/** Row security treats `coalesce` as leaky: with it in the condition every ticket would be read. */
const ABOUT = sql`left join outbox o on o.tenant_id = j.tenant_id and o.id = j.id
  left join inbound_mails i on i.tenant_id = j.tenant_id and i.id = j.id
  left join lateral (select t.id, case t.type when 'incident' then ${KEY_PREFIX.incident}::text
      else ${KEY_PREFIX.service_request}::text end || t.number as key from tickets t
    where t.tenant_id = j.tenant_id and t.id = case
      when i.ticket_id is not null then i.ticket_id
      when o.payload ->> 'entity' = 'ticket' then (o.payload ->> 'entityId')::uuid
      else (o.payload ->> 'ticketId')::uuid end limit 1) ticket on true`;

/** Messages, newest first. @throws DomainError forbidden, or invalid for a cursor of another list */
export async function listMessages(
  cx: UserCx,
  query: z.output<typeof ListMessages>,
): Promise<Page<OutboxMessage>> {
  assertRole(cx, ADMINS);
  const { limit, cursor, state, kind } = query;
  const list = `${LIST}:${state ?? ""}:${kind ?? ""}`;
  const before = cursor ? readCursor(cx, list, cursor) : END;
  const kinds = kind ? [kind] : MESSAGE_KINDS;
  const rows = await cx.db.rows<Row>(sql`select ${columnsFor(cx)} from (
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

/** @throws DomainError not_found, or forbidden */
export async function getMessage(cx: UserCx, id: string): Promise<OutboxMessage> {
  assertRole(cx, ADMINS);
  const row = await cx.db.first<Row>(sql`select ${columnsFor(cx)} from jobs j ${ABOUT}
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

const MOST = 1000;

/** @throws DomainError forbidden */
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
    // Ids carry the creation time, so the index is used.
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
