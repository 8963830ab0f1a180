import { actAsUser } from "@/domain/cx.ts";
import { getTicketWithComments } from "@/domain/comments/list.ts";
import { accessClaim } from "@/domain/auth/access_tokens.ts";
import { assert, assertEquals, assertRejects } from "@/tests/helpers/assert.ts";
import { added, assertProblem, openScene, put, raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

Deno.test("comments: saying something", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester } = scene;
  const ticket = await raise(requester);
  const path = `/tickets/${ticket.id}/comments`;
  await agent.put(`/tickets/${ticket.id}/assignment`, { version: 1, assigneeId: admin.user.id });

  await t.step(
    "an agent's reply: 201, one trace, a mail to everyone else, and the ticket stays where it is",
    async () => {
      let commentId = "";
      const left = await added(desk, async () => {
        const answer = await agent.post(path, {
          visibility: "public",
          body: "Which **tray**?\r\nLeft or right",
        });
        assertEquals([answer.status, answer.type, answer.headers.get("location")], [
          201,
          "application/json",
          `/v1/tickets/${ticket.id}/comments/${answer.body.id}`,
        ]);
        const { id, createdAt, editableUntil, ...rest } = answer.body;
        commentId = id;
        assert(id !== UNKNOWN && createdAt > ticket.createdAt);
        assertEquals(Date.parse(editableUntil) - Date.parse(createdAt), 15 * 60_000);
        assertEquals(rest, {
          author: { id: agent.user.id, name: "Ana Agent", email: agent.user.email },
          visibility: "public",
          body: "Which **tray**?\nLeft or right",
          mentions: [],
          unreached: [],
          followUp: null,
          via: null,
          quoted: null,
          version: 1,
          editedAt: null,
        });
      });
      assertEquals(left, { audit: 1, events: 1, outbox: 2 });
      const after = (await agent.get(`/tickets/${ticket.id}`)).body;
      assertEquals([after.status, after.version], ["new", 2]);
      assert(after.updatedAt > ticket.updatedAt);
      const mails = await desk.look(
        "select recipient, payload from outbox where template = 'comment_added' order by 1",
      );
      assertEquals(mails.map(({ recipient }) => recipient), [admin.user.email, requester.user.email].sort());
      assertEquals(mails[0]!.payload, {
        key: ticket.key,
        ticketId: ticket.id,
        title: ticket.title,
        actorName: "Ana Agent",
        excerpt: "Which **tray**? Left or right",
        commentId,
      });
    },
  );

  await t.step(
    "an internal note never reaches a requester: not by API, mail, timeline or event",
    async () => {
      const secret = "the canary sings";
      const left = await added(desk, async () => {
        assertEquals(
          (await agent.post(path, { body: secret, visibility: "internal" })).body.visibility,
          "internal",
        );
      });
      assertEquals(left, { audit: 1, events: 1, outbox: 1 });
      const [mail] = await desk.look("select recipient from outbox where payload->>'excerpt' = $1", [secret]);
      assertEquals(mail!.recipient, admin.user.email);
      const seen = await Promise.all(
        ["", "?include=comments", "/comments", "/timeline"].map((end) =>
          requester.get(`/tickets/${ticket.id}${end}`)
        ),
      );
      for (const answer of seen) {
        assertEquals(answer.status, 200);
        assert(!answer.text.includes(secret) && !answer.text.includes('"internal"'), answer.text);
      }
      assertEquals(seen[2]!.body.items.length, 1);
      const staff = (await admin.get(path)).body.items;
      assertEquals(staff.map(({ visibility }: { visibility: string }) => visibility), ["public", "internal"]);
      assertEquals((await admin.get(`/tickets/${ticket.id}/timeline`)).body.items.length, 4);
      assertEquals(seen[3]!.body.items.length, 3);
      const [event] = await desk.look("select internal from events order by xid desc, id desc limit 1");
      assertEquals(event!.internal, true);
    },
  );

  await t.step("a requester writes no internal note", async () => {
    const left = await added(desk, async () => {
      assertProblem(await requester.post(path, { body: "psst", visibility: "internal" }), 403, "forbidden");
    });
    assertEquals(left, { audit: 0, events: 0, outbox: 0 });
  });

  const wrong: [string, unknown, string][] = [
    ["no body", {}, "body"],
    ["an empty body", { body: "" }, "body"],
    ["a blank body", { body: " \n\t" }, "body"],
    ["a body over 64 KiB", { body: "x".repeat(64 * 1024 + 1) }, "body"],
    ["a body with NUL", { body: "a\0b" }, "body"],
    ["a body that is no text", { body: ["x"] }, "body"],
    ["an unknown visibility", { body: "x", visibility: "secret" }, "visibility"],
  ];
  for (const [name, body, field] of wrong) {
    await t.step(`refuses ${name}`, async () => {
      const answer = await agent.post(path, body);
      assertProblem(answer, 422, "invalid");
      assertEquals(answer.body.errors[0].path, field);
    });
  }

  await t.step("64 KiB are taken", async () => {
    const body = "é".repeat(32 * 1024);
    assertEquals((await agent.post(path, { visibility: "public", body })).body.body, body);
  });

  await t.step("CHK-12 author, id and time in the body change nothing", async () => {
    const answer = await agent.post(path, {
      body: "x",
      visibility: "public",
      id: UNKNOWN,
      authorId: requester.user.id,
      createdAt: "2001-01-01T00:00:00Z",
    });
    assert(answer.body.id !== UNKNOWN && !answer.body.createdAt.startsWith("2001"));
    assertEquals(answer.body.author.id, agent.user.id);
  });

  await t.step("lists them oldest first, page by page", async () => {
    const whole = (await agent.get(path)).body.items;
    const found: unknown[] = [];
    for (let cursor = "";;) {
      const { body } = await agent.get(`${path}?limit=1${cursor && `&cursor=${cursor}`}`);
      found.push(...body.items);
      if (body.nextCursor === null) break;
      cursor = body.nextCursor;
    }
    assertEquals(found, whole);
    assertEquals(whole.length, 4);
    const together = (await agent.get(`/tickets/${ticket.key}?include=comments`)).body.comments;
    assertEquals(together, { items: whole, nextCursor: null });
    assertProblem(await agent.get(`${path}?limit=101`), 422, "invalid");
    assertProblem(await agent.get(`${path}?cursor=abc.def`), 422, "invalid");
  });
});

