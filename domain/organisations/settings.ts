import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { ADMINS, assertRole } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, unknownId } from "@/domain/errors.ts";
import { Locale, Name, TimeZone } from "@/domain/shared/account_fields.ts";
import { editVersioned } from "@/domain/edit_versioned.ts";
import { assertAddressProved } from "@/domain/profile/proved_address.ts";
import { formBoolean, id, version } from "@/domain/validation.ts";

/** Settings apply from the next request. */
export interface Settings {
  id: string;
  /** Part of the sign-in address; it never changes. */
  slug: string;
  name: string;
  /** Otherwise agents see tickets of their queues and without a queue. */
  agentsSeeAll: boolean;
  /** Days after closing during which a ticket can be reopened. */
  reopenDays: number;
  /** Days until a resolved ticket is closed; 0 to never close it. */
  autoCloseDays: number;
  /** Minutes during which authors can edit a comment; 0 for never. */
  commentEditMinutes: number;
  /** For all attachments, in MiB; null for the installation's limit. */
  attachmentQuotaMib: number | null;
  inboundUnknown: "reject" | "accept";
  /** Where tickets land that nothing routes elsewhere. */
  defaultQueueId: string;
  /** Defaults for new users. */
  locale: string;
  timeZone: string;
  version: number;
  createdAt: string;
  updatedAt: string;
}

const COLUMNS = sql`t.id, t.slug, t.name, t.agents_see_all as "agentsSeeAll", t.reopen_days as "reopenDays",
  t.auto_close_days as "autoCloseDays", t.comment_edit_minutes as "commentEditMinutes",
  t.attachment_quota_mib as "attachmentQuotaMib", t.inbound_unknown as "inboundUnknown",
  t.default_queue_id as "defaultQueueId", t.locale,
  t.time_zone as "timeZone", t.version, t.created_at as "createdAt", t.updated_at as "updatedAt"`;

function whole(least: number, most: number) {
  const range = `Must be a whole number from ${least} to ${most}`;
  return z.number(range).int(range).min(least, range).max(most, range);
}

/** Leaves an empty text, which would become 0. */
function fromText(value: unknown): unknown {
  return typeof value === "string" && value.trim() !== "" ? Number(value) : value;
}

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
  defaultQueueId: id.optional(),
  locale: Locale.optional(),
  timeZone: TimeZone.optional(),
});

/** @throws DomainError forbidden */
export async function readSettings(cx: UserCx): Promise<Settings> {
  assertRole(cx, ADMINS);
  const row = await cx.db.first<Settings & Record<string, unknown>>(
    sql`select ${COLUMNS} from tenants t where t.id = ${cx.tenant.id}`,
  );
  if (!row) throw new DomainError("not_found");
  return row;
}

/** @throws DomainError forbidden, also to accept strangers' emails without a proved address; stale_version */
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
    // Accepted senders are emailed, whoever wrote their address into the email.
    check: async ({ changes, next }) => {
      if (changes["inboundUnknown"] && next.inboundUnknown === "accept") await assertAddressProved(cx);
      if ("defaultQueueId" in changes) await assertActiveQueue(cx, next.defaultQueueId);
    },
    table: "tenants",
    set: (next) =>
      sql`name = ${next.name}, agents_see_all = ${next.agentsSeeAll}, reopen_days = ${next.reopenDays},
        auto_close_days = ${next.autoCloseDays}, comment_edit_minutes = ${next.commentEditMinutes},
        attachment_quota_mib = ${next.attachmentQuotaMib}, inbound_unknown = ${next.inboundUnknown},
        locale = ${next.locale}, time_zone = ${next.timeZone}, default_queue_id = ${next.defaultQueueId},
        config_version = case when default_queue_id = ${next.defaultQueueId} then config_version
          else greatest(config_version + 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint) end`,
    where: () => sql`id = ${cx.tenant.id}`,
  });
}

/** Locked, so that nobody archives it meanwhile. @throws DomainError invalid */
async function assertActiveQueue(cx: UserCx, queueId: string): Promise<void> {
  const queue = await cx.db.first(
    sql`select 1 from queues where tenant_id = ${cx.tenant.id} and id = ${queueId}
    and archived_at is null for share`,
  );
  if (!queue) throw unknownId("defaultQueueId");
}
