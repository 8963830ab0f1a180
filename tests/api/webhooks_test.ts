import { drainJobs } from "@/tests/helpers/jobs.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Answer } from "@/tests/helpers/client.ts";
import { isGenuine, openReceiver } from "@/tests/helpers/receiver.ts";
import { added, assertProblem, openScene } from "@/tests/helpers/ticket_scene.ts";

const INTRANET = { ALLOW_PRIVATE_WEBHOOKS: "on" };
const paths = ({ body }: Answer) => `/webhook-endpoints/${body.id}`;

Deno.test("webhook endpoints: made, changed, stopped, deleted, one trace each", async (t) => {
  await using scene = await openScene();
  const { desk, admin, other } = scene;
  const made = await admin.post("/webhook-endpoints", {
    url: "https://hooks.example.com/a#part",
    topics: ["ticket.commented", "ticket.created", "ticket.created"],
  });
  const path = paths(made);

  await t.step("the secret is in the answer that makes one, and in no other", async () => {
    assertEquals(made.status, 201);
    assert(/^whsec_[A-Za-z0-9+/]{43}=$/.test(made.body.secret), made.body.secret);
    assertEquals(made.body.url, "https://hooks.example.com/a");
    assertEquals(made.body.topics, ["ticket.created", "ticket.commented"]);
    const read = await admin.get(path);
    assertEquals([read.status, read.body.secret, read.headers.get("etag")], [200, undefined, '"1"']);
    const listed = await admin.get("/webhook-endpoints");
    assertEquals(listed.body.items, [read.body]);
    const kept = await desk.look("select to_jsonb(w)::text as row from webhook_endpoints w");
    assert(!JSON.stringify(kept).includes(made.body.secret.slice(6, 30)));
    const audit = await desk.look("select changes::text from audit_log where action like 'webhook%'");
    assert(!JSON.stringify(audit).includes("whsec_"));
  });

  await t.step("an idempotent repeat gives the same endpoint with its secret", async () => {
    const headers = { "idempotency-key": "hook-1" };
    const body = { url: "https://hooks.example.com/b" };
    const [one, two] = [
      await admin.post("/webhook-endpoints", body, { headers }),
      await admin.post("/webhook-endpoints", body, { headers }),
    ];
    assertEquals(one.body, two.body);
    const [kept] = await desk.look("select body from idempotency_keys where key = 'hook-1'");
    assert(!JSON.stringify(kept).includes("whsec_"));
    assertEquals((await admin.delete(paths(one!))).status, 204);
    assertProblem(await admin.get(paths(one!)), 404, "not_found");
    assertProblem(await admin.delete(paths(one!)), 404, "not_found");
  });

  await t.step("a change names its version, and leaves one trace", async () => {
    assertProblem(await admin.patch(path, { description: "x" }), 428, "version_required");
    const left = await added(desk, async () => {
      const edited = await admin.patch(path, { version: 1, description: "Chat", topics: null });
      assertEquals([edited.status, edited.body.version, edited.body.topics], [200, 2, null]);
    });
    assertEquals(left, { audit: 1, events: 1, outbox: 0 });
    assertProblem(await admin.patch(path, { version: 1, description: "y" }), 409, "stale_version");
    const same = await admin.patch(path, { version: 2, description: "Chat" });
    assertEquals([same.status, same.body.version], [200, 2]);
    const stopped = await admin.patch(path, { version: 2, active: false });
    assertEquals([stopped.body.active, stopped.body.disabledBecause], [false, "admin"]);
    const started = await admin.patch(path, { version: 3, active: true });
    assertEquals([started.body.active, started.body.disabledBecause], [true, null]);
  });

  await t.step("what isn't offered, and what may not be sent to, is refused at the field", async () => {
    for (
      const body of [
        { url: "http://hooks.example.com" },
        { url: "https://user:word@hooks.example.com" },
        { url: "https://10.0.0.1/" },
        { url: "https://[::1]/" },
        { url: "https://localhost/" },
        { url: "nonsense" },
        { url: "https://hooks.example.com:25/" },
        { url: "https://hooks.example.com", topics: ["session.started"] },
        { url: "https://hooks.example.com", topics: [] },
      ]
    ) {
      const answer = await admin.post("/webhook-endpoints", body);
      assertProblem(answer, 422, "invalid");
      assertEquals(answer.body.errors[0].path.split(".")[0], "topics" in body ? "topics" : "url");
    }
    const moved = await admin.patch(path, { version: 4, url: "https://169.254.169.254/latest" });
    assertProblem(moved, 422, "invalid");
  });

  await t.step("another organisation's is not found", async () => {
    assertProblem(await other.get(path), 404, "not_found");
    assertProblem(await other.post(`${path}/test`), 404, "not_found");
  });

  await t.step("there are at most 20", async () => {
    let last: Answer | undefined;
    for (let n = 0; n < 20; n++) {
      last = await admin.post("/webhook-endpoints", { url: `https://hooks.example.com/${n}` });
    }
    assertProblem(last!, 409, "conflict");
    assertEquals((await admin.get("/webhook-endpoints?limit=100")).body.items.length, 20);
  });
});

