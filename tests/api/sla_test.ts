import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { passMinutes, promise } from "@/tests/helpers/sla_scene.ts";
import { assertProblem, openScene, raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const { desk, admin, agent, requester, stranger, other, queue, category } = scene;
const { calendar } = await promise(admin, { firstResponse: 60, resolution: 480 });

async function read(client: Client, id: string) {
  const { status, body } = await client.get(`/tickets/${id}`);
  assertEquals(status, 200);
  return body;
}

async function explain(client: Client, id: string) {
  const { status, body } = await client.get(`/tickets/${id}/sla`);
  assertEquals(status, 200);
  return body;
}

async function move(client: Client, id: string, to: string, fields: Record<string, unknown> = {}) {
  const { version } = await read(client, id);
  const answer = await client.post(`/tickets/${id}/transitions`, { to, version, ...fields });
  assertEquals(answer.status, 200);
  return answer.body;
}

async function edit(id: string, fields: Record<string, unknown>) {
  const { version } = await read(agent, id);
  const answer = await agent.patch(`/tickets/${id}`, { version, ...fields });
  assertEquals(answer.status, 200);
  return answer.body;
}

const kinds = (explained: { lines: { kind: string; metric: string | null }[] }) =>
  explained.lines.map(({ kind, metric }) => metric ? `${kind} ${metric}` : kind);

// deno-lint-ignore no-explicit-any -- the body of an answer
const state = ({ sla }: any) => [sla.firstResponse?.state, sla.resolution?.state];
// deno-lint-ignore no-explicit-any -- the body of an answer
const elapsed = ({ sla }: any) => [sla.firstResponse?.elapsedMinutes, sla.resolution?.elapsedMinutes];

Deno.test("a merged ticket's clocks stop, and those alone go on when the merge is undone", async () => {
  const target = await raise(requester);
  const untouched = await raise(requester);
  const answered = await raise(requester);
  const waits = await raise(requester);
  await agent.post(`/tickets/${answered.id}/comments`, { visibility: "public", body: "Which tray?" });
  await move(agent, waits.id, "pending", { reason: "vendor" });
  const phases: [typeof target, string[], string[]][] = [
    [untouched, ["running", "running"], ["stopped", "stopped"]],
    [answered, ["met", "running"], ["met", "stopped"]],
    [waits, ["running", "paused"], ["stopped", "stopped"]],
  ];
  for (const [{ id }, before, after] of phases) {
    await passMinutes(desk, id, 30);
    const { version, sla } = await read(agent, id);
    assertEquals(state({ sla }), before);
    const merged = await agent.post(`/tickets/${id}/merge`, { version, into: target.id });
    assertEquals([merged.status, state(merged.body)], [200, after]);
    assertEquals((await explain(agent, id)).lines.at(-2).rule, "Merged into another ticket");
    // What is over isn't late, however much time goes by.
    await passMinutes(desk, id, 700);
    assertEquals(elapsed(await read(agent, id)), elapsed(merged.body));
    const due = await desk.look("select 1 from sla_clocks where ticket_id = $1 and next_at is not null", [
      id,
    ]);
    assertEquals(due, []);
    const undone = await agent.post(`/tickets/${id}/unmerge`, { version: merged.body.version });
    assertEquals([undone.status, state(undone.body)], [200, before]);
    assertEquals(elapsed(undone.body), elapsed(merged.body));
    assertEquals(undone.body.sla.resolution.breachedAt ?? null, null);
  }
});

Deno.test("a new ticket has two clocks that run, and says when they are due", async () => {
  const ticket = await raise(requester);
  assertEquals(state(ticket), ["running", "running"]);
  const { firstResponse, resolution } = ticket.sla;
  assertEquals([firstResponse.targetMinutes, resolution.targetMinutes], [60, 480]);
  const minutes = (due: string) => (Date.parse(due) - Date.parse(ticket.createdAt)) / 60_000;
  assert(Math.abs(minutes(firstResponse.dueAt) - 60) < 0.01);
  assert(Math.abs(minutes(resolution.dueAt) - 480) < 0.01);
  assertEquals(await read(requester, ticket.id), ticket);
  await passMinutes(desk, ticket.id, 25);
  assertEquals(elapsed(await read(requester, ticket.id)), [25, 25]);
  const listed = (await agent.get("/tickets?limit=100")).body.items
    .find(({ id }: { id: string }) => id === ticket.id);
  assertEquals(listed.sla, (await read(agent, ticket.id)).sla);
});

Deno.test("the help desk's first public reply meets the first response; nobody else's does", async () => {
  const ticket = await raise(requester);
  const say = (client: Client, fields: Record<string, unknown> = {}) =>
    client.post(`/tickets/${ticket.id}/comments`, {
      visibility: "public",
      body: "Have you tried it twice?",
      ...fields,
    });
  await passMinutes(desk, ticket.id, 10);
  await say(requester);
  await say(agent, { visibility: "internal" });
  assertEquals(state(await read(agent, ticket.id)), ["running", "running"]);
  await say(agent);
  const met = await read(agent, ticket.id);
  assertEquals([state(met), elapsed(met)], [["met", "running"], [10, 10]]);
  await passMinutes(desk, ticket.id, 100);
  await say(agent);
  const later = await read(agent, ticket.id);
  assertEquals([state(later), elapsed(later)], [["met", "running"], [10, 110]]);
  assertEquals(kinds(await explain(agent, ticket.id)), ["start", "met firstResponse", "now"]);
});

Deno.test("an agent who asks for themselves doesn't answer themselves", async () => {
  const ticket = await raise(agent);
  await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "It is urgent" });
  assertEquals(state(await read(agent, ticket.id)), ["running", "running"]);
  await admin.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "We are on it" });
  assertEquals(state(await read(agent, ticket.id)), ["met", "running"]);
});

