import type { Socket } from "node:net";
import pg from "pg";
import { batchWrites } from "./batch_writes.ts";
import { clientConfig, type Target } from "./connect.ts";
import { type Queries, queriesOn } from "./sql.ts";

/** Thrown when the database can't be reached, is at its limit, or ended the connection. */
export class DatabaseUnavailable extends Error {
  /** Whether the connection broke after `commit` was sent: then the change may have been made. */
  readonly uncertain: boolean;

  constructor(message: string, options: { cause?: unknown; uncertain?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.uncertain = options.uncertain ?? false;
  }
}

/** Most connections of a process. PostgreSQL works best with few more than it has cores. */
const POOL_SIZE = 16;
const WAIT_MS = 1_500;

/** What a session keeps of whoever had it before: its settings and advisory locks. Prepared statements stay. */
const RESET = "reset all; select pg_advisory_unlock_all()";

let pool: pg.Pool | undefined;
let secret = "";

/** @param options `doorSecret`: what opens the doors, as {@linkcode registerSecret} left it in the database */
export function openPool(
  target: Target,
  options: { doorSecret: string; password?: string; size?: number; waitMs?: number },
): void {
  if (pool) throw new Error("Cannot open the database: it is open already");
  const role = { user: "servicehub_app", ...(options.password ? { password: options.password } : {}) };
  secret = options.doorSecret;
  pool = new pg.Pool({
    ...clientConfig(target, role),
    max: options.size ?? POOL_SIZE,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: options.waitMs ?? WAIT_MS,
    pipeline: true,
  } as pg.PoolConfig);
  // An unhandled error event would end the process. Broken connections are noticed by their next user.
  pool.on("error", () => {});
  pool.on("connect", (client) => {
    client.on("error", () => {});
    batchWrites(socketOf(client));
  });
}

/** The driver's socket; with TLS it is another one than before the handshake. */
export function socketOf(client: pg.ClientBase): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

export async function closePool(): Promise<void> {
  const closing = pool;
  pool = undefined;
  await closing?.end();
}

/**
 * Checks that PostgreSQL answered COMMIT: after a swallowed error it answers ROLLBACK. A connection that isn't
 * known to be idle, or that ran what no use case runs, is destroyed.
 *
 * @param open gets the secret of the door; its statement is sent along with `begin`
 * @throws DatabaseUnavailable when there is none or it broke; else what `work` threw
 */
export async function transaction<T>(
  { settings = "", open }: { settings?: string; open: (secret: string) => pg.QueryConfig },
  work: (db: Queries, opened: pg.QueryResult) => Promise<T>,
): Promise<T> {
  const client = await connect();
  const { db, end, refused } = queriesOn(client as unknown as pg.Client);
  let broken: unknown;
  let committing = false;
  const onError = (error: Error) => broken = error;
  client.on("error", onError);
  try {
    // The secret is a parameter of a statement without a name: it stands in no list of activity or of statements.
    const [, opened] = await Promise.all([
      client.query(`${RESET}; begin; ${settings}`),
      client.query(open(secret)),
    ]);
    const result = await work(db, opened).finally(end);
    if (refused()) throw new Error("Cannot commit: a statement of the transaction was refused");
    committing = true;
    const { command } = await client.query("commit");
    if (command !== "COMMIT") {
      throw new Error("Cannot commit: an earlier statement of the transaction failed");
    }
    return result;
  } catch (error) {
    if (isConnectionError(error)) broken = error;
    else await client.query("rollback").catch((failed) => broken = failed);
    if (!broken) throw error;
    throw new DatabaseUnavailable("Lost the connection to the database", {
      cause: broken,
      uncertain: committing,
    });
  } finally {
    client.off("error", onError);
    client.release(broken || refused() ? true : undefined);
  }
}

async function connect(): Promise<pg.PoolClient> {
  if (!pool) throw new DatabaseUnavailable("The database is not open");
  try {
    return await pool.connect();
  } catch (cause) {
    throw new DatabaseUnavailable("Cannot get a database connection", { cause });
  }
}

/** Class 08 is connection exceptions, 57P is operator intervention (shutdown, terminated backend); no code: the socket. */
function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (error instanceof pg.DatabaseError) {
    return /^(08|57P)/.test(error.code ?? "") || ["25P03", "25P04", "57P05"].includes(error.code ?? "");
  }
  return typeof code === "string" && /^E[A-Z]+$/.test(code) ||
    /Connection terminated|Client has encountered a connection error|not queryable|Connection ended/i.test(
      error.message,
    );
}
