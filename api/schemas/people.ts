import { z } from "@hono/zod-openapi";
import { NOTIFICATION_KINDS } from "@/domain/notifications/kinds.ts";

const Role = z.enum(["REQUESTER", "AGENT", "MANAGER", "ADMIN"]);
const person = { id: z.uuid(), email: z.string(), name: z.string(), role: Role };
const stamps = { version: z.number().int(), createdAt: z.iso.datetime(), updatedAt: z.iso.datetime() };

const ProfileSchema = z.object({
  ...person,
  emailVerified: z.boolean(),
  locale: z.string(),
  timeZone: z.string(),
  theme: z.enum(["system", "light", "dark"]),
  ...stamps,
}).openapi("Profile");

const OrganisationSchema = z.object({ id: z.uuid(), slug: z.string(), name: z.string() })
  .openapi("Organisation");

export const SignedInSchema = z.object({
  accessToken: z.string(),
  expiresIn: z.number().int().openapi({ description: "Seconds" }),
  user: ProfileSchema,
  tenant: OrganisationSchema,
}).openapi("SignedIn");

export const MeSchema = ProfileSchema.extend({ tenant: OrganisationSchema }).openapi("Me");

export const SessionSchema = z.object({
  id: z.uuid(),
  current: z.boolean().openapi({ description: "Whether it is the session of this request" }),
  userAgent: z.string(),
  ip: z.string(),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
}).openapi("Session");

export const PreferencesSchema = z.object({
  notifications: z.partialRecord(
    z.enum(NOTIFICATION_KINDS),
    z.object({ inApp: z.boolean(), email: z.boolean() }),
  ),
}).openapi("Preferences", { description: "Kinds that don't apply to the user's role are left out" });

export const UserSchema = z.object({
  ...person,
  active: z.boolean(),
  emailVerified: z.boolean(),
  locale: z.string(),
  timeZone: z.string(),
  queues: z.array(z.object({ id: z.uuid(), name: z.string() })),
  lastSeenAt: z.iso.datetime().nullable(),
  ...stamps,
}).openapi("User");

const CountSchema = z.object({ count: z.number().int(), capped: z.boolean() });
const NamedSchema = z.object({ id: z.uuid(), name: z.string() });

export const ResponsibilitiesSchema = z.object({
  assigned: CountSchema.openapi({ description: "Active tickets that are assigned to them" }),
  watched: CountSchema,
  requested: CountSchema.openapi({ description: "Their own active tickets, which stay theirs" }),
  queues: z.array(NamedSchema.extend({ onlyMember: z.boolean() })),
  sharedViews: z.array(NamedSchema),
  sharedReports: z.array(NamedSchema),
  handover: z.object({
    handTo: NamedSchema.nullable().openapi({ description: "Null if tickets go back to their queues" }),
    since: z.iso.datetime(),
    heldUp: z.boolean().openapi({ description: "Whether it failed, and waits to be tried again" }),
  }).nullable().openapi({
    description: "After they left, while it goes on: `assigned` and `watched` say how much is left",
  }),
}).openapi("Responsibilities");

export const InvitationSchema = z.object({
  ...person,
  queueIds: z.array(z.uuid()),
  invitedBy: z.object({ id: z.uuid(), name: z.string() }),
  state: z.enum(["pending", "accepted", "revoked", "expired"]),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  acceptUrl: z.string().optional().openapi({
    description: "Shown once, and only if the installation sends no email",
  }),
}).openapi("Invitation");
