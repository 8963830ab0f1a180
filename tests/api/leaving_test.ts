import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { assertProblem, openScene, raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

/** Who has been told what since `since`, as `name: kind`. */
async function told(desk: { look: (text: string) => Promise<Record<string, unknown>[]> }): Promise<string[]> {
  const rows = await desk.look(
    "select u.name || ': ' || n.kind as line from notifications n join users u on u.id = n.user_id order by 1",
  );
  await desk.look("delete from notifications");
  return rows.map(({ line }) => String(line));
}

async function versionOf(client: Client, path: string): Promise<number> {
  return (await client.get(path)).body.version;
}

async function changePerson(admin: Client, person: Client, fields: Record<string, unknown>) {
  const path = `/users/${person.user.id}`;
  return await admin.patch(path, { version: await versionOf(admin, path), ...fields });
}

async function assign(client: Client, id: string, person: Client): Promise<void> {
  const version = await versionOf(client, `/tickets/${id}`);
  const answer = await client.put(`/tickets/${id}/assignment`, { version, assigneeId: person.user.id });
  assertEquals(answer.status, 200);
}

Deno.test("leaving: what a person is responsible for is named, and handed over when they go", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, stranger, queue } = scene;
  const [ben, cem, dan] = [
    await admin.invite("AGENT", "Ben Agent", [queue]),
    await admin.invite("AGENT", "Cem Cole", [queue]),
    await admin.invite("AGENT", "Dan Doe"),
  ];
  const lone = (await admin.post("/queues", { name: "Lone" })).body.id as string;
  await admin.put(`/queues/${lone}/members/${cem.user.id}`);
  const mine = await raise(requester, { categoryId: scene.category });
  const watched = await raise(stranger, { categoryId: scene.category });
  const done = await raise(requester, { categoryId: scene.category });
  await assign(admin, mine.id, cem);
  await assign(admin, done.id, cem);
  const version = await versionOf(admin, `/tickets/${done.id}`);
  await cem.post(`/tickets/${done.id}/transitions`, { version, to: "resolved", note: "Done" });
  await admin.put(`/tickets/${watched.id}/watchers/${cem.user.id}`);
  const view = await cem.post("/views", { name: "Late ones", shared: true, filter: { priority: "urgent" } });
  await cem.post("/views", { name: "My own", filter: {} });
  await admin.post("/views", { name: "Late ones", filter: {} });
  const weekly = { report: "volume", query: { period: "last-week" }, schedule: { every: "day", hour: 8 } };
  const report = await cem.post("/saved-reports", { ...weekly, name: "Weekly", shared: true });
  await cem.post("/saved-reports", { ...weekly, name: "My own" });
  await admin.post("/saved-reports", { ...weekly, name: "Weekly" });
  await told(desk);

  await t.step("an admin sees all of it; nobody else does", async () => {
    const path = `/users/${cem.user.id}/responsibilities`;
    assertEquals((await admin.get(path)).body, {
      assigned: { count: 1, capped: false },
      watched: { count: 1, capped: false },
      requested: { count: 0, capped: false },
      queues: [
        { id: lone, name: "Lone", onlyMember: true },
        { id: queue, name: "Network", onlyMember: false },
      ],
      sharedViews: [{ id: view.body.id, name: "Late ones" }],
      sharedReports: [{ id: report.body.id, name: "Weekly" }],
      handover: null,
    });
    assertProblem(await agent.get(path), 403, "forbidden");
    assertProblem(await admin.get(`/users/${UNKNOWN}/responsibilities`), 404, "not_found");
  });

  await t.step("nobody is handed anything who can't take it", async () => {
    for (const handTo of [cem.user.id, requester.user.id, UNKNOWN]) {
      const answer = await changePerson(admin, cem, { active: false, handTo });
      assertProblem(answer, 422, "invalid");
      assertEquals(answer.body.errors[0].path, "handTo");
    }
    assertEquals((await admin.get(`/tickets/${mine.id}`)).body.assignee.id, cem.user.id);
  });

  await t.step(
    "deactivated: tickets go back to the queue, whose members hear; views go to the admin",
    async () => {
      assertEquals((await changePerson(admin, cem, { active: false })).status, 200);
      const ticket = (await admin.get(`/tickets/${mine.id}`)).body;
      assertEquals([ticket.assignee, ticket.queue.id], [null, queue]);
      // What is resolved keeps who resolved it.
      assertEquals((await admin.get(`/tickets/${done.id}`)).body.assignee.id, cem.user.id);
      assertEquals(await told(desk), ["Ben Agent: ticket_queued"]);
      const watchers = (await admin.get(`/tickets/${watched.id}/watchers`)).body.items;
      assertEquals(watchers.map(({ id }: { id: string }) => id).includes(cem.user.id), false);
      const moved = (await admin.get(`/views/${view.body.id}`)).body;
      assertEquals([moved.owner.id, moved.name, moved.shared], [admin.user.id, "Late ones (Cem Cole)", true]);
      const owned = (await admin.get(`/saved-reports/${report.body.id}`)).body;
      assertEquals([owned.owner.id, owned.name, owned.version], [admin.user.id, "Weekly (Cem Cole)", 2]);
      assertEquals(owned.schedule, weekly.schedule);
      assertEquals((await admin.get(`/queues/${queue}`)).body.members.map(({ id }: { id: string }) => id), [
        ben.user.id,
      ]);
    },
  );

  await t.step("an answer to what they had resolved reaches the queue", async () => {
    await requester.post(`/tickets/${done.id}/comments`, {
      visibility: "public",
      body: "It is broken again",
    });
    assertEquals(await told(desk), ["Ben Agent: ticket_queued"]);
  });

  await t.step(
    "made a requester: everything goes to whoever is named, also a queue without others",
    async () => {
      await assign(admin, mine.id, ben);
      await admin.put(`/queues/${lone}/members/${ben.user.id}`);
      await admin.put(`/tickets/${watched.id}/watchers/${ben.user.id}`);
      await told(desk);
      assertEquals((await changePerson(admin, ben, { role: "REQUESTER", handTo: dan.user.id })).status, 200);
      assertEquals((await admin.get(`/tickets/${mine.id}`)).body.assignee.id, dan.user.id);
      assertEquals(await told(desk), ["Dan Doe: ticket_assigned"]);
      assertEquals((await ben.get(`/tickets/${watched.id}`)).status, 404);
      for (const id of [lone, queue]) {
        const { members } = (await admin.get(`/queues/${id}`)).body;
        assertEquals(members.map((member: { id: string }) => member.id), [dan.user.id]);
      }
    },
  );

  await t.step("another role, or another change, hands nothing over", async () => {
    assertEquals((await changePerson(admin, dan, { role: "MANAGER" })).status, 200);
    assertEquals((await admin.get(`/tickets/${mine.id}`)).body.assignee.id, dan.user.id);
    assertEquals((await admin.get(`/queues/${lone}`)).body.members.length, 1);
  });

  await t.step("inviting says what to do instead", async () => {
    const answer = await admin.post("/invitations", { email: cem.user.email, role: "AGENT" });
    assert(answer.body.errors[0].message.startsWith("Cem Cole is deactivated. Reactivate them"), answer.text);
    const known = await admin.post("/invitations", { email: requester.user.email, role: "AGENT" });
    assert(known.body.errors[0].message.includes("already a requester. Change the role"), known.text);
  });
});

