import { z } from "@hono/zod-openapi";
import { ANYONE } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { sendConfirmation } from "@/domain/profile/confirmation.ts";
import { ChangePassword, changePassword } from "@/domain/auth/password_change.ts";
import { readPreferences, UpdatePreferences, updatePreferences } from "@/domain/profile/preferences.ts";
import { type Profile, readProfile, UpdateProfile, updateProfile } from "@/domain/profile/profile.ts";
import { endSession, listSessions, signOutElsewhere } from "@/domain/auth/sessions.ts";
import { version } from "@/domain/validation.ts";
import { type AnyOperation, operation, publicOperation } from "./operation.ts";
import { idPath } from "./paths.ts";
import { MeSchema, PreferencesSchema, SessionSchema } from "./schemas/people.ts";

const tag = "Me";
const Version = { version: version.optional() };

function withTenant({ tenant }: UserCx, profile: Profile) {
  return { ...profile, tenant: { id: tenant.id, slug: tenant.slug, name: tenant.name } };
}

/** Shows the current profile in a stale_version error as GET does. */
async function staleAsMe<T>(cx: UserCx, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "stale_version") throw error;
    throw new DomainError("stale_version", undefined, {
      current: withTenant(cx, error.facts.current as Profile),
    });
  }
}

export const me: AnyOperation[] = [
  operation({
    method: "get",
    path: "/me",
    tag,
    summary: "Get your profile",
    roles: ANYONE,
    status: 200,
    response: MeSchema,
    run: async (cx) => ({ body: withTenant(cx, await readProfile(cx)) }),
  }),
  operation({
    method: "patch",
    path: "/me",
    tag,
    summary: "Change your profile",
    roles: ANYONE,
    body: UpdateProfile.extend(Version),
    elsewhere: { role: "An admin changes roles", email: "An address can't be changed" },
    versioned: true,
    status: 200,
    response: MeSchema,
    run: (cx, { body, base }) =>
      staleAsMe(cx, async () => ({
        body: withTenant(cx, await updateProfile(cx, { ...body, version: base.version })),
      })),
  }),
  operation({
    method: "get",
    path: "/me/preferences",
    tag,
    summary: "Get your preferences",
    roles: ANYONE,
    status: 200,
    response: PreferencesSchema,
    run: async (cx) => ({ body: await readPreferences(cx) }),
  }),
  operation({
    method: "patch",
    path: "/me/preferences",
    tag,
    summary: "Change some of your preferences",
    roles: ANYONE,
    body: UpdatePreferences,
    status: 200,
    response: PreferencesSchema,
    run: async (cx, { body }) => ({ body: await updatePreferences(cx, body) }),
  }),
  operation({
    method: "post",
    path: "/me/email-confirmation",
    tag,
    summary: "Email a confirmation link, if your address isn't confirmed yet",
    roles: ANYONE,
    status: 204,
    run: async (cx) => {
      await sendConfirmation(cx);
      return {};
    },
  }),
  operation({
    method: "get",
    path: "/me/sessions",
    tag,
    summary: "List your active sessions",
    roles: ANYONE,
    status: 200,
    response: z.object({ items: z.array(SessionSchema), nextCursor: z.string().nullable() }),
    run: async (cx) => ({ body: { items: await listSessions(cx), nextCursor: null } }),
  }),
  operation({
    method: "delete",
    path: "/me/sessions",
    tag,
    summary: "Sign out everywhere else: end all your sessions except this one",
    roles: ANYONE,
    status: 204,
    run: async (cx) => {
      await signOutElsewhere(cx);
      return {};
    },
  }),
  operation({
    method: "delete",
    path: "/me/sessions/{id}",
    tag,
    summary: "End one of your sessions",
    roles: ANYONE,
    params: idPath,
    status: 204,
    run: async (cx, { params }) => {
      await endSession(cx, params.id);
      return {};
    },
  }),
  // Opens its own transactions, because hashing inside one would hold a connection.
  publicOperation({
    method: "patch",
    path: "/me/password",
    needsSession: true,
    tag,
    summary: "Change your password. Ends all your other sessions",
    body: ChangePassword,
    status: 204,
    run: async (request, { body }, http) => {
      if (!http.claim) throw new DomainError("unauthenticated");
      await changePassword(request, http.claim, body);
      return {};
    },
  }),
];
