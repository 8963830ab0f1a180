/**
 * The ceiling where there is no pgbench: a process of its own that runs the product's statements with the driver,
 * prepared by name and in the product's flights. Reads a {@link DriverJob} from standard input and writes the
 * transactions a second to standard output.
 */
import pg from "pg";
import { clientConfig } from "@/db/connect.ts";
import { uuid7 } from "@/domain/shared/uuid7.ts";
import type { Sent, Trace } from "./capture.ts";
import { type Place, targetOf } from "./cluster.ts";

export interface DriverJob {
  place: Place;
  traces: Trace[];
  connections: number;
  seconds: number;
}

async function run(job: DriverJob): Promise<number> {
  const names = new Map<string, string>();
  const until = performance.now() + job.seconds * 1000;
  let done = 0;
  let next = 0;
  await Promise.all(Array.from({ length: job.connections }, async () => {
    const client = new pg.Client(
      { ...clientConfig(targetOf(job.place), { user: "servicehub_app" }), pipeline: true } as pg.ClientConfig,
    );
    await client.connect();
    while (performance.now() < until) {
      await replay(client, job.traces[next++ % job.traces.length]!, names);
      done++;
    }
    await client.end();
  }));
  return done / job.seconds;
}

async function replay(client: pg.Client, trace: Trace, names: Map<string, string>): Promise<void> {
  const made = new Map<string, string>();
  for (const flight of trace) {
    await Promise.all(flight.map(async (sent) => {
      const { rows } = await client.query(queryOf(sent, { made, names }));
      if (sent.madeId) made.set(sent.madeId, rows[0].id);
    }));
  }
}

function queryOf(
  sent: Sent,
  { made, names }: { made: Map<string, string>; names: Map<string, string> },
): pg.QueryConfig {
  if (sent.simple) return { text: sent.text };
  let name = names.get(sent.text);
  if (!name) names.set(sent.text, name = `s${names.size}`);
  return {
    name,
    text: sent.text,
    values: sent.values.map((value, i) =>
      value === null ? null : sent.freshIds?.includes(i) ? uuid7() : made.get(value) ?? value
    ),
  };
}

if (import.meta.main) {
  const job = JSON.parse(await new Response(Deno.stdin.readable).text()) as DriverJob;
  await Deno.stdout.write(new TextEncoder().encode(String(await run(job))));
}
