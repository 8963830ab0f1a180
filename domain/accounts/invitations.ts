import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { ADMINS, assertRole } from "@/domain/permissions.ts";
import { END, PageOf, readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import type { Role, UserCx } from "@/domain/cx.ts";
import { DomainError, invalidField, unknownId } from "@/domain/errors.ts";
import { enqueueMail } from "@/domain/messages/enqueue.ts";
import { inOrder } from "@/domain/shared/in_order.ts";
import { record } from "@/domain/record.ts";
import { id, optional } from "@/domain/validation.ts";
import { assertAddressProved } from "@/domain/profile/proved_address.ts";
import { Email, Name } from "@/domain/shared/account_fields.ts";
import { invitationUrl } from "@/domain/shared/links.ts";

export const InviteUser = z.object({
  email: Email,
  name: optional(Name),
  role: z.enum(["REQUESTER", "AGENT", "MANAGER", "ADMIN"]),
  queueIds: z.preprocess(
    (value) => typeof value === "string" ? [value].filter(Boolean) : value,
    z.array(id).max(50, "Select at most 50 queues").default([]),
  ),
});

/** Per address. */
const MOST_AN_HOUR = 3;

/** `acceptUrl` is only in the response that creates it, and only if no emails are sent. */
export interface InvitationView {
  id: string;
  email: string;
  name: string;
  role: Role;
  queueIds: string[];
  invitedBy: { id: string; name: string };
  state: "pending" | "accepted" | "revoked" | "expired";
  createdAt: string;
  expiresAt: string;
  acceptUrl?: string;
}

const COLUMNS = sql`i.id, i.email, i.name, i.role, i.queue_ids as "queueIds",
  json_build_object('id', i.invited_by, 'name', b.name) as "invitedBy", i.created_at as "createdAt",
  i.expires_at as "expiresAt",
  case when i.accepted_at is not null then 'accepted' when i.revoked_at is not null then 'revoked'
    when i.expires_at <= now() then 'expired' else 'pending' end as state`;

/** For 72 hours; revokes the address's earlier one. @throws DomainError forbidden; invalid for a member; rate_limited */
export async function inviteUser(cx: UserCx, input: z.output<typeof InviteUser>): Promise<InvitationView> {
  assertRole(cx, ADMINS);
  const { email, role } = input;
  const queueIds = [...new Set(input.queueIds)];
  if (role === "REQUESTER" && queueIds.length > 0) {
    throw invalidField("queueIds", "not_staff", "Requesters can't be members of queues");
  }
  await assertAddressProved(cx);
  await lockAddress(cx, email);
  await cx.db.run(sql`update invitations set revoked_at = now()
    where tenant_id = ${cx.tenant.id} and email_key = lower(${email}) and accepted_at is null and revoked_at is null`);
  await assertInvitable(cx, email, queueIds);
  const invitation = await cx.db.first<InvitationView & Record<string, unknown>>(sql`
    with i as (
      insert into invitations (tenant_id, email, name, role, queue_ids, invited_by, mailed, expires_at)
      values (${cx.tenant.id}, ${email}, ${input.name ?? ""}, ${role}, ${queueIds}::uuid[], ${cx.actor.id},
        ${cx.services.mail.delivers}, now() + interval '72 hours')
      returning *
    )
    select ${COLUMNS} from i join users b on b.tenant_id = i.tenant_id and b.id = i.invited_by`);
  const { id: invitationId } = invitation!;
  await Promise.all([
    enqueueMail(cx, { to: email, template: "invitation", payload: { invitationId } }),
    record(cx, {
      action: "user.invited",
      entity: "invitation",
      entityId: invitationId,
      changes: { email, role, queueIds },
    }),
  ]);
  return withAcceptUrl(cx, invitation!);
}

/** Adds the link where no emails are sent; it is derived, never stored. */
export function withAcceptUrl(cx: UserCx, invitation: InvitationView): InvitationView {
  if (cx.services.mail.delivers) return invitation;
  const row = { tenantId: cx.tenant.id, id: invitation.id };
  return { ...invitation, acceptUrl: invitationUrl(cx.services, row) };
}

/** The namespace of advisory locks on addresses. */
const ADDRESSES = 0x5e41;

/** Keeps the inviter an admin meanwhile: a demotion revokes their invitations. @throws DomainError forbidden */
async function lockAddress(cx: UserCx, email: string): Promise<void> {
  const [inviter] = await inOrder(cx.db, [
    () =>
      cx.db.first(sql`select id from users where tenant_id = ${cx.tenant.id} and id = ${cx.actor.id}
      and role = 'ADMIN' and deactivated_at is null for share`),
    () =>
      cx.db.run(sql`select pg_advisory_xact_lock(${ADDRESSES},
      hashtext(${cx.tenant.id}::text || lower(${email}::text)))`),
  ]);
  if (!inviter) throw new DomainError("forbidden");
}

interface Member extends Record<string, unknown> {
  name: string;
  role: Role;
  active: boolean;
}

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  REQUESTER: "a requester",
  AGENT: "an agent",
  MANAGER: "a manager",
  ADMIN: "an administrator",
};

