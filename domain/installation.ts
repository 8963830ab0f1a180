import { inSystem } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import { ConfigError } from "@/config.ts";

/** Another SECRET_KEY would silently invalidate every session and link. @throws ConfigError when it differs */
export async function assertKnownKey(mine: string): Promise<void> {
  const kept = await inSystem("key fingerprint", async (db) => {
    await db.run(sql`insert into installation (key_fingerprint) values (${mine}) on conflict do nothing`);
    return await db.first<{ key_fingerprint: string }>(sql`select key_fingerprint from installation`);
  });
  if (kept?.key_fingerprint !== mine) {
    throw new ConfigError("Cannot start: SECRET_KEY is not the one this database was made with");
  }
}
