import { assertEquals } from "@/tests/helpers/assert.ts";
import type { Answer } from "@/tests/helpers/client.ts";
import { added, assertProblem, openScene, put, raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

Deno.test("tickets: editing", async (t) => {
  await using scene = await openScene();
  const { desk, agent, requester, queue, category } = scene;

  await t.step("changes what is named, keeps the rest, leaves one trace", async () => {
    const ticket = await raise(requester, { tags: ["a", "b"], impact: "low", urgency: "low" });
    const left = await added(desk, async () => {
      const answer = await agent.patch(`/tickets/${ticket.key}`, {
        version: 1,
        title: "New title",
        impact: "high",
        urgency: "high",
        categoryId: category,
        queueId: queue,
        tags: ["b", "c"],
      });
      assertEquals([answer.status, answer.headers.get("etag")], [200, '"2"']);
      assertEquals([answer.body.priority, answer.body.tags, answer.body.description, answer.body.queue.id], [
        "urgent",
        ["b", "c"],
        ticket.description,
        queue,
      ]);
      assertEquals((await agent.get(`/tickets/${ticket.id}`)).body, answer.body);
    });
    assertEquals(left, { audit: 1, events: 1, outbox: 0 });
    const cleared = await agent.patch(`/tickets/${ticket.id}`, {
      version: 2,
      categoryId: null,
      queueId: null,
    });
    assertEquals([cleared.body.category, cleared.body.queue, cleared.body.version], [null, null, 3]);
  });

  await t.step("nothing changed: the same version, no trace", async () => {
    const ticket = await raise(requester);
    const left = await added(desk, async () => {
      const answer = await agent.patch(`/tickets/${ticket.id}`, { version: 1, title: ticket.title });
      assertEquals([answer.status, answer.body.version], [200, 1]);
    });
    assertEquals(left, { audit: 0, events: 0, outbox: 0 });
  });

  await t.step("a requester edits the text while it is new, never the triage", async () => {
    const ticket = await raise(requester);
    assertEquals(
      (await requester.patch(`/tickets/${ticket.id}`, { version: 1, title: "Clearer" })).body.version,
      2,
    );
    assertProblem(
      await requester.patch(`/tickets/${ticket.id}`, { version: 2, priority: "urgent" }),
      403,
      "forbidden",
    );
    const version = await put(desk, ticket.id, "open");
    assertProblem(
      await requester.patch(`/tickets/${ticket.id}`, { version, title: "Later" }),
      403,
      "forbidden",
    );
  });

  await t.step("staff correct the type: SLA follows it, and the key that it had still finds it", async () => {
    const { admin } = scene;
    const calendar = (await admin.get("/calendars")).body.items[0];
    const minutes = { low: 900, medium: 700, high: 500, urgent: 300 };
    const policy = await admin.post("/sla-policies", {
      name: "Requests",
      calendarId: calendar.id,
      type: "service_request",
      targets: { firstResponse: minutes, resolution: minutes },
    });
    assertEquals(policy.status, 201);
    const ticket = await raise(requester);
    const targetOf = (body: { sla: { resolution: { targetMinutes: number } } }) =>
      body.sla.resolution.targetMinutes;
    const target = targetOf((await agent.get(`/tickets/${ticket.id}`)).body);
    let changed!: Answer;
    const left = await added(desk, async () => {
      changed = await agent.patch(`/tickets/${ticket.key}`, { version: 1, type: "service_request" });
    });
    assertEquals(left, { audit: 1, events: 1, outbox: 0 });
    const key = ticket.key.replace("INC", "REQ");
    assertEquals([changed.status, changed.body.type, changed.body.key, changed.body.number], [
      200,
      "service_request",
      key,
      ticket.number,
    ]);
    assertEquals([target === 700, targetOf(changed.body)], [false, 700]);
    const entry = (await agent.get(`/tickets/${ticket.id}/timeline`)).body.items.at(-1);
    assertEquals([entry.action, entry.changes], [
      "ticket.edited",
      { type: { from: "incident", to: "service_request" } },
    ]);
    for (const name of [ticket.key, key, key.toLowerCase(), ticket.id]) {
      assertEquals((await requester.get(`/tickets/${name}`)).body.key, key);
    }
    for (const q of [ticket.key, key]) {
      assertEquals((await agent.get(`/search?q=${q}`)).body.tickets[0].key, key);
      assertEquals((await agent.get(`/tickets?q=${q}`)).body.items[0].key, key);
    }
    assertEquals(
      (await agent.post(`/tickets/${ticket.key}/comments`, { visibility: "public", body: "Right" })).status,
      201,
    );
    const back = await agent.patch(`/tickets/${key}`, { version: 2, type: "incident" });
    assertEquals([back.body.key, targetOf(back.body)], [ticket.key, target]);
    assertProblem(await agent.patch(`/tickets/${key}`, { version: 3, type: "problem" }), 422, "invalid");
    assertProblem(
      await requester.patch(`/tickets/${key}`, { version: 3, type: "service_request" }),
      403,
      "forbidden",
    );
  });

  await t.step(
    "stale versions: 409 by body, 412 by header, 428 without, each with the current ticket",
    async () => {
      const ticket = await raise(requester);
      const path = `/tickets/${ticket.id}`;
      const current = (await agent.patch(path, { version: 1, title: "First" })).body;
      const byBody = await agent.patch(path, { version: 1, title: "Second" });
      assertProblem(byBody, 409, "stale_version");
      assertEquals(byBody.body.current, current);
      const byHeader = await agent.patch(path, { title: "Second" }, { headers: { "if-match": '"1"' } });
      assertProblem(byHeader, 412, "precondition_failed");
      assertEquals(byHeader.body.current, current);
      assertProblem(await agent.patch(path, { title: "Second" }), 428, "version_required");
      const good = await agent.patch(path, { title: "Second" }, { headers: { "if-match": '"2"' } });
      assertEquals([good.status, good.body.title, good.headers.get("etag")], [200, "Second", '"3"']);
    },
  );

  await t.step("REL-17 50 writers with one version: exactly one success", async () => {
    const ticket = await raise(requester);
    for (const header of [false, true]) {
      const version = (await agent.get(`/tickets/${ticket.id}`)).body.version;
      const left = await added(desk, async () => {
        const answers = await Promise.all(
          Array.from(
            { length: 50 },
            (_, i) =>
              header
                ? agent.patch(`/tickets/${ticket.id}`, { title: `By ${header} ${i}` }, {
                  headers: { "if-match": `"${version}"` },
                })
                : agent.patch(`/tickets/${ticket.id}`, { version, title: `By ${header} ${i}` }),
          ),
        );
        const statuses = answers.map(({ status }) => status).sort();
        assertEquals(statuses, [200, ...Array.from({ length: 49 }, () => header ? 412 : 409)]);
        const won = answers.find(({ status }) => status === 200)!.body;
        assertEquals((await agent.get(`/tickets/${ticket.id}`)).body, won);
        for (const lost of answers.filter(({ status }) => status !== 200)) {
          assertEquals(lost.body.current.version, version + 1);
        }
      });
      assertEquals(left, { audit: 1, events: 1, outbox: 0 });
    }
  });
});

Deno.test("tickets: assignment", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, queue } = scene;
  const ticket = await raise(requester);
  const path = `/tickets/${ticket.id}/assignment`;

  await t.step("gives it to staff with one trace and a mail to who gets it", async () => {
    const left = await added(desk, async () => {
      const answer = await admin.put(path, { version: 1, assigneeId: agent.user.id, queueId: queue });
      assertEquals([answer.status, answer.body.assignee, answer.body.queue.id, answer.body.version], [
        200,
        { id: agent.user.id, name: "Ana Agent", email: agent.user.email },
        queue,
        2,
      ]);
    });
    assertEquals(left, { audit: 1, events: 1, outbox: 1 });
    const own = await added(desk, async () => {
      await agent.put(path, { version: 2, assigneeId: null });
      await agent.put(path, { version: 3, assigneeId: agent.user.id });
    });
    assertEquals(own, { audit: 2, events: 2, outbox: 0 });
  });

  await t.step("refuses requesters, strangers to the tenant and the unknown alike", async () => {
    const answers: Answer[] = [];
    for (const assigneeId of [requester.user.id, scene.other.user.id, UNKNOWN]) {
      answers.push(await admin.put(path, { version: 4, assigneeId }));
    }
    for (const answer of answers) {
      assertProblem(answer, 422, "invalid");
      assertEquals(answer.body.errors, answers[0]!.body.errors);
    }
    assertProblem(await admin.put(path, { version: 4 }), 422, "invalid");
    assertProblem(await requester.put(path, { version: 4, assigneeId: null }), 403, "forbidden");
    assertProblem(await admin.put(path, { version: 1, assigneeId: null }), 409, "stale_version");
  });

  await t.step("the timeline tells it all, in order, with names, page by page", async () => {
    const whole = (await requester.get(`/tickets/${ticket.key}/timeline`)).body;
    assertEquals(
      whole.items.map(({ action, actor }: { action: string; actor: { name: string } }) => [
        action,
        actor.name,
      ]),
      [
        ["ticket.created", "Rob Requester"],
        ["ticket.assigned", "Ada Admin"],
        ["ticket.assigned", "Ana Agent"],
        ["ticket.assigned", "Ana Agent"],
      ],
    );
    assertEquals(whole.items[1].changes, {
      assignee: { from: null, to: { id: agent.user.id, name: "Ana Agent" } },
      queue: { from: whole.items[0].changes.queue, to: { id: queue, name: "Network" } },
    });
    const pages: unknown[] = [];
    let cursor = "";
    do {
      const answer = await agent.get(
        `/tickets/${ticket.id}/timeline?limit=1${cursor && `&cursor=${cursor}`}`,
      );
      pages.push(...answer.body.items);
      cursor = answer.body.nextCursor ?? "";
    } while (cursor);
    assertEquals(pages, whole.items);
  });
});

