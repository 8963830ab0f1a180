import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { targetOf } from "@/tests/helpers/cluster.ts";
import { PERMITTED } from "@/tests/helpers/deno.ts";
import type { Desk } from "@/tests/helpers/desk.ts";
import { promise } from "@/tests/helpers/sla_scene.ts";
import { openScene, raise, type Scene } from "@/tests/helpers/ticket_scene.ts";
import { until } from "@/tests/process/support.ts";

const PROGRAM = new URL("clock.ts", import.meta.url).pathname;

/** A process whose clock strikes every second. */
async function startClock(desk: Desk) {
  const options = {
    target: targetOf(desk.cluster, desk.database),
    env: { DATA_DIR: desk.config.DATA_DIR, MAIL_TRANSPORT: "console" },
  };
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--unstable-cron", ...PERMITTED, PROGRAM, JSON.stringify(options)],
    cwd: new URL("../../", import.meta.url),
    env: { DENO_CRON_TEST_SCHEDULE_OFFSET: "1000" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const said = child.stdout.getReader();
  await said.read();
  said.releaseLock();
  const out = child.stdout.cancel();
  let errors = "";
  const listening = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) errors += text;
  })();
  let ended = false;
  child.status.then(() => ended = true);
  return {
    kill: () => child.kill("SIGKILL"),
    get ended() {
      return ended;
    },
    get errors() {
      return errors;
    },
    async [Symbol.asyncDispose]() {
      if (!ended) child.kill("SIGKILL");
      await Promise.all([child.status, out, listening]);
    },
  };
}

const TICKETS = 90;

/** Work for every job of the clock, none of it due yet. */
async function fill({ desk, admin, agent, requester }: Scene): Promise<void> {
  await promise(admin, { firstResponse: 60, resolution: 600 });
  const many = async (part: (n: number) => Promise<unknown>) => {
    for (let n = 0; n < TICKETS; n += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, i) => part(n + i)));
    }
  };
  const until = new Date(Date.now() + 3_600_000).toISOString();
  await many(async (n) => {
    const { id } = await raise(requester);
    // A third of the tickets each: only its clocks run, it waits, it is resolved.
    if (n % 3 === 0) return;
    const to = n % 3 === 1 ? { to: "pending", reason: "scheduled", until } : { to: "resolved", note: "Done" };
    assertEquals((await agent.post(`/tickets/${id}/transitions`, { version: 1, ...to })).status, 200);
  });
  await desk.look("truncate notifications, outbox, jobs cascade");
}

/** Has everything come due an hour ago. */
async function come(desk: Desk): Promise<void> {
  await desk.look("update sla_ledger set at = at - interval '1 day'");
  await desk.look(
    `update sla_clocks set warn_at = now() - interval '3 hours', late_warn_at = now() - interval '2 hours',
    due_at = now() - interval '1 hour' where phase = 'running'`,
  );
  await desk.look("update tickets set pending_until = now() where pending_until is not null");
  await desk.look("update tickets set resolved_at = now() - interval '6 days' where status = 'resolved'");
  await desk.look(`insert into events (tenant_id, id, topic, entity, entity_id)
    select id, uuidv7('-40 days'), 'old', 'ticket', id from tenants, generate_series(1, 1500)`);
}

const one = async (desk: Desk, text: string) => (await desk.look<{ n: number }>(text))[0]!.n;

Deno.test("REL-07 REL-24 three processes strike at once, connections break and one is killed: one effect each", async () => {
  await using scene = await openScene();
  const { desk } = scene;
  await fill(scene);
  const clocks = await one(desk, "select count(*)::int as n from sla_clocks where phase = 'running'");
  await using first = await startClock(desk);
  await using second = await startClock(desk);
  await using third = await startClock(desk);
  await come(desk);
  const broken = async () => {
    await desk.look(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and usename = 'servicehub_app' and random() < 0.5`);
  };
  for (let i = 0; i < 15; i++) {
    if (i === 5) first.kill();
    await broken();
    await new Promise((done) => setTimeout(done, 150));
  }
  const left = () =>
    one(
      desk,
      `select (select count(*) from sla_clocks where next_at <= now())::int
        + (select count(*) from tickets where pending_until <= now() or status = 'resolved')::int
        + (select count(*) from events where topic = 'old')::int as n`,
    );
  await until(async () => await left() === 0, 30_000);
  // Two more rounds, that find nothing.
  await new Promise((done) => setTimeout(done, 2_500));
  assertEquals([first.ended, second.ended, third.ended], [true, false, false]);
  assertEquals(await one(desk, "select count(*)::int as n from sla_ledger where kind = 'breach'"), clocks);
  const actions = await desk.look<{ action: string; n: number }>(
    `select action || coalesce(' ' || (changes #>> '{status,to}'), '') as action, count(*)::int as n from audit_log
      where entity = 'ticket' and actor_id is null group by 1 order by 1`,
  );
  assertEquals(actions, [
    { action: "ticket.sla_breached", n: clocks },
    { action: "ticket.transitioned closed", n: TICKETS / 3 },
    { action: "ticket.transitioned open", n: TICKETS / 3 },
  ]);
  // Told once as well, each person of each ticket and clock.
  const twice = await desk.look(`select ticket_id from notifications
    group by ticket_id, user_id, kind, payload having count(*) > 1`);
  assertEquals(twice, []);
  const told = await one(desk, "select count(*)::int as n from notifications where kind = 'sla_breached'");
  assertEquals(told, clocks);
  const mails = await one(desk, "select count(*)::int as n from outbox where template = 'sla_breached'");
  assertEquals(mails, clocks);
});

Deno.test("REL-08 a job that fails at every strike never ends the process, and goes on when it can", async () => {
  await using scene = await openScene();
  const { desk } = scene;
  await fill(scene);
  await using clock = await startClock(desk);
  await desk.look("alter function tenants_with_due_clocks rename to gone");
  await come(desk);
  const due = () => one(desk, "select count(*)::int as n from sla_clocks where next_at <= now()");
  await until(() => clock.errors.split('"job":"evaluate SLA clocks"').length > 3, 15_000);
  // The others go on meanwhile.
  await until(
    async () => await one(desk, "select count(*)::int as n from tickets where status = 'resolved'") === 0,
    15_000,
  );
  assertEquals(clock.ended, false);
  assert(await due() > 0);
  await desk.look("alter function gone rename to tenants_with_due_clocks");
  await until(async () => await due() === 0, 15_000);
  assertEquals(clock.ended, false);
});
