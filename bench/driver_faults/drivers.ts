/** The same tenant transaction on both drivers, each used as its documentation says. */
import pg from "pg";
// deno-lint-ignore no-import-prefix -- the product doesn't use it
import postgres from "npm:postgres@3.4.9";

/** Where the database listens, and how many connections a driver may hold. */
export interface Target {
  socketDir: string;
  port: number;
  user: string;
  poolSize: number;
}

/** Reads the tenant ids of all rows that the transaction sees. */
export type Read = () => Promise<string[]>;

/** Runs `work` in a transaction that belongs to `tenant`; resolves when it is committed. */
export type InTenant = (tenant: string, work: (read: Read) => Promise<void>) => Promise<void>;

/** The drivers by the name that npm knows them by. */
export const DRIVERS: Record<string, (target: Target) => InTenant> = { pg: withPg, postgres: withPostgres };

const READ = "select tenant_id::text as tenant from notes";

function withPg(target: Target): InTenant {
  const { socketDir: host, port, user, poolSize: max } = target;
  const pool = new pg.Pool({ host, port, user, database: "postgres", max });
  pool.on("error", () => {}); // an idle connection that the server closed
  return async (tenant, work) => {
    const client = await pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error) => broken = error;
    client.on("error", onError);
    try {
      await client.query("begin");
      await client.query("select set_config('app.tenant_id', $1, true)", [tenant]);
      await work(async () => (await client.query<{ tenant: string }>(READ)).rows.map((row) => row.tenant));
      await client.query("commit");
    } catch (error) {
      await client.query("rollback").catch((failure) => broken = failure);
      throw error;
    } finally {
      client.off("error", onError);
      client.release(broken);
    }
  };
}

function withPostgres(target: Target): InTenant {
  const { socketDir: host, port, user: username, poolSize: max } = target;
  const sql = postgres({ host, port, username, database: "postgres", max, onnotice() {} });
  return async (tenant, work) => {
    await sql.begin(async (transaction) => {
      await transaction`select set_config('app.tenant_id', ${tenant}, true)`;
      await work(async () => (await transaction.unsafe<{ tenant: string }[]>(READ)).map((row) => row.tenant));
    });
  };
}
