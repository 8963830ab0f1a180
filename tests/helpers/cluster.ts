/** The PostgreSQL of a test run: one real server, a template database, and a clone of it for each test file. */
import pg from "pg";
import { openDatabase } from "@/db/database.ts";
import { clientConfig, type Target } from "@/db/connect.ts";
import { closePool } from "@/db/pool.ts";
import { startEmbedded } from "@/db/embedded/mod.ts";

const TEMPLATE = "servicehub_template";

/** Where the run's server is; handed to test files in the environment. */
export interface Cluster {
  host: string;
  port: number;
  superuser: string;
}

/** Starts a server that lives in `dir` and is thrown away, with the template database in it. */
export async function startCluster(dir: string): Promise<Cluster & { stop(): Promise<void> }> {
  const server = await startEmbedded({
    dataDir: dir,
    log: () => {},
    settings: { fsync: "off", full_page_writes: "off", synchronous_commit: "off", max_connections: "300" },
  });
  const cluster = { host: server.socketDir, port: server.port, superuser: server.superuser };
  await asSuperuser(cluster, "postgres", (client) => client.query(`create database ${TEMPLATE}`));
  await openDatabase({ target: targetOf(cluster, TEMPLATE), admin: { user: cluster.superuser } });
  await closePool();
  return { ...cluster, stop: () => server.stop({ immediate: true, remove: true }) };
}

/** The run's server. @throws Error outside `deno task test` */
export function currentCluster(): Cluster {
  const text = Deno.env.get("SERVICEHUB_TEST_CLUSTER");
  if (!text) throw new Error("Cannot find the test database: run `deno task test [file…]`");
  return JSON.parse(text);
}

/** A new database of its own, with the whole schema and no rows. It goes with the cluster. */
export async function cloneDatabase(cluster: Cluster): Promise<string> {
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  await asSuperuser(
    cluster,
    "postgres",
    (client) => client.query(`create database ${name} template ${TEMPLATE}`),
  );
  return name;
}

export function targetOf(cluster: Cluster, database: string): Target {
  return { host: cluster.host, port: cluster.port, database };
}

/** Runs `fn` on a connection past row security: what a test looks at, never what it tests with. */
export async function asSuperuser<T>(
  cluster: Cluster,
  database: string,
  fn: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(clientConfig(targetOf(cluster, database), { user: cluster.superuser }));
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}
