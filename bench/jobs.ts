import { createServices } from "@/adapters/mod.ts";
import { readConfig } from "@/config.ts";
import { closeDatabase, openDatabase } from "@/db/database.ts";
import { startEmbedded } from "@/db/embedded/mod.ts";
import { act } from "@/domain/cx.ts";
import type { JobHandler } from "@/domain/jobs/claim.ts";
import { enqueueMail } from "@/domain/messages/enqueue.ts";
import type { Services } from "@/ports.ts";
import { JOB_KINDS } from "@/jobs/kinds.ts";
import { startWorkers } from "@/jobs/workers.ts";
import { configureLog } from "@/log.ts";
import { asAdmin, type Place, placeOf, targetOf } from "./cluster.ts";
import { figure, median, print, progress, table } from "./print.ts";

/** REL-28: jobs claimed and completed a second on one process, and from a commit to the provider when idle. */
const BARS = { perSecond: 2_000, p95Ms: 1_000 };
const TENANTS = 20;
const JOBS = 40_000;
const MAILS = 4_000;
const SAMPLES = 300;
const ROUNDS = 3;

/** Prints how fast jobs are done on a durable database, and how soon a mail leaves. @returns whether the bars are met */
export async function checkJobs(dir: string): Promise<boolean> {
  configureLog({ level: "error", format: "json" });
  const server = await startEmbedded({ dataDir: `${dir}/data`, log: () => {} });
  const place = placeOf(server);
  try {
    await openDatabase({ target: targetOf(place), admin: { user: "postgres" }, doorSecret: "bench" });
    const services = await createServices(readConfig({ DATA_DIR: `${dir}/data` }));
    const tenants = await makeTenants(place);
    const rates = await rounds(() => drainProbes(services, place, { tenants, keyed: false }));
    const ordered = await rounds(() => drainProbes(services, place, { tenants, keyed: true }));
    const mails = await rounds(() => drainMails(services, place, tenants));
    const delays = await commitToProvider(services, tenants);
    const p = (share: number) => delays[Math.floor(delays.length * share)]!;
    const good = rates >= BARS.perSecond && p(0.95) <= BARS.p95Ms;
    print(`\nJobs of ${TENANTS} organisations on one process, medians of ${ROUNDS} rounds:\n`);
    print(table(["what", "a second", "bar"], [
      ["claimed and completed, with nothing to do between", figure(rates), `≥ ${figure(BARS.perSecond)}`],
      ["the same, ten to an order key", figure(ordered), ""],
      ["mails made and handed to a provider that takes no time", figure(mails), ""],
    ]));
    print(`\nFrom the commit of a mail to the provider, idle, ${SAMPLES} mails, in ms:\n`);
    print(
      table(["p50", "p95", "worst", "bar (p95)"], [[
        figure(p(0.5), 1),
        figure(p(0.95), 1),
        figure(delays.at(-1)!, 1),
        `≤ ${figure(BARS.p95Ms)}`,
      ]]),
    );
    return good;
  } finally {
    await closeDatabase();
    await server.stop({ immediate: true, remove: true });
  }
}

async function rounds(measure: () => Promise<number>): Promise<number> {
  const results: number[] = [];
  for (let round = 0; round < ROUNDS; round++) results.push(await measure());
  progress(`  ${results.map((each) => figure(each)).join(", ")} a second`);
  return median(results);
}

async function makeTenants(place: Place): Promise<string[]> {
  return await asAdmin(place, async (admin) => {
    const { rows } = await admin.query<{ id: string }>(
      "insert into tenants (slug, name) select 'bench-' || n, 'Bench' from generate_series(1, $1::int) n returning id",
      [TENANTS],
    );
    return rows.map(({ id }) => id);
  });
}

/** Jobs a second, from the start of the workers until the last is settled. */
async function drainProbes(
  services: Services,
  place: Place,
  { tenants, keyed }: { tenants: string[]; keyed: boolean },
): Promise<number> {
  await asAdmin(place, async (admin) => {
    await admin.query("truncate jobs, outbox cascade");
    await admin.query(
      `insert into jobs (tenant_id, id, kind, order_key)
      select t, uuidv7(), 'probe', case when $2 then 'key ' || n / 10 end
      from unnest($1::uuid[]) t, generate_series(1, $3::int) n`,
      [tenants, keyed, JOBS / TENANTS],
    );
    await admin.query("analyze jobs");
  });
  return await timed(services, place, {
    kinds: { probe: { handler: () => Promise.resolve({}), slots: 256, slotsPerTenant: 256 } },
    many: JOBS,
  });
}

async function drainMails(services: Services, place: Place, tenants: string[]): Promise<number> {
  await asAdmin(place, async (admin) => {
    await admin.query("truncate jobs, outbox cascade");
    await admin.query(
      `insert into outbox (tenant_id, recipient, template)
      select t, 'reader-' || n || '@bench.example', 'password_changed'
      from unnest($1::uuid[]) t, generate_series(1, $2::int) n`,
      [tenants, MAILS / TENANTS],
    );
    await admin.query("analyze jobs, outbox");
  });
  const mail = { ...services.mail, send: () => Promise.resolve({ providerId: null }) };
  return await timed({ ...services, mail }, place, { kinds: JOB_KINDS, many: MAILS });
}

async function timed(
  services: Services,
  place: Place,
  { kinds, many }: { kinds: typeof JOB_KINDS; many: number },
): Promise<number> {
  let begun = 0;
  const counted = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => {
      const handler: JobHandler = (...args) => {
        begun++;
        return kind.handler(...args);
      };
      return [name, { ...kind, handler }];
    }),
  );
  const before = performance.now();
  const workers = startWorkers(services, { kinds: counted });
  while (begun < many) await new Promise((done) => setTimeout(done, 2));
  await workers.stop();
  const seconds = (performance.now() - before) / 1000;
  const left = await asAdmin(
    place,
    async (admin) => (await admin.query("select from jobs where state <> 'done'")).rowCount,
  );
  if (left !== 0) throw new Error(`Cannot measure jobs: ${left} were not done`);
  return many / seconds;
}

/** How long each of some mails took from the answer to its commit to the provider, in milliseconds, sorted. */
async function commitToProvider(services: Services, tenants: string[]): Promise<number[]> {
  const sent = new Map<string, number>();
  const mail = {
    ...services.mail,
    send({ to }: { to: string }) {
      sent.set(to, performance.now());
      return Promise.resolve({ providerId: null });
    },
  };
  const workers = startWorkers({ ...services, mail });
  const delays: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const to = `sample-${i}@bench.example`;
    const claim = { kind: "system" as const, tenantId: tenants[i % tenants.length]! };
    await act(
      { requestId: "bench", ip: "", userAgent: "", services },
      claim,
      (cx) => enqueueMail(cx, { to, template: "password_changed", payload: {} }),
    );
    const committed = performance.now();
    while (!sent.has(to)) await new Promise((done) => setTimeout(done, 1));
    delays.push(sent.get(to)! - committed);
    await new Promise((done) => setTimeout(done, Math.random() * 60));
  }
  await workers.stop();
  return delays.sort((a, b) => a - b);
}
