import { createServices } from "./adapters/mod.ts";
import { type Config, ConfigError, readConfig } from "./config.ts";
import { connectDatabase, type Database } from "./connect_database.ts";
import { EmbeddedError } from "./db/embedded/mod.ts";
import { MigrationError } from "./db/migrate.ts";
import { assertKnownKey } from "./domain/installation.ts";
import { hubOf } from "./live/hub.ts";
import { presenceOf } from "./live/presence.ts";
import type { Services } from "./ports.ts";
import { allBodiesRead } from "./edge/body.ts";
import { edge } from "./edge/mod.ts";
import { requestsUnderWay } from "./edge/steps/count.ts";
import { startCron } from "./jobs/cron.ts";
import { startParser } from "./domain/mail/inbound/parse_apart.ts";
import { startWorkers } from "./jobs/workers.ts";
import { configureLog, log } from "./log.ts";

/** After the first signal each of these gets this long to end, one after the other, in milliseconds. */
const GRACE_MS = { bodies: 3_000, requests: 7_000, jobs: 2_000, database: 2_500 };

/** With this many requests under way, people go before jobs. */
const BUSY = 8;

export type Ready = (services: Services) => Promise<void>;

export interface Running {
  url: string;
  stop(): Promise<void>;
}

/** @returns once it serves @throws ConfigError, EmbeddedError or MigrationError, with nothing left running */
export async function serve(config: Config, ready?: Ready): Promise<Running> {
  configureLog({ level: config.LOG_LEVEL, format: config.LOG_FORMAT });
  const database = await connectDatabase(config);
  try {
    return await serveOn(database, { config, ready });
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function serveOn(
  database: Database,
  { config, ready }: { config: Config; ready: Ready | undefined },
): Promise<Running> {
  const services = await createServices(config, database.notifier);
  await assertKnownKey(services.secrets.fingerprint);
  presenceOf(services);
  await ready?.(services);
  const built = await import(new URL("./_fresh/server.js", import.meta.url).href);
  const http = listen(config, edge(services, built.default.fetch));
  if (config.INBOUND_DOMAIN) startParser();
  const workers = startWorkers(services, { isBusy: () => requestsUnderWay() >= BUSY });
  const cron = startCron(services);
  const pidFile = `${config.DATA_DIR}/servicehub.pid`;
  await Deno.mkdir(config.DATA_DIR, { recursive: true });
  await Deno.writeTextFile(pidFile, `${Deno.pid}\n`);
  return {
    url: config.PUBLIC_URL,
    async stop() {
      // The server waits for open streams; their clients come back to whoever serves then.
      hubOf(services).stop();
      await within(GRACE_MS.bodies, allBodiesRead());
      await within(GRACE_MS.requests, http.shutdown());
      await within(GRACE_MS.jobs, Promise.all([cron.stop(), workers.stop()]));
      services.mail.close();
      await services.bus.close();
      await within(GRACE_MS.database, database.close());
      await Deno.remove(pidFile).catch(() => {});
    },
  };
}

function listen({ HOST, PORT }: Config, handler: Deno.ServeHandler): Deno.HttpServer {
  try {
    const options = { port: PORT, hostname: HOST, onListen: () => {}, automaticCompression: true };
    return Deno.serve(options, handler);
  } catch (error) {
    const reason = (error as Error).message.replace(/ \(os error \d+\)/, "");
    throw new ConfigError(`Cannot listen on ${HOST}:${PORT}: ${reason}`, { cause: error });
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([work, new Promise((done) => timer = setTimeout(done, ms))]);
  clearTimeout(timer);
}

/** Serves until a signal ends it; what goes wrong at the start is one line for the operator. */
export async function main(config?: Config, ready?: Ready): Promise<void> {
  try {
    await run(config ?? readConfig(), ready);
  } catch (error) {
    const known = error instanceof ConfigError || error instanceof EmbeddedError ||
      error instanceof MigrationError;
    const text = known ? (error as Error).message : error instanceof Error ? error.stack : String(error);
    Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
    Deno.exit(1);
  }
}

async function run(config: Config, ready?: Ready): Promise<void> {
  let running: Running | undefined;
  let stopping = false;
  // One request's mistake must not end the others.
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    log("error", "Unhandled rejection", { error: event.reason });
  });
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
