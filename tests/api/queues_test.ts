import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { added, assertProblem, openScene, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

Deno.test("queues", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, other } = scene;
  const manager = await admin.invite("MANAGER", "Mia Manager");

  await t.step("a manager makes, renames and archives one, each with one trace", async () => {
    const left = await added(desk, async () => {
      const made = await manager.post("/queues", { name: "Front desk", description: "Walk-ins" });
      assertEquals([made.status, made.headers.get("location"), made.headers.get("etag")], [
        201,
        `/v1/queues/${made.body.id}`,
        '"1"',
      ]);
      assertEquals([made.body.name, made.body.members, made.body.archived], ["Front desk", [], false]);
      const path = `/queues/${made.body.id}`;
      assertEquals((await manager.patch(path, { version: 1, name: "Reception" })).body.name, "Reception");
      assertEquals((await manager.patch(path, { version: 2, archived: true })).body.archived, true);
      const stale = await manager.patch(path, { version: 2, archived: false });
      assertProblem(stale, 409, "stale_version");
      assertEquals([stale.body.current.version, stale.body.current.archived], [3, true]);
      const names = (await agent.get("/queues")).body.items.map(({ name }: { name: string }) => name);
      assert(names.includes("Network") && !names.includes("Reception"));
      const all = (await agent.get("/queues?archived=true")).body.items;
      assert(all.some(({ name }: { name: string }) => name === "Reception"));
    });
    assertEquals(left, { audit: 3, events: 3, outbox: 0 });
  });

  await t.step("a name is taken once, whatever its case; the field is named", async () => {
    const left = await added(desk, async () => {
      const answer = await manager.post("/queues", { name: "NETWORK" });
      assertProblem(answer, 409, "conflict");
      assertEquals(answer.body.errors[0].path, "name");
      const made = (await manager.post("/queues", { name: "Third" })).body;
      assertProblem(
        await manager.patch(`/queues/${made.id}`, { version: 1, name: "network" }),
        409,
        "conflict",
      );
      assertEquals((await manager.get(`/queues/${made.id}`)).body.version, 1);
    });
    assertEquals(left.audit, 1);
  });

  await t.step("members come and go; only active staff, the rest is not found", async () => {
    const path = `/queues/${scene.queue}/members`;
    const left = await added(desk, async () => {
      const joined = await manager.put(`${path}/${agent.user.id}`);
      assertEquals([joined.status, joined.body.members, joined.body.memberCount], [
        200,
        [{ id: agent.user.id, name: "Ana Agent", email: agent.user.email, accepts: true }],
        1,
      ]);
      assertEquals((await manager.put(`${path}/${agent.user.id}`)).status, 200);
      assertEquals((await manager.delete(`${path}/${agent.user.id}`)).status, 204);
      assertProblem(await manager.delete(`${path}/${agent.user.id}`), 404, "not_found");
    });
    assertEquals(left, { audit: 2, events: 2, outbox: 0 });
    for (const id of [requester.user.id, other.user.id, UNKNOWN, "nonsense"]) {
      assertProblem(await manager.put(`${path}/${id}`), 404, "not_found");
    }
  });

  await t.step("V16 requesters read no queue, by no way; requesters and agents change nothing", async () => {
    assertProblem(await requester.get("/queues"), 403, "forbidden");
    const queueId = (await admin.post("/queues", { name: "Zebras" })).body.id;
    await admin.post("/categories", { name: "Stripes", queueId });
    const item = await admin.post("/catalog", { name: "Hammer", queueId });
    for (const path of ["/catalog", `/catalog/${item.body.id}`, "/categories", "/search?q=hammer"]) {
      const { status, text } = await requester.get(path);
      assertEquals([path, status, text.includes("Zebras") || text.includes(queueId)], [
        path,
        200,
        false,
      ]);
    }
    // The request goes to the item's queue all the same.
    const asked = await requester.post(`/catalog/${item.body.id}/requests`, { answers: {} });
    assertEquals(asked.body.queue.id, queueId);
    assertProblem(await requester.get(`/queues/${scene.queue}`), 403, "forbidden");
    for (const client of [requester, agent]) {
      assertProblem(await client.post("/queues", { name: "Mine" }), 403, "forbidden");
      assertProblem(
        await client.patch(`/queues/${scene.queue}`, { version: 1, name: "Mine" }),
        403,
        "forbidden",
      );
      assertProblem(await client.put(`/queues/${scene.queue}/members/${agent.user.id}`), 403, "forbidden");
    }
  });

  await t.step("CHK-07 another tenant's queue is not found", async () => {
    const theirs = (await other.post("/queues", { name: "Theirs" })).body.id;
    for (const id of [theirs, UNKNOWN, "nonsense"]) {
      assertProblem(await manager.get(`/queues/${id}`), 404, "not_found");
      assertProblem(await manager.patch(`/queues/${id}`, { version: 1, name: "x" }), 404, "not_found");
    }
  });

  await t.step("lists page by page, by name", async () => {
    const whole = (await agent.get("/queues?limit=100")).body.items;
    const found: unknown[] = [];
    for (let cursor = "";;) {
      const { body } = await agent.get(`/queues?limit=1${cursor && `&cursor=${cursor}`}`);
      found.push(...body.items);
      if (body.nextCursor === null) break;
      cursor = body.nextCursor;
    }
    assertEquals(found, whole);
    assert(whole.length > 2);
  });
});

