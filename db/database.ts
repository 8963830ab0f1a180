import pg from "pg";
import { bootstrap } from "./bootstrap.ts";
import { clientConfig, type Target } from "./connect.ts";
import { migrate, readMigrations } from "./migrate.ts";
import { registerSecret } from "./register_secret.ts";
import { closePool, openPool } from "./pool.ts";

/** How the roles sign in: by socket (the embedded server) or by passwords derived from the secret key. */
export interface DatabaseOptions {
  target: Target;
  /** The role that may create roles: the embedded server's superuser, or the one that DATABASE_URL names. */
  admin: { user: string; password?: string };
  passwords?: { servicehub_owner: string; servicehub_app: string };
  /** Of this installation; without it nobody gets through the doors, not even as servicehub_app. */
  doorSecret: string;
  poolSize?: number;
  /** How long a request waits for a connection, in milliseconds. */
  waitMs?: number;
}

/** @returns names of the migrations that were run @throws MigrationError when this version and the database don't fit */
export async function openDatabase(options: DatabaseOptions): Promise<string[]> {
  const { target, passwords } = options;
  await withClient(clientConfig(target, options.admin), (admin) => bootstrap(admin, passwords));
  const owner = login("servicehub_owner", passwords?.servicehub_owner);
  const applied = await withClient(
    clientConfig(target, owner),
    async (client) => {
      const applied = await migrate(client, await readMigrations());
      await registerSecret(client, options.doorSecret);
      return applied;
    },
  );
  openPool(target, {
    doorSecret: options.doorSecret,
    ...(passwords ? { password: passwords.servicehub_app } : {}),
    ...(options.poolSize ? { size: options.poolSize } : {}),
    ...(options.waitMs ? { waitMs: options.waitMs } : {}),
  });
  return applied;
}

export const closeDatabase = closePool;

function login(user: string, password?: string): { user: string; password?: string } {
  return password ? { user, password } : { user };
}

async function withClient<T>(config: pg.ClientConfig, fn: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}
