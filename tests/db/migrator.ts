/**
 * A process that migrates, for tests that run several or kill one. Its argument is JSON: the database to open, as
 * openDatabase takes it, and `folder`, the migrations to run instead of the product's, after the same bootstrap. It
 * prints what it ran as JSON.
 */
import pg from "pg";
import { bootstrap } from "@/db/bootstrap.ts";
import { clientConfig } from "@/db/connect.ts";
import { closeDatabase, type DatabaseOptions, openDatabase } from "@/db/database.ts";
import { migrate, MigrationError, readMigrations } from "@/db/migrate.ts";

const { folder, ...options }: DatabaseOptions & { folder?: string } = JSON.parse(Deno.args[0]!);

function say(value: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(value) + "\n"));
}

async function migrateFolder(url: URL): Promise<string[]> {
  await connected(options.admin, (admin) => bootstrap(admin, options.passwords));
  const migrations = await readMigrations(url);
  return await connected({ user: "servicehub_owner" }, (owner) => migrate(owner, migrations));
}

async function connected<T>(
  role: DatabaseOptions["admin"],
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(clientConfig(options.target, role));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

try {
  if (folder !== undefined) say(await migrateFolder(new URL(`file://${folder}/`)));
  else {
    say(await openDatabase(options));
    await closeDatabase();
  }
} catch (error) {
  say({ error: error instanceof MigrationError ? error.message : `unexpected: ${(error as Error).stack}` });
  Deno.exit(1);
}
