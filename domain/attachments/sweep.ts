import { isUuid } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import { act, type Cx, type RequestInfo } from "@/domain/cx.ts";
import { record } from "@/domain/record.ts";
import { giveRoom } from "./quota.ts";

/** No upload takes so long that a file older than this still waits for its row. */
const ORPHAN_AFTER_MS = 60 * 60_000;
/** Files that are looked up in one transaction. */
const BATCH = 500;

/** What a sweep found. */
export interface Swept {
  /** Uploads that nothing used within a day. */
  unused: number;
  /** Files without a row: left by a crash, or by a store that was away when they were to be removed. */
  orphans: number;
}

/** The tenants that have files. */
export async function tenantsWithFiles({ services }: RequestInfo): Promise<string[]> {
  const found: string[] = [];
  for await (const name of services.blobs.tenants()) if (isUuid(name)) found.push(name);
  return found;
}

/**
 * Removes what a tenant has in the store and nobody can reach any more. Done again it finds nothing; what goes wrong
 * half way is found the next time.
 *
 * @throws what the database or the store throws
 */
export async function sweepFiles(request: RequestInfo, tenantId: string): Promise<Swept> {
  const { blobs } = request.services;
  const swept = { unused: 0, orphans: 0 };
  for (let expired: number | null = BATCH; expired === BATCH; swept.unused += expired) {
    expired = await act(request, { kind: "system", tenantId }, expireUnused);
    // Of an organisation that this database doesn't know nothing is touched: the store may be another's as well.
    if (expired === null) return swept;
  }
  const oldest = Date.now() - ORPHAN_AFTER_MS;
  let batch: string[] = [];
  const look = async () => {
    const used = await act(request, { kind: "system", tenantId }, (cx) => usedKeys(cx, batch));
    for (const key of batch.filter((key) => !used.has(key))) {
      await blobs.remove(key);
      swept.orphans++;
    }
    batch = [];
  };
  for await (const { key, at } of blobs.list(tenantId)) {
    if (at.getTime() > oldest) continue;
    batch.push(key);
    if (batch.length === BATCH) await look();
  }
  if (batch.length > 0) await look();
  return swept;
}

/** @returns how many rows of uploads that nothing used were removed, a batch at most; null when there is no such organisation */
async function expireUnused(cx: Cx): Promise<number | null> {
  if (cx.tenant.slug === "") return null;
  const rows = await cx.db.rows<{ id: string; size: string }>(
    sql`delete from attachments where tenant_id = ${cx.tenant.id} and id in (
        select id from attachments where tenant_id = ${cx.tenant.id} and ticket_id is null and deleted_at is null
          and created_at < now() - interval '1 day' order by created_at limit ${BATCH} for update skip locked)
      returning id, size`,
  );
  if (rows.length === 0) return 0;
  await Promise.all([
    giveRoom(cx, rows.reduce((sum, { size }) => sum + Number(size), 0)),
    record(cx, {
      action: "attachment.expired",
      entity: "attachment",
      entityId: rows[0]!.id,
      changes: { ids: rows.map(({ id }) => id) },
    }),
  ]);
  return rows.length;
}

async function usedKeys(cx: Cx, keys: string[]): Promise<Set<string>> {
  const rows = await cx.db.rows<{ storage_key: string }>(
    sql`select storage_key from attachments where tenant_id = ${cx.tenant.id} and deleted_at is null
      and storage_key = any(${keys}::text[])`,
  );
  return new Set(rows.map(({ storage_key }) => storage_key));
}
