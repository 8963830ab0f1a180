import { z } from "zod";
import { sql } from "../../db/sql.ts";
import type { UserCx } from "../cx.ts";
import { record } from "../record.ts";

/** The e-mails a person can turn off, by their template. Security mails always come. */
export const OPTIONAL_MAILS = [
  "ticket_created",
  "comment_added",
  "ticket_assigned",
  "ticket_resolved",
] as const;

const Switch = z.preprocess(
  (value) => value === "on" ? true : value === "off" ? false : value,
  z.boolean().optional(),
);

/** Which e-mails to send: what is left out stays as it is. Forms send `on` and `off`. */
export const UpdatePreferences = z.object({
  mail: z.object({
    ticket_created: Switch,
    comment_added: Switch,
    ticket_assigned: Switch,
    ticket_resolved: Switch,
  }),
});

/** A person's preferences, with what holds unless they chose. */
export interface Preferences {
  mail: Record<typeof OPTIONAL_MAILS[number], boolean>;
}

/** The signed-in person's preferences. */
export async function readPreferences(cx: UserCx): Promise<Preferences> {
  const row = await cx.db.first<{ preferences: unknown }>(
    sql`select preferences from users where tenant_id = ${cx.tenant.id} and id = ${cx.actor.id}`,
  );
  return preferencesOf(row?.preferences);
}

/** Changes the named preferences of the signed-in person. */
export async function updatePreferences(
  cx: UserCx,
  input: z.output<typeof UpdatePreferences>,
): Promise<Preferences> {
  const mail = JSON.stringify(input.mail);
  const row = await cx.db.first<{ preferences: unknown }>(sql`
    update users set preferences = jsonb_set(preferences, '{mail}',
      coalesce(preferences -> 'mail', '{}') || ${mail}::jsonb), updated_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${cx.actor.id} returning preferences`);
  await record(cx, {
    action: "user.preferences_changed",
    entity: "user",
    entityId: cx.actor.id,
    changes: { mail: input.mail },
  });
  return preferencesOf(row?.preferences);
}

const Stored = z.object({ mail: z.record(z.string(), z.boolean()).default({}) });

/** Preferences from their column, with the defaults filled in. */
export function preferencesOf(column: unknown): Preferences {
  const { mail } = Stored.parse(column ?? {});
  const entries = OPTIONAL_MAILS.map((name) => [name, mail[name] ?? true] as const);
  return { mail: Object.fromEntries(entries) as Preferences["mail"] };
}