Deno.test("comments: a requester's reply moves the ticket", async (t) => {
  await using scene = await openScene();
  const { desk, agent, requester } = scene;

  for (const from of ["pending", "resolved", "closed", "cancelled"] as const) {
    await t.step(`from ${from} to open, in the one change of the comment`, async () => {
      const ticket = await raise(requester);
      const version = await put(desk, ticket.id, from, 13);
      const left = await added(desk, async () => {
        assertEquals(
          (await requester.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Again" }))
            .status,
          201,
        );
      });
      assertEquals(left, { audit: 1, events: 1, outbox: 0 });
      const after = (await requester.get(`/tickets/${ticket.id}`)).body;
      assertEquals([after.status, after.version, after.pendingReason, after.resolvedAt, after.closedAt], [
        "open",
        version + 1,
        null,
        null,
        null,
      ]);
      const last = (await requester.get(`/tickets/${ticket.id}/timeline`)).body.items.at(-1);
      assertEquals([last.action, last.changes.status], ["ticket.commented", { from, to: "open" }]);
    });
  }

  await t.step("an agent's reply, and any internal note, leaves it where it is", async () => {
    const ticket = await raise(requester);
    const version = await put(desk, ticket.id, "pending");
    await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Still waiting" });
    await agent.post(`/tickets/${ticket.id}/comments`, { body: "Note", visibility: "internal" });
    const after = (await agent.get(`/tickets/${ticket.id}`)).body;
    assertEquals([after.status, after.version], ["pending", version]);
  });

  await t.step("past the reopen window it opens a follow-up, and the next one goes there", async () => {
    for (const from of ["closed", "cancelled"] as const) {
      const ticket = await raise(requester);
      await put(desk, ticket.id, from, 15);
      const say = (body: string) =>
        requester.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body });
      const [first, second] = await Promise.all([say("Again"), say("And again")]);
      const answers = [first!, second!];
      assertEquals(answers.map(({ status }) => status), [201, 201]);
      const { followUp } = first!.body;
      assertEquals(second!.body.followUp, followUp);
      const opened = answers.find(({ body }) => body.id === undefined)!;
      assertEquals(opened.headers.get("location"), `/v1/tickets/${followUp.id}`);
      const made = (await requester.get(`/tickets/${followUp.key}?include=comments`)).body;
      assertEquals([made.title, made.status, made.requester.id, made.comments.items.length], [
        "Follow-up: Printer jams",
        "new",
        requester.user.id,
        1,
      ]);
      assertEquals([made.description, made.comments.items[0].body].sort(), ["Again", "And again"]);
      const [link] = (await requester.get(`/tickets/${ticket.id}/links`)).body.items;
      assertEquals([link.relation, link.ticket.id], ["followed_by", followUp.id]);
      assertProblem(await agent.delete(`/tickets/${ticket.id}/links/${link.id}`), 403, "forbidden");
      assertEquals((await requester.get(`/tickets/${ticket.id}`)).body.status, from);
      assertEquals(
        (await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "For the record" }))
          .status,
        201,
      );
    }
  });

  await t.step("20 replies at once to one pending ticket: all kept, moved once", async () => {
    const ticket = await raise(requester);
    const version = await put(desk, ticket.id, "pending");
    const answers = await Promise.all(
      Array.from(
        { length: 20 },
        (_, i) =>
          requester.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: `Reply ${i}` }),
      ),
    );
    assertEquals(answers.map(({ status }) => status), answers.map(() => 201));
    const after = (await requester.get(`/tickets/${ticket.id}`)).body;
    assertEquals([after.status, after.version], ["open", version + 1]);
    assertEquals((await requester.get(`/tickets/${ticket.id}/comments`)).body.items.length, 20);
  });

  await t.step("CHK-32 50 parallel comments with one key have one effect", async () => {
    const ticket = await raise(requester);
    const headers = { "idempotency-key": "say-once" };
    const answers = await Promise.all(
      Array.from(
        { length: 50 },
        () =>
          agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Once" }, { headers }),
      ),
    );
    for (const { status } of answers) assert(status === 201 || status === 503, String(status));
    assert(answers.some(({ status }) => status === 201));
    assertEquals((await agent.get(`/tickets/${ticket.id}/comments`)).body.items.length, 1);
  });
});

