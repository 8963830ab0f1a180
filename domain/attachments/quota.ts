import { sql } from "@/db/sql.ts";
import type { Cx, UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { sizeLabel } from "./types.ts";

const MIB = 1024 * 1024;

/** Before a byte is read. @throws DomainError too_large */
export async function assertQuotaLeft(cx: Cx): Promise<void> {
  const row = await cx.db.first<{ bytes: string; most: number }>(
    sql`select coalesce(u.bytes, 0) as bytes, coalesce(t.attachment_quota_mib, ${quota(cx)}::integer) as most
      from tenants t left join attachment_usage u on u.tenant_id = t.id where t.id = ${cx.tenant.id}`,
  );
  if (row && Number(row.bytes) >= row.most * MIB) throw full(row.most);
}

/** Parallel uploads wait for each other here. @throws DomainError too_large when less is left */
export async function reserveQuota(cx: Cx, bytes: number): Promise<void> {
  const [row] = await cx.db.rows<{ bytes: string; most: number }>(
    sql`insert into attachment_usage as u (tenant_id, bytes) values (${cx.tenant.id}, ${bytes})
      on conflict (tenant_id) do update set bytes = u.bytes + excluded.bytes
      returning u.bytes, (select coalesce(t.attachment_quota_mib, ${quota(cx)}::integer) from tenants t
        where t.id = ${cx.tenant.id}) as most`,
  );
  // The refusal rolls this back.
  if (Number(row!.bytes) > row!.most * MIB) throw full(row!.most);
}

export async function releaseQuota(cx: Cx, bytes: number): Promise<void> {
  await cx.db.run(sql`update attachment_usage set bytes = greatest(bytes - ${bytes}::bigint, 0)
    where tenant_id = ${cx.tenant.id}`);
}

/**
 * Files that nothing uses yet count for the whole organisation, and nobody else sees them: one person may hold a share.
 * After {@link reserveQuota}, which makes parallel uploads wait for each other. @throws DomainError too_large
 */
export async function assertShareLeft(cx: UserCx): Promise<void> {
  const share = cx.services.config.UPLOAD_SHARE_MIB * MIB;
  const row = await cx.db.first<{ bytes: string }>(
    sql`select coalesce(sum(size), 0)::text as bytes from attachments where tenant_id = ${cx.tenant.id}
      and uploader_id = ${cx.actor.id} and ticket_id is null and deleted_at is null`,
  );
  if (Number(row!.bytes) <= share) return;
  throw new DomainError(
    "too_large",
    `Your unused uploads can take ${
      sizeLabel(share)
    } in total. Attach or delete some, or wait an hour: then they are removed`,
  );
}

export function quota({ services }: Cx): number {
  return services.config.ATTACHMENT_QUOTA_MIB;
}

function full(most: number): DomainError {
  return new DomainError(
    "too_large",
    `The storage quota is used up: your organisation's files can take ${sizeLabel(most * MIB)} in total`,
  );
}
