import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { fieldError, fieldValue, PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import { openScene } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const admin = await PageClient.signedIn(scene.admin);
const agent = await PageClient.signedIn(scene.agent);
const requester = await PageClient.signedIn(scene.requester);

Deno.test("the catalog: found, asked for, refused with what was typed, and seen on the ticket", async (t) => {
  await t.step("sections and search", async () => {
    const all = await requester.get("/catalog");
    assertEquals(all.document.querySelectorAll(".catalog-card").length, 4);
    assert(textOf(all, "main").includes("Software and access"));
    const found = await requester.get("/catalog?q=LAPTOP+usual");
    assertEquals(found.document.querySelectorAll(".catalog-card").length, 1);
    assert(textOf(await requester.get("/catalog?q=zeppelin"), "main").includes("No catalog items match"));
  });
  const list = (await scene.requester.get("/catalog")).body.items;
  const path = `/catalog/${list[0].id}`;
  await t.step("without scripts everything is there, and says when it is asked for", async () => {
    const page = await requester.get(path);
    assert(textOf(page, "main").includes("Only when “This is for someone else” is ticked"));
    assertEquals(page.document.querySelector("[name='answers.person']")!.hasAttribute("required"), false);
  });
  await t.step("a refused form keeps what was typed", async () => {
    const page = await requester.get(path);
    // Whether somebody has an address is for staff to know (V16).
    for (
      const [browser, person, problem] of [
        [requester, "nobody", "Must be a person's email address"],
        [agent, "nobody@harbour.example", "Doesn't exist, or you may not use it"],
      ] as const
    ) {
      const refused = await browser.submit(await browser.get(path), "main form", {
        "answers.for_other": "on",
        "answers.person": person,
        "answers.remarks": "Blue, please",
        "answers.size": "16 inches",
      });
      assertEquals(refused.status, 422);
      assertEquals(fieldError(refused, "answers.person"), problem);
      assertEquals(fieldValue(refused, "answers.remarks"), "Blue, please");
      assert(refused.document.querySelector("option[value='16 inches']")!.hasAttribute("selected"));
    }
    const missing = await requester.submit(page, "main form", { "answers.size": "" });
    assertEquals([missing.status, fieldError(missing, "answers.size")], [422, "Choose an option"]);
  });
  await t.step("sent twice it is one request, and the ticket shows the answers", async () => {
    const page = await requester.get(path);
    const answers = { "answers.size": "14 inches", "answers.needed": "2026-12-24" };
    const [one, two] = [
      await requester.submit(page, "main form", answers),
      await requester.submit(page, "main form", answers),
    ];
    assertEquals([one.status, one.location], [303, two.location]);
    const ticket = await agent.get(one.location!);
    assert(textOf(ticket, ".ticket-side").includes("2026-12-24"));
    assert(textOf(ticket, "h1").includes("New laptop: 14 inches"));
  });
});

Deno.test("the editor: questions are added, moved and removed without scripts, and nothing is saved until it is", async (t) => {
  const fields = (extra: Record<string, string> = {}) => ({
    name: "Desk",
    description: "",
    section: "Furniture",
    icon: "ticket",
    queueId: "",
    categoryId: "",
    ...extra,
  });
  let page = await admin.post("/admin/catalog/new", fields({ do: "add" }));
  await t.step("added", async () => {
    assertEquals([page.status, fieldValue(page, "name")], [200, "Desk"]);
    assertEquals(page.document.querySelectorAll(".builder-field").length, 1);
    page = await admin.submit(page, "#builder", {
      "fields.0.label": "Height",
      "fields.0.type": "choice",
      "fields.0.options": "Low\nHigh",
      "fields.0.required": "on",
      do: "add",
    });
    assertEquals(page.document.querySelectorAll(".builder-field").length, 2);
    assert(textOf(page, ".builder-preview").includes("Height"));
  });
  await t.step("shown by an answer before it, and moved", async () => {
    page = await admin.submit(page, "#builder", {
      "fields.1.label": "How high?",
      "fields.1.showIf": "height=High",
      do: "preview",
    });
    assert(textOf(page, ".builder-preview").includes("Only when “Height” is “High”"));
    const moved = await admin.submit(page, "#builder", { do: "up:1" });
    const refused = await admin.submit(moved, "#builder", { do: "save" });
    assertEquals(refused.status, 422);
    assert(textOf(refused, "[role=alert]").includes("Must be an answer of an earlier choice or checkbox"));
    page = await admin.submit(refused, "#builder", { do: "down:0" });
  });
  await t.step("nothing is saved yet; then it is", async () => {
    assertEquals((await scene.admin.get("/catalog?limit=100")).body.items.length, 4);
    const saved = await admin.submit(page, "#builder", { do: "save" });
    assertEquals([saved.status, saved.location], [303, "/admin/catalog"]);
    const { items } = (await scene.admin.get("/catalog?limit=100")).body;
    const desk = items.at(-1);
    assertEquals(desk.fields.map(({ key, showIf }: { key: string; showIf: unknown }) => [key, showIf]), [
      ["height", null],
      ["how_high", { field: "height", equals: "High" }],
    ]);
    const edit = await admin.get(`/admin/catalog/${desk.id}`);
    const removed = await admin.submit(edit, "#builder", { do: "remove:1" });
    const again = await admin.submit(removed, "#builder", { do: "save" });
    assertEquals(again.status, 303);
    assertEquals((await scene.admin.get(`/catalog/${desk.id}`)).body.fields.length, 1);
    const stale = await admin.submit(edit, "#builder", { do: "save" });
    assertEquals(stale.status, 409);
    // Sent once more it replaces what was saved: a choice, by then.
    assertEquals((await admin.submit(stale, "#builder", { do: "save" })).status, 303);
    assertEquals((await scene.admin.get(`/catalog/${desk.id}`)).body.fields.length, 2);
  });
  await t.step("order and archive", async () => {
    const desk = (await scene.admin.get("/catalog?limit=100")).body.items.at(-1);
    assertEquals((await admin.post("/admin/catalog/order", { id: desk.id, to: "up" })).status, 303);
    const names = async () =>
      (await scene.requester.get("/catalog")).body.items.map((item: { name: string }) => item.name);
    assertEquals((await names()).indexOf("Desk"), 3);
    await admin.post(`/admin/catalog/${desk.id}/archive`, { version: "3", archived: "yes" });
    assertEquals((await names()).includes("Desk"), false);
    assertEquals((await requester.get(`/catalog/${desk.id}`)).status, 404);
  });
});

Deno.test("categories: made, moved in the tree, ordered, archived", async () => {
  const made = await admin.post("/admin/categories", { name: "Vehicles", parentId: "", queueId: "" });
  assertEquals(made.status, 303);
  const taken = await admin.post("/admin/categories", { name: "vehicles", parentId: "", queueId: "" });
  assertEquals([taken.status, fieldError(taken, "name")], [409, "This name is already in use"]);
  const find = async (name: string) =>
    (await scene.admin.get("/categories?limit=100&archived=true")).body.items.find((c: { name: string }) =>
      c.name === name
    );
  const vehicles = await find("Vehicles");
  await admin.post("/admin/categories", { name: "Forklift", parentId: vehicles.id, queueId: scene.queue });
  const forklift = await find("Forklift");
  assertEquals([forklift.parentId, forklift.queue.id], [vehicles.id, scene.queue]);
  const circle = await admin.post(`/admin/categories/${vehicles.id}`, {
    version: "1",
    name: "Vehicles",
    parentId: forklift.id,
    queueId: "",
  });
  assertEquals([circle.status, fieldError(circle, "parentId")], [422, "A category can't be below itself"]);
  assertEquals((await admin.post("/admin/categories/order", { id: vehicles.id, to: "up" })).status, 303);
  const archived = await admin.post(`/admin/categories/${forklift.id}`, { version: "1", archived: "yes" });
  assertEquals(archived.status, 303);
  assertEquals((await find("Forklift")).archived, true);
});

Deno.test("categories: a new name leaves a category where it is, even if that is archived", async () => {
  const [top, queue] = [
    (await scene.admin.post("/categories", { name: "Faxes" })).body.id,
    (await scene.admin.post("/queues", { name: "Fax team" })).body.id,
  ];
  const { id } =
    (await scene.admin.post("/categories", { name: "Paper", parentId: top, queueId: queue })).body;
  await scene.admin.patch(`/categories/${top}`, { version: 1, archived: true });
  await scene.admin.patch(`/queues/${queue}`, { version: 1, archived: true });
  const path = `/admin/categories/${id}`;
  const form = await admin.get(path);
  const place = { parentId: fieldValue(form, "parentId"), queueId: fieldValue(form, "queueId") };
  assertEquals(place, { parentId: top, queueId: queue });
  assertEquals((await admin.post(path, { version: "1", name: "Rolls", ...place })).status, 303);
  const category = (await scene.admin.get(`/categories/${id}`)).body;
  assertEquals([category.name, category.parentId, category.queue.id], ["Rolls", top, queue]);
});
