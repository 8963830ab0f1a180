import { type Ceiling, CONNECTIONS, hasPgbench, runDriver, runPgbench, type Shape } from "./ceiling.ts";
import { inOwnProcess } from "./child.ts";
import { asAdmin, type Place } from "./cluster.ts";
import { databaseCpu, machineCpu } from "./cpu.ts";
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
  /** Share of the processors' time that was anybody else's: other programs, or the host of a virtual machine. */
  elsewhere: number;
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
  /** Product to the ceiling of one statement after the other: the median of each turn's, so that drifts cancel out. */
  ratio: number;
}

interface Circumstances {
  product: Product;
  place: Place;
  ceiling: Ceiling;
  options: { seconds: number; rounds: number };
  dir: string;
}

/** What starting the load generator takes of a processor. */
const GENERATOR_START_MS = 150;
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
    runs.push(
      await run(scenario, { connections: CONNECTIONS, warmupSeconds: round === 0 ? 2 : 0.5 }, circumstances),
    );
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
  const product = [
    await run(scenario, { connections: 1, warmupSeconds: 0.5 }, circumstances),
    middle,
    await run(scenario, { connections: 64, warmupSeconds: 0.5 }, circumstances),
  ];
  const by = pgbench ? "pgbench -M prepared" : "a process with the driver, prepared statements";
  const ratio = median(runs.map(({ outcome }, i) => outcome.perSecond / speeds["one by one"][i]!));
  progress(
    `${scenario.name}: ${Math.round(perSecond)}/s of ${Math.round(ceilings["one by one"])}/s = ${
      ratio.toFixed(2)
    }`,
  );
  return { scenario, product, perSecond, ceilings, ceilingCpu: median(cpus), by, ratio };
}

async function run(
  scenario: Scenario,
  { connections, warmupSeconds }: { connections: number; warmupSeconds: number },
  circumstances: Circumstances,
): Promise<Run> {
  const { product, place, options: { seconds } } = circumstances;
  await settle(circumstances);
  const job: Job = { port: product.port, connections, seconds, warmupSeconds, shots: scenario.shots };
  const times = () => Promise.all([product.cpu(), databaseCpu(place.pid), machineCpu()]);
  const before = await times();
  const outcome = await inOwnProcess<Outcome>("load.ts", job);
  const after = await times();
  const [own, database, machine] = after.map((ms, i) => ms - before[i]!) as [number, number, number];
  const answered = outcome.perSecond * (seconds + warmupSeconds);
  const cpu = own / answered;
  const generator = outcome.ownCpu * answered + GENERATOR_START_MS;
  const elsewhere = Math.max(0, (machine - own - database - generator) / machine);
  if (outcome.failures > 0) {
    throw new Error(`Cannot measure "${scenario.name}": ${outcome.failures} answers like ${outcome.failure}`);
  }
  progress(
    `  ${scenario.name} at ${connections}: ${
      Math.round(outcome.perSecond)
    }/s, p50 ${outcome.p50}, p99 ${outcome.p99}, ` +
      `CPU ${cpu.toFixed(2)} ms, database ${
        (database / answered).toFixed(2)
      }, generator ${outcome.ownCpu}, ` +
      `elsewhere ${Math.round(elsewhere * 100)} %; ${outcome.bytes} bytes`,
  );
  return { connections, outcome, cpu, databaseCpu: database / answered, elsewhere };
}

/** Throws mails away that are still to be sent, and waits until the product has nothing more to do. */
async function settle({ place, product }: Circumstances): Promise<void> {
  await asAdmin(place, (admin) => admin.query("truncate outbox, jobs cascade"));
  for (let quiet = 0, before = await product.cpu(); quiet < 2;) {
    await new Promise((done) => setTimeout(done, 200));
    const now = await product.cpu();
    quiet = now - before <= 10 ? quiet + 1 : 0;
    before = now;
  }
}