Deno.test("leaving a queue: its tickets go back, and where agents are confined it is out of sight", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, queue } = scene;
  await admin.patch("/tenant", { version: 1, agentsSeeAll: false });
  await admin.put(`/queues/${queue}/members/${agent.user.id}`);
  const ben = await admin.invite("AGENT", "Ben Agent", [queue]);
  const [assigned, watched] = [
    await raise(requester, { categoryId: scene.category }),
    await raise(requester, { categoryId: scene.category }),
  ];
  await assign(admin, assigned.id, agent);
  await agent.put(`/tickets/${watched.id}/watchers/${agent.user.id}`);
  await told(desk);

  await t.step("by default to the queue", async () => {
    assertEquals((await admin.delete(`/queues/${queue}/members/${agent.user.id}`)).status, 204);
    assertEquals(await told(desk), ["Ben Agent: ticket_queued"]);
    for (const { id } of [assigned, watched]) assertEquals((await agent.get(`/tickets/${id}`)).status, 404);
    await requester.post(`/tickets/${assigned.id}/comments`, { visibility: "public", body: "Anybody?" });
    await requester.post(`/tickets/${watched.id}/comments`, { visibility: "public", body: "Anybody?" });
    assertEquals(await told(desk), ["Ben Agent: ticket_queued", "Ben Agent: ticket_queued"]);
    assertEquals((await agent.get("/notifications")).body.items, []);
  });

  await t.step("or to whoever is named", async () => {
    await admin.put(`/queues/${queue}/members/${agent.user.id}`);
    await assign(admin, assigned.id, agent);
    const path = `/queues/${queue}/members/${agent.user.id}`;
    assertProblem(await admin.delete(`${path}?handTo=${requester.user.id}`), 422, "invalid");
    assertEquals((await admin.delete(`${path}?handTo=${ben.user.id}`)).status, 204);
    assertEquals((await admin.get(`/tickets/${assigned.id}`)).body.assignee.id, ben.user.id);
  });

  await t.step(
    "nobody is left in the queue: the default queue's members can't see it, so managers hear",
    async () => {
      await told(desk);
      await admin.delete(`/queues/${queue}/members/${ben.user.id}`);
      await told(desk);
      await requester.post(`/tickets/${assigned.id}/comments`, { visibility: "public", body: "Hello?" });
      assertEquals(await told(desk), ["Ada Admin: ticket_queued"]);
    },
  );

  await t.step("an answer in an archived queue reaches somebody", async () => {
    const { version } = (await admin.get(`/queues/${queue}`)).body;
    assertEquals((await admin.patch(`/queues/${queue}`, { version, archived: true })).status, 200);
    await requester.post(`/tickets/${watched.id}/comments`, { visibility: "public", body: "And now?" });
    assertEquals(await told(desk), ["Ada Admin: ticket_queued"]);
  });
});

