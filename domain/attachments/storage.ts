import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { ADMINS, assertRole } from "@/domain/permissions.ts";
import { readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import type { Page, Person } from "@/domain/shared/types.ts";
import { quota } from "./quota.ts";

export interface StorageOfPerson {
  person: Required<Person>;
  files: number;
  bytes: number;
  /** Of those: uploads that nothing uses yet. */
  unusedFiles: number;
  unusedBytes: number;
}

export interface Storage extends Page<StorageOfPerson> {
  /** What all files of the organisation take. */
  bytes: number;
  quotaBytes: number;
}

interface Row extends Record<string, unknown> {
  id: string;
  name: string;
  email: string;
  files: number;
  bytes: string;
  unused_files: number;
  unused_bytes: string;
}

const MIB = 1024 * 1024;

/** Who uploaded how much, the most first. @throws DomainError forbidden; invalid for a cursor of another list */
export async function readStorage(
  cx: UserCx,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Storage> {
  assertRole(cx, ADMINS);
  const after = cursor ? readCursor(cx, "storage", cursor) : null;
  const [whole, rows] = await Promise.all([
    cx.db.first<{ bytes: string; most: number }>(
      sql`select coalesce(u.bytes, 0)::text as bytes, coalesce(t.attachment_quota_mib, ${
        quota(cx)
      }::integer) as most
        from tenants t left join attachment_usage u on u.tenant_id = t.id where t.id = ${cx.tenant.id}`,
    ),
    cx.db.rows<Row>(
      sql`with used as (
          select uploader_id, count(*) as files, sum(size)::bigint as bytes,
            count(*) filter (where ticket_id is null) as unused_files,
            coalesce(sum(size) filter (where ticket_id is null), 0)::text as unused_bytes
          from attachments where tenant_id = ${cx.tenant.id} and deleted_at is null group by uploader_id
        )
        select u.id, u.name, u.email, s.files, s.bytes::text as bytes, s.unused_files, s.unused_bytes
        from used s join users u on u.tenant_id = ${cx.tenant.id} and u.id = s.uploader_id
        where ${after?.at ?? null}::bigint is null
          or (s.bytes, u.id) < (${after?.at ?? null}::bigint, ${after?.id ?? null}::uuid)
        order by s.bytes desc, u.id desc limit ${limit + 1}`,
    ),
  ]);
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  return {
    bytes: Number(whole!.bytes),
    quotaBytes: whole!.most * MIB,
    items: rows.map(toStorage),
    nextCursor: more && last ? writeCursor(cx, "storage", { at: last.bytes, id: last.id }) : null,
  };
}

function toStorage({ id, name, email, files, bytes, unused_files, unused_bytes }: Row): StorageOfPerson {
  return {
    person: { id, name, email },
    files,
    bytes: Number(bytes),
    unusedFiles: unused_files,
    unusedBytes: Number(unused_bytes),
  };
}
