import { NOTIFICATION_KINDS } from "@/domain/notifications/kinds.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import { assertProblem, openScene, raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

Deno.test("notifications are listed, latest first, and read one by one or all at once", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, stranger, other } = scene;
  const ticket = await raise(requester);
  for (const body of ["First", "Second **bold**", "Third"]) {
    await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body });
  }
  const list = async (query = "") => (await requester.get(`/notifications${query}`)).body;

  await t.step("with ticket, actor, comment and where it leads", async () => {
    const { items, nextCursor, unread } = await list();
    assertEquals([items.length, nextCursor, unread], [3, null, { count: 3, capped: false }]);
    const [{ id, commentId, createdAt, ...item }] = items;
    assert(commentId !== null && createdAt > ticket.createdAt);
    assertEquals(item, {
      kind: "comment_added",
      message: "Ana Agent replied",
      ticket: { id: ticket.id, key: ticket.key, title: ticket.title },
      actor: { id: agent.user.id, name: "Ana Agent" },
      excerpt: "Third",
      internal: false,
      path: `/notifications/${id}`,
      readAt: null,
    });
    assertEquals((await agent.get("/notifications")).body, {
      items: [],
      nextCursor: null,
      unread: { count: 0, capped: false },
    });
  });

  await t.step("page by page, each once", async () => {
    const found: string[] = [];
    for (let query = "?limit=1";;) {
      const { items, nextCursor } = await list(query);
      found.push(...items.map(({ id }: { id: string }) => id));
      if (nextCursor === null) break;
      query = `?limit=1&cursor=${nextCursor}`;
    }
    assertEquals(found, (await list()).items.map(({ id }: { id: string }) => id));
    assertProblem(await requester.get("/notifications?cursor=AAAA.BBBB"), 422, "invalid");
  });

  await t.step("by id, twice the same; the unread ones are a list of their own", async () => {
    const [first] = (await list()).items;
    for (let i = 0; i < 2; i++) {
      const answer = await requester.post("/notifications/read", { ids: [first.id, first.id] });
      assertEquals([answer.status, answer.body], [200, { unread: { count: 2, capped: false } }]);
    }
    const { readAt } = (await list()).items[0];
    assert(readAt !== null);
    assertEquals((await list("?unread=true")).items.length, 2);
  });

  await t.step("CHK-08 a foreign id is refused like an unknown one, and nothing is read", async () => {
    const [, mine] = (await list()).items;
    await raise(admin, { requesterId: stranger.user.id });
    const theirs = (await stranger.get("/notifications")).body.items[0].id;
    const foreign = await requester.post("/notifications/read", { ids: [mine.id, theirs] });
    const unknown = await requester.post("/notifications/read", { ids: [mine.id, UNKNOWN] });
    assertEquals([foreign.status, unknown.status], [422, 422]);
    assertEquals(foreign.body.errors, unknown.body.errors);
    assertEquals((await other.post("/notifications/read", { ids: [mine.id] })).status, 422);
    assertEquals((await list()).unread.count, 2);
    assertEquals((await stranger.get("/notifications")).body.unread.count, 1);
  });

  await t.step("all, or all that were there by a time", async () => {
    const { items } = await list();
    const before = items[1].createdAt;
    await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Fourth" });
    const some = await requester.post("/notifications/read", { all: true, before });
    assertEquals(some.body.unread.count, 1);
    assertEquals((await requester.post("/notifications/read", { all: true })).body.unread.count, 0);
    for (const body of [{}, { ids: [] }, { all: false }, { all: true, ids: [items[0].id] }, { ids: ["x"] }]) {
      assertProblem(await requester.post("/notifications/read", body), 422, "invalid");
    }
    assertEquals((await stranger.get("/notifications")).body.unread.count, 1);
  });

  await t.step("unread stops at 99", async () => {
    await desk.look(
      `insert into notifications (tenant_id, user_id, kind, ticket_id)
        select tenant_id, requester_id, 'ticket_moved', id from tickets, generate_series(1, 120) where id = $1`,
      [ticket.id],
    );
    assertEquals((await list("?limit=1")).unread, { count: 99, capped: true });
  });
});

Deno.test("notifications of what somebody may not see any more are gone from list and count", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester } = scene;
  const ticket = await raise(requester);
  await admin.put(`/tickets/${ticket.id}/assignment`, { version: 1, assigneeId: agent.user.id });
  await admin.post(`/tickets/${ticket.id}/comments`, { body: "the canary sings", visibility: "internal" });
  assertEquals((await agent.get("/notifications")).body.unread.count, 2);

  await t.step("CHK-09 internal notes, once a person is no staff any more", async () => {
    assert((await agent.get("/notifications")).text.includes("canary"));
    const { body: { version } } = await admin.get(`/users/${agent.user.id}`);
    await admin.patch(`/users/${agent.user.id}`, { version, role: "REQUESTER" });
    await admin.put(`/tickets/${ticket.id}/watchers/${agent.user.id}`);
    const answer = await agent.get("/notifications");
    assertEquals([answer.body.items.length, answer.body.unread.count], [1, 1]);
    assert(!answer.text.includes("canary"));
  });

  await t.step("tickets that they don't see any more", async () => {
    await desk.look("delete from ticket_participants where user_id = $1", [agent.user.id]);
    const { body } = await agent.get("/notifications");
    assertEquals([body.items, body.unread.count], [[], 0]);
  });
});

