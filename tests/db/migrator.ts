/**
 * A process that migrates, for tests that run several or kill one. Its argument is JSON: the database to open, as
 * openDatabase takes it, and `folder`, the migrations to run instead of the product's. It prints what it ran as JSON.
 */
import pg from "pg";
import { clientConfig } from "@/db/connect.ts";
import { closeDatabase, type DatabaseOptions, openDatabase } from "@/db/database.ts";
import { migrate, MigrationError, readMigrations } from "@/db/migrate.ts";

const { folder, ...options }: DatabaseOptions & { folder?: string } = JSON.parse(Deno.args[0]!);

function say(value: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(value) + "\n"));
}

async function migrateFolder(url: URL): Promise<string[]> {
  const client = new pg.Client(clientConfig(options.target, { user: "servicehub_owner" }));
  await client.connect();
  try {
    return await migrate(client, await readMigrations(url));
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
