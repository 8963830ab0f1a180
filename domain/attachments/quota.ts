import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
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

function quota({ services }: Cx): number {
  return services.config.ATTACHMENT_QUOTA_MIB;
}

function full(most: number): DomainError {
  return new DomainError(
    "too_large",
    `The storage quota is used up: your organisation's files can take ${sizeLabel(most * MIB)} in total`,
  );
}