Deno.test("notifications: who is mentioned is told so, once, and who can't see the ticket isn't", async () => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, stranger } = scene;
  const ticket = await raise(requester);
  await admin.put(`/tickets/${ticket.id}/assignment`, { version: 1, assigneeId: agent.user.id });
  await desk.look("delete from notifications");
  const body = "@Ana Agent and @Rob Requester, see what @Sue Stranger says";
  assertEquals(
    (await admin.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body })).status,
    201,
  );
  const kinds = async () =>
    await desk.look(
      "select u.name, n.kind from notifications n join users u on u.id = n.user_id order by 1",
    );
  assertEquals(await kinds(), [
    { name: "Ana Agent", kind: "mentioned" },
    { name: "Rob Requester", kind: "mentioned" },
  ]);
  assertEquals((await requester.get("/notifications")).body.items[0].message, "Ada Admin mentioned you");
  assertEquals((await stranger.get("/notifications")).body.items, []);
  await desk.look("delete from notifications");
  await admin.post(`/tickets/${ticket.id}/comments`, { body, visibility: "internal" });
  assertEquals(await kinds(), [{ name: "Ana Agent", kind: "mentioned" }]);
});

Deno.test("notifications: a comment that was merged into another ticket is found there", async () => {
  const { PageClient } = await import("@/tests/helpers/browser_client.ts");
  await using scene = await openScene();
  const { agent, requester } = scene;
  const [one, two] = [await raise(requester), await raise(requester)];
  const { id } =
    (await agent.post(`/tickets/${one.id}/comments`, { visibility: "public", body: "Which tray?" })).body;
  const { path } = (await requester.get("/notifications")).body.items[0];
  const { version } = (await agent.get(`/tickets/${one.id}`)).body;
  const merged = await agent.post(`/tickets/${one.id}/merge`, { into: two.key, version });
  assert(merged.status < 300, merged.text);
  const browser = await PageClient.signedIn(requester);
  assertEquals((await browser.get(path)).location, `/tickets/${two.key}?comment=${id}#comment-${id}`);
});

Deno.test("V9 a comment that was merged out of sight is in no notification, and its mail stays here", async () => {
  const { PageClient } = await import("@/tests/helpers/browser_client.ts");
  await using scene = await openScene();
  const { desk, agent, requester, stranger } = scene;
  const [one, two] = [await raise(stranger), await raise(requester)];
  const path = `/tickets/${one.id}/comments`;
  const { id } = (await agent.post(path, { body: "Which tray?", visibility: "public" })).body;
  const { version } = (await agent.get(`/tickets/${one.id}`)).body;
  await agent.post(`/tickets/${one.id}/merge`, { into: two.key, version });
  await agent.patch(`/tickets/${two.id}/comments/${id}`, { version: 1, body: "Rob's tray?" });
  const [notice] = (await stranger.get("/notifications")).body.items.filter(
    ({ kind }: { kind: string }) => kind === "comment_added",
  );
  assertEquals([notice.ticket.key, notice.commentId, notice.excerpt], [one.key, null, ""]);
  const browser = await PageClient.signedIn(stranger);
  assertEquals((await browser.get(notice.path)).location, `/tickets/${one.key}`);
  await drainJobs(desk.services);
  const [mail] = await desk.look(
    "select last_error from jobs join outbox using (tenant_id, id) where recipient = $1 and template = $2",
    [stranger.user.email, "comment_added"],
  );
  assertEquals(mail, { last_error: "Not sent: the recipient can no longer see the ticket or comment" });
});

Deno.test("notifications: the count is right when many comment and read at once", async () => {
  await using scene = await openScene();
  const { desk, agent, requester } = scene;
  const tickets = await Promise.all(Array.from({ length: 8 }, () => raise(requester)));
  await desk.look("delete from notifications");
  const storm = tickets.flatMap(({ id }) =>
    Array.from(
      { length: 5 },
      (_, i) => agent.post(`/tickets/${id}/comments`, { visibility: "public", body: `Reply ${i}` }),
    )
  );
  const reads = Array.from({ length: 10 }, () => requester.post("/notifications/read", { all: true }));
  const answers = await Promise.all([...storm, ...reads]);
  assertEquals(answers.filter(({ status }) => status >= 400).length, 0);
  const [row] = await desk.look<{ all: number; unread: number }>(
    `select count(*) as all, count(*) filter (where read_at is null) as unread from notifications`,
  );
  assertEquals(row!.all, 40);
  assertEquals((await requester.get("/notifications")).body.unread.count, row!.unread);
  const left = (await requester.get("/notifications?unread=true&limit=100")).body.items;
  assertEquals(left.length, row!.unread);
});

Deno.test("every kind of notification has a sentence of its own", async () => {
  const { notificationText } = await import("@/domain/notifications/wording.ts");
  const facts = { commentId: UNKNOWN, to: "open", metric: "resolution", percent: 90, rating: 4 } as const;
  const sentences = NOTIFICATION_KINDS.map((kind) => notificationText(kind, facts, "Ana"));
  assertEquals(new Set(sentences).size, NOTIFICATION_KINDS.length);
});
