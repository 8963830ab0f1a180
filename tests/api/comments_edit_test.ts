import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { added, assertProblem, openScene, raise } from "@/tests/helpers/ticket_scene.ts";

Deno.test("comments: mending what was said", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester } = scene;
  const ticket = await raise(requester);
  const said =
    (await requester.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Tray 2" })).body;
  const path = `/tickets/${ticket.key}/comments/${said.id}`;

  await t.step("one trace, no mail, a new version, and the ticket's own version stays", async () => {
    const left = await added(desk, async () => {
      const answer = await requester.patch(path, { body: "Tray 3", version: 1 });
      assertEquals([answer.status, answer.body.body, answer.body.version, answer.headers.get("etag")], [
        200,
        "Tray 3",
        2,
        '"2"',
      ]);
      assert(answer.body.editedAt >= said.createdAt);
    });
    assertEquals(left, { audit: 1, events: 1, outbox: 0 });
    assertEquals((await agent.get(`/tickets/${ticket.id}`)).body.version, ticket.version);
    const entry = (await agent.get(`/tickets/${ticket.id}/timeline`)).body.items.at(-1);
    assertEquals([entry.action, entry.changes], ["ticket.comment_edited", {
      commentId: said.id,
      visibility: "public",
    }]);
  });

  await t.step("the same text changes nothing", async () => {
    const left = await added(desk, async () => {
      assertEquals((await requester.patch(path, { body: "Tray 3", version: 2 })).body.version, 2);
    });
    assertEquals(left.audit, 0);
  });

  await t.step("its base is named, and a stale one is refused with the comment as it is", async () => {
    assertProblem(await requester.patch(path, { body: "x" }), 428, "version_required");
    const stale = await requester.patch(path, { body: "x", version: 1 });
    assertProblem(stale, 409, "stale_version");
    assertEquals(stale.body.current.body, "Tray 3");
    const byHeader = await requester.patch(path, { body: "x" }, { headers: { "if-match": '"1"' } });
    assertProblem(byHeader, 412, "precondition_failed");
  });

  await t.step("REL-17 of 20 edits of one version exactly one is done", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => requester.patch(path, { body: `Tray ${i + 10}`, version: 2 })),
    );
    assertEquals(answers.filter(({ status }) => status === 200).length, 1);
    assertEquals(answers.filter(({ status }) => status === 409).length, 19);
  });

  await t.step("every text is kept, the latest first, for staff and who wrote it", async () => {
    const texts = async (client: typeof agent) =>
      (await client.get(`${path}/history`)).body.items.map(({ version, body }: Record<string, unknown>) => [
        version,
        body,
      ]);
    const all = await texts(requester);
    assertEquals(all.slice(1), [[2, "Tray 3"], [1, "Tray 2"]]);
    assertEquals(await texts(agent), all);
    const mine =
      (await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Hello" })).body;
    const history = await requester.get(`/tickets/${ticket.id}/comments/${mine.id}/history`);
    assertProblem(history, 403, "forbidden");
  });

  await t.step("nobody mends what another said", async () => {
    for (const client of [agent, admin]) {
      assertProblem(await client.patch(path, { body: "x", version: 3 }), 403, "forbidden");
    }
    assertProblem(await scene.stranger.patch(path, { body: "x", version: 3 }), 404, "not_found");
    assertProblem(await scene.other.patch(path, { body: "x", version: 3 }), 404, "not_found");
  });

  for (const [name, body] of [["empty", " "], ["too long", "x".repeat(65_537)], ["with NUL", "a\0"]]) {
    await t.step(`refuses a text that is ${name}`, async () => {
      assertProblem(await requester.patch(path, { body, version: 3 }), 422, "invalid");
    });
  }

  await t.step("after 15 minutes it is over", async () => {
    await desk.look("update comments set created_at = now() - interval '14:59' minute to second");
    const { editableUntil } = (await requester.get(path)).body;
    assert(editableUntil !== null);
    assertEquals((await agent.get(path)).body.editableUntil, null);
    assertEquals((await requester.patch(path, { body: "In time", version: 3 })).status, 200);
    await desk.look("update comments set created_at = now() - interval '15:01' minute to second");
    assertProblem(await requester.patch(path, { body: "Late", version: 4 }), 403, "forbidden");
    assertEquals((await requester.get(path)).body.editableUntil, null);
  });
});

Deno.test("comments: an internal note and its versions never reach a requester", async () => {
  await using scene = await openScene();
  const { agent, requester } = scene;
  const ticket = await raise(requester);
  const before = (await requester.get("/tickets?sort=-updated")).text;
  const note =
    (await agent.post(`/tickets/${ticket.id}/comments`, { body: "canary 1", visibility: "internal" })).body;
  const path = `/tickets/${ticket.id}/comments/${note.id}`;
  assertEquals((await agent.patch(path, { body: "canary 2", version: 1 })).status, 200);
  for (const end of ["", "/history"]) assertProblem(await requester.get(path + end), 404, "not_found");
  assertProblem(await requester.patch(path, { body: "x", version: 2 }), 404, "not_found");
  for (const end of ["/timeline", "/comments", "?include=comments"]) {
    const answer = await requester.get(`/tickets/${ticket.id}${end}`);
    assert(answer.status === 200 && !/canary|internal|edited"/.test(answer.text), answer.text);
  }
  assertEquals((await requester.get("/tickets?sort=-updated")).text, before);
});

Deno.test("comments: after 50 edits it stays as it is", async () => {
  await using scene = await openScene();
  const { agent, requester } = scene;
  const ticket = await raise(requester);
  const said = (await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "0" })).body;
  const path = `/tickets/${ticket.id}/comments/${said.id}`;
  for (let version = 1; version <= 50; version++) {
    assertEquals((await agent.patch(path, { body: String(version), version })).status, 200);
  }
  assertProblem(await agent.patch(path, { body: "more", version: 51 }), 409, "conflict");
  assertEquals((await agent.get(`${path}/history`)).body.items.length, 51);
});
