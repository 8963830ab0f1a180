import { sql } from "@/db/sql.ts";
import type { Cx, Role } from "@/domain/cx.ts";
import { isStaff } from "@/domain/permissions.ts";

export interface RolesOf {
  /** Whether a person was staff at a time, in epoch milliseconds; it counts as such whatever they are now. */
  isStaff(userId: string, at: number): boolean;
}

interface RoleRow extends Record<string, unknown> {
  id: string;
  role: Role;
  /** Each change of it, in order, by what it was before. */
  earlier: [at: string, from: Role][] | null;
}

/** What people are, and were before by the audit log. */
export async function readRoles(cx: Cx, userIds: readonly string[]): Promise<RolesOf> {
  const ids = [...new Set(userIds)];
  const rows = ids.length === 0 ? [] : await cx.db.rows<RoleRow>(sql`select u.id, u.role,
      (select json_agg(json_build_array(a.at, a.changes #>> '{role,from}') order by a.id) from audit_log a
        where a.tenant_id = ${cx.tenant.id} and a.entity_id = u.id and a.entity = 'user'
          and a.changes #> '{role,from}' is not null) as earlier
    from users u where u.tenant_id = ${cx.tenant.id} and u.id = any(${ids}::uuid[])`);
  const people = new Map(rows.map(({ id, role, earlier }) => {
    const changes = (earlier ?? []).map(([at, from]) => ({ at: Date.parse(at), from }));
    return [id, { role, changes }];
  }));
  return {
    isStaff(userId, at) {
      const person = people.get(userId);
      if (!person) return false;
      return isStaff(person.changes.find((change) => change.at > at)?.from ?? person.role);
    },
  };
}
