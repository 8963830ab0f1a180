import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { act, type RequestInfo } from "@/domain/cx.ts";
import { DomainError, invalidField } from "@/domain/errors.ts";
import { record } from "@/domain/record.ts";
import { optional } from "@/domain/validation.ts";
import { Email, Password, Slug } from "@/domain/shared/account_fields.ts";
import { DUMMY_HASH, isTooLong, normalizePassword } from "./passwords.ts";
import { type Profile, PROFILE_COLUMNS } from "@/domain/profile/profile.ts";
import { accountKey, type SignedIn, startSession } from "./sessions.ts";
import { soleTenant, tenantBySlug, type TenantName } from "@/domain/organisations/tenants.ts";
import { forgetFailures, limitSignIn, readDeviceToken, type SignInAttempt } from "./throttle.ts";

export const SignIn = z.object({ email: Email, password: Password, organisation: optional(Slug) });

/** Stands in for an unknown organisation, so that the look-up takes as long. */
const NOWHERE = "00000000-0000-0000-0000-000000000000";

/**
 * A wrong organisation, user or password gives the same error after the same work. @throws DomainError
 * invalid_credentials; rate_limited, before any hashing; invalid without an organisation where there are several
 */
export async function signIn(
  request: RequestInfo,
  input: z.output<typeof SignIn>,
  options: { device?: string | undefined } = {},
): Promise<SignedIn> {
  if (isTooLong(input.password)) throw invalidField("password", "too_long", "Must have at most 1024 bytes");
  const tenant = await chosenTenant(input.organisation);
  const account = accountKey(tenant?.id ?? input.organisation ?? "", input.email);
  const attempt: SignInAttempt = { account, device: readDeviceToken(request, account, options.device) };
  await limitSignIn(request, attempt);
  const known = await findCredentials(request, tenant, input.email);
  const password = normalizePassword(input.password);
  const { ok, weak } = await request.services.passwords.verify(known?.passwordHash ?? DUMMY_HASH, password);
  if (!tenant || !known || !ok) throw new DomainError("invalid_credentials");
  const passwordHash = weak ? await request.services.passwords.hash(password) : known.passwordHash;
  const signedIn = await openSession(request, tenant, { ...known, newHash: passwordHash });
  await forgetFailures(request, attempt);
  return signedIn;
}

async function chosenTenant(slug: string | undefined): Promise<TenantName | undefined> {
  if (slug) return await tenantBySlug(slug);
  const { total, tenant } = await soleTenant();
  if (total > 1) {
    throw invalidField(
      "organisation",
      "required",
      "Enter your organisation: this help desk serves more than one",
    );
  }
  return tenant;
}

interface Credentials {
  id: string;
  passwordHash: string;
}

async function findCredentials(
  request: RequestInfo,
  tenant: TenantName | undefined,
  email: string,
): Promise<Credentials | undefined> {
  const tenantId = tenant?.id ?? NOWHERE;
  return await act(
    request,
    { kind: "system", tenantId },
    (cx) =>
      cx.db.first<Credentials & Record<string, unknown>>(sql`
      select id, password_hash as "passwordHash" from users
      where tenant_id = ${tenantId} and email_key = lower(${email}) and deactivated_at is null`),
  );
}

async function openSession(
  request: RequestInfo,
  tenant: TenantName,
  known: Credentials & { newHash: string },
): Promise<SignedIn> {
  return await act(request, { kind: "system", tenantId: tenant.id }, async (cx) => {
    // Compared again under a lock: a password change or deactivation during the hashing must win.
    const user = await cx.db.first<Profile & Record<string, unknown>>(sql`
      select ${PROFILE_COLUMNS} from users u
      where u.tenant_id = ${tenant.id} and u.id = ${known.id} and u.password_hash = ${known.passwordHash}
        and u.deactivated_at is null for no key update`);
    if (!user) throw new DomainError("invalid_credentials");
    if (known.newHash !== known.passwordHash) {
      await cx.db.run(sql`update users set password_hash = ${known.newHash}
        where tenant_id = ${tenant.id} and id = ${user.id}`);
    }
    const signedIn = await startSession(cx, { user, tenant });
    await record(cx, {
      action: "session.started",
      entity: "session",
      entityId: signedIn.sessionId,
      actorId: user.id,
    });
    return signedIn;
  });
}
