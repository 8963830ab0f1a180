import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { added, assertProblem, openScene } from "@/tests/helpers/ticket_scene.ts";

Deno.test("canned replies: the desk's and one's own", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, other } = scene;
  const emi = await admin.invite("AGENT", "Emi Tanaka");
  const make = async (client: typeof agent, fields: Record<string, unknown>) =>
    await client.post("/canned-replies", { title: "Greeting", body: "Hello {{requester.name}}", ...fields });
  const titles = async (client: typeof agent, query = "") =>
    (await client.get(`/canned-replies${query}`)).body.items.map(({ title }: { title: string }) => title);

  const shared = (await make(admin, { shared: true })).body;
  await t.step("one is made with one trace, and read where it says", async () => {
    const left = await added(desk, async () => {
      const answer = await make(agent, { title: "Mine" });
      assertEquals(answer.status, 201);
      assertEquals((await agent.get(answer.headers.get("location")!.slice(3))).body, answer.body);
      assertEquals([answer.body.shared, answer.body.version, answer.body.archived], [false, 1, false]);
    });
    assertEquals(left, { audit: 1, events: 1, outbox: 0 });
  });

  await t.step("one's own is nobody else's, not even an admin's", async () => {
    const [, mine] = (await agent.get("/canned-replies")).body.items;
    assertEquals(await titles(agent), ["Greeting", "Mine"]);
    assertEquals(await titles(emi), ["Greeting"]);
    for (const client of [emi, admin, other]) {
      assertProblem(await client.get(`/canned-replies/${mine.id}`), 404, "not_found");
      assertProblem(
        await client.patch(`/canned-replies/${mine.id}`, { version: 1, title: "x" }),
        404,
        "not_found",
      );
    }
    assertEquals((await make(emi, { title: "Mine" })).status, 201);
    assertProblem(await requester.get("/canned-replies"), 403, "forbidden");
  });

  await t.step("the desk's are kept by managers", async () => {
    assertProblem(await make(agent, { title: "Other", shared: true }), 403, "forbidden");
    const refused = await agent.patch(`/canned-replies/${shared.id}`, { version: 1, title: "x" });
    assertProblem(refused, 403, "forbidden");
    const answer = await admin.patch(`/canned-replies/${shared.id}`, {
      version: 1,
      title: "Welcome",
      body: "Hi",
    });
    assertEquals([answer.status, answer.body.version, answer.body.body], [200, 2, "Hi"]);
    const stale = await admin.patch(`/canned-replies/${shared.id}`, { version: 1, title: "x" });
    assertProblem(stale, 409, "stale_version");
    assertEquals(stale.body.current.title, "Welcome");
  });

  await t.step(
    "a title is taken once by each, in any case, until the one that has it is archived",
    async () => {
      const taken = await make(agent, { title: "MINE" });
      assertProblem(taken, 409, "conflict");
      assertEquals(taken.body.errors, [{
        path: "title",
        code: "taken",
        message: "This title is already in use",
      }]);
      const [mine] = (await agent.get("/canned-replies?q=mine")).body.items;
      const answer = await agent.patch(`/canned-replies/${mine.id}`, { version: 1, archived: true });
      assertEquals(answer.body.archived, true);
      assertEquals(await titles(agent), ["Welcome"]);
      assertEquals(await titles(agent, "?archived=true"), ["Mine", "Welcome"]);
      const again = await make(agent, { title: "mine" });
      assertEquals(again.status, 201);
      assertProblem(
        await agent.patch(`/canned-replies/${mine.id}`, { version: 2, archived: false }),
        409,
        "conflict",
      );
    },
  );

  await t.step("a word finds them by title and text, and pages follow each other", async () => {
    await Promise.all(["b", "a", "c"].map((title) => make(admin, { title, body: "Restart the router" })));
    assertEquals(await titles(admin, "?q=ROUTER"), ["a", "b", "c"]);
    const found: string[] = [];
    for (let cursor = "";;) {
      const { body } = await admin.get(`/canned-replies?limit=1${cursor && `&cursor=${cursor}`}`);
      found.push(...body.items.map(({ title }: { title: string }) => title));
      if (body.nextCursor === null) break;
      cursor = body.nextCursor;
    }
    assertEquals(found, ["a", "b", "c", "Welcome"]);
  });

  const wrong: [string, Record<string, unknown>, string][] = [
    ["no title", { title: "" }, "title"],
    ["a title over 120", { title: "x".repeat(121) }, "title"],
    ["no text", { body: " " }, "body"],
    ["a text over 64 KiB", { body: "x".repeat(65_537) }, "body"],
    ["a shared that is no boolean", { shared: "maybe" }, "shared"],
  ];
  for (const [name, fields, path] of wrong) {
    await t.step(`refuses ${name}`, async () => {
      const answer = await make(agent, fields);
      assertProblem(answer, 422, "invalid");
      assertEquals(answer.body.errors[0].path, path);
    });
  }

  await t.step("CHK-12 id and version in the body change nothing, an owner is refused", async () => {
    const { body } = await make(agent, { title: "Owned", id: shared.id, version: 9 });
    assert(body.id !== shared.id && body.version === 1 && !body.shared);
    const refused = await make(agent, { title: "Given", ownerId: emi.user.id });
    assertProblem(refused, 422, "invalid");
    assertEquals(refused.body.errors[0].path, "ownerId");
    assert(!(await titles(emi)).includes("Owned"));
  });
});
