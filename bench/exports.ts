import { startEmbedded } from "@/db/embedded/mod.ts";
import { issueAccessToken } from "@/domain/auth/access_tokens.ts";
import { asAdmin, type Place, placeOf } from "./cluster.ts";
import { openInProcess } from "./in_process.ts";
import { figure, median, print, progress, table } from "./print.ts";
import { build, type Product, startProduct } from "./product.ts";
import { seed } from "./seed.ts";

const MOST_FIRST_BYTE_MS = 300;
const MOST_GROWTH_MIB = 50;
/** Tickets that may still be read once a reader has gone, or takes nothing: a batch is under way. */
const MOST_AFTER = 1_000;
/** PostgreSQL reports what was read up to ten seconds late, and sockets take some megabytes that nobody reads. */
const SETTLED_MS = 12_000;
const WATCHED_MS = 3_000;

const CASES = [
  { name: "CSV", query: "format=csv", headers: {} },
  { name: "CSV by due time, brotli", query: "format=csv&sort=due", headers: { "accept-encoding": "br" } },
  { name: "JSON, gzip", query: "format=json", headers: { "accept-encoding": "gzip" } },
];

/**
 * Exports a list of `tickets` tickets of one tenant, as its agent and over HTTP, and prints what that costs.
 *
 * @returns whether every export meets the bars, and stops when its reader goes
 */
export async function checkExports(dir: string, tickets: number): Promise<boolean> {
  const dataDir = `${dir}/data`;
  await Deno.mkdir(dataDir, { mode: 0o755 });
  await build();
  const authorization = `Bearer ${await fill(dataDir, tickets)}`;
  const product = await startProduct(dataDir);
  try {
    const lines = (await Deno.readTextFile(`${dataDir}/postgres/postmaster.pid`)).split("\n");
    const place = placeOf({ socketDir: lines[4]!.trim(), port: Number(lines[3]), pid: Number(lines[0]) });
    // What is compiled and cached once is no export's.
    for (let i = 0; i < 2; i++) await download(product, { query: "format=csv", headers: { authorization } });
    let good = true;
    const rows: (string | number)[][] = [];
    for (const { name, query, headers } of CASES) {
      const runs = [];
      for (let i = 0; i < 3; i++) {
        runs.push(await download(product, { query, headers: { authorization, ...headers } }));
      }
      const first = median(runs.map((run) => run.firstMs));
      const growth = Math.max(...runs.map((run) => run.growthMiB));
      const meets = first <= MOST_FIRST_BYTE_MS && growth <= MOST_GROWTH_MIB;
      good &&= meets;
      const ms = median(runs.map((run) => run.ms));
      rows.push([
        ...[name, figure(first), figure(ms / 1000, 1), figure(tickets / ms * 1000)],
        ...[figure(runs[0]!.bytes / 2 ** 20, 1), figure(growth, 1), meets ? "yes" : "missed"],
      ]);
      progress(rows.at(-1)!.join(" | "));
    }
    print(`\nExports of ${figure(tickets)} tickets:\n`);
    print(table(["export", "first byte ms", "whole s", "tickets/s", "MiB sent", "growth MiB", "bars"], rows));
    const running = await readAfter(product, { place, authorization, then: "read" });
    const gone = await readAfter(product, { place, authorization, then: "go" });
    const waiting = await readAfter(product, { place, authorization, then: "wait" });
    const seconds = figure(WATCHED_MS / 1000);
    print(
      `\nTickets read in ${seconds} s, some time after the first bytes: ${
        figure(running)
      } while somebody reads on,`,
    );
    print(`${figure(gone)} once they have gone, ${figure(waiting)} once they wait.`);
    return good && gone <= MOST_AFTER && waiting <= MOST_AFTER;
  } finally {
    await product.stop();
  }
}

/** @returns an agent's access token */
async function fill(dataDir: string, tickets: number): Promise<string> {
  const settings = { fsync: "off", full_page_writes: "off", max_wal_size: "8GB" };
  const server = await startEmbedded({ dataDir, log: () => {}, settings });
  try {
    await using app = await openInProcess(dataDir, placeOf(server));
    const [tenant] = await asAdmin(placeOf(server), (admin) => seed(admin, [{ tenants: 1, tickets }], "-"));
    const { userId, sessionId } = tenant!.agents[0]!;
    return issueAccessToken(app.secrets, { tenantId: tenant!.id, sessionId, userId });
  } finally {
    await server.stop();
  }
}

interface Asked {
  query: string;
  headers: Record<string, string>;
}

async function download(product: Product, { query, headers }: Asked) {
  const before = await product.rss();
  let most = before;
  const watching = setInterval(async () => most = Math.max(most, await product.rss()), 50);
  const began = performance.now();
  const address = { hostname: "127.0.0.1", port: product.port };
  const connection = await Deno.connect(address);
  const named = Object.entries({ host: `localhost:${product.port}`, connection: "close", ...headers });
  const head = named.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  await connection.write(new TextEncoder().encode(`GET /v1/tickets/export?${query} HTTP/1.1\r\n${head}\r\n`));
  let [firstMs, bytes, text] = [0, 0, ""];
  for await (const piece of connection.readable) {
    if (text.length < 4000) text += new TextDecoder("latin1").decode(piece);
    // The headers alone are no byte of it.
    if (firstMs === 0 && !/\r\n\r\n./s.test(text)) continue;
    firstMs ||= performance.now() - began;
    bytes += piece.length;
  }
  clearInterval(watching);
  if (!text.startsWith("HTTP/1.1 200")) throw new Error(`Cannot export: ${text.slice(0, 600)}`);
  return { firstMs, bytes, ms: performance.now() - began, growthMiB: most - before };
}

/** Takes a little of an export, then does something else. @returns how many tickets the database reads after that */
async function readAfter(
  product: Product,
  { place, authorization, then }: { place: Place; authorization: string; then: "read" | "go" | "wait" },
): Promise<number> {
  const leaving = new AbortController();
  const response = await fetch(`http://127.0.0.1:${product.port}/v1/tickets/export?format=json`, {
    headers: { authorization },
    signal: leaving.signal,
  });
  const reader = response.body!.getReader();
  for (let taken = 0; taken < 500_000;) taken += (await reader.read()).value!.length;
  if (then === "go") leaving.abort();
  const reading = then === "read" ? drain(reader) : Promise.resolve();
  const read = await asAdmin(place, async (admin) => {
    const count = async () =>
      (await admin.query<{ n: number }>(
        `select (coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0))::float8 as n
         from pg_stat_user_tables where relname = 'tickets'`,
      )).rows[0]!.n;
    await new Promise((done) => setTimeout(done, then === "read" ? 0 : SETTLED_MS));
    const before = await count();
    await new Promise((done) => setTimeout(done, WATCHED_MS));
    return await count() - before;
  });
  leaving.abort();
  await reading;
  return read;
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // It was ended from here.
  }
}
