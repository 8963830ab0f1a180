import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { ADMINS, assertRole } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { Locale, Name, TimeZone } from "@/domain/shared/account_fields.ts";
import { editVersioned } from "@/domain/edit_versioned.ts";
import { formBoolean, version } from "@/domain/validation.ts";

/** What an organisation sets for itself. Every setting holds from the next request on. */
export interface Settings {
  id: string;
  /** Part of the address where its people sign in; it stays. */
  slug: string;
  name: string;
  /** Whether agents see every ticket, or those of their queues and of none. */
  agentsSeeAll: boolean;
  /** For so many days after it was closed a ticket can be opened again. */
  reopenDays: number;
  /** After so many days a resolved ticket is closed; 0 leaves it to people. */
  autoCloseDays: number;
  /** For so many minutes a comment can be mended by who wrote it; 0 for never. */
  commentEditMinutes: number;
  /** What the files of all tickets may take together, in MiB; null for what the installation allows. */
  attachmentQuotaMib: number | null;
  /** What is done with e-mails of people whom nobody here knows. */
  inboundUnknown: "reject" | "accept";
  /** Default for new people: they can choose their own. */
  locale: string;
  timeZone: string;
  version: number;
  createdAt: string;
  updatedAt: string;
}

const COLUMNS = sql`t.id, t.slug, t.name, t.agents_see_all as "agentsSeeAll", t.reopen_days as "reopenDays",
  t.auto_close_days as "autoCloseDays", t.comment_edit_minutes as "commentEditMinutes",
  t.attachment_quota_mib as "attachmentQuotaMib", t.inbound_unknown as "inboundUnknown", t.locale,
  t.time_zone as "timeZone", t.version, t.created_at as "createdAt", t.updated_at as "updatedAt"`;

/** A whole number; forms send it as text. */
function whole(least: number, most: number) {
  const range = `Must be a whole number from ${least} to ${most}`;
  return z.number(range).int(range).min(least, range).max(most, range);
}

/** Text as a number, but for an empty one, which would count as 0. */
function fromText(value: unknown): unknown {
  return typeof value === "string" && value.trim() !== "" ? Number(value) : value;
}

/** Which settings to change; what is left out stays as it is. */
export const EditSettings = z.object({
  version: version.optional(),
  name: Name.transform((name) => name.toWellFormed()).optional(),
  agentsSeeAll: formBoolean.optional(),
  reopenDays: z.preprocess(fromText, whole(0, 365).optional()),
  autoCloseDays: z.preprocess(fromText, whole(0, 365).optional()),
  commentEditMinutes: z.preprocess(fromText, whole(0, 10_080).optional()),
  attachmentQuotaMib: z.preprocess(
    (value) => value === "" ? null : fromText(value),
    whole(0, 1_048_576).nullable().optional(),
  ),
  inboundUnknown: z.enum(["reject", "accept"]).optional(),
  locale: Locale.optional(),
  timeZone: TimeZone.optional(),
});

/** The organisation's settings. @throws DomainError forbidden */
export async function readSettings(cx: UserCx): Promise<Settings> {
  assertRole(cx, ADMINS);
  const row = await cx.db.first<Settings & Record<string, unknown>>(
    sql`select ${COLUMNS} from tenants t where t.id = ${cx.tenant.id}`,
  );
  if (!row) throw new DomainError("not_found");
  return row;
}

/**
 * Changes settings of the organisation.
 *
 * @param input the settings to change, and the version they are based on
 * @returns the settings after it; unchanged, with the same version, when nothing differs
 * @throws DomainError forbidden, or stale_version with the settings as they are
 */
export async function editSettings(
  cx: UserCx,
  input: Omit<z.output<typeof EditSettings>, "version"> & { version: number },
): Promise<Settings> {
  return await editVersioned(cx, {
    action: "tenant.settings_changed",
    entity: "tenant",
    read: () => readSettings(cx),
    version: input.version,
    fields: (
      { id: _id, slug: _slug, version: _version, createdAt: _created, updatedAt: _updated, ...fields },
    ) => fields,
    input,
    table: "tenants",
    set: (next) =>
      sql`name = ${next.name}, agents_see_all = ${next.agentsSeeAll}, reopen_days = ${next.reopenDays},
        auto_close_days = ${next.autoCloseDays}, comment_edit_minutes = ${next.commentEditMinutes},
        attachment_quota_mib = ${next.attachmentQuotaMib}, inbound_unknown = ${next.inboundUnknown},
        locale = ${next.locale}, time_zone = ${next.timeZone}`,
    where: () => sql`id = ${cx.tenant.id}`,
  });
}
