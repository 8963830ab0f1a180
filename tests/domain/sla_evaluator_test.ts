import { act } from "@/domain/cx.ts";
import { notifyDueClocks } from "@/domain/sla/notify_thresholds.ts";
import { evaluateSla } from "@/jobs/evaluate_sla.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Desk } from "@/tests/helpers/desk.ts";
import { NEVER } from "@/tests/helpers/jobs.ts";
import { passMinutes, promise } from "@/tests/helpers/sla_scene.ts";
import { openScene, raise, type Scene } from "@/tests/helpers/ticket_scene.ts";

/** Who was told of what on a ticket since the last look. */
async function told(desk: Desk, ticketId: string): Promise<string[]> {
  const rows = await desk.look<{ line: string }>(
    `select u.name || ': ' || n.kind || ' ' || (n.payload ->> 'metric') || coalesce(' ' || (n.payload ->> 'percent'), '')
        as line
      from notifications n join users u on u.id = n.user_id
      where n.ticket_id = $1 and n.kind like 'sla%' order by 1`,
    [ticketId],
  );
  await desk.look("delete from notifications");
  return rows.map(({ line }) => line);
}

const count = async (desk: Desk, what: string) =>
  (await desk.look<{ n: number }>(`select count(*)::int as n from ${what}`))[0]!.n;

/** Has every target been passed a minute ago. */
async function passAll(desk: Desk): Promise<void> {
  await desk.look("update sla_ledger set at = at - interval '1 hour'");
  await desk.look(`update sla_clocks set warn_at = now() - interval '3 minutes',
    late_warn_at = now() - interval '2 minutes', due_at = now() - interval '1 minute'`);
}

/** A desk of three people whose work it is, a promise of 40 and 400 minutes, and no breach from raising itself. */
async function openClocks(): Promise<Scene & AsyncDisposable> {
  const scene = await openScene();
  await scene.admin.invite("MANAGER", "Mia Manager");
  await scene.admin.put(`/queues/${scene.queue}/members/${scene.agent.user.id}`);
  await promise(scene.admin, { firstResponse: 40, resolution: 400 });
  return scene;
}

Deno.test("a ticket that was merged when merging left its clocks running makes nobody hear of them", async () => {
  await using scene = await openClocks();
  const { desk, agent, requester } = scene;
  const [gone, target] = [await raise(requester), await raise(requester)];
  await passMinutes(desk, gone.id, 430);
  await desk.look(
    `update tickets set status = 'closed', closed_at = now(), merged_into = $2, merged_at = now() - interval '400 minutes'
      where id = $1`,
    [gone.id, target.id],
  );
  const evaluate = () => evaluateSla(desk.request(), NEVER);
  assertEquals([await evaluate(), await evaluate(), await told(desk, gone.id)], [0, 0, []]);
  const { sla } = (await agent.get(`/tickets/${gone.id}`)).body;
  for (const { state, elapsedMinutes, breachedAt } of [sla.firstResponse, sla.resolution]) {
    assertEquals([state, elapsedMinutes, breachedAt ?? null], ["stopped", 30, null]);
  }
  assertEquals(await count(desk, "sla_ledger where kind in ('stop', 'breach')"), 1);
});

