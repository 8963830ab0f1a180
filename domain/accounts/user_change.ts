import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { ADMINS, assertRole, isStaff } from "@/domain/permissions.ts";
import type { Role, UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { fieldChanges } from "@/domain/edit_versioned.ts";
import { record } from "@/domain/record.ts";
import { formBoolean, optional } from "@/domain/validation.ts";
import { revokeResets } from "@/domain/auth/password_reset.ts";
import { endSessionsOf } from "@/domain/auth/sessions.ts";
import { readUser, type UserView } from "./users.ts";

/** What an admin changes of a user; forms send `true` and `false` as text. */
export const ChangeUser = z.object({
  role: optional(z.enum(["REQUESTER", "AGENT", "MANAGER", "ADMIN"])),
  active: optional(formBoolean),
});

/**
 * Changes a user's role, deactivates or reactivates them. A new role holds from their next request; deactivation ends
 * their sessions at once. Nobody's open invitations outlive their being an admin.
 *
 * @param input the change, the user, and the version it is based on
 * @returns the user after it; unchanged, with the same version, when nothing differs
 * @throws DomainError not_found, stale_version with the user as they are, conflict for the last active admin
 */
export async function changeUser(
  cx: UserCx,
  input: z.output<typeof ChangeUser> & { id: string; version: number },
): Promise<UserView> {
  assertRole(cx, ADMINS);
  const { id } = input;
  const admins = await lockAdmins(cx, id);
  if (!admins.includes(cx.actor.id)) throw new DomainError("forbidden");
  const before = await readUser(cx, id);
  const role = input.role ?? before.role;
  const active = input.active ?? before.active;
  if (before.version !== input.version) {
    throw new DomainError("stale_version", undefined, { current: before });
  }
  if (role === before.role && active === before.active) return before;
  const remains = role === "ADMIN" && active;
  if (!remains && admins.length === 1 && admins[0] === id) {
    throw new DomainError("conflict", "This is the last active administrator: name another one first");
  }
  const version = before.version + 1;
  await save(cx, { id, role, active });
  await Promise.all([
    ...(active ? [] : [endSessionsOf(cx, id), revokeResets(cx, id)]),
    ...(remains ? [] : [revokeInvitationsOf(cx, id)]),
    ...(isStaff(role) ? [] : [leaveQueues(cx, id)]),
    record(cx, {
      action: actionOf(before, { role, active }),
      entity: "user",
      entityId: id,
      version,
      changes: fieldChanges({ role: before.role, active: before.active }, { role, active }),
    }),
  ]);
  return await readUser(cx, id);
}

/**
 * Locks all admins and the person who is to change, always in one order: of two who demote each other the second sees
 * what the first did.
 *
 * @returns the ids of the admins
 */
async function lockAdmins(cx: UserCx, id: string): Promise<string[]> {
  const rows = await cx.db.rows<{ id: string; admin: boolean }>(sql`
    select id, role = 'ADMIN' and deactivated_at is null as admin from users
    where tenant_id = ${cx.tenant.id} and (role = 'ADMIN' and deactivated_at is null or id = ${id})
    order by id for no key update`);
  return rows.filter(({ admin }) => admin).map((row) => row.id);
}

async function save(
  cx: UserCx,
  { id, role, active }: { id: string; role: Role; active: boolean },
): Promise<void> {
  await cx.db.run(sql`
    update users set role = ${role}, version = version + 1, updated_at = now(),
      deactivated_at = case when ${active} then null else coalesce(deactivated_at, now()) end
    where tenant_id = ${cx.tenant.id} and id = ${id}`);
}

function actionOf(before: UserView, after: { role: Role; active: boolean }): string {
  if (before.active !== after.active) return after.active ? "user.reactivated" : "user.deactivated";
  return "user.role_changed";
}

async function revokeInvitationsOf(cx: UserCx, userId: string): Promise<void> {
  await cx.db.run(sql`update invitations set revoked_at = now() where tenant_id = ${cx.tenant.id}
    and invited_by = ${userId} and accepted_at is null and revoked_at is null`);
}

async function leaveQueues(cx: UserCx, userId: string): Promise<void> {
  await cx.db.run(sql`delete from queue_members where tenant_id = ${cx.tenant.id} and user_id = ${userId}`);
}