Deno.test("webhooks: a change is sent signed, as /v1 shows it, once", async (t) => {
  await using scene = await openScene(INTRANET);
  const { desk, admin, agent, requester } = scene;
  await using receiver = openReceiver();
  const made = await admin.post("/webhook-endpoints", { url: receiver.url });
  const { secret } = made.body;
  const path = paths(made);
  const take = async () => {
    await drainJobs(desk.services);
    return receiver.received.splice(0);
  };

  await t.step("a new ticket", async () => {
    const ticket = await requester.post("/tickets", { title: "Printer jäms 🖨", description: "Tray 2" });
    const [message, ...rest] = await take();
    assertEquals(rest, []);
    assert(isGenuine(secret, message!));
    assertEquals(message!.body.type, "ticket.created");
    const { data } = message!.body;
    assertEquals(data.ticket.title, "Printer jäms 🖨");
    assertEquals(
      Object.keys(data.ticket).sort(),
      Object.keys((await admin.get(`/tickets/${ticket.body.id}`)).body).sort(),
    );
    assertEquals([data.entity, data.entityId, data.version], ["ticket", ticket.body.id, 1]);
    assertEquals(data.actor, { id: requester.user.id, name: requester.user.name });
    const [kept] = await desk.look<{ id: string }>("select id from outbox where kind = 'webhook'");
    assertEquals(message!.id, kept!.id);
  });

  await t.step("changed fields before and after, and a comment", async () => {
    const ticket = (await requester.post("/tickets", { title: "Keyboard", description: "" })).body;
    await agent.patch(`/tickets/${ticket.id}`, { version: ticket.version, title: "Keyboard is wet" });
    const said = await requester.post(`/tickets/${ticket.id}/comments`, {
      visibility: "public",
      body: "Tea",
    });
    const messages = await take();
    assertEquals(messages.map(({ body }) => body.type), [
      "ticket.created",
      "ticket.edited",
      "ticket.commented",
    ]);
    assertEquals(messages[1]!.body.data.changes.title, { from: "Keyboard", to: "Keyboard is wet" });
    const { comment } = messages[2]!.body.data;
    assertEquals([comment.id, comment.body, comment.visibility], [said.body.id, "Tea", "public"]);
  });

  await t.step("late messages tell of their own moment, beside the ticket as it is", async () => {
    const { id } = (await requester.post("/tickets", { title: "Grüße 🚒 ñ", description: "first" })).body;
    const at = `/tickets/${id}`;
    await agent.patch(at, { version: 1, title: "second", tags: ["wet"] });
    const said = (await requester.post(`${at}/comments`, { body: "Größe", visibility: "public" })).body;
    await requester.patch(`${at}/comments/${said.id}`, { version: 1, body: "Größe 2" });
    await agent.put(`${at}/assignment`, { version: 2, assigneeId: agent.user.id });
    await agent.patch(at, { version: 3, title: "third", tags: [], impact: "high", urgency: "high" });
    await agent.post(`${at}/transitions`, { version: 4, to: "resolved", note: "Dried" });
    const messages = await take();
    const told = messages.map(({ body: { type, data: { atEvent: { ticket, comment }, ticket: now } } }) => [
      type,
      ticket.title,
      ticket.tags.join(),
      ticket.priority,
      ticket.assignee?.id ?? null,
      ticket.status,
      comment?.body ?? null,
      `${now.title} ${now.status}`,
    ]);
    const me = agent.user.id;
    const { priority } = (await agent.get(at)).body;
    assertEquals(told, [
      ["ticket.created", "Grüße 🚒 ñ", "", "medium", null, "new", null, "third resolved"],
      ["ticket.edited", "second", "wet", "medium", null, "new", null, "third resolved"],
      ["ticket.commented", "second", "wet", "medium", null, "new", "Größe", "third resolved"],
      ["ticket.comment_edited", "second", "wet", "medium", null, "new", "Größe 2", "third resolved"],
      ["ticket.assigned", "second", "wet", "medium", me, told[4]?.[5], null, "third resolved"],
      ["ticket.edited", "third", "", priority, me, told[4]?.[5], null, "third resolved"],
      ["ticket.transitioned", "third", "", priority, me, "resolved", null, "third resolved"],
    ]);
    assert(priority !== "medium");
    assert(messages.every((message) => isGenuine(secret, message)));
    assertEquals(new Set(messages.map(({ id }) => id)).size, messages.length);
  });

  await t.step("internal notes go only where they are wanted", async () => {
    const ticket = (await requester.post("/tickets", { title: "Mouse", description: "" })).body;
    await take();
    const note = { body: "Budget is 40", visibility: "internal" };
    await agent.post(`/tickets/${ticket.id}/comments`, note);
    assertEquals(await take(), []);
    const { version } = (await admin.get(path)).body;
    await admin.patch(path, { version, includeInternal: true });
    await agent.post(`/tickets/${ticket.id}/comments`, note);
    await admin.patch(path, { version: version + 1, includeInternal: false });
    // Waits for it already, and isn't wanted any more.
    assertEquals(await take(), []);
    await admin.patch(path, { version: version + 2, includeInternal: true });
    await agent.post(`/tickets/${ticket.id}/comments`, note);
    const [message] = await take();
    assertEquals([message!.body.data.internal, message!.body.data.comment.body], [true, "Budget is 40"]);
    await admin.patch(path, { version: version + 3, includeInternal: false });
  });

  await t.step("the filter holds the rest back; a stopped endpoint gets nothing", async () => {
    const { version } = (await admin.get(path)).body;
    await admin.patch(path, { version, topics: ["ticket.created"] });
    const ticket = (await requester.post("/tickets", { title: "Screen", description: "" })).body;
    await requester.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Black" });
    assertEquals((await take()).map(({ body }) => body.type), ["ticket.created"]);
    await admin.patch(path, { version: version + 1, active: false });
    await requester.post("/tickets", { title: "Again", description: "" });
    assertEquals(await take(), []);
    await admin.patch(path, { version: version + 2, active: true, topics: null });
  });

  await t.step(
    "CHK-09 nobody is told of another organisation, nor of an internal note by a later message",
    async () => {
      const { other } = scene;
      const ticket = (await requester.post("/tickets", { title: "Desk", description: "" })).body;
      await agent.post(`/tickets/${ticket.id}/comments`, { body: "zzcanaryzz", visibility: "internal" });
      await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Hello" });
      await agent.patch(`/tickets/${ticket.id}`, { version: ticket.version, title: "Desk is low" });
      const theirs = (await other.post("/tickets", { title: "zzcanaryzz", description: "" })).body;
      await other.post(`/tickets/${theirs.id}/comments`, { visibility: "public", body: "zzcanaryzz" });
      await other.post("/webhook-endpoints", { url: `${receiver.url}/theirs` });
      await other.post(`/tickets/${theirs.id}/comments`, { visibility: "public", body: "zzcanaryzz" });
      const messages = await take();
      const [ours, foreign] = [true, false].map((own) =>
        messages.filter(({ path }) => !path.includes("theirs") === own)
      );
      assertEquals(ours!.map(({ body }) => body.type), [
        "ticket.created",
        "ticket.commented",
        "ticket.edited",
      ]);
      assert(!JSON.stringify(ours).includes("zzcanaryzz"));
      assertEquals(foreign!.map(({ body }) => body.data.organisation.slug), ["other-works"]);
    },
  );

  await t.step("what is rolled back is never sent", async () => {
    const ticket = (await requester.post("/tickets", { title: "Lamp", description: "" })).body;
    await take();
    const refused = await agent.patch(`/tickets/${ticket.id}`, { version: 9, title: "x" });
    assertEquals(refused.status, 409);
    assertEquals(await take(), []);
  });

  await t.step("a rotated secret signs beside the one before for a day, or alone at once", async () => {
    const { version } = (await admin.get(path)).body;
    assertProblem(await admin.post(`${path}/rotate-secret`, { version: 1 }), 409, "stale_version");
    const second = (await admin.post(`${path}/rotate-secret`, { version })).body;
    assert(second.secret !== secret && second.overlapUntil !== null);
    await admin.post(`${path}/test`);
    const [both] = await take();
    assertEquals([isGenuine(secret, both!), isGenuine(second.secret, both!)], [true, true]);
    await desk.look("update webhook_endpoints set overlap_until = now() - interval '1 second'");
    await admin.post(`${path}/test`);
    const [later] = await take();
    assertEquals([isGenuine(secret, later!), isGenuine(second.secret, later!)], [false, true]);
    const third = (await admin.post(`${path}/rotate-secret`, { version: version + 1, overlap: false })).body;
    await admin.post(`${path}/test`);
    const [alone] = await take();
    assertEquals([isGenuine(second.secret, alone!), isGenuine(third.secret, alone!)], [false, true]);
  });
});
