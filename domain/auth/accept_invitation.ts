import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { act, type Cx, type RequestInfo } from "@/domain/cx.ts";
import { type DomainError, invalidField } from "@/domain/errors.ts";
import { record } from "@/domain/record.ts";
import { Locale, Name, Password, TimeZone, Token } from "@/domain/shared/account_fields.ts";
import { assertGoodPassword, normalizePassword } from "./passwords.ts";
import { type Profile, PROFILE_COLUMNS } from "@/domain/profile/profile.ts";
import { type SignedIn, startSession } from "./sessions.ts";
import { limitByAddress } from "./throttle.ts";
import { readToken, type TokenRow } from "@/domain/shared/tokens.ts";

/** Language and time zone default to the organisation's. */
export const AcceptInvitation = z.object({
  token: Token,
  name: Name,
  password: Password,
  locale: Locale.optional(),
  timeZone: TimeZone.optional(),
});

const BUDGET = { limit: 60, windowSeconds: 3600 };

export interface OpenInvitation {
  email: string;
  name: string;
  organisation: string;
  invitedBy: string;
}

/** The invitation behind a link; null if it can't be accepted. */
export async function readInvitation(request: RequestInfo, token: string): Promise<OpenInvitation | null> {
  const row = readToken(request.services.secrets, "invitation", token);
  return row ? await find(request, row) : null;
}

/** Once, and signs them in. @throws DomainError invalid for an unusable link or a weak password; rate_limited */
export async function acceptInvitation(
  request: RequestInfo,
  input: z.output<typeof AcceptInvitation>,
): Promise<SignedIn> {
  await limitByAddress(request, "accept", BUDGET);
  const row = readToken(request.services.secrets, "invitation", input.token);
  const invitation = row && await find(request, row);
  if (!invitation) throw unusableLink();
  const { email, organisation } = invitation;
  await assertGoodPassword(request, input.password, { owner: { email, organisation, name: input.name } });
  const passwordHash = await request.services.passwords.hash(normalizePassword(input.password));
  return await act(request, { kind: "system", tenantId: row.tenantId }, async (cx) => {
    const { name, locale = cx.tenant.locale, timeZone = cx.tenant.timeZone } = input;
    const user = await addUser(cx, { invitationId: row.id, name, passwordHash, locale, timeZone });
    if (!user) throw unusableLink();
    const tenant = { id: cx.tenant.id, slug: cx.tenant.slug, name: cx.tenant.name };
    const [signedIn] = await Promise.all([
      startSession(cx, { user, tenant }),
      joinQueues(cx, { invitationId: row.id, userId: user.id }),
      record(cx, {
        action: "user.joined",
        entity: "user",
        entityId: user.id,
        version: user.version,
        actorId: user.id,
        changes: { role: user.role, invitationId: row.id },
      }),
    ]);
    return signedIn;
  });
}

/** One statement, so that only one of two simultaneous requests succeeds. */
async function addUser(
  cx: Cx,
  { invitationId, name, passwordHash, locale, timeZone }: {
    invitationId: string;
    name: string;
    passwordHash: string;
    locale: string;
    timeZone: string;
  },
): Promise<Profile | undefined> {
  return await cx.db.first<Profile & Record<string, unknown>>(sql`
    with taken as (
      update invitations set accepted_at = now()
      where tenant_id = ${cx.tenant.id} and id = ${invitationId} and accepted_at is null and revoked_at is null
        and expires_at > now()
      returning email, role, mailed and ${cx.services.mail.delivers} as proved
    )
    insert into users as u (tenant_id, email, name, role, password_hash, email_verified_at, locale, time_zone)
    select ${cx.tenant.id}, email, ${name}, role, ${passwordHash}, case when proved then now() end,
      ${locale}, ${timeZone}
    from taken
    on conflict (tenant_id, email_key) do nothing returning ${PROFILE_COLUMNS}`);
}

async function joinQueues(
  cx: Cx,
  { invitationId, userId }: { invitationId: string; userId: string },
): Promise<void> {
  await cx.db.run(sql`
    insert into queue_members (tenant_id, queue_id, user_id)
    select q.tenant_id, q.id, ${userId} from invitations i
    join queues q on q.tenant_id = i.tenant_id and q.id = any(i.queue_ids) and q.archived_at is null
    where i.tenant_id = ${cx.tenant.id} and i.id = ${invitationId}`);
}

async function find(request: RequestInfo, { tenantId, id }: TokenRow): Promise<OpenInvitation | null> {
  return await act(request, { kind: "system", tenantId }, async (cx) => {
    const row = await cx.db.first<{ email: string; name: string; invitedBy: string }>(sql`
      select i.email, i.name, b.name as "invitedBy" from invitations i
      join users b on b.tenant_id = i.tenant_id and b.id = i.invited_by
      where i.tenant_id = ${tenantId} and i.id = ${id} and i.accepted_at is null and i.revoked_at is null
        and i.expires_at > now()`);
    return row ? { ...row, organisation: cx.tenant.name } : null;
  });
}

function unusableLink(): DomainError {
  return invalidField(
    "token",
    "unusable_link",
    "This invitation was used, was revoked or has expired. Ask for a new one",
  );
}
