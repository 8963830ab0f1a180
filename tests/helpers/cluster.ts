/** The PostgreSQL of a test run: one real server, a template database, and clones of it. */
import pg from "pg";
import { openDatabase } from "@/db/database.ts";
import { clientConfig, type Target } from "@/db/connect.ts";
import { closePool } from "@/db/pool.ts";
import { registerSecret } from "@/db/register_secret.ts";
import { startEmbedded } from "@/db/embedded/mod.ts";

const TEMPLATE = "servicehub_template";

/** What opens the doors of every clone. */
export const DOOR_SECRET = "the secret of the databases of this test run";

/** Where the run's server is; handed to test files in the environment. */
export interface Cluster {
  host: string;
  port: number;
  superuser: string;
}

/** Nothing has to outlive the run, and all of it fits into memory. */
const SETTINGS = {
  max_connections: "300",
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "256MB",
  // Handing a read to another process costs more than a read from memory.
  io_method: "sync",
};

/** Makes a data directory as the first start of the product leaves it, for servers to begin with a copy of. */
export async function makeDataDir(dir: string): Promise<void> {
  const server = await startEmbedded({ dataDir: dir, log: () => {}, settings: SETTINGS });
  const cluster = { host: server.socketDir, port: server.port, superuser: server.superuser };
  const admin = { user: cluster.superuser };
  await openDatabase({ target: targetOf(cluster, "postgres"), admin, doorSecret: DOOR_SECRET });
  await closePool();
  // Whoever starts a server on a copy brings a secret key.
  await asSuperuser(cluster, "postgres", (client) => client.query("delete from door"));
  await server.stop();
}

/** Copies a data directory that no server runs in, with the owners of its files. */
export async function copyDataDir(from: string, to: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("cp", { args: ["-a", `${from}/.`, to] }).output();
  if (!success) throw new Error(`Cannot copy the data directory: ${new TextDecoder().decode(stderr)}`);
}

/** Starts a server that lives in `dir` and is thrown away, on a copy of `from` ({@linkcode makeDataDir}). */
export async function startCluster(
  dir: string,
  { from }: { from: string },
): Promise<Cluster & { stop(): Promise<void> }> {
  await copyDataDir(from, dir);
  const server = await startEmbedded({ dataDir: dir, log: () => {}, settings: SETTINGS });
  const cluster = { host: server.socketDir, port: server.port, superuser: server.superuser };
  await asSuperuser(cluster, "template1", async (client) => {
    await client.query(`alter database postgres rename to ${TEMPLATE}`);
    await client.query("create database postgres");
  });
  await asSuperuser(cluster, TEMPLATE, (client) => registerSecret(client, DOOR_SECRET));
  return { ...cluster, stop: () => server.stop({ immediate: true, remove: true }) };
}

/** The run's server. @throws Error outside `deno task test` */
export function currentCluster(): Cluster {
  const text = Deno.env.get("SERVICEHUB_TEST_CLUSTER");
  if (!text) throw new Error("Cannot find the test database: run `deno task test [file…]`");
  return JSON.parse(text);
}

/** A database of its own, made from the template: the whole schema and no rows. */
export interface Clone {
  database: string;
  /** Runs SQL past row security, in a session that is as good as new each time. */
  look<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Ends whoever still uses the database, and removes it. */
  drop(): Promise<void>;
}

/** Makes a database of its own; `settings` are of the application's sessions on it. */
export async function openClone(cluster: Cluster, settings: Record<string, string> = {}): Promise<Clone> {
  const admin = await connect(cluster, "postgres");
  const database = await makeClone(admin);
  for (const [name, value] of Object.entries(settings)) {
    await admin.query(
      `alter role servicehub_app in database ${database} set ${name} = ${pg.escapeLiteral(value)}`,
    );
  }
  const sessions = new pg.Pool(clientConfig(targetOf(cluster, database), { user: cluster.superuser }));
  // A test may end every connection; whoever looks next gets another.
  sessions.on("error", () => {});
  return {
    database,
    async look<Row extends pg.QueryResultRow>(text: string, values?: unknown[]) {
      const client = await sessions.connect();
      try {
        return (await client.query<Row>(text, values)).rows;
      } finally {
        // A session costs the server more than most statements, so it is emptied and kept.
        await client.query("discard all").then(() => client.release(), () => client.release(true));
      }
    },
    async drop() {
      await sessions.end();
      await admin.query(`drop database ${database} with (force)`);
      await admin.end();
    },
  };
}

/** A database as {@linkcode openClone} makes it; it goes with the cluster. */
export async function cloneDatabase(cluster: Cluster): Promise<string> {
  return await asSuperuser(cluster, "postgres", makeClone);
}

async function makeClone(admin: pg.Client): Promise<string> {
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  // Copying files is quicker than logging what is in them, where they lie in memory.
  await admin.query(`create database ${name} template ${TEMPLATE} strategy file_copy`);
  // Rights on the database itself aren't copied.
  await admin.query(`revoke temporary on database ${name} from public`);
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
  const client = await connect(cluster, database);
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}

async function connect(cluster: Cluster, database: string): Promise<pg.Client> {
  const client = new pg.Client(clientConfig(targetOf(cluster, database), { user: cluster.superuser }));
  await client.connect();
  return client;
}
