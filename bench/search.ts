import { startEmbedded } from "@/db/embedded/mod.ts";
import { issueAccessToken } from "@/domain/auth/access_tokens.ts";
import type { Secrets } from "@/ports.ts";
import { inOwnProcess } from "./child.ts";
import { asAdmin, type Place, placeOf } from "./cluster.ts";
import { databaseCpu, machineCpu } from "./cpu.ts";
import { openInProcess } from "./in_process.ts";
import type { Job, Outcome } from "./load.ts";
import { figure, print, progress, table } from "./print.ts";
import { build, type Product, startProduct } from "./product.ts";
import type { Shot } from "./scenarios.ts";
import { randomFrom, seedSearch, WORDS } from "./search_seed.ts";
import type { Seat, SeededTenant } from "./seed.ts";

/** The bar of every kind of search at 16 connections, in milliseconds. */
const MOST_P95 = 30;
const CONNECTIONS = 16;
const VARIANTS = 300;

/** Who asks: an agent who sees all, one confined to own queues, or a requester. */
type Asker = "all" | "confined" | "own";

interface Kind {
  name: string;
  asker: Asker;
  /** What is typed; `random` gives numbers from 0 below 1. */
  q(random: () => number): string;
  path?: (q: string) => string;
}

/** The word of this rank, the most frequent being 0, among `width` of about its frequency. */
const word = (rank: number, width: number) => (random: () => number) =>
  WORDS[rank + Math.floor(random() * width)]!;
const common = word(8, 8);
const medium = word(300, 200);
const rare = word(10_000, 8_000);

/** One letter left out, swapped or doubled, never the first. */
function misspelled(text: string, random: () => number): string {
  const at = 1 + Math.floor(random() * (text.length - 2));
  const [before, here, next, rest] = [text.slice(0, at), text[at]!, text[at + 1]!, text.slice(at + 2)];
  return [before + next + rest, before + next + here + rest, before + here + here + next + rest][
    Math.floor(random() * 3)
  ]!;
}

const KINDS: Kind[] = [
  { name: "mixed, as people type", asker: "all", q: (r) => [common, medium, rare][Math.floor(r() * 3)]!(r) },
  { name: "a word in about 30 % of tickets", asker: "all", q: common },
  { name: "a word in about 1 %", asker: "all", q: medium },
  { name: "a rare word", asker: "all", q: rare },
  { name: "two common words", asker: "all", q: (r) => `${common(r)} ${common(r)}` },
  { name: "common and rare", asker: "all", q: (r) => `${common(r)} ${rare(r)}` },
  { name: "three words", asker: "all", q: (r) => `${common(r)} ${medium(r)} ${medium(r)}` },
  { name: "2 letters", asker: "all", q: (r) => medium(r).slice(0, 2) },
  { name: "3 letters", asker: "all", q: (r) => medium(r).slice(0, 3) },
  { name: "5 letters, behind a word", asker: "all", q: (r) => `${common(r)} ${medium(r).slice(0, 5)}` },
  { name: "misspelled", asker: "all", q: (r) => misspelled(word(2000, 4000)(r), r) },
  { name: "nothing to be found", asker: "all", q: () => "qqxxzzyy" },
  { name: "requester, common word", asker: "own", q: common },
  { name: "requester, two words", asker: "own", q: (r) => `${common(r)} ${medium(r)}` },
  { name: "requester, 3 letters", asker: "own", q: (r) => medium(r).slice(0, 3) },
  { name: "confined, common word", asker: "confined", q: common },
  { name: "confined, two words", asker: "confined", q: (r) => `${common(r)} ${medium(r)}` },
  { name: "confined, 3 letters", asker: "confined", q: (r) => medium(r).slice(0, 3) },
  { name: "list, common word", asker: "all", q: common, path: listed },
  { name: "list, medium word", asker: "all", q: medium, path: listed },
  { name: "list, two common words", asker: "all", q: (r) => `${common(r)} ${common(r)}`, path: listed },
  { name: "list, rare word", asker: "all", q: rare, path: listed },
];

function listed(q: string): string {
  return `/v1/tickets?status=open&status=closed&sort=-updated&q=${encodeURIComponent(q)}`;
}

/** What is kept from filling to measuring. */
export interface Filled {
  tenants: SeededTenant[];
  secrets: Secrets;
}

/**
 * Measures the search among `tickets` tickets and three times as many comments of 20 tenants, and prints it.
 *
 * @returns whether every kind of search meets the bar
 */