Deno.test("categories", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, other, queue } = scene;
  const make = async (name: string, fields: Record<string, unknown> = {}) =>
    (await admin.post("/categories", { name, ...fields })).body;

  await t.step("make a tree with routing, one trace each", async () => {
    const left = await added(desk, async () => {
      const top = await make("Machines", { queueId: queue });
      const below = await make("Lathes", { parentId: top.id });
      assertEquals([top.queue, top.parentId, below.parentId, below.queue], [
        { id: queue, name: "Network" },
        null,
        top.id,
        null,
      ]);
      const moved = await admin.patch(`/categories/${below.id}`, {
        version: 1,
        parentId: null,
        queueId: queue,
      });
      assertEquals([moved.body.parentId, moved.body.queue.id, moved.body.version], [null, queue, 2]);
    });
    assertEquals(left, { audit: 3, events: 3, outbox: 0 });
  });

  await t.step("a category is never below itself, not even by two moves at once", async () => {
    const a = await make("A");
    const b = await make("B", { parentId: a.id });
    const c = await make("C", { parentId: b.id });
    for (const parentId of [a.id, b.id, c.id]) {
      const answer = await admin.patch(`/categories/${a.id}`, { version: 1, parentId });
      assertProblem(answer, 422, "invalid");
      assertEquals(answer.body.errors[0].code, "circle");
    }
    for (let round = 0; round < 5; round++) {
      const [x, y] = await Promise.all([make(`X${round}`), make(`Y${round}`)]);
      const answers = await Promise.all([
        admin.patch(`/categories/${x.id}`, { version: 1, parentId: y.id }),
        admin.patch(`/categories/${y.id}`, { version: 1, parentId: x.id }),
      ]);
      assertEquals(answers.map(({ status }) => status).sort(), [200, 422]);
    }
  });

  await t.step("siblings have different names; the same name elsewhere is fine", async () => {
    const parent = await make("Parent");
    const child = await make("Child", { parentId: parent.id });
    assertProblem(await admin.post("/categories", { name: "child", parentId: parent.id }), 409, "conflict");
    assertEquals((await make("Child")).name, "Child");
    assertProblem(
      await admin.patch(`/categories/${child.id}`, { version: 1, parentId: null }),
      409,
      "conflict",
    );
  });

  await t.step("CHK-08 foreign parents and queues answer like unknown ones", async () => {
    const parentId = (await other.post("/categories", { name: "Theirs" })).body.id;
    const queueId = (await other.post("/queues", { name: "Theirs" })).body.id;
    for (const [field, id] of Object.entries({ parentId, queueId })) {
      const foreign = await admin.post("/categories", { name: "New", [field]: id });
      const unknown = await admin.post("/categories", { name: "New", [field]: UNKNOWN });
      assertEquals([foreign.status, unknown.status], [422, 422]);
      assertEquals(foreign.body.errors, unknown.body.errors);
    }
  });

  await t.step("everybody reads names; only managers change them; archived ones leave the list", async () => {
    const gone = await make("Gone");
    await admin.patch(`/categories/${gone.id}`, { version: 1, archived: true });
    const { items } = (await requester.get("/categories?limit=100&archived=true")).body;
    for (const item of items) assertEquals(Object.keys(item), ["id", "name", "parentId"]);
    assert(!items.some(({ id }: { id: string }) => id === gone.id));
    const all = (await agent.get("/categories?limit=100&archived=true")).body.items;
    assert(all.some(({ id, archived }: { id: string; archived: boolean }) => id === gone.id && archived));
    assertProblem(await agent.post("/categories", { name: "Mine" }), 403, "forbidden");
    assertProblem(
      await agent.patch(`/categories/${gone.id}`, { version: 2, archived: false }),
      403,
      "forbidden",
    );
    assertProblem(await requester.get(`/categories/${gone.id}`), 403, "forbidden");
  });
});
