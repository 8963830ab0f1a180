import { startEmbedded } from "@/db/embedded/mod.ts";
import { issueAccessToken } from "@/domain/auth/access_tokens.ts";
import { asAdmin, type Place, placeOf } from "./cluster.ts";
import { openInProcess } from "./in_process.ts";
import { figure, median, print, progress, table } from "./print.ts";
import { build, type Product, startProduct } from "./product.ts";
import { seed } from "./seed.ts";

const MOST_FIRST_BYTE_MS = 300;
const MOST_GROWTH_MIB = 50;
/** By then a reader that went is noticed, and sockets are full of what nobody reads. */
const SETTLED_MS = 10_000;
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
    const running = await askedAfter(product, { place, authorization, then: "read" });
    const gone = await askedAfter(product, { place, authorization, then: "go" });
    const waiting = await askedAfter(product, { place, authorization, then: "wait" });
    print(
      `\nLooks at the database that met an export: ${running} while it was read, ${gone} once its reader had gone,`,
    );
    print(`${waiting} while its reader took nothing.`);
    return good && gone === 0 && waiting === 0;
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

/** Takes a little of an export, then does something else. @returns how often the database was at work on it after that */
async function askedAfter(
  product: Product,
  { place, authorization, then }: { place: Place; authorization: string; then: "read" | "go" | "wait" },
): Promise<number> {
  const leaving = new AbortController();
  const response = await fetch(`http://127.0.0.1:${product.port}/v1/tickets/export?format=json`, {
    // Compressed, most of it would fit into the sockets.
    headers: { authorization, "accept-encoding": "identity" },
    signal: leaving.signal,
  });
  const reader = response.body!.getReader();
  for (let taken = 0; taken < 500_000;) taken += (await reader.read()).value!.length;
  if (then === "go") leaving.abort();
  const reading = then === "read" ? drain(reader) : Promise.resolve();
  await new Promise((done) => setTimeout(done, then === "read" ? 0 : SETTLED_MS));
  const met = await asAdmin(place, async (admin) => {
    let met = 0;
    for (const began = performance.now(); performance.now() - began < WATCHED_MS;) {
      const { rows } = await admin.query(
        `select 1 from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()
         and query like '%requester_email%unnest%'`,
      );
      met += rows.length;
      await new Promise((done) => setTimeout(done, 10));
    }
    return met;
  });
  leaving.abort();
  await reading;
  return met;
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // It was ended from here.
  }
}
