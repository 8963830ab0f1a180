import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { assertProblem, openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const { desk, admin, agent, requester } = scene;
const members = [
  await admin.invite("AGENT", "Mia Member"),
  await admin.invite("AGENT", "Max Member"),
  await admin.invite("MANAGER", "Moe Member"),
];

/** A queue of the three with a category that leads to it. */
async function queueOf(rule: string): Promise<{ queueId: string; categoryId: string }> {
  const queueId = (await admin.post("/queues", { name: `Team ${rule}`, assignmentRule: rule })).body.id;
  for (const { user } of members) await admin.put(`/queues/${queueId}/members/${user.id}`);
  const category = await admin.post("/categories", { name: `About ${rule}`, queueId });
  return { queueId, categoryId: category.body.id };
}

async function loads(queueId: string): Promise<number[]> {
  const rows = await desk.look<{ count: number }>(
    `select count(*) filter (where t.id is not null) as count from queue_members m
      left join tickets t on t.assignee_id = m.user_id and t.queue_id = m.queue_id
      where m.queue_id = $1 group by m.user_id order by 1`,
    [queueId],
  );
  return rows.map((row) => row.count);
}

Deno.test("round robin is fair under 16 creations at once", async () => {
  const { queueId, categoryId } = await queueOf("round_robin");
  for (let round = 1; round <= 3; round++) {
    const made = await Promise.all(Array.from({ length: 16 }, () => raise(requester, { categoryId })));
    assert(made.every((ticket) => ticket.assignee !== null && ticket.status === "new"));
    const each = await loads(queueId);
    assertEquals(each.reduce((sum, one) => sum + one), 16 * round);
    assert(each.at(-1)! - each[0]! <= 1, `round ${round}: ${each}`);
  }
});

Deno.test("least loaded counts active tickets, and is fair under 16 creations at once", async () => {
  const { queueId, categoryId } = await queueOf("least_loaded");
  // The rounds before left 16 with each; one of them is rid of ten.
  const [mia] = members;
  const mine = (await mia!.get("/tickets?assigneeId=me&limit=10")).body.items;
  for (const ticket of mine) {
    await mia!.post(`/tickets/${ticket.id}/transitions`, {
      version: ticket.version,
      to: "resolved",
      note: "x",
    });
  }
  await Promise.all(Array.from({ length: 10 }, () => raise(requester, { categoryId })));
  assertEquals(await loads(queueId), [0, 0, 10]);
  await Promise.all(Array.from({ length: 16 }, () => raise(requester, { categoryId })));
  const each = await loads(queueId);
  assert(each[1]! - each[0]! <= 1 && each[2]! - 10 - each[0]! <= 1, `${each}`);
});

Deno.test("a manual queue gives to nobody; what is moved into another is given, and told", async (t) => {
  const { queueId } = await queueOf("manual");
  const [, , moe] = members;
  const robin =
    (await admin.get("/queues?limit=100")).body.items.find((q: { name: string }) =>
      q.name === "Team round_robin"
    ).id;
  await t.step("manual", async () => {
    assertEquals((await raise(agent, { queueId })).assignee, null);
  });
  await t.step("by editing", async () => {
    const ticket = await raise(requester);
    const moved = await agent.patch(`/tickets/${ticket.id}`, { version: 1, queueId: robin });
    assert(members.some(({ user }) => user.id === moved.body.assignee.id));
    const { items } = (await agent.get(`/tickets/${ticket.id}/timeline`)).body;
    assertEquals(items.at(-1).changes.assignee, {
      from: null,
      to: { id: moved.body.assignee.id, name: moved.body.assignee.name },
    });
  });
  await t.step("by assigning to a queue and nobody", async () => {
    const ticket = await raise(requester);
    const moved = await agent.put(`/tickets/${ticket.id}/assignment`, {
      version: 1,
      assigneeId: null,
      queueId: robin,
    });
    assert(moved.body.assignee !== null);
    // Taken off the person within the queue, it stays with nobody.
    const off = await agent.put(`/tickets/${ticket.id}/assignment`, { version: 2, assigneeId: null });
    assertEquals(off.body.assignee, null);
  });
  await t.step("whoever has one keeps it, and an ended ticket is given to nobody", async () => {
    const ticket = await raise(requester);
    await agent.put(`/tickets/${ticket.id}/assignment`, { version: 1, assigneeId: agent.user.id });
    const moved = await agent.patch(`/tickets/${ticket.id}`, { version: 2, queueId: robin });
    assertEquals(moved.body.assignee.id, agent.user.id);
    const over = await raise(requester);
    await agent.post(`/tickets/${over.id}/transitions`, { version: 1, to: "cancelled" });
    const put = await agent.patch(`/tickets/${over.id}`, { version: 2, queueId: robin });
    assertEquals(put.body.assignee, null);
  });
  await t.step(
    "members who don't take tickets are passed over: one's own choice, or a manager's",
    async () => {
      const away = (user: { id: string }, by = admin) =>
        by.patch(`/queues/${robin}/members/${user.id}`, { accepts: false });
      assertEquals((await away(members[0]!.user, members[0])).status, 200);
      assertProblem(await away(members[1]!.user, members[0]), 403, "forbidden");
      assertEquals((await away(members[1]!.user)).body.members.map((m: { accepts: boolean }) => m.accepts), [
        false,
        false,
        true,
      ]);
      const category = (await admin.post("/categories", { name: "Robin", queueId: robin })).body.id;
      for (let i = 0; i < 3; i++) {
        assertEquals((await raise(requester, { categoryId: category })).assignee.id, moe!.user.id);
      }
      await away(moe!.user);
      assertEquals((await raise(requester, { categoryId: category })).assignee, null);
    },
  );
  await t.step("a rule that isn't one is refused", async () => {
    assertProblem(await admin.post("/queues", { name: "Odd", assignmentRule: "dice" }), 422, "invalid");
  });
});

Deno.test("who is given a ticket by a rule is told of it once, and the record names them", async () => {
  const [, , moe] = members;
  const made = await admin.post("/queues", { name: "Told", assignmentRule: "round_robin" });
  await admin.put(`/queues/${made.body.id}/members/${moe!.user.id}`);
  const told = async (ticketId: string) =>
    (await moe!.get("/notifications?limit=100")).body.items.filter(
      (one: { kind: string; ticket: { id: string } | null }) => one.ticket?.id === ticketId,
    );
  const created = await raise(agent, { queueId: made.body.id });
  assertEquals(created.assignee.id, moe!.user.id);
  assertEquals((await told(created.id)).length, 1);
  const [first] = (await agent.get(`/tickets/${created.id}/timeline`)).body.items;
  assertEquals(first.changes.assignee, { id: moe!.user.id, name: "Moe Member" });
  const moved = await raise(requester);
  await agent.patch(`/tickets/${moved.id}`, { version: 1, queueId: made.body.id });
  assertEquals((await told(moved.id)).length, 1);
});

Deno.test("creations, moves, bulk changes and deactivations at once end, each in its way", async () => {
  const queues = (await admin.get("/queues?limit=100")).body.items as {
    id: string;
    assignmentRule: string;
  }[];
  const robin = queues.find((q) => q.assignmentRule === "round_robin")!.id;
  const loaded = queues.find((q) => q.assignmentRule === "least_loaded")!.id;
  const tickets = await Promise.all(Array.from({ length: 12 }, () => raise(requester)));
  const ids = tickets.map(({ id }) => id);
  const answers = await Promise.all([
    ...ids.map((id, i) => agent.patch(`/tickets/${id}`, { version: 1, queueId: i % 2 ? robin : loaded })),
    admin.post("/tickets/bulk", { ids: ids.toReversed(), change: { queueId: robin } }),
    agent.post("/tickets/bulk", { ids, change: { queueId: loaded } }),
    ...Array.from(
      { length: 8 },
      () => agent.post("/tickets", { title: "x", description: "", queueId: robin }),
    ),
    admin.patch(`/users/${members[1]!.user.id}`, { version: 1, active: false }),
  ]);
  const odd = answers.filter(({ status }) => ![200, 201, 409].includes(status));
  assertEquals(odd.map(({ text }) => text), []);
});
