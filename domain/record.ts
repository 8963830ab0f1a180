import { sql } from "../db/sql.ts";
import { type AuditContent, auditMac } from "./audit/mac.ts";
import type { Cx } from "./cx.ts";
import { uuid7 } from "./uuid7.ts";

/** The kinds of thing that changes are about. */
export const ENTITIES = [
  "ticket",
  "user",
  "queue",
  "category",
  "tenant",
  "session",
  "invitation",
  "calendar",
  "sla_policy",
  "catalog_item",
  "attachment",
  "canned_reply",
  "macro",
  "view",
  "suppressed_address",
] as const;

export type Entity = typeof ENTITIES[number];

/** What a change leaves behind, whoever made it. */
export interface Change {
  /** `ticket.created`, `user.invited`, …: the audit action and the live event's topic. */
  action: string;
  entity: Entity;
  entityId: string;
  /** The entity's version after the change. */
  version?: number;
  /** Field by field, before and after; or facts of the action. Never a secret. */
  changes?: Record<string, unknown>;
  /** Only staff may know of it. */
  internal?: boolean;
  /** Who may be told live, where the entity is a ticket. */
  audience?: { requesterId: string; assigneeId: string | null; queueId: string | null };
  /** Who did it, where no one is signed in yet. */
  actorId?: string;
}

/**
 * Writes the audit row, signed, and the event of a change, in its transaction: exactly one of each a change.
 *
 * After commit the live readers are woken.
 */
export async function record(cx: Cx, change: Change): Promise<void> {
  const { audience } = change;
  const internal = change.internal ?? false;
  const actorId = cx.actor?.id ?? change.actorId ?? null;
  const changes = JSON.stringify(change.changes ?? {});
  const content: AuditContent = {
    id: uuid7(),
    tenantId: cx.tenant.id,
    // An organisation that is being registered isn't there yet as its transaction begins, and tells no time.
    at: cx.now || new Date().toISOString(),
    actorId,
    action: change.action,
    entity: change.entity,
    entityId: change.entityId,
    internal,
    changes: JSON.parse(changes),
    requestId: cx.requestId,
    ip: cx.ip,
  };
  await cx.db.run(sql`
    with audit as (
      insert into audit_log (tenant_id, id, at, actor_id, action, entity, entity_id, internal, changes, request_id, ip,
        mac)
      values (${cx.tenant.id}, ${content.id}, ${content.at}, ${actorId}, ${change.action}, ${change.entity},
        ${change.entityId}, ${internal}, ${changes}, ${cx.requestId}, ${cx.ip}, ${
    auditMac(cx.services, content)
  }))
    insert into events (tenant_id, topic, entity, entity_id, version, internal, requester_id, assignee_id, queue_id)
    values (${cx.tenant.id}, ${change.action}, ${change.entity}, ${change.entityId}, ${
    change.version ?? null
  },
      ${internal}, ${audience?.requesterId ?? null}, ${audience?.assigneeId ?? null}, ${
    audience?.queueId ?? null
  })`);
  wakeReaders(cx);
}

/** Transactions whose end wakes the live readers already. */
const waking = new WeakSet<Cx["db"]>();

function wakeReaders(cx: Cx): void {
  if (waking.has(cx.db)) return;
  waking.add(cx.db);
  cx.afterCommit(() => cx.services.bus.publish("events", cx.tenant.id));
}
