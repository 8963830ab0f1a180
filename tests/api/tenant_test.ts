import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { added, assertProblem, openScene, put, raise } from "@/tests/helpers/ticket_scene.ts";

Deno.test("the organisation's settings", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, other, queue } = scene;
  const read = async () => (await admin.get("/tenant")).body;
  const change = async (fields: Record<string, unknown>) => {
    const answer = await admin.patch("/tenant", { version: (await read()).version, ...fields });
    assertEquals([answer.status, answer.text.slice(0, 1)], [200, "{"]);
    return answer.body;
  };

  await t.step("are read and changed by version, with one trace of what differs", async () => {
    const answer = await admin.get("/tenant");
    assertEquals([answer.status, answer.headers.get("etag")], [200, '"1"']);
    const { id, createdAt, updatedAt, defaultQueueId, ...rest } = answer.body;
    assertEquals([id, createdAt], [admin.tenant.id, updatedAt]);
    assertEquals((await admin.get(`/queues/${defaultQueueId}`)).body.name, "Service desk");
    assertEquals(rest, {
      slug: admin.tenant.slug,
      name: "Harbour Works",
      agentsSeeAll: true,
      reopenDays: 14,
      autoCloseDays: 5,
      commentEditMinutes: 15,
      attachmentQuotaMib: null,
      inboundUnknown: "reject",
      locale: "en",
      timeZone: "UTC",
      version: 1,
    });
    const left = await added(desk, async () => {
      const changed = await admin.patch("/tenant", { version: 1, name: "Harbour & Sons", autoCloseDays: 0 });
      assertEquals([changed.status, changed.body.name, changed.body.version], [200, "Harbour & Sons", 2]);
      assertEquals((await admin.patch("/tenant", { version: 2, autoCloseDays: 0 })).body.version, 2);
    });
    assertEquals(left, { audit: 1, events: 1, outbox: 0 });
    const [row] = await desk.look("select changes from audit_log where action = 'tenant.settings_changed'");
    assertEquals(row!.changes, {
      name: { from: "Harbour Works", to: "Harbour & Sons" },
      autoCloseDays: { from: 5, to: 0 },
    });
    const stale = await admin.patch("/tenant", { version: 1, name: "Lost" });
    assertProblem(stale, 409, "stale_version");
    assertEquals(stale.body.current.name, "Harbour & Sons");
    assertProblem(await admin.patch("/tenant", { name: "Lost" }), 428, "version_required");
    assertProblem(
      await admin.patch("/tenant", { name: "Lost" }, { headers: { "if-match": '"1"' } }),
      412,
      "precondition_failed",
    );
    assertEquals((await other.get("/tenant")).body.name, "Other Works");
  });

  await t.step("CHK-12 the slug and what isn't a setting stay", async () => {
    const before = await read();
    await admin.patch("/tenant", {
      version: before.version,
      slug: "elsewhere",
      id: other.tenant.id,
      createdAt: "x",
    });
    assertEquals(await read(), before);
  });

  for (
    const bad of [
      { name: "" },
      { name: "x".repeat(121) },
      { reopenDays: -1 },
      { reopenDays: 366 },
      { reopenDays: 1.5 },
      { reopenDays: "" },
      { autoCloseDays: "soon" },
      { commentEditMinutes: 10_081 },
      { attachmentQuotaMib: -1 },
      { locale: "no such" },
      { timeZone: "Mars/Olympus" },
      { agentsSeeAll: "maybe" },
    ]
  ) {
    await t.step(`refuses ${JSON.stringify(bad).slice(0, 60)}`, async () => {
      const before = await read();
      const answer = await admin.patch("/tenant", { version: before.version, ...bad });
      assertProblem(answer, 422, "invalid");
      assertEquals(answer.body.errors[0].path, Object.keys(bad)[0]);
      assertEquals(await read(), before);
    });
  }

  await t.step(
    "agentsSeeAll: from the next request on, agents see their queues' tickets or all",
    async () => {
      const hidden = await raise(requester, {});
      await admin.put(`/tickets/${hidden.id}/assignment`, { version: 1, assigneeId: null, queueId: queue });
      assertEquals((await agent.get(`/tickets/${hidden.id}`)).status, 200);
      await change({ agentsSeeAll: false });
      assertEquals((await agent.get(`/tickets/${hidden.id}`)).status, 404);
      await change({ agentsSeeAll: true });
      assertEquals((await agent.get(`/tickets/${hidden.id}`)).status, 200);
    },
  );

  await t.step("reopenDays: from the next request on, a closed ticket opens again or doesn't", async () => {
    const closed = await raise(requester);
    const version = await put(desk, closed.id, "closed", 3);
    await change({ reopenDays: 2 });
    const move = { version, to: "open" };
    assertEquals((await requester.post(`/tickets/${closed.id}/transitions`, move)).status, 403);
    await change({ reopenDays: 4 });
    assertEquals((await requester.post(`/tickets/${closed.id}/transitions`, move)).status, 200);
  });

  await t.step("commentEditMinutes: from the next request on, a comment can be mended or can't", async () => {
    const ticket = await raise(requester);
    const comment =
      (await requester.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Helo" })).body;
    const path = `/tickets/${ticket.id}/comments/${comment.id}`;
    await change({ commentEditMinutes: 0 });
    assertEquals((await requester.patch(path, { version: 1, body: "Hello" })).status, 403);
    await change({ commentEditMinutes: 60 });
    assertEquals((await requester.patch(path, { version: 1, body: "Hello" })).status, 200);
  });

  await t.step(
    "attachmentQuotaMib: from the next request on, files are taken or not; null is the installation's",
    async () => {
      const ticket = await raise(requester);
      const upload = () =>
        requester.upload(`/tickets/${ticket.id}/attachments`, [{ name: "note.txt", content: "Hello" }]);
      await change({ attachmentQuotaMib: 0 });
      assertEquals((await upload()).status, 413);
      await change({ attachmentQuotaMib: null });
      assertEquals((await upload()).status, 201);
    },
  );

  await t.step("locale and time zone are what people who join start with", async () => {
    await change({ locale: "de-AT", timeZone: "Europe/Vienna" });
    const joined = (await (await admin.invite("AGENT", "Nia New")).get("/me")).body;
    assertEquals([joined.locale, joined.timeZone], ["de-AT", "Europe/Vienna"]);
    assertEquals((await agent.get("/me")).body.locale, "en");
  });

  await t.step("the name is everywhere from the next request on", async () => {
    await change({ name: "New Name" });
    assertEquals((await agent.get("/me")).body.tenant.name, "New Name");
  });

  await t.step("only for admins", async () => {
    const manager = await admin.invite("MANAGER", "Mia Manager");
    for (const client of [manager, agent, requester]) {
      assertProblem(await client.get("/tenant"), 403, "forbidden");
      assertProblem(await client.patch("/tenant", { version: 1, name: "Mine" }), 403, "forbidden");
    }
    assert((await read()).name === "New Name");
  });
});
