import { z } from "zod";
import { sql } from "@/db/sql.ts";
import type { Role, UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { record } from "@/domain/record.ts";
import { Locale, Name, TimeZone } from "@/domain/shared/account_fields.ts";

/** A person as they see themselves. Times are RFC 3339. */
export interface Profile {
  id: string;
  email: string;
  name: string;
  role: Role;
  emailVerified: boolean;
  locale: string;
  timeZone: string;
  theme: "system" | "light" | "dark";
  version: number;
  createdAt: string;
  updatedAt: string;
}

/** The columns of a {@link Profile}, in a statement where `users` is `u`. */
export const PROFILE_COLUMNS =
  sql`u.id, u.email, u.name, u.role, u.email_verified_at is not null as "emailVerified",
  u.locale, u.time_zone as "timeZone", u.theme, u.version, u.created_at as "createdAt", u.updated_at as "updatedAt"`;

/** The signed-in person's profile. */
export async function readProfile(cx: UserCx): Promise<Profile> {
  const profile = await cx.db.first<Profile & Record<string, unknown>>(
    sql`select ${PROFILE_COLUMNS} from users u where u.tenant_id = ${cx.tenant.id} and u.id = ${cx.actor.id}`,
  );
  if (!profile) throw new DomainError("not_found");
  return profile;
}

export const UpdateProfile = z.object({
  name: Name.optional(),
  locale: Locale.optional(),
  timeZone: TimeZone.optional(),
  theme: z.enum(["system", "light", "dark"]).optional(),
});

/**
 * Changes the signed-in person's own profile.
 *
 * @param input the fields to change, and the version they are based on
 * @throws DomainError stale_version with the profile as it is
 */
export async function updateProfile(
  cx: UserCx,
  input: z.output<typeof UpdateProfile> & { version: number },
): Promise<Profile> {
  const { name, locale, timeZone, theme } = input;
  const profile = await cx.db.first<Profile & Record<string, unknown>>(sql`
    update users u set name = coalesce(${name ?? null}, u.name), locale = coalesce(${
    locale ?? null
  }, u.locale),
      time_zone = coalesce(${timeZone ?? null}, u.time_zone), theme = coalesce(${theme ?? null}, u.theme),
      version = u.version + 1, updated_at = now()
    where u.tenant_id = ${cx.tenant.id} and u.id = ${cx.actor.id} and u.version = ${input.version}
    returning ${PROFILE_COLUMNS}`);
  if (!profile) throw new DomainError("stale_version", undefined, { current: await readProfile(cx) });
  const changes = Object.fromEntries(
    Object.entries({ name, locale, timeZone, theme }).filter(([, value]) => value !== undefined),
  );
  await record(cx, {
    action: "user.profile_changed",
    entity: "user",
    entityId: cx.actor.id,
    version: profile.version,
    changes,
  });
  return profile;
}