Deno.test("comments: a cursor is read before anything is sent to the database", async () => {
  await using scene = await openScene();
  const { desk, agent, requester } = scene;
  const ticket = await raise(requester);
  const claim = accessClaim(agent.token!, desk.services.secrets)!;
  let sent = 0;
  const read = () =>
    actAsUser(desk.request(), claim, (cx) => {
      const db = { ...cx.db, first: (statement: never) => (sent++, cx.db.first(statement)) } as typeof cx.db;
      return getTicketWithComments({ ...cx, db }, { idOrKey: ticket.key, cursor: "x.y" });
    });
  await assertRejects(read, /are not valid/);
  assertEquals(sent, 0);
});

Deno.test("comments: an internal note leaves the ticket as a requester sees it", async () => {
  await using scene = await openScene();
  const { agent, requester } = scene;
  const ticket = await raise(requester, { title: "older" });
  await raise(requester, { title: "newer" });
  const seen = async () => (await requester.get("/tickets?sort=-updated")).text;
  const before = await seen();
  const path = `/tickets/${ticket.id}/comments`;
  assertEquals((await agent.post(path, { body: "psst", visibility: "internal" })).status, 201);
  assertEquals(await seen(), before);
  assertEquals((await agent.post(path, { visibility: "public", body: "Hello" })).status, 201);
  assert(await seen() !== before);
});

Deno.test("comments: a ticket is named by its key alone, and Location by the ticket, not by what was asked", async () => {
  await using scene = await openScene();
  const { desk, agent, requester } = scene;
  const ticket = await raise(requester);
  const left = await added(desk, async () => {
    for (const odd of ["%E2%80%83", "%20", "%00"]) {
      const answer = await agent.post(`/tickets/${ticket.key}${odd}/comments`, {
        visibility: "public",
        body: "x",
      });
      assertProblem(answer, 404, "not_found");
    }
  });
  assertEquals(left.audit, 0);
  const answer = await agent.post(`/tickets/${ticket.key.toLowerCase()}/comments`, {
    visibility: "public",
    body: "x",
  });
  assertEquals(answer.headers.get("location"), `/v1/tickets/${ticket.id}/comments/${answer.body.id}`);
});

Deno.test("comments: an Idempotency-Key is taken on a path of any length", async () => {
  await using scene = await openScene();
  // Random, since PostgreSQL compresses what repeats.
  const long = Array.from({ length: 150 }, () => crypto.randomUUID()).join("");
  const headers = { "idempotency-key": "one" };
  const answer = await scene.agent.post(`/tickets/${long}/comments`, { visibility: "public", body: "x" }, {
    headers,
  });
  assertProblem(answer, 404, "not_found");
});
