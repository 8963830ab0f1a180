import { createServices } from "./adapters/mod.ts";
import { type Config, ConfigError, readConfig } from "./config.ts";
import { connectDatabase } from "./connect_database.ts";
import { closeDatabase } from "./db/database.ts";
import { EmbeddedError } from "./db/embedded/mod.ts";
import { MigrationError } from "./db/migrate.ts";
import { assertSameKey } from "./domain/installation.ts";
import type { Services } from "./domain/services.ts";
import { edge } from "./edge/mod.ts";
import { type Jobs, startJobs } from "./jobs/cron.ts";
import { configureLog, log } from "./log.ts";

/** Requests and jobs get this long to end after the first signal, in milliseconds. */
const GRACE_MS = 10_000;

/** What a caller does when the database is open and before anyone is served. */
export type Ready = (services: Services) => Promise<void>;

/** A running desk. */
export interface Running {
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts the process: database, adapters, jobs, HTTP.
 *
 * @returns once it is ready to serve
 * @throws ConfigError, EmbeddedError or MigrationError with a line for the operator
 */
export async function serve(config: Config, ready?: Ready): Promise<Running> {
  configureLog({ level: config.LOG_LEVEL, format: config.LOG_FORMAT });
  const server = await connectDatabase(config);
  const worker: { jobs?: Jobs } = {};
  const services = await createServices(config, { wake: () => worker.jobs?.wake() });
  await assertSameKey(services.secrets.fingerprint);
  await ready?.(services);
  const built = await import(new URL("./_fresh/server.js", import.meta.url).href);
  worker.jobs = startJobs(services);
  const http = Deno.serve({
    port: config.PORT,
    hostname: config.HOST,
    onListen: () => {},
  }, edge(services, built.default.fetch));
  const pidFile = `${config.DATA_DIR}/servicehub.pid`;
  await Deno.writeTextFile(pidFile, `${Deno.pid}\n`);
  return {
    url: config.PUBLIC_URL,
    async stop() {
      await Promise.race([http.shutdown(), new Promise((done) => setTimeout(done, GRACE_MS))]);
      await worker.jobs?.stop();
      await closeDatabase();
      await server?.stop();
      await Deno.remove(pidFile).catch(() => {});
    },
  };
}

/** Serves until a signal ends it; what goes wrong at the start is one line for the operator. */
export async function main(config?: Config, ready?: Ready): Promise<void> {
  try {
    await run(config ?? readConfig(), ready);
  } catch (error) {
    const known = error instanceof ConfigError || error instanceof EmbeddedError ||
      error instanceof MigrationError || error instanceof Deno.errors.AddrInUse;
    const text = known ? (error as Error).message : error instanceof Error ? error.stack : String(error);
    Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
    Deno.exit(1);
  }
}

async function run(config: Config, ready?: Ready): Promise<void> {
  let running: Running | undefined;
  let stopping = false;
  const starting = serve(config, ready);
  starting.catch(() => {});
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log("info", "Stopping", { signal });
    running ??= await starting.catch(() => undefined);
    await running?.stop();
    Deno.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => stop(signal));
  running = await starting;
  log("info", "ServiceHub is ready", { url: running.url, pid: Deno.pid });
  Deno.stdout.writeSync(new TextEncoder().encode(`\n  ServiceHub is ready: open ${running.url}\n\n`));
}

if (import.meta.main) await main();
