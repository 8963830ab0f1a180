import { inSystem, isUuid } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import { act, type Cx, type RequestInfo } from "@/domain/cx.ts";
import { record } from "@/domain/record.ts";
import { releaseQuota } from "./quota.ts";

/** No upload takes so long that a file older than this still waits for its row. */
const ORPHAN_AFTER_MS = 60 * 60_000;
const BATCH = 500;

export async function tenantsWithFiles({ services }: RequestInfo): Promise<string[]> {
  const found: string[] = [];
  for await (const name of services.blobs.tenants()) if (isUuid(name)) found.push(name);
  return found;
}

export async function tenantsWithExpiredUploads(): Promise<string[]> {
  const rows = await inSystem(
    "remove unused uploads",
    (db) => db.rows<{ id: string }>(sql`select id from tenants_with_expired_uploads()`),
  );
  return rows.map(({ id }) => id);
}

/** Removes a batch of uploads that nothing used within an hour. @returns how many, and whether there may be more */
export async function expireUploads(cx: Cx): Promise<{ done: number; more: boolean }> {
  const rows = await cx.db.rows<{ id: string; size: string }>(
    sql`delete from attachments where tenant_id = ${cx.tenant.id} and id in (
        select id from attachments where tenant_id = ${cx.tenant.id} and ticket_id is null and deleted_at is null
          and created_at < now() - interval '1 hour' order by created_at limit ${BATCH} for update skip locked)
      returning id, size`,
  );
  if (rows.length === 0) return { done: 0, more: false };
  await Promise.all([
    releaseQuota(cx, rows.reduce((sum, { size }) => sum + Number(size), 0)),
    record(cx, {
      action: "attachment.expired",
      entity: "attachment",
      entityId: rows[0]!.id,
      changes: { ids: rows.map(({ id }) => id) },
    }),
  ]);
  return { done: rows.length, more: rows.length === BATCH };
}

/**
 * Left by a crash, or by a store that was away. It may be cut off anywhere: the next sweep finds what is left.
 * @returns how many were removed since the last step
 */
export async function* removeOrphans(request: RequestInfo, tenantId: string): AsyncGenerator<number, number> {
  const oldest = Date.now() - ORPHAN_AFTER_MS;
  let batch: string[] = [];
  for await (const { key, at } of request.services.blobs.list(tenantId)) {
    if (at.getTime() > oldest) continue;
    batch.push(key);
    if (batch.length < BATCH) continue;
    yield await removeUnreferenced(request, tenantId, batch);
    batch = [];
  }
  return await removeUnreferenced(request, tenantId, batch);
}

async function removeUnreferenced(request: RequestInfo, tenantId: string, keys: string[]): Promise<number> {
  if (keys.length === 0) return 0;
  const used = await act(request, { kind: "system", tenantId }, (cx) => usedKeys(cx, keys));
  const orphans = keys.filter((key) => !used.has(key));
  for (const key of orphans) await request.services.blobs.remove(key);
  return orphans.length;
}

async function usedKeys(cx: Cx, keys: string[]): Promise<Set<string>> {
  // An organisation that this database doesn't know: the store may be shared with another installation.
  if (cx.tenant.slug === "") return new Set(keys);
  const rows = await cx.db.rows<{ storage_key: string }>(
    sql`select storage_key from attachments where tenant_id = ${cx.tenant.id} and deleted_at is null
      and storage_key = any(${keys}::text[])`,
  );
  return new Set(rows.map(({ storage_key }) => storage_key));
}
