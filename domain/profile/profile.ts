import { z } from "zod";
import { sql } from "@/db/sql.ts";
import type { Role, UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { editVersioned } from "@/domain/edit_versioned.ts";
import { Locale, Name, TimeZone } from "@/domain/shared/account_fields.ts";

/** Times are RFC 3339. */
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

export const PROFILE_COLUMNS =
  sql`u.id, u.email, u.name, u.role, u.email_verified_at is not null as "emailVerified",
  u.locale, u.time_zone as "timeZone", u.theme, u.version, u.created_at as "createdAt", u.updated_at as "updatedAt"`;

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

/** @returns the same version when nothing differs @throws DomainError stale_version with the current profile */
export async function updateProfile(
  cx: UserCx,
  input: z.output<typeof UpdateProfile> & { version: number },
): Promise<Profile> {
  return await editVersioned(cx, {
    action: "user.profile_changed",
    entity: "user",
    read: () => readProfile(cx),
    version: input.version,
    fields: ({ name, locale, timeZone, theme }) => ({ name, locale, timeZone, theme }),
    input,
    table: "users",
    set: ({ name, locale, timeZone, theme }) =>
      sql`name = ${name}, locale = ${locale}, time_zone = ${timeZone}, theme = ${theme}`,
  });
}
