import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { Role, UserCx } from "@/domain/cx.ts";
import {
  type Channel,
  CHANNELS,
  KIND_FACTS,
  kindsFor,
  NOTIFICATION_KINDS,
  type NotificationKind,
} from "@/domain/notifications/kinds.ts";
import { fieldChanges } from "@/domain/edit_versioned.ts";
import { record } from "@/domain/record.ts";
import { formBoolean, parse } from "@/domain/validation.ts";

const Switches = z.object({ inApp: formBoolean.optional(), email: formBoolean.optional() });

export const UpdatePreferences = z.object({
  notifications: z.object(
    Object.fromEntries(NOTIFICATION_KINDS.map((kind) => [kind, Switches.optional()])) as Record<
      NotificationKind,
      z.ZodOptional<typeof Switches>
    >,
  ),
});

/** Preferences with defaults filled in. Security emails can't be turned off. */
export interface Preferences {
  /** Without the kinds that the role never receives. */
  notifications: Partial<Record<NotificationKind, Record<Channel, boolean>>>;
}

export async function readPreferences(cx: UserCx): Promise<Preferences> {
  const row = await cx.db.first<{ preferences: unknown }>(
    sql`select preferences from users where tenant_id = ${cx.tenant.id} and id = ${cx.actor.id}`,
  );
  return preferencesOf(row?.preferences, cx.actor.role);
}

export async function updatePreferences(
  cx: UserCx,
  input: z.output<typeof UpdatePreferences>,
): Promise<Preferences> {
  // Locked, so that the audit log has the values this replaces.
  const before = await cx.db.first<{ preferences: unknown }>(sql`select preferences from users
    where tenant_id = ${cx.tenant.id} and id = ${cx.actor.id} for no key update`);
  const after = await cx.db.first<{ preferences: unknown }>(sql`
    update users u set preferences = jsonb_set(u.preferences, '{notify}', coalesce(u.preferences -> 'notify', '{}')
        || coalesce((select jsonb_object_agg(c.key, coalesce(u.preferences -> 'notify' -> c.key, '{}') || c.value)
          from jsonb_each(${JSON.stringify(input.notifications)}::jsonb) c), '{}')),
      updated_at = now()
    where u.tenant_id = ${cx.tenant.id} and u.id = ${cx.actor.id} returning u.preferences`);
  const [was, preferences] = [before, after].map((row) => preferencesOf(row?.preferences, cx.actor.role));
  const changes = fieldChanges(switchesOf(was!), switchesOf(preferences!));
  if (Object.keys(changes).length > 0) {
    await record(cx, {
      action: "user.preferences_changed",
      entity: "user",
      entityId: cx.actor.id,
      changes,
    });
  }
  return preferences!;
}

/** Flattened for the audit log: `comment_added.email`. */
function switchesOf({ notifications }: Preferences): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(notifications).flatMap(([kind, channels]) =>
      Object.entries(channels).map(([channel, on]) => [`${kind}.${channel}`, on])
    ),
  );
}

const StoredPreferences = z.object({
  notify: z.record(z.string(), z.object({ inApp: z.boolean().optional(), email: z.boolean().optional() }))
    .default({}),
});

/** Parses the stored preferences and fills in the role's defaults. */
export function preferencesOf(column: unknown, role: Role): Preferences {
  const { notify } = parse(StoredPreferences, column ?? {});
  const chosen = kindsFor(isStaff(role)).map((kind) => {
    const unlessChosen = { inApp: true, email: KIND_FACTS[kind].email };
    const ways = CHANNELS.map((channel) => [channel, notify[kind]?.[channel] ?? unlessChosen[channel]]);
    return [kind, Object.fromEntries(ways)];
  });
  return { notifications: Object.fromEntries(chosen) };
}

export function isOptionalMail(template: string): template is NotificationKind {
  return (NOTIFICATION_KINDS as readonly string[]).includes(template);
}
