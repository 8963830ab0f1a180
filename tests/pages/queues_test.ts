import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { fieldError, fieldValue, PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import { forgetDefaultQueue, openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
await forgetDefaultQueue(scene.desk);
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const admin = await PageClient.signedIn(scene.admin);
const agent = await PageClient.signedIn(scene.agent);
const path = `/queues/${scene.queue}`;

Deno.test("a board shows a queue's tickets by state and moves them without scripts", async (t) => {
  const one = await raise(scene.agent, { title: "First card", queueId: scene.queue });
  const two = await raise(scene.agent, { title: "Second card", queueId: scene.queue });
  await raise(scene.agent, { title: "Elsewhere" });
  await t.step("columns, cards and counts", async () => {
    const board = await agent.get(path);
    assertEquals(board.status, 200);
    const columns = [...board.document.querySelectorAll(".board-column")];
    assertEquals(columns.map((column) => column.querySelectorAll(".board-card").length), [2, 0, 0, 0, 0]);
    assert(columns[0]!.textContent!.includes("First card"));
    assert(!textOf(board, "main").includes("Elsewhere"));
    assertEquals(
      columns[0]!.querySelector(".nav-count")!.getAttribute("href"),
      `/tickets?queueId=${scene.queue}&status=new`,
    );
  });
  await t.step("a form moves a card", async () => {
    const moved = await agent.post(`${path}/moves`, { ticket: one.key, version: "1", to: "in_progress" });
    assertEquals([moved.status, moved.location], [303, path]);
    const board = await agent.follow(moved);
    assert(textOf(board, "main").includes(`${one.key} is now In progress`));
  });
  await t.step("a refused move says why, and the board is there", async () => {
    const stale = await agent.post(`${path}/moves`, { ticket: one.key, version: "1", to: "open" });
    assertEquals(stale.status, 409);
    assert(textOf(stale, "[role=alert]").includes("changed this in the meantime"));
    assertEquals(stale.document.querySelectorAll(".board-card").length, 2);
  });
  await t.step("a move that needs more asks for it on a page, and keeps what was typed", async () => {
    const bare = await agent.post(`${path}/moves?of=all`, { ticket: two.key, version: "1", to: "resolved" });
    assertEquals(bare.status, 303);
    const asking = await agent.follow(bare);
    assertEquals(fieldValue(asking, "version"), "1");
    const fields = { ticket: two.key, version: "1", asked: "yes" };
    const empty = await agent.post(`${path}/moves`, { ...fields, to: "resolved", note: "" });
    assertEquals(empty.status, 422);
    assert(fieldError(empty, "note").includes("Enter how it was resolved"));
    const undated = await agent.post(`${path}/moves`, { ...fields, to: "pending", reason: "scheduled" });
    assertEquals(undated.status, 422);
    const until = { reason: "scheduled", until: "2099-01-04T09:30" };
    const waits = await agent.post(`${path}/moves?of=mine`, { ...fields, to: "pending", ...until });
    assertEquals([waits.status, waits.location], [303, `${path}?of=mine`]);
    const ticket = (await scene.agent.get(`/tickets/${two.id}`)).body;
    assertEquals([ticket.status, ticket.pendingUntil], ["pending", "2099-01-04T09:30:00.000Z"]);
    assertEquals((await agent.get(`${path}/moves?to=resolved`)).location, path);
    assertEquals((await agent.get(`${path}/moves?to=resolved&ticket=INC-9999`)).status, 404);
  });
  await t.step("whose tickets", async () => {
    await scene.agent.put(`/tickets/${two.id}/assignment`, { version: 2, assigneeId: scene.agent.user.id });
    const cards = async (of: string) =>
      (await agent.get(`${path}?of=${of}`)).document.querySelectorAll(".board-card").length;
    assertEquals([await cards("mine"), await cards("unassigned"), await cards("all")], [1, 1, 2]);
  });
});

Deno.test("queues: the list, settings, team, and their refusals", async (t) => {
  await t.step("the list tells what waits where", async () => {
    const list = await agent.get("/queues");
    const row = [...list.document.querySelectorAll("tbody tr")].find((one) =>
      one.textContent!.includes("Network")
    )!;
    const numbers = [...row.querySelectorAll("td.num")].map((cell) =>
      Number(/\d+/.exec(cell.textContent!)![0])
    );
    assertEquals(numbers, [0, 0, 1, 1, 1]);
    assert(textOf(list, "main").includes("No queue"));
  });
  let queue = "";
  await t.step("a new one, twice sent, is one; a taken name is told", async () => {
    const form = await admin.get("/admin/queues/new");
    const fields = {
      idempotencyKey: fieldValue(form, "idempotencyKey"),
      name: "Printers",
      assignmentRule: "round_robin",
    };
    const [first, second] = [
      await admin.post("/admin/queues/new", fields),
      await admin.post("/admin/queues/new", fields),
    ];
    assertEquals([first.status, first.location], [303, second.location]);
    queue = first.location!.split("/").pop()!;
    const taken = await admin.post("/admin/queues/new", { name: "printers", description: "kept" });
    assertEquals([taken.status, fieldError(taken, "name")], [409, "This name is already in use"]);
    assertEquals(fieldValue(taken, "description"), "kept");
  });
  await t.step("team", async () => {
    const added = await admin.post(`/admin/queues/${queue}/members`, {
      userId: scene.agent.user.id,
      change: "add",
    });
    assertEquals(added.status, 303);
    const odd = await admin.post(`/admin/queues/${queue}/members`, {
      userId: scene.requester.user.id,
      change: "add",
    });
    assertEquals(odd.status, 422);
    assert(textOf(await agent.get(`/queues/${queue}`), "main").includes("Gets new tickets"));
    const paused = await agent.post(`/queues/${queue}/members`, {
      userId: scene.agent.user.id,
      accepts: "off",
    });
    assertEquals(paused.status, 303);
    assert(textOf(await agent.follow(paused), "main").includes("Paused"));
    assertEquals((await scene.admin.get(`/queues/${queue}`)).body.members[0].accepts, false);
    const resumed = await admin.post(`/admin/queues/${queue}/members`, {
      userId: scene.agent.user.id,
      change: "resume",
    });
    assertEquals(resumed.status, 303);
    assertEquals((await scene.admin.get(`/queues/${queue}`)).body.members[0].accepts, true);
    const stranger = await admin.post(`/admin/queues/${queue}/members`, {
      userId: scene.admin.user.id,
      change: "pause",
    });
    assertEquals(stranger.status, 422);
    const gone = await admin.post(`/admin/queues/${queue}/members`, {
      userId: scene.agent.user.id,
      change: "remove",
    });
    assertEquals(gone.status, 303);
  });
  await t.step("what leads to a queue is told to all staff", async () => {
    await scene.admin.post("/catalog", { name: "New monitor", queueId: scene.queue });
    for (const answer of [await agent.get(path), await admin.get(`/admin${path}`)]) {
      const text = textOf(answer, "main");
      assert(text.includes("Cables") && text.includes("New monitor"));
    }
  });
  await t.step("a column with more tickets than cards leads to the list", async () => {
    for (let i = 0; i < 6; i++) {
      await Promise.all(Array.from({ length: 9 }, () => raise(scene.agent, { queueId: queue })));
    }
    const board = await agent.get(`/queues/${queue}`);
    const more = board.document.querySelector(".board-more")!;
    assert(more.textContent!.startsWith("4 more"));
    assertEquals(more.getAttribute("href"), `/tickets?queueId=${queue}&status=new`);
  });
  await t.step("settings and archive; a stale form shows what is there now", async () => {
    const saved = await admin.post(`/admin/queues/${queue}`, {
      version: "1",
      name: "Print",
      description: "",
    });
    assertEquals(saved.status, 303);
    const stale = await admin.post(`/admin/queues/${queue}`, { version: "1", name: "Press" });
    assertEquals([stale.status, fieldValue(stale, "name")], [409, "Press"]);
    assertEquals((await admin.post(`/admin/queues/${queue}`, { version: "2", archived: "yes" })).status, 303);
    assertEquals((await scene.admin.get(`/queues/${queue}`)).body.archived, true);
    // 54 tickets still wait there.
    assert(textOf(await agent.get("/queues"), "main").includes("Print Archived"));
    assert(textOf(await agent.get(`/queues/${queue}`), "main").includes("Archived"));
    assertEquals((await admin.post(`/admin/queues/${queue}`, { version: "3", archived: "no" })).status, 303);
    assertEquals((await scene.admin.get(`/queues/${queue}`)).body.archived, false);
  });
});
