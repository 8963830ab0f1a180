import pg from "pg";
import { clientConfig } from "@/db/connect.ts";
import { targetOf } from "./cluster.ts";
import type { Desk } from "./desk.ts";

/** A session of its own past row security, which may hold a transaction open. */
export async function openWriter({ cluster, database }: Desk) {
  const client = new pg.Client(clientConfig(targetOf(cluster, database), { user: cluster.superuser }));
  await client.connect();
  return {
    query: (text: string, values?: unknown[]) => client.query(text, values),
    [Symbol.asyncDispose]: () => client.end(),
  };
}
