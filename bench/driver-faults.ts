/**
 * Compares the drivers `pg` and `postgres` while PostgreSQL ends their connections: why this project uses `pg`
 * (docs/adr). Many tenants' transactions share a small pool and read a table under forced row security; meanwhile
 * `pg_terminate_backend` hits one connection after the other. A process that crashed, or hangs altogether, is followed
 * by a new one until the time is up. Seconds per driver: first argument, default 30.
 * Exits with 1 when `pg` read another tenant's rows, hung, or threw where nobody could catch it.
 */
import pg from "pg";
import { fileURLToPath } from "node:url";
import { startEmbedded } from "@/db/embedded/mod.ts";
import type { Counts, Task } from "./driver_faults/worker.ts";

const APP_ROLE = "servicehub_app";
const KILL_EVERY_MS = 100;
const TENANTS = 20;
const SUMMED = ["transactions", "reads", "wrongTenant", "hung", "uncaught", "failed"] as const;
const SCHEMA = `
  create role ${APP_ROLE} login;
  create table notes (tenant_id uuid not null, id int not null, primary key (tenant_id, id));
  alter table notes enable row level security;
  alter table notes force row level security;
  create policy own on notes using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
  grant select on notes to ${APP_ROLE}`;

type Outcome = Omit<Counts, "uncaughtTexts"> & {
  driver: string;
  processes: number;
  kills: number;
  notes: Set<string>;
};

async function prepare(admin: pg.Client): Promise<string[]> {
  await admin.query(SCHEMA);
  const tenants = Array.from({ length: TENANTS }, () => crypto.randomUUID());
  await admin.query(
    "insert into notes select tenant, id from unnest($1::uuid[]) tenant, generate_series(1, 10) id",
    [
      tenants,
    ],
  );
  return tenants;
}

async function observe(admin: pg.Client, task: Task): Promise<Outcome> {
  const outcome: Outcome = {
    driver: task.driver,
    processes: 0,
    kills: 0,
    transactions: 0,
    reads: 0,
    wrongTenant: 0,
    hung: 0,
    uncaught: 0,
    failed: 0,
    notes: new Set(),
  };
  const until = performance.now() + task.seconds * 1000;
  for (let left = task.seconds; left > 1; left = (until - performance.now()) / 1000) {
    await runOnce(admin, { task: { ...task, seconds: left }, outcome });
  }
  return outcome;
}

/** Runs one worker process to its end, and adds what it saw to the outcome. */
async function runOnce(admin: pg.Client, { task, outcome }: { task: Task; outcome: Outcome }): Promise<void> {
  const script = fileURLToPath(new URL("./driver_faults/worker.ts", import.meta.url));
  const allow = ["--allow-env", "--allow-sys", "--allow-net", "--allow-read", "--allow-write"];
  const worker = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...allow, script, JSON.stringify(task)],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let running = true;
  const ended = worker.output().finally(() => running = false);
  const limit = setTimeout(() => worker.kill("SIGKILL"), (task.seconds + 20) * 1000);
  outcome.processes++;
  while (running) {
    await new Promise((resolve) => setTimeout(resolve, KILL_EVERY_MS * (0.5 + Math.random())));
    outcome.kills += await killOne(admin);
  }
  const { success, stdout, stderr } = await ended;
  clearTimeout(limit);
  const lines = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim().split("\n");
  const counts: Counts = JSON.parse(lines(stdout).at(-1) || "{}");
  for (const name of SUMMED) outcome[name] += counts[name] ?? 0;
  for (const text of counts.uncaughtTexts ?? []) outcome.notes.add(`uncaught: ${text}`);
  if (!success) outcome.notes.add(`a process ended early: ${lines(stderr)[0]}`);
}

/** Ends one connection of the application's role at random; resolves to how many it ended. */
async function killOne(admin: pg.Client): Promise<number> {
  const { rowCount } = await admin.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 order by random() limit 1",
    [APP_ROLE],
  );
  return rowCount ?? 0;
}

const COLUMNS: [string, (outcome: Outcome) => string | number][] = [
  ["driver", (outcome) => outcome.driver],
  ["processes", (outcome) => outcome.processes],
  ["kills", (outcome) => outcome.kills],
  ["reads", (outcome) => outcome.reads],
  ["wrong tenant", (outcome) => outcome.wrongTenant],
  ["hung > 5 s", (outcome) => outcome.hung],
  ["uncaught", (outcome) => outcome.uncaught],
  ["failed (as expected)", (outcome) => outcome.failed],
  ["committed", (outcome) => outcome.transactions],
];

function table(outcomes: Outcome[]): string {
  const rows = [
    COLUMNS.map(([title]) => title),
    ...outcomes.map((outcome) => COLUMNS.map(([, value]) => String(value(outcome)))),
  ];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padStart(widths[column]!)).join("  "));
  const notes = outcomes.flatMap(({ driver, notes }) => Array.from(notes, (note) => `${driver}: ${note}`));
  return [...lines, ...notes, ""].join("\n");
}

async function main(seconds: number): Promise<boolean> {
  const dataDir = await Deno.makeTempDir({ prefix: "servicehub-driver-faults-" });
  const server = await startEmbedded({ dataDir, log() {}, settings: { fsync: "off" } });
  const { socketDir, port, superuser } = server;
  const admin = new pg.Client({ host: socketDir, port, user: superuser, database: "postgres" });
  try {
    await admin.connect();
    const tenants = await prepare(admin);
    const target = { socketDir, port, user: APP_ROLE, poolSize: 4 };
    const outcomes: Outcome[] = [];
    for (const driver of ["pg", "postgres"]) {
      outcomes.push(await observe(admin, { driver, target, tenants, concurrency: 24, seconds }));
    }
    Deno.stdout.writeSync(new TextEncoder().encode(table(outcomes)));
    const [ours] = outcomes;
    return ours!.wrongTenant + ours!.hung + ours!.uncaught + ours!.notes.size === 0 && ours!.kills > 0;
  } finally {
    await admin.end();
    await server.stop({ immediate: true });
    await Deno.remove(dataDir, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main(Number(Deno.args[0] ?? 30)) ? 0 : 1);