Deno.test("default queue: what nothing routes lands there, and its members hear", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, queue } = scene;
  const settings = (await admin.get("/tenant")).body;
  const first = (await admin.get(`/queues/${settings.defaultQueueId}`)).body;
  assertEquals(first.name, "Service desk");

  await t.step("a ticket, a follow-up and a request without a category", async () => {
    const ticket = await raise(requester);
    assertEquals(ticket.queue, { id: first.id, name: "Service desk" });
    assertEquals(await told(desk), ["Ada Admin: ticket_queued"]);
    const item = (await admin.post("/catalog", { name: "Anything" })).body;
    const request = (await requester.post(`/catalog/${item.id}/requests`, { answers: {} })).body;
    assertEquals(request.queue.id, first.id);
    assertEquals(await told(desk), ["Ada Admin: ticket_queued"]);
    // Its category and the one who knows better still win.
    assertEquals((await raise(requester, { categoryId: scene.category })).queue.id, queue);
    assertEquals((await raise(agent, { queueId: queue })).queue.id, queue);
  });

  await t.step("another one is chosen; it is used at once", async () => {
    const other = (await admin.post("/queues", { name: "First line" })).body;
    await admin.put(`/queues/${other.id}/members/${agent.user.id}`);
    const changed = await admin.patch("/tenant", { version: settings.version, defaultQueueId: other.id });
    assertEquals([changed.status, changed.body.defaultQueueId], [200, other.id]);
    await told(desk);
    assertEquals((await raise(requester)).queue.id, other.id);
    assertEquals(await told(desk), ["Ana Agent: ticket_queued"]);
    const archived = await admin.patch(`/queues/${other.id}`, { version: other.version, archived: true });
    assertProblem(archived, 409, "conflict");
    assertEquals(
      (await admin.patch(`/queues/${first.id}`, { version: first.version, archived: true })).status,
      200,
    );
  });

  await t.step("neither an archived queue nor one of another organisation", async () => {
    const version = (await admin.get("/tenant")).body.version;
    const foreign = (await scene.other.get("/tenant")).body.defaultQueueId;
    for (const defaultQueueId of [first.id, foreign, UNKNOWN, null]) {
      assertProblem(await admin.patch("/tenant", { version, defaultQueueId }), 422, "invalid");
    }
  });

  await t.step("A3 a ticket in no queue is heard of by the default queue", async () => {
    const ticket = await raise(requester);
    await desk.look("update tickets set queue_id = null where id = $1", [ticket.id]);
    await told(desk);
    await requester.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Hello?" });
    assertEquals(await told(desk), ["Ana Agent: ticket_queued"]);
  });
});
