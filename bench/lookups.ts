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

/**
 * Measures what the cache of configuration saves a new ticket: the SQL of `POST /v1/tickets` as the product sends it with
 * and without the cache, in turns, straight on the database.
 */
export async function measureLookups(
  dir: string,
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<void> {
  await build();
  const server = await startEmbedded({ dataDir: `${dir}/lookups`, log: () => {} });
  try {
    const place = placeOf(server);
    const plans = FULL.map((plan) => ({ ...plan, tickets: plan.tickets / 4 }));
    let seeded: Awaited<ReturnType<typeof seed>> | undefined;
    const traceWith = async (cached: boolean) => {
      await using app = await openInProcess(`${dir}/lookups`, place, cached);
      const hash = await app.hash(PASSWORD);
      seeded ??= await asAdmin(place, (admin) => seed(admin, plans, hash));
      const scenario = scenarios(seeded, app.secrets).find(({ name }) => name === "create")!;
      return (await capture(scenario, app.handler)).map(withoutChecks);
    };
    const all = await prepareCeiling(place, "without", await traceWith(false));
    const cached = await prepareCeiling(place, "with", await traceWith(true));
    const run = await hasPgbench() ? runPgbench : runDriver;
    const speeds: Record<string, number[]> = { with: [], without: [] };
    const cpus: Record<string, number[]> = { with: [], without: [] };
    for (let round = 0; round < rounds; round++) {
      for (const ceiling of round % 2 ? [cached, all] : [all, cached] as Ceiling[]) {
        const before = await databaseCpu(server.pid);
        const perSecond = await run(ceiling, { place, shape: "in flights", seconds, dir });
        speeds[ceiling.name]!.push(perSecond);
        cpus[ceiling.name]!.push((await databaseCpu(server.pid) - before) / (perSecond * seconds));
      }
      progress(`round ${round + 1} of ${rounds}`);
    }
    print("\nA new ticket's SQL, with and without the cache of configuration:\n");
    print(table(
      ["cache", "statements", "a second", "database CPU ms"],
      [cached, all].map(({ name, traces: [trace] }) => [
        name,
        trace!.flat().length,
        figure(median(speeds[name]!)),
        figure(median(cpus[name]!), 3),
      ]),
    ));
    const gain = median(speeds.with!.map((speed, i) => speed / speeds.without![i]!));
    print(`\nRatio, median of each turn's: ${figure(gain, 3)}\n`);
  } finally {
    await server.stop();
  }
}

/** Leaves out what is asked only to fill the cache, so that "without" is what a product without one sends. */
function withoutChecks(trace: Trace): Trace {
  return trace.map((flight) => flight.filter(({ text }) => !text.includes("config_version::text")))
    .filter((flight) => flight.length > 0);
}
