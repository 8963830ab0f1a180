import { createSecrets } from "@/adapters/secrets.ts";
import { issueAccessToken } from "@/domain/auth/access_tokens.ts";
import { startExternal } from "@/tests/db/cluster.ts";
import { type Server, startServer } from "@/tests/helpers/server.ts";
import { ADA, post } from "@/tests/helpers/visit.ts";
import type { Account, Readers } from "./event_clients.ts";
import { figure, print, progress, table } from "./print.ts";

/** REL-14, and an event on another instance's browser: memory in MiB, times in milliseconds. */
const BARS = { memory: 1024, fanOutP99: 1_000, elsewhereP95: 200 };
/** As many as one person may have. */
const PER_USER = 6;
const NOTE_EVERY = 20;
const ELSEWHERE = 20;
const SECRET_KEY = "the key of the bench, of more than 32 characters";

/**
 * Prints what open event streams cost and how soon events reach them: from the moment that a change is asked for, over
 * real sockets, to each reader. @returns whether the bars are met
 */
export async function checkEvents(options: { streams: number; events: number }): Promise<boolean> {
  await using external = await startExternal();
  {
    await using admin = await external.connect("postgres");
    await admin.query("create database desk");
  }
  const env = {
    DATABASE_URL: external.url("desk"),
    SECRET_KEY,
    SIGNUP: "open",
    LOG_LEVEL: "error",
    RATE_LIMIT_SCALE: "1000000",
  };
  await using one = await startServer({ env });
  await using other = await startServer({ env });
  const { accessToken, tenant } = await post(one.url, "/auth/register", ADA);
  const ticket = await post(one.url, "/tickets", { title: "Printer jams", description: "" }, accessToken);
  const tokens = await makeAgents(external, tenant.id, Math.ceil(options.streams / PER_USER));
  const before = memoryOf(one);
  progress(`Opening ${options.streams} streams …`);
  const began = performance.now();
  await using many = readers({ port: portOf(one), tokens, streams: options.streams, noteEvery: NOTE_EVERY });
  const { open } = await many.account();
  const opened = (performance.now() - began) / 1000;
  await using few = readers({ port: portOf(other), tokens, streams: ELSEWHERE, noteEvery: 1 });
  await few.account();
  await pause(3_000);
  const sent: Record<string, number> = {};
  const idle = processorTimeOf(one);
  for (let i = 0; i < options.events; i++) {
    const at = performance.timeOrigin + performance.now();
    const made = await post(one.url, "/tickets", { title: `Event ${i}`, description: "" }, accessToken);
    sent[made.id] = at;
    await pause(2_000);
  }
  await post(
    one.url,
    `/tickets/${ticket.id}/comments`,
    { visibility: "public", body: "The end" },
    accessToken,
  );
  await pause(5_000);
  const perEvent = (processorTimeOf(one) - idle) / options.events;
  const after = memoryOf(one);
  const [here, elsewhere] = await Promise.all([many.account(), few.account()]);
  const near = delays(here, sent);
  const far = delays(elsewhere, sent);
  const missed = options.events * (Math.ceil(open / NOTE_EVERY) + ELSEWHERE) - near.length - far.length;
  print(
    `\n${figure(open)} event streams on one process, ${options.events} events, all of which all may see:\n`,
  );
  print(table(["what", "figure", "bar"], [
    ["memory of the process before, MiB", figure(before), ""],
    ["memory with all streams open and served, MiB", figure(after), `≤ ${figure(BARS.memory)}`],
    ["a stream, KiB", figure((after - before) * 1024 / open, 1), ""],
    ["opened a second", figure(open / opened), ""],
    ["processor time an event, with heartbeats, ms", figure(perEvent), ""],
    ["from the request to a reader, p50, ms", figure(quantile(near, 0.5)), ""],
    ["p99, ms", figure(quantile(near, 0.99)), `≤ ${figure(BARS.fanOutP99)}`],
    [
      "to a reader of another instance, p95, ms",
      figure(quantile(far, 0.95)),
      `≤ ${figure(BARS.elsewhereP95)}`,
    ],
    ["events that didn't arrive", figure(missed), "0"],
    ["streams that ended", figure(here.ended + elsewhere.ended), "0"],
  ]));
  return open === options.streams && missed === 0 && after <= BARS.memory &&
    quantile(near, 0.99) <= BARS.fanOutP99 && quantile(far, 0.95) <= BARS.elsewhereP95;
}

/** Agents with a session each, past sign-in: what is measured isn't hashes. @returns a token of each */
async function makeAgents(
  external: Awaited<ReturnType<typeof startExternal>>,
  tenantId: string,
  count: number,
): Promise<string[]> {
  await using admin = await external.connect("desk");
  const { rows } = await admin.query<{ user_id: string; id: string }>(
    `with people as (
      insert into users (tenant_id, email, name, role, password_hash)
        select $1, 'agent' || g || '@harbour.example', 'Agent ' || g, 'AGENT', '-' from generate_series(1, $2::int) g
        returning id
    )
    insert into sessions (tenant_id, user_id, secret_hash, expires_at)
      select $1, id, '\\x00', now() + interval '1 day' from people returning user_id, id`,
    [tenantId, count],
  );
  await admin.query("analyze");
  const secrets = createSecrets(SECRET_KEY);
  return rows.map(({ user_id, id }) =>
    issueAccessToken(secrets, { tenantId, sessionId: id, userId: user_id })
  );
}

interface ReaderProcess extends AsyncDisposable {
  account(): Promise<Account>;
}

function readers(task: Readers): ReaderProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-net", new URL("event_clients.ts", import.meta.url).pathname],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const encoder = new TextEncoder();
  const answers = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  // The first account comes by itself, when all streams are open.
  let question = JSON.stringify(task);
  return {
    async account() {
      await writer.write(encoder.encode(question + "\n"));
      question = "account";
      while (!text.includes("\n")) {
        const { done, value } = await answers.read();
        if (done) throw new Error("Cannot go on: the readers have ended");
        text += value;
      }
      const line = text.slice(0, text.indexOf("\n"));
      text = text.slice(line.length + 1);
      return JSON.parse(line);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

/** Resident memory of a process in MiB. */
function memoryOf({ pid }: Server): number {
  return Number(/VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))![1]) / 1024;
}

/** Processor time that a process has taken, in milliseconds: user and system, in ticks of 10 ms. */
function processorTimeOf({ pid }: Server): number {
  const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function delays({ arrivals }: Account, sent: Record<string, number>): number[] {
  return Object.entries(sent).flatMap(([id, at]) => (arrivals[id] ?? []).map((arrived) => arrived - at)).sort(
    (
      a,
      b,
    ) => a - b,
  );
}

function quantile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Infinity;
}

function portOf({ url }: Server): number {
  return Number(new URL(url).port);
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
