import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { fieldError, fieldValue, PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const agent = await PageClient.signedIn(scene.agent);
const requester = await PageClient.signedIn(scene.requester);

Deno.test("saved views: from the list, through its own page, to its end", async (t) => {
  await raise(scene.requester, { title: "Blue screen" });
  await raise(scene.requester, { title: "Red screen" });
  await t.step("a list is saved with what it filters by", async () => {
    const list = await agent.get("/tickets?status=new&q=blue&sort=created");
    const query = list.document.querySelector('form[action="/views"] input[name="query"]')!
      .getAttribute("value")!;
    const saved = await agent.post("/views", { query, name: "Blue ones", shared: "on" });
    assertEquals(saved.status, 303);
    const opened = await agent.follow(saved);
    assert(textOf(opened, "main").includes("View “Blue ones” saved"));
    assertEquals(opened.document.querySelectorAll("tbody tr").length, 1);
    assertEquals(fieldValue(opened, "view"), saved.location!.split("view=")[1]);
  });
  const { body } = await scene.agent.get("/views");
  const view = body.items[0];
  await t.step("its address by id leads to what it filters by", async () => {
    const short = await agent.get(`/tickets?view=${view.id}`);
    assertEquals(short.status, 303);
    assertEquals(short.location, `/tickets?status=new&q=blue&sort=created&view=${view.id}`);
  });
  await t.step("a name that is taken is told beside it, and the list is kept", async () => {
    const again = await agent.post("/views", { query: "status=open", name: "blue ones" });
    assertEquals([again.status, fieldError(again, "name")], [409, "This name is already in use"]);
    assertEquals([fieldValue(again, "query"), fieldValue(again, "name")], ["status=open", "blue ones"]);
    const empty = await agent.post("/views", { query: "status=open", name: " " });
    assertEquals([empty.status, fieldError(empty, "name")], [422, "Must not be empty"]);
  });
  await t.step("another filter under the view's name is one click", async () => {
    const list = await agent.get(`/tickets?status=new&q=red&sort=created&view=${view.id}`);
    const updated = await agent.submit(list, `form[action="/views/${view.id}"]`);
    assertEquals(updated.status, 303);
    assertEquals((await scene.agent.get(`/views/${view.id}`)).body.filter.q, "red");
    assertEquals((await scene.agent.get(`/views/${view.id}`)).body.shared, true);
  });
  await t.step("renamed, taken back from the others, deleted", async () => {
    const form = await agent.get(`/views/${view.id}`);
    const renamed = await agent.post(`/views/${view.id}`, {
      version: fieldValue(form, "version"),
      settled: "yes",
      name: "Red ones",
    });
    assertEquals(renamed.status, 303);
    const now = (await scene.agent.get(`/views/${view.id}`)).body;
    assertEquals([now.name, now.shared, now.filter.q], ["Red ones", false, "red"]);
    const gone = await agent.post(`/views/${view.id}/deletion`);
    assertEquals([gone.status, gone.location], [303, "/views"]);
    assert(textOf(await agent.get("/views"), "main").includes("No views yet"));
  });
});

Deno.test("a view behind the first hundred opens by its id, and is on the second page of views", async () => {
  await scene.desk.look(
    `insert into views (tenant_id, owner_id, name, filter, sort)
      select $1, $2, 'View ' || lpad(i::text, 3, '0'), jsonb_build_object('q', 'text ' || i), '-updated'
      from generate_series(1, 130) i`,
    [scene.agent.tenant.id, scene.agent.user.id],
  );
  const [last] = await scene.desk.look<{ id: string }>("select id from views where name = 'View 130'");
  const opened = await agent.get(`/tickets?view=${last!.id}`);
  assertEquals([opened.status, opened.location], [303, `/tickets?q=text+130&sort=-updated&view=${last!.id}`]);
  const changed = await agent.get(`${opened.location}&status=open`);
  assert(changed.document.querySelector(`form[action="/views/${last!.id}"]`), "the view can't be updated");

  const names = (page: { document: Document }) =>
    [...page.document.querySelectorAll("tbody td:first-child")].map((cell) => cell.textContent!.trim());
  const first = await agent.get("/views");
  assertEquals([names(first).length, names(first)[0]], [100, "View 001"]);
  const next = [...first.document.querySelectorAll(".pager a")].at(-1)!.getAttribute("href")!;
  const second = await agent.get(next);
  assertEquals([names(second).length, names(second).at(-1)], [30, "View 130"]);

  await agent.post(`/views/${last!.id}/deletion`);
  const gone = await agent.get(`/tickets?view=${last!.id}`);
  assertEquals(gone.status, 404);
  assert(textOf(gone, "main").includes("This view was deleted or isn't shared with you"));
  // A filter beside it is still one.
  assertEquals((await agent.get(`/tickets?status=open&view=${last!.id}`)).status, 200);
  assertEquals((await agent.get("/tickets?view=nonsense")).status, 404);
  const foreign = await scene.desk.look<{ id: string }>("select id from views where name = 'View 001'");
  assertEquals((await requester.get(`/tickets?view=${foreign[0]!.id}`)).status, 404);
  await scene.desk.look("delete from views");
});

Deno.test("bulk change: preview, apply, and what is refused", async (t) => {
  const tickets = [await raise(scene.requester), await raise(scene.requester)];
  const ids = tickets.map(({ id }) => id);
  const path = `/tickets/bulk?${ids.map((id) => `id=${id}`).join("&")}&query=status%3Dnew`;
  await t.step("what is chosen is shown; nothing chosen says what to do", async () => {
    const page = await agent.get(path);
    assertEquals(page.status, 200);
    assert(textOf(page, "h1").includes("Change 2 tickets"));
    assert(textOf(await agent.get("/tickets/bulk"), "main").includes("Select the tickets"));
  });
  await t.step("a form without a change is refused with its values", async () => {
    const refused = await agent.submit(await agent.get(path), 'form[action="/tickets/bulk"]', {
      step: "preview",
      note: "x",
    });
    assertEquals(refused.status, 422);
    assert(textOf(refused, "[role=alert]").includes("Choose something to change"));
  });
  await t.step("a preview changes nothing, applying it changes each", async () => {
    const form = 'form[action="/tickets/bulk"]';
    const preview = await agent.submit(await agent.get(path), form, { step: "preview", priority: "urgent" });
    assertEquals(preview.status, 200);
    assert(textOf(preview, "main").includes("2 would change"), textOf(preview, "main"));
    assertEquals((await scene.agent.get(`/tickets/${ids[0]}`)).body.priority, "medium");
    const applied = await agent.submit(preview, form, { step: "apply" });
    assertEquals([applied.status, applied.location], [303, "/tickets?status=new"]);
    for (const id of ids) {
      assertEquals((await scene.agent.get(`/tickets/${id}`)).body.priority, "urgent");
    }
    const again = await agent.submit(preview, form, { step: "apply" });
    assertEquals([again.status, again.location], [303, "/tickets?status=new"]);
    assertEquals((await scene.agent.get(`/tickets/${ids[0]}`)).body.version, 2);
  });
  await t.step("a ticket that changed since the preview is left alone and told", async () => {
    const form = 'form[action="/tickets/bulk"]';
    const preview = await agent.submit(await agent.get(path), form, { step: "preview", priority: "low" });
    await scene.agent.patch(`/tickets/${ids[1]}`, { version: 2, title: "Meanwhile" });
    const applied = await agent.submit(preview, form, { step: "apply" });
    assertEquals(applied.status, 200);
    assert(textOf(applied, "main").includes("1 changed, 1 couldn't be changed"));
    assertEquals((await scene.agent.get(`/tickets/${ids[1]}`)).body.priority, "urgent");
  });
  await t.step("requesters have no boxes", async () => {
    const list = await requester.get("/tickets");
    assertEquals(list.document.querySelectorAll("input[type=checkbox][name=id]").length, 0);
    assertEquals((await requester.get(path)).status, 403);
  });
});
