import { assertEquals } from "@/tests/helpers/assert.ts";
import {
  added,
  assertProblem,
  forgetDefaultQueue,
  openScene,
  raise,
  UNKNOWN,
} from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
await forgetDefaultQueue(scene.desk);
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const { desk, admin, agent, requester, stranger, other, queue } = scene;

Deno.test("views: kept, shared, changed and deleted by those who may", async (t) => {
  const filter = { status: ["open", "new"], queueId: queue, q: "printer" };
  const made = await agent.post("/views", { name: "Printers", filter, sort: "created" });
  await t.step("a view is its owner's until it is shared", async () => {
    assertEquals(made.status, 201);
    assertEquals(made.headers.get("location"), `/v1/views/${made.body.id}`);
    assertEquals(made.body.filter, { status: ["open", "new"], queueId: [queue], q: "printer" });
    assertEquals([made.body.sort, made.body.shared, made.body.editable], ["created", false, true]);
    assertEquals((await agent.get("/views")).body.items.length, 1);
    assertProblem(await admin.get(`/views/${made.body.id}`), 404, "not_found");
    assertEquals((await admin.get("/views")).body.items, []);
  });
  await t.step(
    "shared, the help desk sees it and managers may change it; requesters see nothing",
    async () => {
      const shared = await agent.patch(`/views/${made.body.id}`, { version: 1, shared: true });
      assertEquals([shared.status, shared.body.version], [200, 2]);
      assertEquals((await admin.get(`/views/${made.body.id}`)).body.editable, true);
      const colleague = await admin.invite("AGENT", "Carl Colleague");
      assertEquals((await colleague.get(`/views/${made.body.id}`)).body.editable, false);
      assertProblem(
        await colleague.patch(`/views/${made.body.id}`, { version: 2, name: "x" }),
        403,
        "forbidden",
      );
      assertProblem(await colleague.delete(`/views/${made.body.id}`), 403, "forbidden");
      assertEquals((await requester.get("/views")).body.items, []);
      assertProblem(await requester.get(`/views/${made.body.id}`), 404, "not_found");
      assertProblem(
        await requester.post("/views", { name: "s", filter: {}, shared: true }),
        403,
        "forbidden",
      );
      assertEquals((await requester.post("/views", { name: "s", filter: {} })).status, 201);
    },
  );
  await t.step("a name is taken once by each person, a stale version is refused", async () => {
    const again = await agent.post("/views", { name: "printers", filter: {} });
    assertProblem(again, 409, "conflict");
    assertEquals(again.body.errors[0].path, "name");
    assertEquals((await admin.post("/views", { name: "Printers", filter: {} })).status, 201);
    const stale = await agent.patch(`/views/${made.body.id}`, { version: 1, name: "y" });
    assertProblem(stale, 409, "stale_version");
    assertEquals(stale.body.current.name, "Printers");
  });
  await t.step("what changes nothing is told by nothing; a deletion is", async () => {
    const same = () => agent.patch(`/views/${made.body.id}`, { version: 2, name: "Printers" });
    assertEquals(await added(desk, same), { audit: 0, events: 0, outbox: 0 });
    const gone = () => agent.delete(`/views/${made.body.id}`);
    assertEquals(await added(desk, gone), { audit: 1, events: 1, outbox: 0 });
    assertProblem(await agent.get(`/views/${made.body.id}`), 404, "not_found");
  });
  await t.step("values that no filter has are refused", async () => {
    const odd = await agent.post("/views", { name: "Odd", filter: { status: ["odd"] } });
    assertProblem(odd, 422, "invalid");
    assertEquals(odd.body.errors[0].path, "filter.status.0");
  });
});

Deno.test("views: a list by view", async (t) => {
  const [first, second] = [
    await raise(requester, { title: "One" }),
    await raise(requester, { title: "Two" }),
  ];
  await agent.patch(`/tickets/${second.id}`, { version: second.version, priority: "urgent" });
  const view = (await agent.post("/views", {
    name: "Urgent",
    filter: { priority: "urgent" },
    sort: "created",
  })).body;
  const keys = async (path: string) =>
    (await agent.get(path)).body.items.map((ticket: { title: string }) => ticket.title);
  await t.step("the view's filter and order hold", async () => {
    assertEquals(await keys(`/tickets?view=${view.id}`), ["Two"]);
    await agent.patch(`/tickets/${first.id}`, { version: first.version, priority: "urgent" });
    assertEquals(await keys(`/tickets?view=${view.id}`), ["One", "Two"]);
  });
  await t.step("what the request says itself goes before", async () => {
    assertEquals(await keys(`/tickets?view=${view.id}&sort=-created`), ["Two", "One"]);
    assertEquals(await keys(`/tickets?view=${view.id}&priority=low`), []);
  });
  await t.step("an empty value lifts a filter of the view, and only that one", async () => {
    const narrow = (await agent.post("/views", {
      name: "Urgent ones",
      filter: { priority: "urgent", status: ["new"], q: "one", queueId: "none" },
      sort: "created",
    })).body;
    await raise(requester, { title: "One more" });
    assertEquals(await keys(`/tickets?view=${narrow.id}`), ["One"]);
    assertEquals(await keys(`/tickets?view=${narrow.id}&priority=`), ["One", "One more"]);
    assertEquals(await keys(`/tickets?view=${narrow.id}&q=`), ["One", "Two"]);
    assertEquals(await keys(`/tickets?view=${narrow.id}&priority=&q=`), ["One", "Two", "One more"]);
    assertEquals(await keys(`/tickets?view=${narrow.id}&priority=low&status=&q=&queueId=`), []);
  });
  await t.step("pages follow one another", async () => {
    const page = await agent.get(`/tickets?view=${view.id}&limit=1`);
    const next = await agent.get(`/tickets?view=${view.id}&limit=1&cursor=${page.body.nextCursor}`);
    assertEquals([page.body.items[0].title, next.body.items[0].title], ["One", "Two"]);
  });
  await t.step("CHK-08 a view that isn't one's own answers like an unknown one", async () => {
    const [foreign, unknown] = [
      await other.get(`/tickets?view=${view.id}`),
      await other.get(`/tickets?view=${UNKNOWN}`),
    ];
    assertProblem(foreign, 422, "invalid");
    assertEquals(foreign.body.errors, unknown.body.errors);
    assertEquals((await stranger.get(`/tickets?view=${view.id}`)).body.errors, unknown.body.errors);
  });
});