Deno.test("REL-24 a clock is told of at 75 and 90 percent and at its breach, once each", async (t) => {
  await using scene = await openClocks();
  const { desk, admin, agent, requester, category } = scene;
  const evaluate = () => evaluateSla(desk.request(), NEVER);
  const ticket = await raise(requester, { categoryId: category });
  const everybody = (what: string) =>
    ["Ada Admin", "Ana Agent", "Mia Manager"].map((who) => `${who}: ${what}`);

  await t.step("nothing is due at first", async () => {
    await passMinutes(desk, ticket.id, 29);
    assertEquals([await evaluate(), await told(desk, ticket.id)], [0, []]);
  });
  await t.step("75 percent: the queue and the managers", async () => {
    await passMinutes(desk, ticket.id, 1);
    assertEquals([await evaluate(), await evaluate()], [1, 0]);
    assertEquals(await told(desk, ticket.id), everybody("sla_warning first_response 75"));
  });
  await t.step("90 percent", async () => {
    await passMinutes(desk, ticket.id, 6);
    assertEquals([await evaluate(), await evaluate()], [1, 0]);
    assertEquals(await told(desk, ticket.id), everybody("sla_warning first_response 90"));
  });
  await t.step("the breach: a row of the ledger dated when it came, mails, and the audit log", async () => {
    await passMinutes(desk, ticket.id, 9);
    const before = (await agent.get(`/tickets/${ticket.id}/sla`)).body;
    assertEquals([await evaluate(), await evaluate()], [1, 0]);
    assertEquals(await told(desk, ticket.id), everybody("sla_breached first_response"));
    assertEquals(await count(desk, "outbox where template = 'sla_breached'"), 3);
    const [row] = await desk.look<{ at: string; rule: string; actor_id: null; position: number }>(
      "select at, rule, actor_id, position from sla_ledger where ticket_id = $1 and kind = 'breach'",
      [ticket.id],
    );
    assertEquals([new Date(row!.at).toISOString(), row!.rule, row!.actor_id, row!.position], [
      before.firstResponse.dueAt,
      "First-response target breached",
      null,
      1,
    ]);
    const [clock] = await desk.look(
      "select breached_at = due_at as marked, announced from sla_clocks where ticket_id = $1 and metric = 'firstResponse'",
      [ticket.id],
    );
    assertEquals(clock, { marked: true, announced: 100 });
    // What the ledger says was known before: only the row is new.
    const { lines: [, ...after], ...rest } = (await agent.get(`/tickets/${ticket.id}/sla`)).body;
    assertEquals(rest.firstResponse.breachedAt, before.firstResponse.breachedAt);
    assertEquals(after.map(({ kind }: { kind: string }) => kind), ["breach", "now"]);
    const actions = (await agent.get(`/tickets/${ticket.id}/timeline`)).body.items
      .map((
        { action, changes }: { action: string; changes: { percent?: number } },
      ) => [action, changes.percent]);
    assertEquals(actions.slice(-3), [
      ["ticket.sla_warned", 75],
      ["ticket.sla_warned", 90],
      ["ticket.sla_breached", 100],
    ]);
    const own = (await requester.get(`/tickets/${ticket.id}/timeline`)).body.items;
    assert(own.every(({ action }: { action: string }) => !action.startsWith("ticket.sla")));
    assertEquals((await agent.get(`/tickets/${ticket.id}`)).body.version, ticket.version);
  });
  await t.step(
    "an assigned ticket's assignee; what was passed unseen is told once, by the highest",
    async () => {
      const late = await raise(requester);
      await admin.put(`/tickets/${late.id}/assignment`, { version: 1, assigneeId: agent.user.id });
      await told(desk, late.id);
      await passMinutes(desk, late.id, 380);
      assertEquals(await evaluate(), 2);
      assertEquals(
        await told(desk, late.id),
        [
          ...everybody("sla_breached first_response"),
          ...everybody("sla_warning resolution 90"),
        ].sort(),
      );
      await passMinutes(desk, late.id, 30);
      assertEquals(await evaluate(), 1);
      assertEquals(await told(desk, late.id), everybody("sla_breached resolution"));
      const positions = await desk.look("select position from sla_ledger where ticket_id = $1 order by 1", [
        late.id,
      ]);
      assertEquals(positions.map(({ position }) => position), [0, 1, 2]);
    },
  );
});

Deno.test("REL-24 a clock that stands, has ended or was moved isn't warned of", async (t) => {
  await using scene = await openClocks();
  const { desk, agent, requester } = scene;
  const evaluate = () => evaluateSla(desk.request(), NEVER);
  const move = (id: string, version: number, fields: Record<string, unknown>) =>
    agent.post(`/tickets/${id}/transitions`, { version, ...fields });

  await t.step("pending: not while it stands, but when it goes on", async () => {
    const ticket = await raise(requester);
    await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Which tray?" });
    await passMinutes(desk, ticket.id, 310);
    await move(ticket.id, 1, { to: "pending", reason: "vendor" });
    await told(desk, ticket.id);
    assertEquals([await evaluate(), await told(desk, ticket.id)], [0, []]);
    await move(ticket.id, 2, { to: "open" });
    assertEquals(await evaluate(), 1);
    assert((await told(desk, ticket.id)).every((line) => line.endsWith("sla_warning resolution 75")));
  });
  await t.step("resolved in time: nothing", async () => {
    const ticket = await raise(requester);
    await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Done soon" });
    await passMinutes(desk, ticket.id, 390);
    await move(ticket.id, 1, { to: "resolved", note: "Done" });
    await told(desk, ticket.id);
    assertEquals([await evaluate(), await told(desk, ticket.id)], [0, []]);
  });
  await t.step("resolved too late, before anybody looked: the breach stands where it came", async () => {
    const ticket = await raise(requester);
    await passMinutes(desk, ticket.id, 500);
    await move(ticket.id, 1, { to: "resolved", note: "Done" });
    await told(desk, ticket.id);
    const before = (await agent.get(`/tickets/${ticket.id}/sla`)).body;
    assertEquals(await evaluate(), 2);
    assertEquals(
      new Set((await told(desk, ticket.id)).map((line) => line.split(": ")[1])),
      new Set([
        "sla_breached first_response",
        "sla_breached resolution",
      ]),
    );
    const after = (await agent.get(`/tickets/${ticket.id}/sla`)).body;
    const words = ({ lines }: { lines: { kind: string; at: string }[] }) => lines.slice(0, -1);
    assertEquals(words(after), words(before));
    assertEquals([after.resolution, after.firstResponse], [before.resolution, before.firstResponse]);
    // And it goes on from there as from any ledger.
    assertEquals((await move(ticket.id, 2, { to: "open" })).status, 200);
    assertEquals(await evaluate(), 0);
    assertEquals((await agent.get(`/tickets/${ticket.id}/sla`)).body.resolution.state, "breached");
  });
  await t.step("a larger target: what was told isn't told again", async () => {
    const ticket = await raise(requester);
    await passMinutes(desk, ticket.id, 31);
    assertEquals(await evaluate(), 1);
    await agent.patch(`/tickets/${ticket.id}`, { version: 1, priority: "low" });
    await told(desk, ticket.id);
    await passMinutes(desk, ticket.id, 100);
    assertEquals([await evaluate(), await told(desk, ticket.id)], [0, []]);
    await passMinutes(desk, ticket.id, 20);
    assertEquals(await evaluate(), 1);
    assert((await told(desk, ticket.id)).every((line) => line.endsWith("sla_warning first_response 90")));
  });
});