/** What an admin can do instead; who only wrote emails has an account too. */
function whatToDo({ name, role, active }: Member): string {
  return active
    ? `${name} is already ${
      ROLE_WORDS[role]
    }. Change the role under People. “Forgot password” lets them sign in`
    : `${name} is deactivated. Reactivate them under People, and set their role there`;
}

async function assertInvitable(cx: UserCx, email: string, queueIds: string[]): Promise<void> {
  const [member, queues, recent] = await Promise.all([
    cx.db.first<Member>(sql`select name, role, deactivated_at is null as active from users
      where tenant_id = ${cx.tenant.id} and email_key = lower(${email})`),
    cx.db.first<{ total: number }>(sql`select count(*) as total from queues
      where tenant_id = ${cx.tenant.id} and id = any(${queueIds}::uuid[]) and archived_at is null`),
    cx.db.first<{ total: number }>(sql`select count(*) as total from invitations
      where tenant_id = ${cx.tenant.id} and email_key = lower(${email}) and created_at > now() - interval '1 hour'`),
  ]);
  if (member) throw invalidField("email", "taken", whatToDo(member));
  if (queues?.total !== queueIds.length) throw unknownId("queueIds");
  if (recent && recent.total >= MOST_AN_HOUR) {
    throw new DomainError("rate_limited", "This address was invited three times within an hour", {
      retryAfter: 3600,
    });
  }
}

export const ListInvitations = PageOf.extend({
  state: optional(z.enum(["pending", "accepted", "revoked", "expired"])),
});

const ORDER = "invitations:-created";

/** Newest first. */
export async function listInvitations(
  cx: UserCx,
  { limit, cursor, state }: z.output<typeof ListInvitations>,
): Promise<{ items: InvitationView[]; nextCursor: string | null }> {
  assertRole(cx, ADMINS);
  const before = cursor ? readCursor(cx, ORDER, cursor) : END;
  const rows = await cx.db.rows<InvitationView & Record<string, unknown>>(sql`
    select * from (
      select ${COLUMNS} from invitations i join users b on b.tenant_id = i.tenant_id and b.id = i.invited_by
      where i.tenant_id = ${cx.tenant.id} and (i.created_at, i.id) < (${before.at}::timestamptz, ${before.id}::uuid)
    ) i
    where ${state ?? null}::text is null or i.state = ${state ?? null}
    order by i."createdAt" desc, i.id desc limit ${limit + 1}`);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last;
  return { items, nextCursor: more ? writeCursor(cx, ORDER, { at: last.createdAt, id: last.id }) : null };
}

/** @throws DomainError not_found */
export async function getInvitation(cx: UserCx, invitationId: string): Promise<InvitationView> {
  assertRole(cx, ADMINS);
  const invitation = await cx.db.first<InvitationView & Record<string, unknown>>(sql`
    select ${COLUMNS} from invitations i join users b on b.tenant_id = i.tenant_id and b.id = i.invited_by
    where i.tenant_id = ${cx.tenant.id} and i.id = ${invitationId}`);
  if (!invitation) throw new DomainError("not_found");
  return invitation;
}

/** @throws DomainError not_found when there is no pending invitation with that id */
export async function revokeInvitation(cx: UserCx, invitationId: string): Promise<void> {
  assertRole(cx, ADMINS);
  const revoked = await cx.db.run(sql`update invitations set revoked_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${invitationId} and accepted_at is null and revoked_at is null`);
  if (revoked === 0) throw new DomainError("not_found");
  await record(cx, { action: "user.invitation_revoked", entity: "invitation", entityId: invitationId });
}
