import { createSecrets, doorSecretOf, readSecretKey } from "./adapters/secrets.ts";
import { type Config, ConfigError } from "./config.ts";
import { closeDatabase, openDatabase } from "./db/database.ts";
import { EmbeddedError, type EmbeddedServer, lockDataDir, startEmbedded } from "./db/embedded/mod.ts";
import { MigrationError } from "./db/migrate.ts";
import { Notifier } from "./db/notifier.ts";
import { log } from "./log.ts";

const RESTART_MS = { first: 100, most: 5_000 };

export interface Database {
  /** Carries messages between instances over this database; not over the embedded one, which has a single instance. */
  notifier?: Notifier;
  close(): Promise<void>;
}

/** The embedded server is restarted whenever it ends by itself. @throws ConfigError, EmbeddedError or MigrationError */
export async function connectDatabase(config: Config): Promise<Database> {
  if (!config.DATABASE_URL) return await openEmbedded(config);
  const password = await openExternal(config, config.DATABASE_URL);
  if (config.REDIS_URL) return { close: closeDatabase };
  const target = { connectionString: config.DATABASE_URL };
  const notifier = new Notifier(target, { user: "servicehub_app", password, log });
  return {
    notifier,
    async close() {
      await notifier.close();
      await closeDatabase();
    },
  };
}

async function openEmbedded(config: Config): Promise<Database> {
  if ((await Deno.permissions.query({ name: "run" })).state !== "granted") {
    throw new EmbeddedError(
      "Cannot run a database of its own here: set DATABASE_URL, or use `deno task start`",
    );
  }
  const { DATA_DIR: dataDir } = config;
  // Held over restarts too, so that no other process comes in between.
  const lock = await lockDataDir(dataDir);
  const start = () => startEmbedded({ dataDir, log });
  let doorSecret: string, server: EmbeddedServer;
  try {
    doorSecret = doorSecretOf(createSecrets(await readSecretKey(config)));
    server = await startOn(start, doorSecret);
  } catch (error) {
    lock.release();
    throw error;
  }
  const closing = new AbortController();
  const { signal } = closing;
  const kept = (async () => {
    while (true) {
      await Promise.race([server.ended, aborted(signal)]);
      if (signal.aborted) return;
      const { socketDir } = server;
      await server.stop();
      server = await startAgain(start, signal) ?? server;
      if (server.socketDir === socketDir) continue;
      // The pool finds a server at the same address by itself.
      await closeDatabase();
      await open(server, doorSecret);
    }
  })();
  return {
    async close() {
      closing.abort();
      await kept.catch((error: unknown) => log("error", "The database could not be opened again", { error }));
      await closeDatabase();
      await server.stop();
      lock.release();
    },
  };
}

async function startOn(start: () => Promise<EmbeddedServer>, doorSecret: string): Promise<EmbeddedServer> {
  const server = await start();
  try {
    await open(server, doorSecret);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function open(server: EmbeddedServer, doorSecret: string): Promise<void> {
  await openDatabase({
    target: { host: server.socketDir, port: server.port, database: "postgres" },
    admin: { user: server.superuser },
    doorSecret,
  });
}

async function startAgain(
  start: () => Promise<EmbeddedServer>,
  signal: AbortSignal,
): Promise<EmbeddedServer | undefined> {
  for (let wait = RESTART_MS.first; !signal.aborted; wait = Math.min(wait * 2, RESTART_MS.most)) {
    try {
      return await start();
    } catch (error) {
      log("error", "The database can't be started again yet", { error, waitMs: wait });
      await Promise.race([new Promise((done) => setTimeout(done, wait)), aborted(signal)]);
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener("abort", () => done(), { once: true });
  });
}

/** The login roles' passwords follow from the secret key, so none is handed around. @returns servicehub_app's */
async function openExternal(config: Config, databaseUrl: string): Promise<string> {
  const { username, password } = new URL(databaseUrl);
  const secrets = createSecrets(await readSecretKey(config));
  const passwords = {
    servicehub_owner: secrets.derive("database servicehub_owner"),
    servicehub_app: secrets.derive("database servicehub_app"),
  };
  try {
    await openDatabase({
      target: { connectionString: databaseUrl },
      admin: { user: decodeURIComponent(username), password: decodeURIComponent(password) },
      passwords,
      doorSecret: doorSecretOf(secrets),
    });
    return passwords.servicehub_app;
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    throw new ConfigError(externalFault(error as Error & { code?: string }), { cause: error });
  }
}

function externalFault({ code, message }: Error & { code?: string }): string {
  // 28P01 is a wrong password (class 28, invalid authorization).
  if (code === "28P01" && message.includes('"servicehub_owner"')) {
    return "Cannot start: SECRET_KEY is not the one this database was made with";
  }
  return `Cannot use the database that DATABASE_URL names: ${message || code}`;
}
