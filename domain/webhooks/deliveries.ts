import { z } from "zod";
import { empty, type Sql, sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { END, PageOf, readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import { DomainError } from "@/domain/errors.ts";
import { record } from "@/domain/record.ts";
import { ticketKey, type TicketType } from "@/domain/tickets/model/formatting.ts";
import type { Page } from "@/domain/shared/types.ts";
import { optional } from "@/domain/validation.ts";
import { IN_STATE, MESSAGE_STATES, type MessageState, STATE_OF_JOB } from "@/domain/messages/states.ts";
import { getEndpoint } from "./endpoints.ts";
import { TEST_TOPIC } from "@/domain/events/topics.ts";

/** A message to an endpoint; its id is the `webhook-id` of every attempt. */
export interface WebhookDelivery {
  id: string;
  topic: string;
  ticket: { id: string; key: string } | null;
  state: MessageState;
  /** Since it was created or redelivered. */
  attempts: number;
  /** The last error, or why it was skipped. */
  note: string | null;
  /** Null without a response. */
  lastStatus: number | null;
  createdAt: string;
  /** Null unless it waits. */
  nextAttemptAt: string | null;
  finishedAt: string | null;
}

export interface DeliveryAttempt {
  id: string;
  at: string;
  url: string;
  status: number | null;
  error: string | null;
  /** The first KiB. */
  answer: string | null;
  durationMs: number;
}

/** A delivery with its body and attempts, newest first. */
export interface DeliveryDetail extends WebhookDelivery {
  /** Null before the first attempt. */
  body: string | null;
  attemptLog: DeliveryAttempt[];
}

export const ListDeliveries = PageOf.extend({ state: optional(z.enum(MESSAGE_STATES)) });

const COLUMNS =
  sql`o.id, o.template as topic, t.id as ticket_id, t.number, t.type, ${STATE_OF_JOB} as state, j.attempts,
  j.last_error as note, last.status as "lastStatus", o.created_at as "createdAt",
  case when j.state = 'ready' then j.run_at end as "nextAttemptAt", j.finished_at as "finishedAt"`;

const FROM = sql`outbox o join jobs j on j.tenant_id = o.tenant_id and j.id = o.id
  left join lateral (select t.id, t.number, t.type from tickets t where t.tenant_id = o.tenant_id
    and t.id = case o.payload ->> 'entity' when 'ticket' then (o.payload ->> 'entityId')::uuid end limit 1) t on true
  left join lateral (select a.status from webhook_attempts a
    where a.tenant_id = o.tenant_id and a.message_id = o.id order by a.id desc limit 1) last on true`;

/** Redelivered messages may have more. */
const MOST_ATTEMPTS = 50;

type Row = Omit<WebhookDelivery, "ticket"> & { ticket_id: string | null; number: number; type: TicketType };

/** Newest first. @throws DomainError forbidden, not_found, or invalid for a cursor of another list */
export async function listDeliveries(
  cx: UserCx,
  { endpointId, limit, cursor, state }: z.output<typeof ListDeliveries> & { endpointId: string },
): Promise<Page<WebhookDelivery>> {
  const list = `webhook-deliveries:${endpointId}:${state ?? ""}`;
  const before = cursor ? readCursor(cx, list, cursor) : END;
  await getEndpoint(cx, endpointId);
  const rows = await cx.db.rows<Row>(
    sql`select ${COLUMNS} from ${FROM}
    where o.tenant_id = ${cx.tenant.id} and o.endpoint_id = ${endpointId} and o.id < ${before.id}::uuid
      ${state ? sql`and ${IN_STATE[state]}` : empty}
    order by o.id desc limit ${limit + 1}`,
  );
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  return {
    items: rows.map(toDelivery),
    nextCursor: more && last ? writeCursor(cx, list, { at: last.createdAt, id: last.id }) : null,
  };
}

export interface DeliveryPath {
  endpointId: string;
  id: string;
}

/** @throws DomainError forbidden, not_found */
export async function getDelivery(cx: UserCx, path: DeliveryPath): Promise<DeliveryDetail> {
  await getEndpoint(cx, path.endpointId);
  return await readDelivery(cx, path);
}

async function readDelivery(cx: UserCx, { endpointId, id }: DeliveryPath): Promise<DeliveryDetail> {
  const named: Sql = sql`o.tenant_id = ${cx.tenant.id} and o.endpoint_id = ${endpointId} and o.id = ${id}`;
  const [row, attemptLog] = await Promise.all([
    cx.db.first<Row & { body: string | null }>(sql`select ${COLUMNS}, o.body from ${FROM} where ${named}`),
    cx.db.rows<DeliveryAttempt & Record<string, unknown>>(
      sql`select a.id, a.at, a.url, a.status, a.error, a.answer, a.duration_ms as "durationMs"
      from webhook_attempts a where a.tenant_id = ${cx.tenant.id} and a.message_id = ${id}
      order by a.id desc limit ${MOST_ATTEMPTS}`,
    ),
  ]);
  if (!row) throw new DomainError("not_found");
  return { ...toDelivery(row), body: row.body, attemptLog };
}

/** The same bytes under the same id. @throws DomainError forbidden, not_found; conflict while sending, or if disabled */
export async function redeliver(cx: UserCx, path: DeliveryPath): Promise<DeliveryDetail> {
  const endpoint = await getEndpoint(cx, path.endpointId);
  const was = await readDelivery(cx, path);
  if (!endpoint.active && was.topic !== TEST_TOPIC) {
    throw new DomainError("conflict", "The endpoint is disabled. Enable it first");
  }
  cx.afterCommit(cx.services.wake);
  const queued = await cx.db.run(
    sql`update jobs set state = 'ready', run_at = now(), attempts = 0, lost = 0, last_error = null, finished_at = null
    where tenant_id = ${cx.tenant.id} and id = ${was.id} and state <> 'running'`,
  );
  if (queued === 0) throw new DomainError("conflict", "The message is being sent right now");
  await record(cx, {
    action: "webhook_endpoint.redelivered",
    entity: "webhook_endpoint",
    entityId: endpoint.id,
    changes: { deliveryId: was.id, topic: was.topic },
    internal: true,
  });
  return await readDelivery(cx, path);
}

/** Sends a test message, also to a disabled endpoint. @throws DomainError forbidden, not_found */
export async function testEndpoint(cx: UserCx, endpointId: string): Promise<DeliveryDetail> {
  const endpoint = await getEndpoint(cx, endpointId);
  const facts = {
    entity: "webhook_endpoint",
    entityId: endpoint.id,
    version: endpoint.version,
    internal: false,
    actorId: cx.actor.id,
    at: cx.now,
    changes: {},
  };
  cx.afterCommit(cx.services.wake);
  const [made] = await Promise.all([
    cx.db.first<{ id: string }>(
      sql`insert into outbox (tenant_id, kind, endpoint_id, recipient, template, order_key, payload)
      values (${cx.tenant.id}, 'webhook', ${endpoint.id}, ${endpoint.url}, ${TEST_TOPIC},
        ${`hook:${endpoint.id}:test`}, ${JSON.stringify(facts)})
      returning id`,
    ),
    record(cx, {
      action: "webhook_endpoint.tested",
      entity: "webhook_endpoint",
      entityId: endpoint.id,
      internal: true,
    }),
  ]);
  return await readDelivery(cx, { endpointId, id: made!.id });
}

function toDelivery({ ticket_id, number, type, ...row }: Row): WebhookDelivery {
  const { id, topic, state, attempts, note, lastStatus, createdAt, nextAttemptAt, finishedAt } = row;
  const ticket = ticket_id === null ? null : { id: ticket_id, key: ticketKey(type, number) };
  return {
    id,
    topic,
    ticket,
    state,
    attempts,
    note,
    lastStatus,
    createdAt,
    nextAttemptAt,
    finishedAt,
  };
}
