import pg from "pg";
import { clientConfig, type Target } from "@/db/connect.ts";

/** Where the server of a data directory listens, and the database the product keeps there. */
export interface Place {
  host: string;
  port: number;
  database: string;
  /** Process id of the server. */
  pid: number;
}

/** The one database that the product uses on its embedded server. */
export function placeOf(server: { socketDir: string; port: number; pid: number }): Place {
  return { host: server.socketDir, port: server.port, database: "postgres", pid: server.pid };
}

/** What the product's own code takes to reach the database there. */
export function targetOf({ host, port, database }: Place): Target {
  return { host, port, database };
}

/** Runs `fn` on a superuser's connection, past row security and without the application's time limits. */
export async function asAdmin<T>(place: Place, fn: (admin: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(clientConfig(targetOf(place), { user: "postgres" }));
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}

/** A folder that is thrown away; a server that runs as another user can get past it. */
export async function makeFolder(): Promise<string> {
  const dir = await Deno.makeTempDir({ prefix: "servicehub-bench-" });
  await Deno.chmod(dir, 0o755);
  return dir;
}
