/** What a request costs: processor time of this process and of the database, and the longest stall of the event loop. */
import process from "node:process";
import pg from "pg";
import { clientConfig } from "@/db/connect.ts";
import { targetOf } from "./cluster.ts";
import type { Desk } from "./desk.ts";
import { threadTime } from "./thread_time.ts";

/** In milliseconds of processor time, so that a busy machine changes none of it. */
export interface Cost {
  process: number;
  stall: number;
}

/** What `work` costs this process in all, and its event loop at one go: so long nobody else is answered. */
export async function costOf<T>(work: () => Promise<T>): Promise<{ result: T; cost: Cost }> {
  let stall = 0;
  let last = threadTime();
  const beat = () => {
    const now = threadTime();
    stall = Math.max(stall, now - last);
    last = now;
  };
  const start = process.cpuUsage();
  const beats = setInterval(beat, 1);
  const result = await work().finally(() => clearInterval(beats));
  const { user, system } = process.cpuUsage(start);
  beat();
  return { result, cost: { process: (user + system) / 1000, stall } };
}

/** What the desk's sessions have used, by the kernel's count. */
const USED =
  `select coalesce(sum(split_part(pg_read_file('/proc/' || pid || '/schedstat', true), ' ', 1)::numeric), 0)::float8
  / 1e6 as used from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;

export interface DatabaseMeter {
  /** Milliseconds of processor time of the sessions that are open. */
  used(): Promise<number>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function openDatabaseMeter({ cluster, database }: Desk): Promise<DatabaseMeter> {
  const client = new pg.Client(clientConfig(targetOf(cluster, database), { user: cluster.superuser }));
  await client.connect();
  return {
    used: async () => (await client.query<{ used: number }>(USED)).rows[0]!.used,
    [Symbol.asyncDispose]: async () => await client.end(),
  };
}
