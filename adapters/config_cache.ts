import type { CacheStats, ConfigCache, ConfigPlace } from "@/ports.ts";
import { createRedisConfigStore } from "./redis_config.ts";
import type { RedisLink } from "./redis_link.ts";

/** What all entries of a process may take, and those of one organisation, in bytes of JSON. */
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_TENANT_BYTES = MOST_BYTES / 16;
/** A longer entry isn't kept: it would push out many others. */
const MOST_ENTRY_BYTES = 64 * 1024;
/** What an organisation takes without an entry, roughly. */
const SHELF_BYTES = 200;

interface Shelf {
  version: number;
  bytes: number;
  entries: Map<string, { value: unknown; bytes: number }>;
}

/** One version of each organisation; the least recently used goes first. Instances share by Redis, in the background. */
export function createConfigCache(redis: RedisLink | null = null): ConfigCache {
  // In the order of use, the last used one last.
  const shelves = new Map<string, Shelf>();
  const stats: CacheStats = { hits: 0, misses: 0, bytes: 0 };
  const store = redis && createRedisConfigStore(redis, {
    take: (place, key, json) => keep(place, key, json),
  });

  function shelfOf({ tenantId, version }: ConfigPlace): Shelf | null {
    const kept = shelves.get(tenantId);
    // A transaction that began before a change finds nothing, and leaves the newer version alone.
    if (kept && kept.version > version) return null;
    if (kept) remove(tenantId, kept);
    const shelf = kept?.version === version ? kept : { version, bytes: SHELF_BYTES, entries: new Map() };
    shelves.set(tenantId, shelf);
    stats.bytes += shelf.bytes;
    trim();
    return shelf;
  }

  function remove(tenantId: string, shelf: Shelf): void {
    shelves.delete(tenantId);
    stats.bytes -= shelf.bytes;
  }

  function keep(place: ConfigPlace, key: string, json: string): void {
    const shelf = json.length > MOST_ENTRY_BYTES ? null : shelfOf(place);
    if (!shelf || shelf.entries.has(key)) return;
    const bytes = json.length + key.length;
    // Shared by every request from here on, so nobody may change it.
    shelf.entries.set(key, { value: frozen(JSON.parse(json)), bytes });
    grow(shelf, bytes);
    for (const [oldest, entry] of shelf.entries) {
      if (shelf.bytes <= MOST_TENANT_BYTES) break;
      shelf.entries.delete(oldest);
      grow(shelf, -entry.bytes);
    }
    trim();
  }

  function trim(): void {
    for (const [tenantId, oldest] of shelves) {
      if (stats.bytes <= MOST_BYTES) break;
      remove(tenantId, oldest);
    }
  }

  function grow(shelf: Shelf, bytes: number): void {
    shelf.bytes += bytes;
    stats.bytes += bytes;
  }

  return {
    get(place, key) {
      const shelf = shelfOf(place);
      const entry = shelf?.entries.get(key);
      if (entry) stats.hits++;
      else stats.misses++;
      if (shelf && !entry) store?.fetch(place);
      return entry?.value;
    },
    put(place, key, value) {
      const json = JSON.stringify(value);
      keep(place, key, json);
      if (json.length <= MOST_ENTRY_BYTES) store?.share(place, key, json);
    },
    stats: () => ({ ...stats }),
  };
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}
