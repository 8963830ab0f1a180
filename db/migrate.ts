import pg from "pg";
import { LOCKS } from "./bootstrap.ts";
import { transaction } from "./pool.ts";

/** One numbered SQL file, with the SHA-256 of its text in hex. */
export interface Migration {
  name: string;
  text: string;
  checksum: string;
}

/** Thrown when the database and the migrations of this version don't fit; the message says how. */
export class MigrationError extends Error {}

const FOLDER = new URL("./migrations/", import.meta.url);

/** The migrations of this version, in order. */
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
 * Brings the schema to this version: each pending file in a transaction of its own, under an advisory lock, so that
 * instances that start at once run each file once and a crash leaves whole files only.
 *
 * @param owner a connection as servicehub_owner
 * @returns the names of the files that were run
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
    const pending = await pendingMigrations(owner, migrations);
    for (const migration of pending) await apply(owner, migration);
    return pending.map((migration) => migration.name);
  } finally {
    await owner.query(`select pg_advisory_unlock(${LOCKS.migrate})`);
  }
}

/**
 * Which files the database lacks.
 *
 * @throws MigrationError when an applied file was changed since, or the database has files this version doesn't know
 */
export async function pendingMigrations(client: pg.Client, migrations: Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    "select name, checksum from migrations",
  );
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  for (const migration of migrations) {
    const checksum = applied.get(migration.name);
    if (checksum && checksum !== migration.checksum) {
      throw new MigrationError(`Cannot migrate: "${migration.name}" was changed after it was applied`);
    }
  }
  const known = new Set(migrations.map((migration) => migration.name));
  const ahead = [...applied.keys()].filter((name) => !known.has(name)).sort();
  if (ahead.length > 0) {
    throw new MigrationError(`Cannot start: the database is newer than this version: it has "${ahead[0]}"`);
  }
  return migrations.filter((migration) => !applied.has(migration.name));
}

/** Whether the database that the pool serves has exactly this version's schema. @throws DatabaseUnavailable */
export async function isCurrent(): Promise<boolean> {
  const migrations = await readMigrations();
  return await transaction("begin; select 1", async (client) => {
    return (await pendingMigrations(client as unknown as pg.Client, migrations)).length === 0;
  });
}

async function apply(owner: pg.Client, migration: Migration): Promise<void> {
  await owner.query("begin");
  try {
    await owner.query(migration.text);
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