export async function checkSearch(
  dir: string,
  { tickets, seconds }: { tickets: number; seconds: number },
): Promise<boolean> {
  const dataDir = `${dir}/data`;
  await Deno.mkdir(dataDir, { mode: 0o755 });
  await build();
  const began = performance.now();
  const filled = await fill(dataDir, tickets);
  progress(`filled ${figure(tickets)} tickets in ${figure((performance.now() - began) / 1000)} s`);
  return await measureSearch(dataDir, filled, seconds);
}

async function fill(dataDir: string, tickets: number): Promise<Filled> {
  const settings = {
    fsync: "off",
    full_page_writes: "off",
    max_wal_size: "8GB",
    maintenance_work_mem: "2GB",
  };
  const server = await startEmbedded({ dataDir, log: () => {}, settings });
  try {
    await using app = await openInProcess(dataDir, placeOf(server));
    const tenants = await asAdmin(placeOf(server), (admin) => seedSearch(admin, tickets));
    return { tenants, secrets: app.secrets };
  } finally {
    await server.stop();
  }
}

/** Starts the product on filled data, and asks it every kind of thing from its largest tenants. */
export async function measureSearch(
  dataDir: string,
  { tenants, secrets }: Filled,
  seconds: number,
): Promise<boolean> {
  const product = await startProduct(dataDir);
  try {
    const lines = (await Deno.readTextFile(`${dataDir}/postgres/postmaster.pid`)).split("\n");
    const place = placeOf({ socketDir: lines[4]!.trim(), port: Number(lines[3]), pid: Number(lines[0]) });
    const largest = tenants.filter(({ tickets }) => tickets === tenants[0]!.tickets);
    // The last of the large tenants confines its agents to their queues.
    const confined = largest.pop()!;
    await asAdmin(
      place,
      (admin) => admin.query("update tenants set agents_see_all = false where id = $1", [confined.id]),
    );
    const rows: (string | number)[][] = [];
    let good = true;
    for (const kind of KINDS) {
      const where = kind.asker === "confined" ? [confined] : largest;
      const { outcome, cpu, elsewhere } = await run(product, {
        place,
        seconds,
        shots: shotsOf(kind, where, secrets),
      });
      const meets = outcome.p95 <= MOST_P95;
      good &&= meets;
      rows.push([
        kind.name,
        figure(outcome.perSecond),
        figure(outcome.p50, 1),
        figure(outcome.p95, 1),
        figure(outcome.p99, 1),
        figure(cpu, 2),
        `${figure(elsewhere * 100)} %`,
        meets ? "yes" : "missed",
      ]);
      progress(rows.at(-1)!.join(" | "));
    }
    print(
      `\nSearches at ${CONNECTIONS} connections, in tenants of ${figure(largest[0]!.tickets)} tickets:\n`,
    );
    print(table(
      [
        "search",
        "requests/s",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "database CPU ms",
        "CPU elsewhere",
        `≤ ${MOST_P95}`,
      ],
      rows,
    ));
    return good;
  } finally {
    await product.stop();
  }
}

function shotsOf(kind: Kind, tenants: SeededTenant[], secrets: Secrets): Shot[] {
  const random = randomFrom(kind.name.length);
  return Array.from({ length: VARIANTS }, (_, i) => {
    const tenant = tenants[i % tenants.length]!;
    const seats: Seat[] = kind.asker === "own" ? tenant.requesters : tenant.agents;
    const { userId, sessionId } = seats[i % seats.length]!;
    const token = issueAccessToken(secrets, { tenantId: tenant.id, sessionId, userId });
    const q = kind.q(random);
    return {
      method: "GET" as const,
      path: kind.path ? kind.path(q) : `/v1/search?q=${encodeURIComponent(q)}`,
      headers: { authorization: `Bearer ${token}` },
      status: 200,
    };
  });
}

async function run(
  product: Product,
  { place, seconds, shots }: { place: Place; seconds: number; shots: Shot[] },
): Promise<{ outcome: Outcome; cpu: number; elsewhere: number }> {
  const job: Job = { port: product.port, connections: CONNECTIONS, seconds, warmupSeconds: 1, shots };
  const before = {
    database: await databaseCpu(place.pid),
    own: await product.cpu(),
    machine: await machineCpu(),
  };
  const outcome = await inOwnProcess<Outcome>("./load.ts", job);
  if (outcome.failures > 0) throw new Error(`${outcome.failures} requests failed: ${outcome.failure}`);
  const database = await databaseCpu(place.pid) - before.database;
  const busy = await machineCpu() - before.machine;
  const ours = database + await product.cpu() - before.own + outcome.ownCpu * outcome.requests;
  return {
    outcome,
    cpu: database / (outcome.perSecond * (seconds + 1)),
    elsewhere: Math.max(0, 1 - ours / busy),
  };
}
