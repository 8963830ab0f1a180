import pg from "pg";
import { LOCKS } from "./bootstrap.ts";
import { inSystem } from "./door.ts";
import { sql } from "./sql.ts";

/** One numbered SQL file, with the SHA-256 of its text in hex. */
export interface Migration {
  name: string;
  text: string;
  checksum: string;
}

export class MigrationError extends Error {}

const FOLDER = new URL("./migrations/", import.meta.url);

export async function readMigrations(folder: URL = FOLDER): Promise<Migration[]> {
  const names = [...Deno.readDirSync(folder)].map((entry) => entry.name)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort();
  return await Promise.all(names.map(async (name) => {
    const bytes = await Deno.readFile(new URL(name, folder));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return { name, text: new TextDecoder().decode(bytes), checksum: digest.toHex() };
  }));
}

/**
 * Each file in a transaction of its own, under an advisory lock: started at once, instances run each file once.
 * @throws MigrationError when an applied file was changed, or the database is ahead of this version
 */
export async function migrate(owner: pg.Client, migrations: Migration[]): Promise<string[]> {
  await owner.query(`select pg_advisory_lock(${LOCKS.migrate})`);
  try {
    await owner.query(
      `create table if not exists migrations (
        name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
    );
    await owner.query("grant select on migrations to servicehub_app");
    const { rows } = await owner.query<Applied>("select name, checksum from migrations");
    const pending = unapplied(rows, migrations);
    for (const migration of pending) await apply(owner, migration);
    return pending.map((migration) => migration.name);
  } finally {
    await owner.query(`select pg_advisory_unlock(${LOCKS.migrate})`);
  }
}

interface Applied extends Record<string, unknown> {
  name: string;
  checksum: string;
}

function unapplied(applied: Applied[], migrations: Migration[]): Migration[] {
  const checksums = new Map(applied.map((row) => [row.name, row.checksum]));
  for (const migration of migrations) {
    const checksum = checksums.get(migration.name);
    if (checksum && checksum !== migration.checksum) {
      throw new MigrationError(`Cannot migrate: "${migration.name}" was changed after it was applied`);
    }
  }
  const known = new Set(migrations.map((migration) => migration.name));
  const ahead = [...checksums.keys()].filter((name) => !known.has(name)).sort();
  if (ahead.length > 0) {
    throw new MigrationError(`Cannot start: the database is newer than this version: it has "${ahead[0]}"`);
  }
  return migrations.filter((migration) => !checksums.has(migration.name));
}

let shipped: Promise<Migration[]> | undefined;

/** Whether the database that the pool serves has exactly this version's schema. @throws DatabaseUnavailable */
export async function isCurrent(): Promise<boolean> {
  const migrations = await (shipped ??= readMigrations());
  return await inSystem("readiness", async (db) => {
    const applied = await db.rows<Applied>(sql`select name, checksum from migrations`);
    return unapplied(applied, migrations).length === 0;
  });
}

async function apply(owner: pg.Client, migration: Migration): Promise<void> {
  await owner.query("begin");
  try {
    // Functions that are given to the lookup role need it. No one else sees it: the transaction takes it back.
    await owner.query("grant create on schema public to servicehub_lookup");
    await owner.query(migration.text);
    await owner.query("revoke create on schema public from servicehub_lookup");
    await owner.query("insert into migrations (name, checksum) values ($1, $2)", [
      migration.name,
      migration.checksum,
    ]);
    await owner.query("commit");
  } catch (error) {
    await owner.query("rollback");
    throw error;
  }
}