Deno.test("REL-24 however many evaluate at once and wherever one is cut off, there is one notice each", async () => {
  await using scene = await openClocks();
  const { desk, admin, requester, other } = scene;
  const tickets: { id: string }[] = [];
  while (tickets.length < 120) {
    tickets.push(...await Promise.all(Array.from({ length: 10 }, () => raise(requester))));
  }
  await Promise.all([1, 2].map(() => raise(other)));
  await desk.look("delete from notifications");
  await passAll(desk);
  const system = { kind: "system", tenantId: admin.tenant.id } as const;
  await act(desk.request(), system, async (cx) => {
    assertEquals((await notifyDueClocks(cx)).done > 0, true);
    throw new Error("cut off");
  }).catch(() => {});
  assertEquals(await count(desk, "sla_ledger where kind = 'breach'"), 0);
  // A ticket that somebody is changing waits for the next run, and holds up nobody.
  let changed = () => {};
  const held = new Promise<void>((done) => changed = done);
  const changing = act(desk.request(), system, async (cx) => {
    await cx.db.run(
      { text: "select 1 from tickets where id = $1 for no key update", values: [tickets[0]!.id] } as never,
    );
    await held;
  });
  await new Promise((done) => setTimeout(done, 100));
  const done = await Promise.all([1, 2, 3, 4].map(() => evaluateSla(desk.request(), NEVER)));
  changed();
  await changing;
  assertEquals(done.reduce((sum, each) => sum + each, 0), 2 * 121);
  assertEquals(await evaluateSla(desk.request(), NEVER), 2);
  const twice = await desk.look(`select 1 from notifications where kind = 'sla_breached'
    group by ticket_id, user_id, payload ->> 'metric' having count(*) > 1`);
  assertEquals(twice, []);
  assertEquals(await count(desk, "sla_ledger where kind = 'breach'"), 2 * 122);
  assertEquals(await count(desk, "audit_log where action = 'ticket.sla_breached'"), 2 * 122);
  assertEquals(await count(desk, "events where topic = 'ticket.sla_breached'"), 2 * 122);
});

Deno.test("REL-23 a process whose clock is ten minutes off announces the same", async () => {
  await using scene = await openClocks();
  const { desk, requester } = scene;
  const ticket = await raise(requester);
  await passMinutes(desk, ticket.id, 25);
  const real = Date.now;
  try {
    Date.now = () => real() + 600_000;
    assertEquals(await evaluateSla(desk.request(), NEVER), 0);
    await passMinutes(desk, ticket.id, 6);
    Date.now = () => real() - 600_000;
    assertEquals(await evaluateSla(desk.request(), NEVER), 1);
  } finally {
    Date.now = real;
  }
});

Deno.test("REL-08 a tenant in which it fails is logged and holds up no other", async () => {
  await using scene = await openClocks();
  const { desk, admin, requester, other } = scene;
  await raise(requester);
  await raise(other);
  await passAll(desk);
  await desk.look(`create function refuse() returns trigger language plpgsql as $$ begin
    if new.tenant_id = '${admin.tenant.id}' then raise 'No'; end if; return new; end $$;
    create trigger refuse before insert on sla_ledger for each row execute function refuse()`);
  assertEquals(await evaluateSla(desk.request(), NEVER), 2);
  await desk.look("drop trigger refuse on sla_ledger");
  assertEquals(await evaluateSla(desk.request(), NEVER), 2);
});
