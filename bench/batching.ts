import pg from "pg";
import { batchWrites } from "@/db/batch_writes.ts";
import { clientConfig } from "@/db/connect.ts";
import { socketOf } from "@/db/pool.ts";
import { startEmbedded } from "@/db/embedded/mod.ts";
import { placeOf, targetOf } from "./cluster.ts";
import { databaseCpu, processCpu } from "./cpu.ts";
import { figure, median, print, progress, table } from "./print.ts";

/** What batching must save at least, in processor time of a transaction, of both sides together. */
const BAR = 0.9;
const CONNECTIONS = 8;

interface Figures {
  perSecond: number;
  /** Processor time of a transaction in milliseconds: this process, and the database. */
  ownMs: number;
  databaseMs: number;
}

/**
 * Measures what one write a turn saves: transactions of two flights of small statements, with and without
 * `batchWrites`, in turns on the same server. Small statements show it most.
 *
 * @returns whether it saves a tenth of the processor time
 */
export async function measureBatching(
  dir: string,
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<boolean> {
  const server = await startEmbedded({ dataDir: `${dir}/batching`, log: () => {} });
  const target = targetOf(placeOf(server));
  const open = () =>
    new pg.Pool(
      {
        ...clientConfig(target, { user: "postgres" }),
        max: CONNECTIONS,
        pipeline: true,
      } as pg.PoolConfig,
    );
  const pools = { with: open(), without: open() };
  pools.with.on("connect", (client) => batchWrites(socketOf(client)));
  const found: Record<keyof typeof pools, Figures[]> = { with: [], without: [] };
  try {
    for (const pool of Object.values(pools)) await run(pool, { seconds: 0.3, postmaster: server.pid });
    for (let round = 0; round < rounds; round++) {
      for (const name of round % 2 ? ["with", "without"] as const : ["without", "with"] as const) {
        found[name].push(await run(pools[name], { seconds, postmaster: server.pid }));
      }
      progress(`round ${round + 1} of ${rounds}`);
    }
  } finally {
    await Promise.all(Object.values(pools).map((pool) => pool.end()));
    await server.stop({ immediate: true, remove: true });
  }
  const of = (name: keyof typeof pools, what: keyof Figures) => median(found[name].map((one) => one[what]));
  const ratio = (of: (one: Figures) => number) =>
    median(found.with.map((one, i) => of(one) / of(found.without[i]!)));
  const cpu = ratio(({ ownMs, databaseMs }) => ownMs + databaseMs);
  print(
    "\nTransactions of two flights of five and three small statements, with and without one write a turn:\n",
  );
  print(table(
    ["batching", "a second", "process CPU ms", "database CPU ms"],
    (["with", "without"] as const).map((name) => [
      name,
      figure(of(name, "perSecond")),
      figure(of(name, "ownMs"), 3),
      figure(of(name, "databaseMs"), 3),
    ]),
  ));
  const speed = ratio(({ perSecond }) => perSecond);
  print(
    `\nRatios, medians of each turn's: ${figure(speed, 2)} a second, ${figure(cpu, 2)} CPU (bar ≤ ${BAR})\n`,
  );
  return cpu <= BAR;
}

async function run(
  pool: pg.Pool,
  { seconds, postmaster }: { seconds: number; postmaster: number },
): Promise<Figures> {
  const [own, database, began] = [
    await processCpu(Deno.pid),
    await databaseCpu(postmaster),
    performance.now(),
  ];
  let count = 0;
  await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
    while (performance.now() - began < seconds * 1_000) {
      await transaction(pool);
      count++;
    }
  }));
  return {
    perSecond: count / ((performance.now() - began) / 1_000),
    ownMs: (await processCpu(Deno.pid) - own) / count,
    databaseMs: (await databaseCpu(postmaster) - database) / count,
  };
}

async function transaction(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  const flight = (from: number, to: number) =>
    Promise.all(
      Array.from(
        { length: to - from },
        (_, i) =>
          client.query({ name: `s${from + i}`, text: `select $1::int + ${from + i} as sum`, values: [i] }),
      ),
    );
  await client.query("begin; select 1");
  await flight(0, 5);
  await flight(5, 8);
  await client.query("commit");
  client.release();
}
