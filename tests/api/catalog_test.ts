import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { added, assertProblem, openScene, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const { desk, admin, agent, requester, stranger, other, queue, category } = scene;

const fields = [
  { key: "model", type: "choice", label: "Model", required: true, options: ["Small", "Large"] },
  {
    key: "why",
    type: "long_text",
    label: "Why?",
    required: true,
    showIf: { field: "model", equals: "Large" },
  },
  { key: "for_whom", type: "user", label: "For whom?" },
  { key: "plan", type: "file", label: "Plan" },
];
const made = await admin.post("/catalog", {
  name: "Tablet",
  description: "A **good** one",
  section: "Devices",
  icon: "monitor",
  categoryId: category,
  fields,
});
const path = `/catalog/${made.body.id}`;

Deno.test("catalog: items are made, changed, ordered and archived by managers", async (t) => {
  await t.step("a new desk has some", async () => {
    const { items } = (await requester.get("/catalog")).body;
    assertEquals(items.slice(0, 2).map((item: { name: string }) => item.name), ["New laptop", "Software"]);
    assert(items[0].category !== null && items[0].queue === null);
  });
  await t.step("made", () => {
    assertEquals([made.status, made.headers.get("location")], [201, `/v1${path}`]);
    assertEquals(made.body.fields.map((field: { key: string }) => field.key), [
      "model",
      "why",
      "for_whom",
      "plan",
    ]);
    assertEquals(made.body.category, { id: category, name: "Cables" });
  });
  await t.step("changed by version, one trace each", async () => {
    const left = await added(desk, async () => {
      const changed = await admin.patch(path, { version: 1, section: "Mobile", queueId: queue });
      assertEquals([changed.status, changed.body.version, changed.body.section], [200, 2, "Mobile"]);
    });
    assertEquals([left.audit, left.events], [1, 1]);
    assertProblem(await admin.patch(path, { version: 1, name: "x" }), 409, "stale_version");
    assertProblem(await admin.post("/catalog", { name: "tablet" }), 409, "conflict");
  });
  await t.step("a form that makes no sense is refused by path", async () => {
    const bad = await admin.patch(path, { version: 2, fields: [{ key: "a", type: "choice", label: "x" }] });
    assertProblem(bad, 422, "invalid");
    assertEquals(bad.body.errors[0].path, "fields.0.options");
  });
  await t.step("no text takes the character U+0000 (CHK-34)", async () => {
    for (const field of ["name", "description", "section"]) {
      const bad = await admin.patch(path, { version: 2, [field]: "a\0b" });
      assertProblem(bad, 422, "invalid");
      assertEquals(bad.body.errors.map((error: { path: string }) => error.path), [field]);
    }
  });
  await t.step("ordered", async () => {
    assertEquals((await admin.put("/catalog/order", { ids: [made.body.id] })).status, 204);
    assertEquals((await requester.get("/catalog?limit=1")).body.items[0].name, "Tablet");
    const page = await requester.get("/catalog?limit=2");
    const next = await requester.get(`/catalog?limit=2&cursor=${encodeURIComponent(page.body.nextCursor)}`);
    const names = [...page.body.items, ...next.body.items].map((item: { name: string }) => item.name);
    assertEquals(names, ["Tablet", "New laptop", "Software", "Access to an application or folder"]);
    for (const id of [UNKNOWN, (await other.get("/catalog")).body.items[0].id]) {
      const refused = await admin.put("/catalog/order", { ids: [id] });
      assertProblem(refused, 422, "invalid");
    }
  });
  await t.step("requesters and agents change nothing", async () => {
    for (const client of [requester, agent]) {
      assertProblem(await client.patch(path, { version: 2, name: "x" }), 403, "forbidden");
    }
  });
});

Deno.test("catalog: a request becomes a ticket with its answers", async (t) => {
  const ask = (answers: unknown, client = requester) => client.post(`${path}/requests`, { answers });
  await t.step("routed, typed, titled, described; the answers stay", async () => {
    const asked = await ask({
      model: "Large",
      why: "Maps\nand plans",
      for_whom: stranger.user.email,
    });
    assertEquals(asked.status, 201);
    const odd = await ask({ modell: "Large", why: "Maps" });
    assertProblem(odd, 422, "invalid");
    assertEquals([odd.body.errors[0].path, odd.body.errors[0].message], [
      "answers.modell",
      'Unknown field. Did you mean "model"?',
    ]);
    const { type, title, queue: to, category: about, requester: by, id } = asked.body;
    assertEquals([type, title, to.id, about.id, by.id], [
      "service_request",
      "Tablet: Large",
      queue,
      category,
      requester.user.id,
    ]);
    assertEquals(
      asked.body.description,
      `**Model:** Large\n\n**Why?**\n\nMaps\nand plans\n\n**For whom?:** ${stranger.user.email}`,
    );
    await admin.patch(path, { version: 2, fields: [] });
    const { request } = (await agent.get(`/tickets/${id}/request`)).body;
    assertEquals(request.answers, { model: "Large", why: "Maps\nand plans", for_whom: stranger.user.email });
    assertEquals(request.answered[2], { label: "For whom?", text: `Sue Stranger (${stranger.user.email})` });
    assertEquals([request.item.name, request.item.version], ["Tablet", 2]);
    assertProblem(await stranger.get(`/tickets/${id}/request`), 404, "not_found");
    await admin.patch(path, { version: 3, fields });
  });
  await t.step("what is missing or hidden", async () => {
    const bad = await ask({ model: "Large" });
    assertProblem(bad, 422, "invalid");
    assertEquals(bad.body.errors, [{ path: "answers.why", code: "custom", message: "Must not be empty" }]);
    assertEquals((await ask({ model: "Small", why: "not asked" })).body.description, "**Model:** Small");
  });
  await t.step("files are the actor's own unused uploads", async () => {
    const upload = await requester.upload("/attachments", [{ name: "plan.txt", content: "two rooms" }]);
    const file = upload.body.items[0].id;
    const foreign = await ask({ model: "Small", plan: [file] }, stranger);
    const unknown = await ask({ model: "Small", plan: [UNKNOWN] }, stranger);
    assertProblem(foreign, 422, "invalid");
    assertEquals(foreign.body.errors, unknown.body.errors);
    assertEquals(foreign.body.errors[0].path, "answers.plan");
    const asked = await ask({ model: "Small", plan: [file] });
    assertEquals(asked.status, 201);
    const { request } = (await agent.get(`/tickets/${asked.body.id}/request`)).body;
    assertEquals(request.answered.at(-1), { label: "Plan", text: "plan.txt" });
    assertEquals((await agent.get(`/tickets/${asked.body.id}/attachments`)).body.items.length, 1);
    assertProblem(await ask({ model: "Small", plan: [file] }), 422, "invalid");
  });
  await t.step("CHK-08 people of another organisation are unknown", async () => {
    const errors = [];
    for (
      const [who, client] of [[other.user.id, requester], [UNKNOWN, requester], [other.user.email, agent]]
    ) {
      const refused = await ask({ model: "Small", for_whom: who }, client as typeof agent);
      assertProblem(refused, 422, "invalid");
      errors.push(JSON.stringify(refused.body.errors));
    }
    assertEquals(new Set(errors).size, 1);
  });
  await t.step(
    "V16 a requester learns of no address whether somebody has it; the help desk does",
    async () => {
      const seen: string[] = [];
      const told: string[] = [];
      for (const email of [stranger.user.email, "nobody@works.example", other.user.email, agent.user.email]) {
        const asked = await ask({ model: "Small", for_whom: email.toUpperCase() });
        assertEquals(asked.status, 201);
        const at = `/tickets/${asked.body.id}`;
        const answers = [
          asked,
          await requester.get(at),
          await requester.get(`${at}/request`),
          await requester.get(`${at}/timeline`),
          await requester.get(`${at}/mentions`),
        ];
        seen.push(
          answers.map(({ text }) => text).join("\n").replaceAll(new RegExp(email, "gi"), "ADDRESS")
            .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID").replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
            .replaceAll(/REQ-\d+|"number":\d+/g, "KEY"),
        );
        told.push(
          (await agent.get(`${at}/request`)).body.request.answered.at(-1).text.replace(email, "ADDRESS"),
        );
      }
      assertEquals(new Set(seen).size, 1);
      assertEquals(told, [
        "Sue Stranger (ADDRESS)",
        "ADDRESS (no account)",
        "ADDRESS (no account)",
        "Ana Agent (ADDRESS)",
      ]);
      const odd = await ask({ model: "Small", for_whom: "<b>@x" });
      assertProblem(odd, 422, "invalid");
      assertEquals(odd.body.errors[0].path, "answers.for_whom");
      const leaver = await admin.invite("REQUESTER", "Lou Leaver");
      const asked = await ask({ model: "Small", for_whom: leaver.user.email });
      const { version } = (await admin.get(`/users/${leaver.user.id}`)).body;
      assertEquals(
        (await admin.patch(`/users/${leaver.user.id}`, { version, active: false })).status,
        200,
      );
      const words = (await agent.get(`/tickets/${asked.body.id}/request`)).body.request.answered.at(-1).text;
      assertEquals(words, `Lou Leaver (${leaver.user.email}), deactivated`);
      const byStaff = await ask({ model: "Small", for_whom: stranger.user.email }, agent);
      assert(byStaff.body.description.endsWith("Sue Stranger"));
    },
  );
  await t.step("a refused request leaves nothing", async () => {
    const left = await added(desk, () => ask({ model: "Small", plan: [UNKNOWN] }));
    assertEquals(left, { audit: 0, events: 0, outbox: 0 });
  });
  await t.step("an archived item is gone for requesters, what was asked stays", async () => {
    const { version } = (await admin.get(path)).body;
    await admin.patch(path, { version, archived: true });
    assertProblem(await ask({ model: "Small" }), 404, "not_found");
    assertProblem(await ask({ model: "Small" }, agent), 404, "not_found");
    assertProblem(await requester.get(path), 404, "not_found");
    assertEquals((await admin.get(path)).body.archived, true);
    const { items } = (await requester.get("/catalog?limit=100")).body;
    assert(items.every((item: { name: string }) => item.name !== "Tablet"));
  });
  await t.step("a ticket of its own has no request", async () => {
    const ticket = await requester.post("/tickets", { title: "x", description: "" });
    assertEquals((await requester.get(`/tickets/${ticket.body.id}/request`)).body, { request: null });
  });
});

Deno.test("categories: siblings in an order of one's own", async () => {
  const make = async (name: string, parentId: string | null = null) =>
    (await admin.post("/categories", { name, parentId })).body.id as string;
  const top = await make("Zebra");
  const [a, b, c] = [await make("Alpha", top), await make("Beta", top), await make("Gamma", top)];
  assertEquals((await admin.put("/categories/order", { parentId: top, ids: [c, a] })).status, 204);
  const rows = await desk.look<{ name: string }>(
    "select name from categories where parent_id = $1 order by position",
    [top],
  );
  assertEquals(rows.map(({ name }) => name), ["Gamma", "Alpha", "Beta"]);
  assertProblem(await admin.put("/categories/order", { parentId: null, ids: [b] }), 422, "invalid");
  assertProblem(await agent.put("/categories/order", { parentId: top, ids: [b] }), 403, "forbidden");
});
