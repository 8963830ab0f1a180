import { z } from "zod";
import { LOCKS } from "@/db/bootstrap.ts";
import { sql } from "@/db/sql.ts";
import { act, type Cx, type RequestInfo } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { record } from "@/domain/record.ts";
import { sendConfirmationTo } from "@/domain/profile/confirmation.ts";
import { Email, Locale, Name, Password, TimeZone } from "@/domain/shared/account_fields.ts";
import { assertGoodPassword, normalizePassword } from "@/domain/auth/passwords.ts";
import { type Profile, PROFILE_COLUMNS } from "@/domain/profile/profile.ts";
import { type SignedIn, startSession } from "@/domain/auth/sessions.ts";
import { slugCandidates } from "./slugs.ts";
import { seedOrganisation } from "./seed.ts";
import { isSignupOpen, newTenantId, soleTenantOn } from "@/domain/organisations/tenants.ts";
import { limitByAddress } from "@/domain/auth/throttle.ts";

export const RegisterOrganisation = z.object({
  organisation: Name,
  name: Name,
  email: Email,
  password: Password,
  locale: Locale.optional(),
  timeZone: TimeZone.optional(),
});

/** For a browser that doesn't say. */
const DEFAULTS = { locale: "en", timeZone: "UTC" };

/** Registrations per address. */
const BUDGET = { limit: 20, windowSeconds: 3600 };

/** If SIGNUP is unset, exactly one of simultaneous first ones succeeds. @throws DomainError signup_closed, rate_limited */
export async function registerOrganisation(
  request: RequestInfo,
  input: z.output<typeof RegisterOrganisation>,
): Promise<SignedIn> {
  if (!await isSignupOpen(request)) throw closed();
  await limitByAddress(request, "register", BUDGET);
  const { email, name, organisation } = input;
  await assertGoodPassword(request, input.password, { owner: { email, name, organisation } });
  const passwordHash = await request.services.passwords.hash(normalizePassword(input.password));
  const tenantId = await newTenantId();
  return await act(request, { kind: "system", tenantId }, async (cx) => {
    await cx.db.run(sql`select pg_advisory_xact_lock(${LOCKS.register}::bigint)`);
    const { SIGNUP } = cx.services.config;
    if (SIGNUP === undefined && (await soleTenantOn(cx.db)).total > 0) throw closed();
    const slug = await freeSlug(cx, organisation);
    const { locale = DEFAULTS.locale, timeZone = DEFAULTS.timeZone } = input;
    await cx.db.run(sql`insert into tenants (id, slug, name, locale, time_zone)
      values (${tenantId}, ${slug}, ${organisation}, ${locale}, ${timeZone})`);
    const user = await addAdmin(cx, { email, name, passwordHash, locale, timeZone });
    const [signedIn] = await Promise.all([
      startSession(cx, { user, tenant: { id: tenantId, slug, name: organisation } }),
      cx.db.run(sql`insert into ticket_counters (tenant_id) values (${tenantId})`),
      seedOrganisation(cx, { adminId: user.id, timeZone }),
      // Where emails are sent, only admins with a confirmed address can invite.
      cx.services.mail.delivers ? sendConfirmationTo(cx, user.id) : undefined,
      record(cx, {
        action: "tenant.registered",
        entity: "tenant",
        entityId: tenantId,
        actorId: user.id,
        changes: { name: organisation, slug },
      }),
    ]);
    return signedIn;
  });
}

function closed(): DomainError {
  return new DomainError("signup_closed", "Ask an administrator for an invitation");
}

async function freeSlug(cx: Cx, name: string): Promise<string> {
  const row = await cx.db.first<{ slug: string }>(sql`
    select c.slug from unnest(${slugCandidates(name)}::text[]) with ordinality as c (slug, rank)
    where not exists (select from find_tenant(c.slug)) order by c.rank limit 1`);
  if (!row) throw new DomainError("conflict", `Too many organisations are called "${name}"`);
  return row.slug;
}

async function addAdmin(
  cx: Cx,
  { email, name, passwordHash, locale, timeZone }: {
    email: string;
    name: string;
    passwordHash: string;
    locale: string;
    timeZone: string;
  },
): Promise<Profile> {
  const user = await cx.db.first<Profile & Record<string, unknown>>(sql`
    insert into users as u (tenant_id, email, name, role, password_hash, locale, time_zone)
    values (${cx.tenant.id}, ${email}, ${name}, 'ADMIN', ${passwordHash}, ${locale}, ${timeZone}) returning ${PROFILE_COLUMNS}`);
  return user!;
}
