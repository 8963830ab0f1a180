import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { ADMINS, assertRole, isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { editVersioned, type FieldChanges } from "@/domain/edit_versioned.ts";
import { formBoolean, optional } from "@/domain/validation.ts";
import { revokeResets } from "@/domain/auth/password_reset.ts";
import { endSessionsOf } from "@/domain/auth/sessions.ts";
import { readUser, type UserView } from "./users.ts";

export const ChangeUser = z.object({
  role: optional(z.enum(["REQUESTER", "AGENT", "MANAGER", "ADMIN"])),
  active: optional(formBoolean),
});

/**
 * A new role applies from their next request, deactivation ends their sessions at once. An admin's open invitations
 * end with their being one. @throws DomainError forbidden; not_found; stale_version; conflict for the last active admin
 */
export async function changeUser(
  cx: UserCx,
  input: z.output<typeof ChangeUser> & { id: string; version: number },
): Promise<UserView> {
  assertRole(cx, ADMINS);
  const { id } = input;
  const admins = await lockAdmins(cx, id);
  if (!admins.includes(cx.actor.id)) throw new DomainError("forbidden");
  return await editVersioned(cx, {
    action: ({ active }) => active === undefined ? "user.role_changed" : actionOf(active),
    entity: "user",
    read: () => readUser(cx, id),
    version: input.version,
    fields: ({ role, active }) => ({ role, active }),
    input,
    check: ({ next }) => {
      if (isAdmin(next) || admins.length > 1 || admins[0] !== id) return;
      throw new DomainError("conflict", "This is the last active administrator. Appoint another one first");
    },
    table: "users",
    set: ({ role, active }) =>
      sql`role = ${role}, deactivated_at = case when not ${active}::boolean then coalesce(deactivated_at, now()) end`,
    after: ({ next }) =>
      Promise.all([
        ...(next.active ? [] : [endSessionsOf(cx, id), revokeResets(cx, id)]),
        ...(isAdmin(next) ? [] : [revokeInvitationsOf(cx, id)]),
        ...(isStaff(next.role) && next.active ? [] : [leaveQueues(cx, id)]),
      ]),
  });
}

function isAdmin({ role, active }: Pick<UserView, "role" | "active">): boolean {
  return role === "ADMIN" && active;
}

function actionOf(active: FieldChanges[string]): string {
  return active !== true && active.to === true ? "user.reactivated" : "user.deactivated";
}

/** In the order of ids, so that two admins who demote each other take turns. @returns the ids of the active admins */
async function lockAdmins(cx: UserCx, id: string): Promise<string[]> {
  const rows = await cx.db.rows<{ id: string; admin: boolean }>(sql`
    select id, role = 'ADMIN' and deactivated_at is null as admin from users
    where tenant_id = ${cx.tenant.id} and (role = 'ADMIN' and deactivated_at is null or id = ${id})
    order by id for no key update`);
  return rows.filter(({ admin }) => admin).map((row) => row.id);
}

async function revokeInvitationsOf(cx: UserCx, userId: string): Promise<void> {
  await cx.db.run(sql`update invitations set revoked_at = now() where tenant_id = ${cx.tenant.id}
    and invited_by = ${userId} and accepted_at is null and revoked_at is null`);
}

async function leaveQueues(cx: UserCx, userId: string): Promise<void> {
  await cx.db.run(sql`delete from queue_members where tenant_id = ${cx.tenant.id} and user_id = ${userId}`);
}
