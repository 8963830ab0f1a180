import { startEmbedded } from "@/db/embedded/mod.ts";
import { capture, type Trace } from "./capture.ts";
import { type Ceiling, hasPgbench, prepareCeiling, runDriver, runPgbench } from "./ceiling.ts";
import { asAdmin, placeOf } from "./cluster.ts";
import { databaseCpu } from "./cpu.ts";
import { openInProcess } from "./in_process.ts";
import { figure, median, print, progress, table } from "./print.ts";
import { build } from "./product.ts";
import { scenarios } from "./scenarios.ts";
import { FULL, seed } from "./seed.ts";
import { PASSWORD } from "./sign_in.ts";

/** The statements of a new ticket that a cache of categories and service levels could save. */
const LOOKUPS = [/from categories c left join queues q/, /from sla_policies p/];

/**
 * Measures what looking up category and service level costs a new ticket: the SQL of `POST /v1/tickets` as the product
 * sends it, and the same without those two statements, in turns, straight on the database. No cache gains more than that.
 */
export async function measureLookups(
  dir: string,
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<void> {
  await build();
  const server = await startEmbedded({ dataDir: `${dir}/lookups`, log: () => {} });
  try {
    const place = placeOf(server);
    await using app = await openInProcess(`${dir}/lookups`, place);
    const plans = FULL.map((plan) => ({ ...plan, tickets: plan.tickets / 4 }));
    const hash = await app.hash(PASSWORD);
    const tenants = await asAdmin(place, (admin) => seed(admin, plans, hash));
    const scenario = scenarios(tenants, app.secrets).find(({ name }) => name === "create")!;
    const traces = await capture(scenario, app.handler);
    const all = await prepareCeiling(place, "create", traces);
    const without = await prepareCeiling(place, "without", traces.map(withoutLookups));
    const run = await hasPgbench() ? runPgbench : runDriver;
    const speeds: Record<string, number[]> = { create: [], without: [] };
    const cpus: Record<string, number[]> = { create: [], without: [] };
    for (let round = 0; round < rounds; round++) {
      for (const ceiling of round % 2 ? [without, all] : [all, without] as Ceiling[]) {
        const before = await databaseCpu(server.pid);
        const perSecond = await run(ceiling, { place, shape: "in flights", seconds, dir });
        speeds[ceiling.name]!.push(perSecond);
        cpus[ceiling.name]!.push((await databaseCpu(server.pid) - before) / (perSecond * seconds));
      }
      progress(`round ${round + 1} of ${rounds}`);
    }
    print("\nA new ticket's SQL, with and without looking up category and service level:\n");
    print(table(
      ["", "statements", "a second", "database CPU ms"],
      [all, without].map(({ name, traces: [trace] }) => [
        name === "create" ? "all" : "without",
        trace!.flat().length,
        figure(median(speeds[name]!)),
        figure(median(cpus[name]!), 3),
      ]),
    ));
    const gain = median(speeds.without!.map((speed, i) => speed / speeds.create![i]!));
    print(`\nRatio, median of each turn's: ${figure(gain, 3)}\n`);
  } finally {
    await server.stop();
  }
}

function withoutLookups(trace: Trace): Trace {
  const left = trace.map((flight) => flight.filter(({ text }) => !LOOKUPS.some((one) => one.test(text))));
  const saved = trace.flat().length - left.flat().length;
  if (saved !== LOOKUPS.length) {
    throw new Error(`Cannot measure lookups: ${saved} of ${LOOKUPS.length} are in the trace`);
  }
  return left.filter((flight) => flight.length > 0);
}
