import type { SecretKeys } from "@/adapters/secrets.ts";
import { startEmbedded } from "@/db/embedded/mod.ts";
import { capture } from "./capture.ts";
import { type Ceiling, prepareCeiling } from "./ceiling.ts";
import { asAdmin, type Place, placeOf } from "./cluster.ts";
import { compare, type Compared } from "./compare.ts";
import { openInProcess } from "./in_process.ts";
import { figure, median, print, progress, table } from "./print.ts";
import { build, type Product, startProduct } from "./product.ts";
import { scenarios } from "./scenarios.ts";
import { FULL, seed, type SeededTenant } from "./seed.ts";
import { PASSWORD, signInTimes } from "./sign_in.ts";

/** What is measured, how long, how often. */
export interface Options {
  only?: string[];
  seconds: number;
  rounds: number;
  small: boolean;
}

const LIMITS = { firstStartMs: 6_000, laterStartMs: 2_000, idleMiB: 150 };

/** What is known before the product runs: the data, the installation's keys, and the SQL of each operation. */
interface Prepared {
  tenants: SeededTenant[];
  secrets: SecretKeys;
  ceilings: Map<string, Ceiling>;
}

/**
 * Measures speed, start and memory of the product on a new data directory in `dir`, and prints it.
 *
 * @returns whether every bar is met
 */
export async function measure(dir: string, options: Options): Promise<boolean> {
  const dataDir = `${dir}/data`;
  await Deno.mkdir(dataDir, { mode: 0o755 });
  await build();
  const first = await startProduct(dataDir);
  await first.stop();
  const { tenants, secrets, ceilings } = await prepare(dataDir, options);
  const product = await startProduct(dataDir);
  try {
    const idleMiB = await settledMemory(product);
    progress(`started in ${figure(first.readyMs)} and ${figure(product.readyMs)} ms, ${figure(idleMiB)} MiB`);
    const place = await placeOfRunning(dataDir);
    const results: Compared[] = [];
    for (const { name } of scenarios(tenants, secrets).filter((each) => ceilings.has(each.name))) {
      // Access tokens are good for ten minutes, so each operation gets new ones.
      const scenario = scenarios(tenants, secrets).find((each) => each.name === name)!;
      results.push(await compare(scenario, { product, place, ceiling: ceilings.get(name)!, options, dir }));
    }
    const speeds = showSpeeds(results);
    const others = await showOthers(product, { tenants, firstStartMs: first.readyMs, idleMiB });
    return speeds && others;
  } finally {
    await product.stop();
  }
}

export async function prepare(dataDir: string, { small, only }: Options): Promise<Prepared> {
  const server = await startEmbedded({ dataDir, log: () => {} });
  try {
    const place = placeOf(server);
    await using app = await openInProcess(dataDir, place);
    const hash = await app.hash(PASSWORD);
    const began = performance.now();
    const plans = small ? FULL.map((plan) => ({ ...plan, tickets: plan.tickets / 4 })) : FULL;
    const tenants = await asAdmin(place, (admin) => seed(admin, plans, hash));
    progress(`filled ${tenants.length} tenants in ${figure((performance.now() - began) / 1000, 1)} s`);
    const ceilings = new Map<string, Ceiling>();
    for (const scenario of scenarios(tenants, app.secrets)) {
      if (only && !only.includes(scenario.name)) continue;
      const traces = await capture(scenario, app.handler);
      ceilings.set(scenario.name, await prepareCeiling(place, scenario.name, traces));
    }
    progress(`took down the SQL of ${[...ceilings.keys()].join(", ")}`);
    return { tenants, secrets: app.secrets, ceilings };
  } finally {
    await server.stop();
  }
}

/** Where the server that the product started listens: its pid file names process, port and folder. */
async function placeOfRunning(dataDir: string): Promise<Place> {
  const lines = (await Deno.readTextFile(`${dataDir}/postgres/postmaster.pid`)).split("\n");
  return placeOf({ socketDir: lines[4]!.trim(), port: Number(lines[3]), pid: Number(lines[0]) });
}

async function settledMemory(product: Product): Promise<number> {
  // What the start left behind is collected by then.
  await new Promise((done) => setTimeout(done, 45_000));
  return await product.rss();
}

function showSpeeds(results: Compared[]): boolean {
  print("\nRequests a second and milliseconds, by connections:\n");
  print(table(
    ["operation", "connections", "requests/s", "p50", "p95", "p99", "CPU ms/request", "of it the database"],
    results.flatMap((result) =>
      result.product.map(({ connections, outcome, cpu, databaseCpu }) => [
        result.scenario.name,
        connections,
        figure(outcome.perSecond),
        figure(outcome.p50, 1),
        figure(outcome.p95, 1),
        figure(outcome.p99, 1),
        figure(cpu + databaseCpu, 2),
        figure(databaseCpu, 2),
      ])
    ),
  ));
  print(
    `\nAgainst the same SQL run straight on the database (${results[0]?.by}), 16 connections, medians:\n`,
  );
  print(table(
    [
      "operation",
      "product/s",
      "ceiling/s",
      "ratio",
      "bar",
      "ceiling in flights/s",
      "ratio to that",
      "database CPU ms",
    ],
    results.map(({ scenario, perSecond, ceilings, ceilingCpu, ratio }) => [
      scenario.name,
      figure(perSecond),
      figure(ceilings["one by one"]),
      figure(ratio, 2),
      scenario.bar === undefined ? "" : `≥ ${scenario.bar}${ratio < scenario.bar ? " missed" : ""}`,
      figure(ceilings["in flights"]),
      figure(perSecond / ceilings["in flights"], 2),
      figure(ceilingCpu, 2),
    ]),
  ));
  print("");
  for (const { scenario } of results) print(`- ${scenario.name}: ${scenario.about}`);
  const elsewhere = median(results.flatMap(({ product }) => product.map((run) => run.elsewhere)));
  print(
    `\nOf the processors' time, ${
      figure(elsewhere * 100)
    } % went elsewhere (median): other programs, or the host.`,
  );
  return results.every(({ scenario, ratio }) => ratio >= (scenario.bar ?? 0));
}

async function showOthers(
  product: Product,
  { tenants, firstStartMs, idleMiB }: { tenants: SeededTenant[]; firstStartMs: number; idleMiB: number },
): Promise<boolean> {
  const times = await signInTimes(product, tenants);
  const rows: [string, number, number | undefined][] = [
    ["start to ready, first (ms)", firstStartMs, LIMITS.firstStartMs],
    ["start to ready, later (ms)", product.readyMs, LIMITS.laterStartMs],
    ["resident memory, idle (MiB)", idleMiB, LIMITS.idleMiB],
    ["resident memory, after all runs (MiB)", await product.rss(), undefined],
    ["sign-in refused, known address (ms, median)", times.known, undefined],
    ["sign-in refused, unknown address (ms, median)", times.unknown, undefined],
  ];
  print("");
  print(table(
    ["measure", "value", "bar"],
    rows.map(([name, value, bar]) => [name, figure(value), bar === undefined ? "" : `≤ ${figure(bar)}`]),
  ));
  return rows.every(([, value, bar]) => bar === undefined || value <= bar);
}
