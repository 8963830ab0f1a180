import { startEmbedded } from "../db/embedded/mod.ts";
import { capture } from "./capture.ts";
import { type Ceiling, hasPgbench, prepareCeiling, runPgbench, type Shape } from "./ceiling.ts";
import { CONNECTIONS } from "./ceiling.ts";
import { inOwnProcess } from "./child.ts";
import { asAdmin, type Place, placeOf } from "./cluster.ts";
import { openInProcess } from "./in_process.ts";
import type { Outcome } from "./load.ts";
import { figure, median, print, progress, table } from "./print.ts";
import { build, type Product, startProduct } from "./product.ts";
import { type Scenario, scenarios } from "./scenarios.ts";
import { FULL, seed, type SeededTenant } from "./seed.ts";
import { signInTimes } from "./sign_in.ts";

/** What is measured, how long, how often. */
export interface Options {
  only?: string[];
  seconds: number;
  rounds: number;
  small: boolean;
}

const PASSWORD = "a quiet harbour at dawn";
const LIMITS = { firstStartMs: 6_000, laterStartMs: 2_000, idleMiB: 150 };

/** What is known before the product runs: the data, and the SQL of each operation. */
interface Prepared {
  tenants: SeededTenant[];
  scenarios: Scenario[];
  ceilings: Map<string, Ceiling>;
}

/**
 * Measures speed, start and memory of the product on a new data directory in `dir`.
 *
 * @returns whether every bar is met
 */
export async function measure(dir: string, options: Options): Promise<boolean> {
  const dataDir = `${dir}/data`;
  await Deno.mkdir(dataDir, { mode: 0o755 });
  await build();
  progress("first start");
  const first = await startProduct(dataDir);
  await first.stop();
  const prepared = await prepare(dataDir, options);
  progress("later start");
  const product = await startProduct(dataDir);
  try {
    const place = await placeOfRunning(dataDir);
    const idle = await settledMemory(product);
    const good = await compare(product, { place, prepared, options, dir });
    return await facts(product, { tenants: prepared.tenants, firstStartMs: first.readyMs, idle }) && good;
  } finally {
    await product.stop();
  }
}

async function prepare(dataDir: string, { small, only }: Options): Promise<Prepared> {
  const server = await startEmbedded({ dataDir, log: () => {} });
  try {
    const place = placeOf(server);
    await using app = await openInProcess(dataDir, place);
    const hash = await app.hash(PASSWORD);
    const began = performance.now();
    const plans = small ? FULL.map((plan) => ({ ...plan, tickets: plan.tickets / 4 })) : FULL;
    const tenants = await asAdmin(place, (admin) => seed(admin, plans, hash));
    progress(`seeded in ${figure((performance.now() - began) / 1000, 1)} s`);
    const wanted = scenarios(tenants, app.secrets).filter(({ name }) => !only || only.includes(name));
    const ceilings = new Map<string, Ceiling>();
    for (const scenario of wanted) {
      const traces = await capture(scenario, app.handler);
      ceilings.set(scenario.name, await prepareCeiling(place, scenario.name, traces));
    }
    progress("took down the SQL of each operation");
    return { tenants, scenarios: wanted, ceilings };
  } finally {
    await server.stop();
  }
}
