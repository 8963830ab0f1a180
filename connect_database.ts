import { createSecrets, readSecretKey } from "./adapters/secrets.ts";
import type { Config } from "./config.ts";
import { openDatabase } from "./db/database.ts";
import { type EmbeddedServer, startEmbedded } from "./db/embedded/mod.ts";
import { log } from "./log.ts";

/**
 * Opens the database that the configuration names: an external one, or the embedded server in DATA_DIR.
 *
 * @returns the embedded server, to be stopped last; undefined for an external one
 */
export async function connectDatabase(config: Config): Promise<EmbeddedServer | undefined> {
  if (config.DATABASE_URL) {
    await openExternal(config, config.DATABASE_URL);
    return undefined;
  }
  const server = await startEmbedded({ dataDir: config.DATA_DIR, log });
  try {
    await openDatabase({
      target: { host: server.socketDir, port: server.port, database: "postgres" },
      admin: { user: server.superuser },
    });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** The two login roles get passwords that follow from the secret key, so there is nothing to hand around. */
async function openExternal(config: Config, databaseUrl: string): Promise<void> {
  const { username, password } = new URL(databaseUrl);
  const secrets = createSecrets(await readSecretKey(config));
  await openDatabase({
    target: { connectionString: databaseUrl },
    admin: { user: decodeURIComponent(username), password: decodeURIComponent(password) },
    passwords: {
      servicehub_owner: secrets.derive("database servicehub_owner"),
      servicehub_app: secrets.derive("database servicehub_app"),
    },
  });
}
