import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { ADMINS, assertRole } from "@/domain/permissions.ts";
import { END, PageOf, readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import type { UserCx } from "@/domain/cx.ts";
import { ENTITIES } from "@/domain/shared/entities.ts";
import type { Page, Person } from "@/domain/shared/types.ts";
import { id, instant, line, optional } from "@/domain/validation.ts";
import { nameOfEntity } from "./names.ts";

type Actor = { id: string } | { email: string };

/** Filters are combined. `actor` is an id or an email address. */
export const ListAudit = PageOf.extend({
  actor: optional(
    line(1, 254).transform((who): Actor =>
      z.regexes.guid.test(who) ? { id: who.toLowerCase() } : { email: who }
    ),
  ),
  entity: optional(z.enum(ENTITIES)),
  entityId: optional(id),
  action: optional(line(1, 100)),
  from: optional(instant),
  to: optional(instant),
});

/** Times are RFC 3339. */
export interface AuditEntry {
  id: string;
  at: string;
  /** Null for the system. */
  actor: Person | null;
  action: string;
  entity: string;
  entityId: string;
  /** The current name, such as a ticket's key; "" if there is none. */
  label: string;
  internal: boolean;
  changes: Record<string, unknown>;
  requestId: string;
  ip: string;
}

interface Row extends Record<string, unknown> {
  id: string;
  at: string;
  actor_id: string | null;
  actor_name: string | null;
  actor_email: string | null;
  action: string;
  entity: string;
  entity_id: string;
  label: string | null;
  internal: boolean;
  changes: Record<string, unknown>;
  request_id: string;
  ip: string;
}

const LIST = "audit";

/** Audit entries, newest first. @throws DomainError forbidden, or invalid for a cursor of another list */
export async function listAudit(cx: UserCx, query: z.output<typeof ListAudit>): Promise<Page<AuditEntry>> {
  assertRole(cx, ADMINS);
  const { limit, cursor, entity = null, entityId = null, action = null, from = null, to = null } = query;
  const before = cursor ? readCursor(cx, LIST, cursor) : END;
  const actorId = query.actor === undefined ? null : await actorOf(cx, query.actor);
  const rows = await cx.db.rows<Row>(sql`select a.id, a.at, a.actor_id, actor.name as actor_name,
      actor.email as actor_email, a.action, a.entity, a.entity_id, a.internal, a.changes, a.request_id, a.ip,
      ${nameOfEntity(cx.tenant)} as label
    from (
      select * from audit_log where tenant_id = ${cx.tenant.id}
        and (at, id) < (${before.at}::timestamptz, ${before.id}::uuid)
        and (${actorId}::uuid is null or actor_id = ${actorId}) and (${entity}::text is null or entity = ${entity})
        and (${entityId}::uuid is null or entity_id = ${entityId})
        and (${action}::text is null or action = ${action})
        and at >= coalesce(${from}::timestamptz, '-infinity') and at < coalesce(${to}::timestamptz, 'infinity')
      order by at desc, id desc limit ${limit + 1}
    ) a
    left join lateral (select u.name, u.email from users u
      where u.tenant_id = a.tenant_id and u.id = a.actor_id limit 1) actor on true
    order by a.at desc, a.id desc`);
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  return {
    items: rows.map(toEntry),
    nextCursor: more && last ? writeCursor(cx, LIST, { at: last.at, id: last.id }) : null,
  };
}

const NOBODY = "00000000-0000-0000-0000-000000000000";

/** An id that nobody has, for an unknown address. */
async function actorOf(cx: UserCx, actor: Actor): Promise<string> {
  if ("id" in actor) return actor.id;
  const row = await cx.db.first<{ id: string }>(
    sql`select id from users where tenant_id = ${cx.tenant.id} and email_key = lower(${actor.email})`,
  );
  return row?.id ?? NOBODY;
}

/** The actions in the log: one index step each, however many rows there are. */
export async function auditActions(cx: UserCx): Promise<string[]> {
  assertRole(cx, ADMINS);
  const rows = await cx.db.rows<{ action: string }>(sql`with recursive known as (
      (select action from audit_log where tenant_id = ${cx.tenant.id} order by action limit 1)
      union all
      select (select a.action from audit_log a where a.tenant_id = ${cx.tenant.id} and a.action > known.action
        order by a.action limit 1) from known where known.action is not null
    ) select action from known where action is not null`);
  return rows.map(({ action }) => action);
}

function toEntry(row: Row): AuditEntry {
  return {
    id: row.id,
    at: row.at,
    actor: row.actor_id === null
      ? null
      : { id: row.actor_id, name: row.actor_name ?? "", email: row.actor_email ?? "" },
    action: row.action,
    entity: row.entity,
    entityId: row.entity_id,
    label: row.label ?? "",
    internal: row.internal,
    changes: row.changes,
    requestId: row.request_id,
    ip: row.ip,
  };
}
