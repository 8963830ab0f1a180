import { sql } from "@/db/sql.ts";
import type { Cx } from "./cx.ts";
import type { Entity } from "./shared/entities.ts";

/** What the cache holds; a trigger raises the organisation's version with every change to one of these. */
const CACHED: ReadonlySet<Entity> = new Set(["queue", "category", "calendar", "sla_policy"]);

/** Transactions that have changed configuration themselves: they read past the cache. */
const changing = new WeakSet<Cx["db"]>();

/** Tells the cache that this transaction changes `entity`. `record()` calls it for every change. */
export function noteConfigChange(cx: Cx, entity: Entity): void {
  if (CACHED.has(entity)) changing.add(cx.db);
}

/** Takes the lock that every change of configuration takes, for a transaction that locks such rows before it changes any. */
export async function lockConfig(cx: Cx): Promise<void> {
  await cx.db.run(sql`select 1 from tenants where id = ${cx.tenant.id} for no key update`);
}

/**
 * From the cache for exactly the version that this transaction opened with, so never stale. `key` names all else that
 * it depends on; `read` reads queues, categories, calendars and policies alone, and its null isn't kept.
 * @returns what `read` returns, as JSON has it; frozen when it comes from the cache
 */
export async function cachedConfig<T>(cx: Cx, key: string, read: () => Promise<T>): Promise<T> {
  // An organisation that is being registered has no version yet.
  if (changing.has(cx.db) || cx.tenant.configVersion === 0) return await read();
  const { configCache } = cx.services;
  const place = { tenantId: cx.tenant.id, version: cx.tenant.configVersion };
  const kept = configCache.get(place, key);
  if (kept !== undefined) return kept as T;
  const value = await read();
  // Read behind the value: when it is still the version of the start, the value belongs to it.
  const row = await cx.db.first<{ version: string }>(
    sql`select config_version::text as version from tenants where id = ${cx.tenant.id}`,
  );
  const isSame = Number(row?.version) === place.version;
  if (value !== null && isSame && !changing.has(cx.db)) configCache.put(place, key, value);
  return value;
}
