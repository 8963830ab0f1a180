import { sql } from "@/db/sql.ts";
import { ADMINS, assertRole } from "@/domain/permissions.ts";
import { END, readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import type { Cx, UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { record } from "@/domain/record.ts";
import type { Page } from "@/domain/shared/types.ts";

export interface SuppressedAddress {
  id: string;
  /** In lower case. */
  email: string;
  reason: "bounce" | "complaint";
  /** The other side's message; may be empty. */
  detail: string;
  /** Null once the message is deleted. */
  outboxId: string | null;
  at: string;
}

const COLUMNS = sql`s.id, s.email_key as email, s.reason, s.detail, s.outbox_id as "outboxId", s.at`;
const LIST = "suppressed_addresses";

/** Suppresses an address; one that is already suppressed stays as it is. */
export async function suppressAddress(
  cx: Cx,
  { email, reason, detail, outboxId }: {
    email: string;
    reason: SuppressedAddress["reason"];
    detail: string;
    outboxId: string;
  },
): Promise<void> {
  const id = await newId(cx);
  const said = detail.replaceAll(/\p{Cc}+/gu, " ").trim().slice(0, 500).toWellFormed();
  const made = await cx.db.run(
    sql`insert into suppressed_addresses (tenant_id, id, email_key, reason, detail, outbox_id)
    values (${cx.tenant.id}, ${id}, lower(${email}), ${reason}, ${said}, ${outboxId}) on conflict do nothing`,
  );
  if (made === 0) return;
  await record(cx, {
    action: "suppressed_address.added",
    entity: "suppressed_address",
    entityId: id,
    internal: true,
    changes: { email: email.toLowerCase(), reason },
  });
}

/** Suppressed addresses, newest first. @throws DomainError forbidden; invalid for a cursor of another list */
export async function listSuppressedAddresses(
  cx: UserCx,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<SuppressedAddress>> {
  assertRole(cx, ADMINS);
  const { id: before } = cursor ? readCursor(cx, LIST, cursor) : END;
  const rows = await cx.db.rows<SuppressedAddress & Record<string, unknown>>(sql`select ${COLUMNS}
    from suppressed_addresses s where s.tenant_id = ${cx.tenant.id} and s.id < ${before}::uuid
    order by s.id desc limit ${limit + 1}`);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last ? writeCursor(cx, LIST, { at: "", id: last.id }) : null,
  };
}

/** Allows emails to an address again. @throws DomainError forbidden, not_found */
export async function removeSuppression(cx: UserCx, id: string): Promise<SuppressedAddress> {
  assertRole(cx, ADMINS);
  const row = await cx.db.first<SuppressedAddress & Record<string, unknown>>(
    sql`delete from suppressed_addresses s where s.tenant_id = ${cx.tenant.id} and s.id = ${id} returning ${COLUMNS}`,
  );
  if (!row) throw new DomainError("not_found");
  await record(cx, {
    action: "suppressed_address.lifted",
    entity: "suppressed_address",
    entityId: id,
    internal: true,
    changes: { email: row.email, reason: row.reason },
  });
  return row;
}