Deno.test("resolution stands while the ticket is pending, and the requester's reply lets it go on", async () => {
  const ticket = await raise(requester);
  await passMinutes(desk, ticket.id, 30);
  const waiting = await move(agent, ticket.id, "pending", { reason: "requester" });
  assertEquals(state(waiting), ["running", "paused"]);
  assertEquals(waiting.sla.resolution.dueAt, null);
  await passMinutes(desk, ticket.id, 500);
  const still = await read(agent, ticket.id);
  assertEquals([state(still), elapsed(still)], [["breached", "paused"], [530, 30]]);
  await requester.post(`/tickets/${ticket.id}/comments`, {
    visibility: "public",
    body: "It is the blue one",
  });
  const on = await read(agent, ticket.id);
  assertEquals([on.status, state(on), elapsed(on)], ["open", ["breached", "running"], [530, 30]]);
  assertEquals(kinds(await explain(agent, ticket.id)), [
    "start",
    "pause resolution",
    "breach firstResponse",
    "resume resolution",
    "now",
  ]);
});

Deno.test("reopening goes on with what was left; a breach stays one", async () => {
  const ticket = await raise(requester);
  await passMinutes(desk, ticket.id, 470);
  const done = await move(agent, ticket.id, "resolved", { note: "Tray 2 was empty" });
  assertEquals([state(done), elapsed(done)], [["breached", "met"], [470, 470]]);
  await passMinutes(desk, ticket.id, 1000);
  assertEquals(elapsed(await read(agent, ticket.id)), [470, 470]);
  const again = await move(requester, ticket.id, "open");
  assertEquals([state(again), elapsed(again)], [["breached", "running"], [470, 470]]);
  await passMinutes(desk, ticket.id, 11);
  const late = await read(agent, ticket.id);
  assertEquals([state(late), elapsed(late)], [["breached", "breached"], [470, 481]]);
  const ended = await move(agent, ticket.id, "resolved", { note: "Filled it" });
  assertEquals(state(ended), ["breached", "breached"]);
  const { resolution } = await explain(agent, ticket.id);
  assert(resolution.endedAt > resolution.breachedAt);
  // Less is asked of it now, but it was late.
  await move(agent, ticket.id, "open");
  const eased = await edit(ticket.id, { priority: "low" });
  assertEquals([state(eased), eased.sla.resolution.targetMinutes], [["breached", "breached"], 1920]);
});