Deno.test("tickets: what is there already may be sent again, though nobody can choose it any more", async () => {
  await using scene = await openScene();
  const { admin, agent, requester, queue, category } = scene;
  const gone = await admin.invite("AGENT", "Gus Gone");
  const ticket = await raise(requester, { categoryId: category });
  const first = { version: 1, assigneeId: gone.user.id, queueId: queue };
  assertEquals((await admin.put(`/tickets/${ticket.id}/assignment`, first)).status, 200);
  // As an assignee left before tickets were handed over.
  await scene.desk.look("update users set deactivated_at = now() where id = $1", [gone.user.id]);
  await admin.patch(`/categories/${category}`, { version: 1, archived: true });
  await admin.patch(`/queues/${queue}`, { version: 1, archived: true });
  const same = { title: "Clearer", categoryId: category, queueId: queue };
  const edited = await agent.patch(`/tickets/${ticket.id}`, { version: 2, ...same });
  assertEquals([edited.status, edited.body.category.id, edited.body.queue.id], [200, category, queue]);
  const moved = await agent.put(`/tickets/${ticket.id}/assignment`, {
    version: 3,
    assigneeId: gone.user.id,
    queueId: null,
  });
  assertEquals([moved.status, moved.body.assignee.id, moved.body.queue], [200, gone.user.id, null]);
  const back = { version: 4, assigneeId: gone.user.id, queueId: queue };
  assertProblem(await agent.put(`/tickets/${ticket.id}/assignment`, back), 422, "invalid");
});

Deno.test("a version that can't be one is 422 wherever it is sent", async () => {
  await using scene = await openScene();
  const { admin, agent, requester, queue, category } = scene;
  const ticket = await raise(requester);
  for (const version of [0, -1, 1.5, 2_147_483_648, 1e300]) {
    const answers = await Promise.all([
      agent.patch(`/tickets/${ticket.id}`, { version, title: "x" }),
      agent.post(`/tickets/${ticket.id}/transitions`, { version, to: "open" }),
      agent.put(`/tickets/${ticket.id}/assignment`, { version, assigneeId: null }),
      admin.patch(`/queues/${queue}`, { version, name: "x" }),
      admin.patch(`/categories/${category}`, { version, name: "x" }),
      admin.patch(`/users/${agent.user.id}`, { version, role: "AGENT" }),
      agent.patch("/me", { version, name: "x" }),
    ]);
    for (const answer of answers) {
      assertProblem(answer, 422, "invalid");
      assertEquals(answer.body.errors[0].path, "version");
    }
  }
  const last = await agent.patch(`/tickets/${ticket.id}`, { version: 2_147_483_647, title: "x" });
  assertProblem(last, 409, "stale_version");
});
