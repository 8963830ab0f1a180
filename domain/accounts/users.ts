import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { ADMINS, assertRole } from "@/domain/permissions.ts";
import { PageOf, readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import type { Role, UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { line, optional } from "@/domain/validation.ts";

/** Times are RFC 3339. */
export interface UserView {
  id: string;
  email: string;
  name: string;
  role: Role;
  active: boolean;
  emailVerified: boolean;
  locale: string;
  timeZone: string;
  queues: { id: string; name: string }[];
  /** Null if they never signed in, or long ago. */
  lastSeenAt: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
}

const COLUMNS = sql`u.id, u.email, u.name, u.role, u.deactivated_at is null as active,
  u.email_verified_at is not null as "emailVerified", u.locale, u.time_zone as "timeZone",
  coalesce((
    select json_agg(json_build_object('id', q.id, 'name', q.name) order by q.name_key)
    from queue_members m join queues q on q.tenant_id = m.tenant_id and q.id = m.queue_id
    where m.tenant_id = u.tenant_id and m.user_id = u.id and q.archived_at is null), '[]') as queues,
  (select max(s.last_seen_at) from sessions s where s.tenant_id = u.tenant_id and s.user_id = u.id) as "lastSeenAt",
  u.version, u.created_at as "createdAt", u.updated_at as "updatedAt"`;

const ORDER = "users:name";
const START = { at: "", id: "00000000-0000-0000-0000-000000000000" };

export const ListUsers = PageOf.extend({
  q: optional(line(0, 100)),
  role: optional(z.enum(["REQUESTER", "AGENT", "MANAGER", "ADMIN"])),
  active: optional(z.enum(["true", "false"])),
});

/** Users by name; `q` matches the beginning of a word of the name, or of the address. */
export async function listUsers(
  cx: UserCx,
  query: z.output<typeof ListUsers>,
): Promise<{ items: UserView[]; nextCursor: string | null }> {
  assertRole(cx, ADMINS);
  const { limit, cursor, role } = query;
  const after = cursor ? readCursor(cx, ORDER, cursor) : START;
  const q = query.q?.toLowerCase() || null;
  const active = query.active === undefined ? null : query.active === "true";
  const rows = await cx.db.rows<UserView & { nameKey: string }>(sql`
    select ${COLUMNS}, u.name_key as "nameKey" from users u
    where u.tenant_id = ${cx.tenant.id} and (u.name_key, u.id) > (${after.at}, ${after.id}::uuid)
      and (${q}::text is null or starts_with(u.email_key, ${q})
        or position(' ' || ${q}::text in ' ' || u.name_key) > 0)
      and (${role ?? null}::text is null or u.role = ${role ?? null})
      and (${active}::boolean is null or (u.deactivated_at is null) = ${active})
    order by u.name_key, u.id limit ${limit + 1}`);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ nameKey: _, ...user }) => user),
    nextCursor: rows.length > limit && last
      ? writeCursor(cx, ORDER, { at: last.nameKey, id: last.id })
      : null,
  };
}

/** @throws DomainError not_found */
export async function readUser(cx: UserCx, id: string): Promise<UserView> {
  assertRole(cx, ADMINS);
  const user = await cx.db.first<UserView & Record<string, unknown>>(
    sql`select ${COLUMNS} from users u where u.tenant_id = ${cx.tenant.id} and u.id = ${id}`,
  );
  if (!user) throw new DomainError("not_found");
  return user;
}