Deno.test("cancelling stops both clocks, resolving without a reply stops the first", async () => {
  const cancelled = await raise(requester);
  assertEquals(state(await move(agent, cancelled.id, "cancelled")), ["stopped", "stopped"]);
  const resolved = await raise(requester);
  const answer = await move(agent, resolved.id, "resolved", { note: "Done" });
  assertEquals(state(answer), ["stopped", "met"]);
  await agent.post(`/tickets/${resolved.id}/comments`, { visibility: "public", body: "By the way" });
  assertEquals(state(await read(agent, resolved.id)), ["stopped", "met"]);
  assertEquals(kinds(await explain(agent, resolved.id)), [
    "start",
    "met resolution",
    "stop firstResponse",
    "now",
  ]);
});

Deno.test("another priority's target counts from the start, and may be breached at once, dated at the change", async () => {
  const ticket = await raise(requester);
  await passMinutes(desk, ticket.id, 200);
  const before = Date.now();
  const urgent = await edit(ticket.id, { priority: "urgent" });
  assertEquals([state(urgent), urgent.sla.resolution.targetMinutes], [["breached", "breached"], 120]);
  const { resolution, firstResponse, lines } = await explain(agent, ticket.id);
  assert(Math.abs(Date.parse(resolution.breachedAt) - before) < 60_000);
  assert(Date.parse(firstResponse.breachedAt) < before - 100 * 60_000);
  const line = lines.find(({ kind }: { kind: string }) => kind === "priority");
  assertEquals(line.rule, "Priority changed from Medium to Urgent");
  assertEquals([line.resolution.minutes + lines[1].resolution.minutes, line.resolution.elapsedMinutes], [
    200,
    200,
  ]);
});

Deno.test("minutes are put down to the queue that held the ticket, and add up", async () => {
  const ticket = await raise(requester);
  await passMinutes(desk, ticket.id, 15);
  await edit(ticket.id, { queueId: queue });
  await passMinutes(desk, ticket.id, 20);
  await agent.api("PUT", `/tickets/${ticket.id}/assignment`, {
    body: { assigneeId: null, queueId: null, version: (await read(agent, ticket.id)).version },
  });
  await passMinutes(desk, ticket.id, 7);
  const { resolution, lines } = await explain(requester, ticket.id);
  assertEquals(resolution.minutesByQueue, [
    { queue: ticket.queue, minutes: 15 },
    { queue: { id: queue, name: "Network" }, minutes: 20 },
    { queue: null, minutes: 7 },
  ]);
  assertEquals(resolution.elapsedMinutes, 42);
  const counted = lines.map((
    { resolution, heldBy }: { resolution: { minutes: number }; heldBy: unknown },
  ) => [resolution.minutes, heldBy === null ? null : queue]);
  assertEquals(counted, [[0, null], [15, queue], [20, queue], [7, null]]);
});

Deno.test("the narrowest policy holds, also from the ticket's move on", async () => {
  const targets = (firstResponse: number) => ({
    firstResponse: { medium: firstResponse },
    resolution: { medium: firstResponse * 10 },
  });
  const make = async (name: string, minutes: number, fields: Record<string, unknown>) => {
    const answer = await admin.post("/sla-policies", {
      name,
      calendarId: calendar,
      targets: targets(minutes),
      ...fields,
    });
    assertEquals(answer.status, 201);
  };
  const child = (await admin.post("/categories", { name: "Thin ones", parentId: category })).body.id;
  await make("Requests", 31, { type: "service_request" });
  await make("Network", 32, { queueId: queue });
  await make("Cables", 33, { categoryId: category });
  await make("Thin cables", 34, { categoryId: child });
  await make("Cables on request", 35, { categoryId: category, type: "service_request" });
  const target = async (fields: Record<string, unknown>) =>
    (await raise(agent, fields)).sla.firstResponse.targetMinutes;
  assertEquals(await target({}), 60);
  assertEquals(await target({ type: "service_request" }), 31);
  assertEquals(await target({ queueId: queue }), 32);
  assertEquals(await target({ categoryId: category }), 33);
  assertEquals(await target({ categoryId: child }), 34);
  assertEquals(await target({ categoryId: child, type: "service_request" }), 35);
  const ticket = await raise(requester);
  assertEquals((await edit(ticket.id, { queueId: queue })).sla.firstResponse.targetMinutes, 32);
  assertEquals((await edit(ticket.id, { queueId: null })).sla.firstResponse.targetMinutes, 60);
  assertEquals(kinds(await explain(agent, ticket.id)), [
    "start",
    "handoff",
    "policy",
    "handoff",
    "policy",
    "now",
  ]);
  // Nothing is promised for this priority.
  const low = await edit((await raise(agent, { categoryId: category })).id, { priority: "low" });
  assertEquals(low.sla, { firstResponse: null, resolution: null });
});

