import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { fieldsOf, type PageAnswer, PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

// The agent works in one queue and sees its tickets alone; other queues are out of their sight.
const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const { admin } = scene;
await admin.patch("/tenant", { version: 1, agentsSeeAll: false });
const own = (await admin.post("/queues", { name: "Front desk" })).body.id as string;
await admin.put(`/queues/${own}/members/${scene.agent.user.id}`);
const agent = await PageClient.signedIn(scene.agent);

/** A ticket that the agent sees by its queue alone. */
async function ownTicket(): Promise<{ id: string; key: string; version: number }> {
  return await raise(admin, { queueId: own });
}

/** Where a form led, and the message there, once it is opened without an error. */
async function led(answer: PageAnswer): Promise<{ to: string | null; flash: string }> {
  assertEquals(answer.status, 303);
  const page = await agent.follow(answer);
  assertEquals(page.status, 200);
  return { to: answer.location, flash: textOf(page, ".flash-region").trim() };
}

Deno.test("a ticket that is handed to another queue leads to the list", async (t) => {
  const gone = (key: string) => `You can no longer see ${key}`;
  await t.step("by the form that assigns", async () => {
    const { key, version } = await ownTicket();
    const form = { assigneeId: "", queueId: scene.queue, version: String(version) };
    assertEquals(await led(await agent.post(`/tickets/${key}/assignment`, form)), {
      to: "/tickets",
      flash: `Unassigned. ${gone(key)}`,
    });
    assertEquals((await admin.get(`/tickets/${key}`)).body.queue.id, scene.queue);
    assertEquals((await agent.get(`/tickets/${key}`)).status, 404);
  });
  await t.step("by the form that edits", async () => {
    const { key } = await ownTicket();
    const page = await agent.get(`/tickets/${key}/edit`);
    const answer = await agent.submit(page, "form[method=post]:has([name=title])", { queueId: scene.queue });
    assertEquals(await led(answer), { to: "/tickets", flash: `Saved. ${gone(key)}` });
    assertEquals((await admin.get(`/tickets/${key}`)).body.queue.id, scene.queue);
  });
  await t.step("by a macro", async () => {
    const { key, version } = await ownTicket();
    const macro = await admin.post("/macros", { name: "Hand over", actions: { queueId: scene.queue } });
    const form = { macroId: macro.body.id, version: String(version) };
    assertEquals(await led(await agent.post(`/tickets/${key}/macro`, form)), {
      to: "/tickets",
      flash: `Macro “Hand over” applied. ${gone(key)}`,
    });
  });
  await t.step(
    "by a bulk change after which none of them is left in sight: its result is shown",
    async () => {
      const [moved, taken] = [await ownTicket(), await ownTicket()];
      const address = `/tickets/bulk?id=${moved.id}&id=${taken.id}&query=status%3Dnew`;
      const form = 'form[action="/tickets/bulk"]';
      const preview = await agent.submit(await agent.get(address), form, {
        step: "preview",
        queueId: scene.queue,
      });
      const away = { assigneeId: null, queueId: scene.queue, version: taken.version };
      assertEquals((await admin.put(`/tickets/${taken.id}/assignment`, away)).status, 200);
      const answer = await agent.submit(preview, form, { step: "apply" });
      assertEquals(answer.status, 200);
      const said = textOf(answer, "main");
      assert(said.includes("1 changed, 1 couldn't be changed"), said);
      assert(said.includes(moved.key) && said.includes("You can't see any of these tickets now"), said);
      assert(!said.includes("No tickets selected") && !said.includes(taken.key), said);
      assertEquals(
        answer.document.querySelector('main a[href="/tickets?status=new"].button')?.textContent,
        "Back to the list",
      );

      // The same when they are gone before anything was changed, and when a list has become empty.
      assertEquals(textOf(await agent.get(address), "main h2"), "You can't see the selected tickets");
      const none = await agent.get("/tickets/bulk?all=yes&query=q%3Dnothing-has-this-word");
      assertEquals(textOf(none, "main h2"), "No tickets match");
      assertEquals(textOf(await agent.get("/tickets/bulk"), "main h2"), "No tickets selected");
      const gone = await agent.post("/tickets/bulk", { id: moved.id, step: "preview", query: "" });
      assertEquals([gone.status, textOf(gone, "main h2")], [422, "You can't see the selected tickets"]);
    },
  );
  await t.step("by a bulk change, where others were refused: it is named without a link", async () => {
    const [moved, stale] = [await ownTicket(), await ownTicket()];
    const form = 'form[action="/tickets/bulk"]';
    const page = await agent.get(`/tickets/bulk?id=${moved.id}&id=${stale.id}`);
    const preview = await agent.submit(page, form, { step: "preview", queueId: scene.queue });
    const rows = (answer: PageAnswer) =>
      [...answer.document.querySelectorAll("tbody tr td:first-child")].map((cell) => [
        cell.textContent!.trim().split(/\s/)[0],
        cell.querySelector("a") !== null,
      ]).sort();
    assertEquals(rows(preview), [[moved.key, true], [stale.key, true]]);
    await admin.patch(`/tickets/${stale.id}`, { version: stale.version, title: "Meanwhile" });
    const applied = await agent.submit(preview, form, { step: "apply" });
    assertEquals(applied.status, 200);
    assertEquals(rows(applied), [[moved.key, false], [stale.key, true]]);
  });
});

Deno.test("a ticket that is only watched leads to the list when it is no longer watched", async () => {
  const { key } = await raise(admin, { queueId: scene.queue });
  await admin.put(`/tickets/${key}/watchers/${scene.agent.user.id}`);
  assertEquals((await agent.get(`/tickets/${key}`)).status, 200);
  assertEquals(await led(await agent.post(`/tickets/${key}/watchers`, { remove: "me" })), {
    to: "/tickets",
    flash: `You no longer watch ${key}. You can no longer see ${key}`,
  });
  assertEquals((await agent.get(`/tickets/${key}`)).status, 404);
});

Deno.test("a ticket that is still seen stays open", async (t) => {
  await t.step("in the agent's own queue, when it is no longer watched", async () => {
    const { key } = await ownTicket();
    await agent.post(`/tickets/${key}/watchers`, { add: "me" });
    assertEquals(await led(await agent.post(`/tickets/${key}/watchers`, { remove: "me" })), {
      to: `/tickets/${key}`,
      flash: `You no longer watch ${key}`,
    });
  });
  await t.step("in another queue, when the agent is its assignee", async () => {
    const { key, version } = await ownTicket();
    const form = { assigneeId: scene.agent.user.id, queueId: scene.queue, version: String(version) };
    assertEquals(await led(await agent.post(`/tickets/${key}/assignment`, form)), {
      to: `/tickets/${key}`,
      flash: "Assigned to Ana Agent",
    });
  });
});

Deno.test("a form that is shown again keeps its version, so that a change in the meantime is noticed", async () => {
  const { key, id, version } = await ownTicket();
  const stranger = scene.requester.user.id;
  const form = { assigneeId: stranger, queueId: own, version: String(version) };
  await admin.patch(`/tickets/${id}`, { version, priority: "urgent" });
  const refused = await agent.post(`/tickets/${key}/assignment`, form);
  const sent = (page: PageAnswer) =>
    fieldsOf(page.document.querySelector(`form[action="/tickets/${key}/assignment"]`)!).version;
  assertEquals([refused.status, sent(refused)], [409, String(version + 1)]);
  const current = String(version + 1);
  const wrong = await agent.post(`/tickets/${key}/assignment`, { ...form, version: current });
  assertEquals([wrong.status, sent(wrong)], [422, current]);
  await admin.patch(`/tickets/${id}`, { version: version + 1, priority: "low" });
  const again = await agent.submit(wrong, `form[action="/tickets/${key}/assignment"]`, {
    assigneeId: scene.agent.user.id,
  });
  assertEquals(again.status, 409);
  assert(textOf(again, ".form-errors").includes("in the meantime"));
});
