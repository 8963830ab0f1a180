/** A whole desk in this process: a database of its own, real adapters, pages and API behind the edge. */
import type pg from "pg";
import { createServices } from "@/adapters/mod.ts";
import { type Config, readConfig } from "@/config.ts";
import { closePool, openPool } from "@/db/pool.ts";
import type { RequestInfo } from "@/domain/cx.ts";
import { registerOrganisation } from "@/domain/organisations/registration/registration.ts";
import type { Services } from "@/ports.ts";
import { edge } from "@/edge/mod.ts";
import { configureLog } from "@/log.ts";
import { type Cluster, currentCluster, DOOR_SECRET, openClone, targetOf } from "./cluster.ts";
import { Client } from "./client.ts";

export const PASSWORD = "a quiet harbour at dawn";

export interface Desk {
  /** Closes the database and removes what the desk wrote. */
  [Symbol.asyncDispose](): Promise<void>;
  config: Config;
  services: Services;
  cluster: Cluster;
  database: string;
  /** Answers a request as the running server would. */
  fetch(request: Request): Promise<Response>;
  /** A client of nobody. */
  client(): Client;
  /** Registers an organisation and returns a client signed in as its admin. */
  register(organisation?: string): Promise<Client>;
  /** Runs SQL past row security, to look at what is there. */
  look<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** A request context for calling domain code directly. */
  request(): RequestInfo;
}

/** Opens a desk on a fresh clone of the template database; `env` overrides settings. One at a time per test file. */
export async function openDesk(env: Record<string, string> = {}): Promise<Desk> {
  configureLog({ level: "error", format: "json" });
  const cluster = currentCluster();
  // What a storm of requests waits for on a busy machine is not what these tests are about.
  const clone = await openClone(cluster, { lock_timeout: "20s" });
  const { database } = clone;
  const dataDir = await Deno.makeTempDir({ prefix: "servicehub-desk-" });
  const config = readConfig({
    DATA_DIR: dataDir,
    SIGNUP: "open",
    PUBLIC_URL: "http://localhost:8000",
    RATE_LIMIT_SCALE: "1000",
    ...env,
  });
  openPool(targetOf(cluster, database), { doorSecret: DOOR_SECRET, size: 12, waitMs: 20_000 });
  const services = await createServices(config);
  services.passwords = quick(services.passwords);
  const handler = edge(services, (request, info) => app()(request, info));
  const info: Deno.ServeHandlerInfo = {
    remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 1 },
    completed: Promise.resolve(),
  };
  const desk: Desk = {
    config,
    services,
    cluster,
    database,
    fetch: async (request) => await handler(request, info),
    client: () => new Client(desk),
    async register(organisation = "Harbour Works") {
      const client = new Client(desk);
      await client.register(organisation);
      return client;
    },
    look: clone.look,
    request: () => ({ requestId: crypto.randomUUID(), ip: "127.0.0.1", userAgent: "test", services }),
    async [Symbol.asyncDispose]() {
      services.mail.close();
      await closePool();
      await clone.drop();
      await Deno.remove(dataDir, { recursive: true });
    },
  };
  return desk;
}

export { registerOrganisation };

let known: Promise<string> | undefined;

/** The real hasher, which computes the hash of the password that everybody has in tests once in each test file. */
function quick(passwords: Services["passwords"]): Services["passwords"] {
  return {
    hash: (password) => password === PASSWORD ? known ??= passwords.hash(password) : passwords.hash(password),
    verify: async (phc, password) =>
      password === PASSWORD && phc === await known
        ? { ok: true, weak: false }
        : await passwords.verify(phc, password),
  };
}

let handler: ((request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>) | undefined;

/** The app as `deno task build` made it; API tests load no page. */
function app() {
  return (request: Request, info?: Deno.ServeHandlerInfo): Promise<Response> | Response => {
    if (handler) return handler(request, info);
    return load().then(() => handler!(request, info));
  };
}

async function load(): Promise<void> {
  const built = await import(new URL("../../_fresh/server.js", import.meta.url).href);
  handler = built.default.fetch;
}
