import { empty, type Sql, sql } from "@/db/sql.ts";
import { type AuditContent, auditMac } from "./audit/mac.ts";
import { noteConfigChange } from "./config_cache.ts";
import type { Cx } from "./cx.ts";
import type { Entity } from "./shared/entities.ts";
import { uuid7 } from "./shared/uuid7.ts";
import { isOffered } from "./events/topics.ts";

export interface Change {
  /** `ticket.created`, `user.invited`, …: the audit action and the event's topic. */
  action: string;
  entity: Entity;
  entityId: string;
  version?: number;
  /** By field, `{ from, to }`; or facts of the action. Never a secret. */
  changes?: Record<string, unknown>;
  /** For staff only. */
  internal?: boolean;
  /** Who may receive the event of a ticket. */
  audience?: { requesterId: string; assigneeId: string | null; queueId: string | null };
  /** Where no one is signed in yet. */
  actorId?: string;
}

/** Audit row, event and webhook messages in one statement. Wakes live readers and workers after the commit. */
export async function record(cx: Cx, change: Change): Promise<void> {
  const { audience } = change;
  noteConfigChange(cx, change.entity);
  const changes = JSON.stringify(change.changes ?? {});
  const content: AuditContent = {
    id: uuid7(),
    tenantId: cx.tenant.id,
    // The database tells no time before a new organisation exists.
    at: cx.now || new Date().toISOString(),
    actorId: cx.actor?.id ?? change.actorId ?? null,
    action: change.action,
    entity: change.entity,
    entityId: change.entityId,
    internal: change.internal ?? false,
    changes: JSON.parse(changes),
    requestId: cx.requestId,
    ip: cx.ip,
  };
  const offered = isOffered(change.action);
  const made = await cx.db.run(sql`
    with change as (
      select ${cx.tenant.id}::uuid as tenant_id, ${content.at}::timestamptz as at, ${content.actorId}::uuid as actor_id,
        ${change.action}::text as action, ${change.entity}::text as entity, ${change.entityId}::uuid as entity_id,
        ${change.version ?? null}::integer as version, ${content.internal}::boolean as internal,
        ${changes}::jsonb as changes, ${content.id}::uuid as audit_id
    ), audit as (
      insert into audit_log (tenant_id, id, at, actor_id, action, entity, entity_id, internal, changes, request_id, ip,
        mac)
      select tenant_id, audit_id, at, actor_id, action, entity, entity_id, internal, changes, ${cx.requestId},
        ${cx.ip}, ${auditMac(cx.services, content)} from change
    ), event as (
      insert into events (tenant_id, topic, entity, entity_id, version, internal, requester_id, assignee_id, queue_id)
      select tenant_id, action, entity, entity_id, version, internal, ${audience?.requesterId ?? null}::uuid,
        ${audience?.assigneeId ?? null}::uuid, ${audience?.queueId ?? null}::uuid from change
    )
    ${change.entity === "ticket" ? touched(content.internal) : empty}
    ${offered ? MESSAGES : NO_MESSAGES}`);
  wakeReaders(cx);
  if (offered && made > 0) cx.afterCommit(() => cx.services.wake("webhook"));
}

/**
 * Everything that is recorded of a ticket changes it, for whoever follows changes: what is internal for staff alone. Most
 * use cases have changed the row itself by now, and nothing is left to write.
 */
function touched(internal: boolean): Sql {
  return internal
    ? sql`, touched as (
      update tickets t set changed_at = stamp.at
      from (select c.tenant_id, c.entity_id, change_time(c.tenant_id) as at from change c) stamp
      where t.tenant_id = stamp.tenant_id and t.id = stamp.entity_id and t.changed_at <> stamp.at
    )`
    : sql`, touched as (
      update tickets t set changed_at = stamp.at, public_changed_at = stamp.at
      from (select c.tenant_id, c.entity_id, change_time(c.tenant_id) as at from change c) stamp
      where t.tenant_id = stamp.tenant_id and t.id = stamp.entity_id and t.public_changed_at <> stamp.at
    )`;
}

/** The messages about one thing reach an endpoint in their order. */
const MESSAGES =
  sql`insert into outbox (tenant_id, kind, endpoint_id, recipient, template, order_key, payload)
  select c.tenant_id, 'webhook', w.id, w.url, c.action, 'hook:' || w.id || ':' || c.entity_id,
    jsonb_build_object('entity', c.entity, 'entityId', c.entity_id, 'version', c.version, 'internal', c.internal,
      'actorId', c.actor_id, 'at', c.at, 'auditId', c.audit_id, 'changes', c.changes)
  from change c join webhook_endpoints w on w.tenant_id = c.tenant_id
  where w.deleted_at is null and w.disabled_at is null and (w.include_internal or not c.internal)
    and (w.topics is null or c.action = any(w.topics))`;
const NO_MESSAGES = sql`select 1 from change where false`;

/** Transactions that will wake the readers already. */
const waking = new WeakSet<Cx["db"]>();

function wakeReaders(cx: Cx): void {
  if (waking.has(cx.db)) return;
  waking.add(cx.db);
  cx.afterCommit(() => cx.services.bus.publish("events", cx.tenant.id));
}
