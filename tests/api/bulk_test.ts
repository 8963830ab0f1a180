import { assertEquals } from "@/tests/helpers/assert.ts";
import { added, assertProblem, openScene, raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const { desk, admin, agent, requester, other, queue, category } = scene;

type Row = {
  id: string;
  outcome: string;
  changes: Record<string, unknown>;
  problem: { code: string } | null;
};
const outcomes = (items: Row[]) => items.map((row) => row.problem?.code ?? row.outcome);

Deno.test("bulk: one change of many tickets", async (t) => {
  const [a, b, c] = [await raise(requester), await raise(requester), await raise(requester)];
  const ids = [a.id, b.id, c.id];
  await t.step("a dry run tells what would be, and changes nothing", async () => {
    const change = {
      priority: "urgent",
      queueId: queue,
      addTags: ["vip"],
      comment: "On it",
      visibility: "public",
      to: "open",
    };
    let answer!: Awaited<ReturnType<typeof agent.post>>;
    const left = await added(desk, async () => {
      answer = await agent.post("/tickets/bulk", { ids, change, dryRun: true });
    });
    assertEquals(left, { audit: 0, events: 0, outbox: 0 });
    assertEquals(answer.status, 200);
    assertEquals(answer.body.items[0].changes, {
      status: { from: "new", to: "open" },
      priority: { from: "medium", to: "urgent" },
      queue: { from: "Service desk", to: "Network" },
      tags: { from: null, to: "vip" },
      reply: { from: null, to: "On it" },
    });
    assertEquals((await agent.get(`/tickets/${a.id}`)).body.version, 1);
    assertEquals((await agent.get(`/tickets/${a.id}/comments`)).body.items, []);
  });
  await t.step("done, each ticket has it, with its own rows of audit", async () => {
    const change = { categoryId: category, assigneeId: "me", to: "in_progress" };
    let answer!: Awaited<ReturnType<typeof agent.post>>;
    const left = await added(desk, async () => answer = await agent.post("/tickets/bulk", { ids, change }));
    assertEquals(outcomes(answer.body.items), ["changed", "changed", "changed"]);
    assertEquals([left.audit, left.events], [9, 9]);
    for (const id of ids) {
      const { body } = await agent.get(`/tickets/${id}`);
      assertEquals([body.category.id, body.assignee.id, body.status], [
        category,
        agent.user.id,
        "in_progress",
      ]);
    }
  });
  await t.step("each row is whole or not at all, and tells why", async () => {
    const { body: seen } = await agent.get(`/tickets/${b.id}`);
    await agent.post(`/tickets/${b.id}/transitions`, { to: "cancelled", version: seen.version });
    const answer = await agent.post("/tickets/bulk", {
      ids: [...ids, UNKNOWN],
      change: { priority: "low", to: "pending", reason: "vendor" },
    });
    assertEquals(outcomes(answer.body.items), ["changed", "illegal_transition", "changed", "not_found"]);
    const { body: refused } = await agent.get(`/tickets/${b.id}`);
    assertEquals([refused.priority, refused.status], ["medium", "cancelled"]);
  });
  await t.step("a version that is not the ticket's any more refuses that row alone", async () => {
    const { body: now } = await agent.get(`/tickets/${a.id}`);
    const answer = await agent.post("/tickets/bulk", {
      ids: [a.id, c.id],
      versions: { [a.id]: now.version - 1 },
      change: { priority: "high" },
    });
    assertEquals(outcomes(answer.body.items), ["stale_version", "changed"]);
  });
  await t.step("what is so already is unchanged", async () => {
    const answer = await agent.post("/tickets/bulk", { ids: [c.id], change: { priority: "high" } });
    assertEquals(outcomes(answer.body.items), ["unchanged"]);
  });
  await t.step("by filter, as many as it holds", async () => {
    const answer = await agent.post("/tickets/bulk", {
      filter: { status: ["pending"] },
      change: { removeTags: ["vip"], addTags: ["later"] },
    });
    assertEquals([outcomes(answer.body.items), answer.body.more], [["changed", "changed"], false]);
    assertEquals((await agent.get("/tickets?tag=later")).body.items.length, 2);
  });
  await t.step("a repeat with its key does it once", async () => {
    const headers = { "idempotency-key": "bulk-once" };
    const body = { ids: [a.id], change: { comment: "Once", visibility: "public" } };
    const [first, second] = [
      await agent.post("/tickets/bulk", body, { headers }),
      await agent.post("/tickets/bulk", body, { headers }),
    ];
    assertEquals(first.text, second.text);
    assertEquals((await agent.get(`/tickets/${a.id}/comments`)).body.items.length, 1);
  });
});

Deno.test("bulk: what can't be asked", async (t) => {
  const ticket = await raise(requester);
  const cases: [string, unknown][] = [
    ["nothing to change", { ids: [ticket.id], change: {} }],
    ["neither ids nor filter", { change: { priority: "low" } }],
    ["both", { ids: [ticket.id], filter: {}, change: { priority: "low" } }],
    ["no ids", { ids: [], change: { priority: "low" } }],
    ["201 ids", { ids: Array(201).fill(ticket.id), change: { priority: "low" } }],
    ["a reply that doesn't say who sees it", { ids: [ticket.id], change: { comment: "x" } }],
    ["a filter that keeps nothing out", { filter: {}, change: { priority: "low" } }],
    ["a filter of empty values", { filter: { status: [], q: "" }, change: { priority: "low" } }],
    ["all and a filter", { filter: { status: ["new"] }, all: true, change: { priority: "low" } }],
    ["all: false", { all: false, change: { priority: "low" } }],
    ["ids and a cursor", { ids: [ticket.id], cursor: "x", change: { priority: "low" } }],
    ["a cursor of nothing", { filter: { status: ["new"] }, cursor: "x.y", change: { priority: "low" } }],
    ["a misspelt filter", { filter: { statuss: ["new"] }, change: { priority: "low" } }],
    ["another spelling of dryRun", { ids: [ticket.id], change: { priority: "low" }, dry_run: true }],
    ["an unknown state", { ids: [ticket.id], change: { to: "odd" } }],
  ];
  for (const [what, body] of cases) {
    await t.step(what, async () => assertProblem(await agent.post("/tickets/bulk", body), 422, "invalid"));
  }
  await t.step(
    "CHK-08 foreign and unknown ids in the change are one text, CHK-07 foreign tickets are unknown ones",
    async () => {
      const theirs = await raise(other);
      for (
        const [field, id] of [["assigneeId", other.user.id], ["queueId", UNKNOWN], ["categoryId", UNKNOWN]]
      ) {
        const ask = (value: string) =>
          agent.post("/tickets/bulk", { ids: [ticket.id], change: { [field!]: value } });
        const [foreign, unknown] = [await ask(id!), await ask(UNKNOWN)];
        assertProblem(foreign, 422, "invalid");
        assertEquals(foreign.body.errors, unknown.body.errors);
        assertEquals(foreign.body.errors[0].path, `change.${field}`);
      }
      const answer = await agent.post("/tickets/bulk", {
        ids: [theirs.id, UNKNOWN],
        change: { priority: "low" },
      });
      const [foreign, unknown] = answer.body.items.map(({ id: _, ...row }: Row) => row);
      assertEquals(foreign, unknown);
      assertEquals((await other.get(`/tickets/${theirs.id}`)).body.version, 1);
    },
  );
  await t.step("requesters change nothing in bulk", async () => {
    const body = { ids: [ticket.id], change: { priority: "low" } };
    assertProblem(await requester.post("/tickets/bulk", body), 403, "forbidden");
  });
  await t.step("two at once over the same tickets both end", async () => {
    const many = await Promise.all(Array.from({ length: 12 }, () => raise(requester)));
    const ids = many.map(({ id }) => id);
    const answers = await Promise.all([
      agent.post("/tickets/bulk", { ids, change: { addTags: ["one"] } }),
      admin.post("/tickets/bulk", { ids: ids.toReversed(), change: { addTags: ["two"] } }),
    ]);
    assertEquals(answers.map(({ status }) => status), [200, 200]);
    for (const id of ids) assertEquals((await agent.get(`/tickets/${id}`)).body.tags, ["one", "two"]);
  });
});

Deno.test("bulk: a filter is gone through to its end by cursor, though the change leaves it as it is", async () => {
  const made = await Promise.all(Array.from({ length: 23 }, () => raise(requester, { tags: ["sweep-me"] })));
  const wanted = new Set(made.map(({ id }) => id));
  for (const dryRun of [true, false]) {
    const met: string[] = [];
    const calls: number[] = [];
    let cursor: string | null = null;
    do {
      const { status, body } = await agent.post("/tickets/bulk", {
        filter: { tag: ["sweep-me"], ...(dryRun ? { updatedAfter: "1970-01-01T00:00:00Z" } : {}) },
        change: { addTags: ["swept"] },
        limit: 10,
        dryRun,
        ...(cursor ? { cursor } : {}),
      });
      assertEquals([status, body.done, body.more], [200, body.items.length, body.nextCursor !== null]);
      met.push(...body.items.map(({ id }: Row) => id));
      calls.push(body.done);
      cursor = body.nextCursor;
      // What comes meanwhile isn't among those that matched at the start.
      if (!dryRun) await raise(requester, { tags: ["sweep-me"] });
    } while (cursor);
    assertEquals([calls, met.length, new Set(met)], [[10, 10, 3], 23, wanted]);
    const swept = (await agent.get("/tickets?tag=swept&limit=100")).body.items.length;
    assertEquals(swept, dryRun ? 0 : 23);
  }
  const { body } = await agent.post("/tickets/bulk", {
    filter: { tag: ["sweep-me"] },
    change: { addTags: ["x"] },
    limit: 1,
    dryRun: true,
  });
  const other = { filter: { tag: ["swept"] }, change: { addTags: ["x"] }, cursor: body.nextCursor };
  const refused = await agent.post("/tickets/bulk", other);
  assertProblem(refused, 422, "invalid");
  assertEquals(refused.body.errors[0].path, "cursor");
  const all = await agent.post("/tickets/bulk", {
    all: true,
    change: { addTags: ["x"] },
    dryRun: true,
    limit: 200,
  });
  assertEquals([all.status, all.body.done > 23], [200, true]);
});