Deno.test("what is stored is what the ledger comes to, whatever was done", async () => {
  const wrong = await desk.look(`
    select t.id from tickets t join lateral (
      select min(due_at) filter (where phase = 'running') as due,
        min(warn_at) filter (where phase = 'running' and breached_at is null) as warn,
        least(min(breached_at), min(due_at) filter (where phase = 'running' and breached_at is null)) as breach
      from sla_clocks k where k.ticket_id = t.id
    ) k on true
    where (t.sla_due_at, t.sla_warn_at, t.sla_breach_at) is distinct from (k.due, k.warn, k.breach)`);
  assertEquals(wrong, []);
  const [all] = await desk.look<{ n: number }>(
    "select count(*) as n from tickets where sla_breach_at is not null",
  );
  assert(all!.n > 10);
});

Deno.test("only who sees the ticket sees its clocks; requesters see no addresses", async () => {
  const ticket = await raise(requester);
  await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Hello" });
  for (const client of [stranger, other]) {
    assertProblem(await client.get(`/tickets/${ticket.id}/sla`), 404, "not_found");
  }
  assertProblem(await agent.get(`/tickets/${UNKNOWN}/sla`), 404, "not_found");
  const answer = await requester.get(`/tickets/${ticket.key}/sla`);
  assertEquals(answer.status, 200);
  assert(!answer.text.includes("@"));
  assertEquals(answer.body.lines[1].actor, { id: agent.user.id, name: "Ana Agent" });
});

Deno.test("the ledger can't be changed by the application, and versions neither", async () => {
  const [may] = await desk.look(`select bool_or(has_table_privilege('servicehub_app', name, what)) as may
    from unnest(array['sla_ledger', 'calendar_versions', 'sla_policy_versions']) name,
      unnest(array['update', 'delete', 'truncate']) what`);
  assertEquals(may, { may: false });
});

Deno.test("CHK-12 nothing in a body sets a clock", async () => {
  const sla = {
    sla: { firstResponse: null },
    slaBreachAt: null,
    sla_breach_at: null,
    slaDueAt: "2030-01-01T00:00:00Z",
    sla_warn_at: "2030-01-01T00:00:00Z",
  };
  const ticket = await raise(requester, sla);
  assertEquals(ticket.sla.firstResponse.targetMinutes, 60);
  const edited = await edit(ticket.id, { ...sla, title: "Printer jams twice" });
  assertEquals(edited.sla.resolution.dueAt, ticket.sla.resolution.dueAt);
  const moved = await move(agent, ticket.id, "open", sla);
  assertEquals(moved.sla.resolution.dueAt, ticket.sla.resolution.dueAt);
  for (const order of [{ targetMinutes: 1 }, { dueAt: "2030-01-01T00:00:00Z" }]) {
    const answer = await requester.post("/tickets", { title: "Jam", description: "", ...order });
    assertProblem(answer, 422, "invalid");
  }
});

Deno.test("two replies at once meet the clock once", async () => {
  const ticket = await raise(requester);
  const answers = await Promise.all(
    Array.from(
      { length: 8 },
      (_, i) => agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: `Reply ${i}` }),
    ),
  );
  assertEquals(answers.map(({ status }) => status), Array(8).fill(201));
  assertEquals(kinds(await explain(agent, ticket.id)), ["start", "met firstResponse", "now"]);
});
