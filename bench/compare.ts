import { type Ceiling, CONNECTIONS, hasPgbench, runDriver, runPgbench, type Shape } from "./ceiling.ts";
import { inOwnProcess } from "./child.ts";
import { asAdmin, type Place } from "./cluster.ts";
import { databaseCpu } from "./cpu.ts";
import type { Job, Outcome } from "./load.ts";
import { median, progress } from "./print.ts";
import type { Product } from "./product.ts";
import type { Scenario } from "./scenarios.ts";

/** One run of the load generator against the product. */
export interface Run {
  connections: number;
  outcome: Outcome;
  /** Processor time of the product's process per request, in milliseconds. */
  cpu: number;
  /** The same of the database. */
  databaseCpu: number;
}

/** An operation measured: the product's runs, and how it stands to the ceiling at 16 connections. */
export interface Compared {
  scenario: Scenario;
  product: Run[];
  /** Medians at 16 connections, a second. */
  perSecond: number;
  ceilings: Record<Shape, number>;
  /** Processor time of the database per transaction of the first shape, in milliseconds. */
  ceilingCpu: number;
  /** What ran the ceiling. */
  by: string;
  /** Product to the ceiling of one statement after the other. */
  ratio: number;
}

interface Circumstances {
  product: Product;
  place: Place;
  ceiling: Ceiling;
  options: { seconds: number; rounds: number };
  dir: string;
}

const SHAPES: Shape[] = ["one by one", "in flights"];

/**
 * Measures an operation at 1, 16 and 64 connections, at 16 in turns with the ceiling, so that whatever else the machine
 * does falls on both.
 *
 * @throws Error when an answer has another status than it should
 */
export async function compare(scenario: Scenario, circumstances: Circumstances): Promise<Compared> {
  const { place, ceiling, options: { seconds, rounds }, dir } = circumstances;
  const pgbench = await hasPgbench();
  const runs: Run[] = [];
  const speeds: Record<Shape, number[]> = { "one by one": [], "in flights": [] };
  const cpus: number[] = [];
  for (let round = 0; round < rounds; round++) {
    runs.push(await run(scenario, CONNECTIONS, circumstances));
    for (const shape of SHAPES) {
      await settle(circumstances);
      const before = await databaseCpu(place.pid);
      const speed = pgbench
        ? await runPgbench(ceiling, { place, shape, seconds, dir })
        : await runDriver(ceiling, { place, shape, seconds });
      speeds[shape].push(speed);
      if (shape === "one by one") cpus.push((await databaseCpu(place.pid) - before) / (speed * seconds));
    }
  }
  const perSecond = median(runs.map(({ outcome }) => outcome.perSecond));
  const ceilings = { "one by one": median(speeds["one by one"]), "in flights": median(speeds["in flights"]) };
  const middle = runs.find(({ outcome }) => outcome.perSecond === perSecond) ?? runs[0]!;
  const product = [await run(scenario, 1, circumstances), middle, await run(scenario, 64, circumstances)];
  const by = pgbench ? "pgbench -M prepared" : "a process with the driver, prepared statements";
  const ratio = perSecond / ceilings["one by one"];
  progress(
    `${scenario.name}: ${Math.round(perSecond)}/s of ${Math.round(ceilings["one by one"])}/s = ${
      ratio.toFixed(2)
    }`,
  );
  return { scenario, product, perSecond, ceilings, ceilingCpu: median(cpus), by, ratio };
}

async function run(scenario: Scenario, connections: number, circumstances: Circumstances): Promise<Run> {
  const { product, place, options: { seconds } } = circumstances;
  await settle(circumstances);
  const warmupSeconds = Math.min(2, seconds / 2);
  const job: Job = { port: product.port, connections, seconds, warmupSeconds, shots: scenario.shots };
  const began = [await product.cpu(), await databaseCpu(place.pid)] as const;
  const outcome = await inOwnProcess<Outcome>("load.ts", job);
  const answered = outcome.perSecond * (seconds + warmupSeconds);
  const cpu = (await product.cpu() - began[0]) / answered;
  const database = (await databaseCpu(place.pid) - began[1]) / answered;
  if (outcome.failures > 0) {
    throw new Error(`Cannot measure "${scenario.name}": ${outcome.failures} answers like ${outcome.failure}`);
  }
  progress(
    `  ${scenario.name} at ${connections}: ${
      Math.round(outcome.perSecond)
    }/s, p50 ${outcome.p50}, p99 ${outcome.p99}, ` +
      `CPU ${cpu.toFixed(2)} ms, database ${
        database.toFixed(2)
      }, generator ${outcome.ownCpu}; ${outcome.bytes} bytes`,
  );
  return { connections, outcome, cpu, databaseCpu: database };
}

/** Throws mails away that are still to be sent, and waits until the product has nothing more to do. */
async function settle({ place, product }: Circumstances): Promise<void> {
  await asAdmin(place, (admin) => admin.query("truncate outbox"));
  for (let quiet = 0, before = await product.cpu(); quiet < 2;) {
    await new Promise((done) => setTimeout(done, 200));
    const now = await product.cpu();
    quiet = now - before <= 10 ? quiet + 1 : 0;
    before = now;
  }
}
