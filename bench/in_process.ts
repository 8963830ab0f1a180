import { createServices } from "@/adapters/mod.ts";
import { createSecrets, doorSecretOf, readSecretKey } from "@/adapters/secrets.ts";
import type { SecretKeys } from "@/adapters/secrets.ts";
import { readConfig } from "@/config.ts";
import { closeDatabase, openDatabase } from "@/db/database.ts";
import type { ConfigCache, Services } from "@/ports.ts";
import { edge } from "@/edge/mod.ts";
import { configureLog } from "@/log.ts";
import { type Place, targetOf } from "./cluster.ts";

/** Keeps nothing. */
const FORGETFUL: ConfigCache = {
  get: () => undefined,
  put: () => {},
  stats: () => ({ hits: 0, misses: 0, bytes: 0 }),
};

export type Handler = (request: Request) => Promise<Response>;

/** The product in this process, without its jobs: what the bench listens to while it takes down statements. */
export interface InProcess extends AsyncDisposable {
  handler: Handler;
  services: Services;
  secrets: SecretKeys;
  /** A hash of a password, as the product would keep it. */
  hash(password: string): Promise<string>;
}

/**
 * Opens the schema at `place`, migrating it, and the app as it was built.
 *
 * @param cached whether it keeps configuration, as the product does
 */
export async function openInProcess(dataDir: string, place: Place, cached = true): Promise<InProcess> {
  configureLog({ level: "error", format: "json" });
  const config = readConfig({
    DATA_DIR: dataDir,
    SIGNUP: "open",
    PUBLIC_URL: "http://localhost:8000",
    RATE_LIMIT_SCALE: "1000000",
  });
  await openDatabase({
    target: targetOf(place),
    admin: { user: "postgres" },
    doorSecret: doorSecretOf(createSecrets(await readSecretKey(config))),
    poolSize: 2,
  });
  const made = await createServices(config);
  const services = cached ? made : { ...made, configCache: FORGETFUL };
  const built = await import(new URL("../_fresh/server.js", import.meta.url).href);
  const info: Deno.ServeHandlerInfo = {
    remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 1 },
    completed: Promise.resolve(),
  };
  const answer = edge(services, built.default.fetch);
  return {
    handler: async (request) => await answer(request, info),
    services,
    secrets: services.secrets,
    hash: (password) => services.passwords.hash(password),
    [Symbol.asyncDispose]: closeDatabase,
  };
}
