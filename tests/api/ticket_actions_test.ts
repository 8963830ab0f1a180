import { MOST_TAGS } from "@/domain/shared/fields.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { added, assertProblem, openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const { desk, admin, agent, requester } = scene;

const tags = (count: number) => Array.from({ length: count }, (_, i) => `tag ${String(i).padStart(2, "0")}`);

async function macroOf(actions: Record<string, unknown>): Promise<string> {
  const answer = await admin.post("/macros", { name: crypto.randomUUID(), actions });
  assertEquals(answer.status, 201);
  return answer.body.id;
}

async function now(id: string) {
  return (await agent.get(`/tickets/${id}`)).body;
}

/** The same change by each way there is, with what became of it. */
const WAYS = {
  bulk: async (id: string, change: Record<string, unknown>) => {
    const [row] = (await agent.post("/tickets/bulk", { ids: [id], change })).body.items;
    return { done: row.outcome === "changed", problem: row.problem?.errors[0]?.message ?? null };
  },
  macro: async (id: string, { to: status, ...actions }: Record<string, unknown>) => {
    const macroId = await macroOf({ ...actions, status });
    const { version } = await now(id);
    const answer = await agent.post(`/tickets/${id}/macro`, { macroId, version });
    return { done: answer.status === 200, problem: answer.body.errors?.[0]?.message ?? null };
  },
};

for (const [name, change] of Object.entries(WAYS)) {
  Deno.test(`ticket actions by ${name}`, async (t) => {
    await t.step("a ticket with as many tags as it may have is changed like any other", async () => {
      for (const count of [11, MOST_TAGS]) {
        const { id } = await raise(agent, { tags: tags(count) });
        assertEquals(await change(id, { priority: "urgent" }), { done: true, problem: null });
        assertEquals((await now(id)).tags.length, count);
      }
    });

    await t.step("tags are added up to the limit, and not beyond", async () => {
      const { id } = await raise(agent, { tags: tags(MOST_TAGS - 1) });
      const { problem } = await change(id, { addTags: ["one", "two"] });
      assert(problem.endsWith("A ticket can have at most 20 tags"), problem);
      assertEquals((await now(id)).version, 1);
      assertEquals((await change(id, { addTags: ["one"] })).done, true);
      assertEquals((await change(id, { addTags: ["two"], removeTags: ["one"] })).done, true);
      assertEquals((await now(id)).tags.length, MOST_TAGS);
    });

    await t.step("a pending ticket waits for something else when that is asked", async () => {
      const { id } = await raise(requester);
      assertEquals((await change(id, { to: "pending", reason: "vendor" })).done, true);
      const before = await now(id);
      const left = await added(desk, async () => {
        // Making a macro leaves a trace of its own.
        assertEquals((await change(id, { to: "pending", reason: "requester" })).done, true);
      });
      assertEquals(left.audit, name === "macro" ? 2 : 1);
      const after = await now(id);
      assertEquals([after.status, after.pendingReason, after.version], [
        "pending",
        "requester",
        before.version + 1,
      ]);
      const entry = (await agent.get(`/tickets/${id}/timeline`)).body.items.at(-1);
      assertEquals([entry.action, entry.changes], [
        "ticket.edited",
        { pendingReason: { from: "vendor", to: "requester" } },
      ]);
      // What is so already isn't done again.
      await change(id, { to: "pending", reason: "requester" });
      assertEquals((await now(id)).version, after.version);
    });
  });
}

Deno.test("ticket actions: a macro puts a pending ticket off until a time", async () => {
  const { id } = await raise(requester);
  await WAYS.bulk(id, { to: "pending", reason: "vendor" });
  const macroId = await macroOf({ status: "pending", reason: "scheduled", waitDays: 3 });
  const { version } = await now(id);
  const { body } = await agent.post(`/tickets/${id}/macro`, { macroId, version });
  assertEquals([body.status, body.pendingReason, body.version], ["pending", "scheduled", version + 1]);
  const days = (Date.parse(body.pendingUntil) - Date.now()) / 86_400_000;
  assert(days > 2.99 && days <= 3, `${days} days`);
});

Deno.test("ticket actions: a bulk change tells what a pending ticket waits for", async () => {
  const { id } = await raise(requester);
  const until = new Date(Date.now() + 86_400_000).toISOString();
  await WAYS.bulk(id, { to: "pending", reason: "scheduled", until });
  const change = { to: "pending", reason: "vendor" };
  const [row] = (await agent.post("/tickets/bulk", { ids: [id], change, dryRun: true })).body.items;
  assertEquals(row.changes, {
    pendingReason: { from: "scheduled", to: "vendor" },
    pendingUntil: { from: until, to: null },
  });
});

Deno.test("ticket actions: staff change by themselves what a pending ticket waits for", async () => {
  const { id } = await raise(requester);
  const move = (client: typeof agent, version: number, body: Record<string, unknown>) =>
    client.post(`/tickets/${id}/transitions`, { to: "pending", version, ...body });
  await move(agent, 1, { reason: "vendor" });
  const until = new Date(Date.now() + 86_400_000).toISOString();
  assertProblem(await move(requester, 2, { reason: "requester" }), 422, "illegal_transition");
  assertProblem(await move(agent, 2, { reason: "vendor" }), 422, "illegal_transition");
  assertProblem(await move(agent, 2, { reason: "scheduled" }), 422, "invalid");
  const later = await move(agent, 2, { reason: "scheduled", until });
  assertEquals([later.status, later.body.pendingReason, later.body.pendingUntil, later.body.version], [
    200,
    "scheduled",
    until,
    3,
  ]);
  assertProblem(await move(agent, 2, { reason: "vendor" }), 409, "stale_version");
  assertEquals((await move(agent, 3, { reason: "vendor" })).body.pendingUntil, null);
});
