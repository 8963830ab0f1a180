import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { added, assertProblem, openScene, raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

Deno.test("tickets: raising", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, queue, category } = scene;

  await t.step(
    "a requester raises their own, routed by category, with one audit row, event and mail",
    async () => {
      const left = await added(desk, async () => {
        const answer = await requester.post("/tickets", {
          title: "  No   network\n",
          description: "Since noon",
          impact: "high",
          urgency: "high",
          categoryId: category,
          tags: ["VPN", "vpn ", "office 2"],
        });
        assertEquals([answer.status, answer.type, answer.headers.get("etag")], [
          201,
          "application/json",
          '"1"',
        ]);
        assertEquals(answer.headers.get("location"), `/v1/tickets/${answer.body.id}`);
        const { id, number, createdAt, updatedAt, sla, ...rest } = answer.body;
        assert(/^[0-9a-f-]{36}$/.test(id) && createdAt === updatedAt && /^\d{4}-.*\.\d{3}Z$/.test(createdAt));
        assertEquals([sla.firstResponse.targetMinutes, sla.resolution.targetMinutes], [30, 240]);
        assertEquals(rest, {
          key: `INC-${number}`,
          type: "incident",
          title: "No network",
          description: "Since noon",
          status: "new",
          pendingReason: null,
          pendingUntil: null,
          impact: "high",
          urgency: "high",
          priority: "urgent",
          category: { id: category, name: "Cables" },
          queue: { id: queue, name: "Network" },
          requester: { id: requester.user.id, name: "Rob Requester" },
          assignee: null,
          tags: ["office 2", "vpn"],
          source: "api",
          version: 1,
          resolvedAt: null,
          closedAt: null,
          resolutionNote: null,
          mergedAt: null,
          mergedInto: null,
          needsReply: true,
          allowedTransitions: ["cancelled"],
        });
      });
      assertEquals(left, { audit: 1, events: 1, outbox: 1 });
      const [mail] = await desk.look(`select recipient, template, payload from outbox
      where template = 'ticket_created' order by id desc limit 1`);
      assertEquals([mail!.recipient, mail!.payload.title, mail!.payload.excerpt, mail!.payload.actorName], [
        requester.user.email,
        "No network",
        "Since noon",
        "Rob Requester",
      ]);
    },
  );

  await t.step("staff raise for others and name the queue; a requester can do neither", async () => {
    const own = { requesterId: agent.user.id, queueId: queue };
    const forOther = await raise(agent, {
      type: "service_request",
      requesterId: requester.user.id,
      queueId: queue,
    });
    assertEquals([forOther.requester.id, forOther.requester.email, forOther.queue.id], [
      requester.user.id,
      requester.user.email,
      queue,
    ]);
    assert(forOther.key.startsWith("REQ-"));
    for (const [field, value] of Object.entries(own)) {
      const refused = await requester.post("/tickets", {
        title: "For others",
        description: "",
        [field]: value,
      });
      assertProblem(refused, 422, "invalid");
      assertEquals(refused.body.errors.map(({ path }: { path: string }) => path), [field]);
    }
    const mine = await raise(requester, { requesterId: requester.user.id });
    assertEquals([mine.requester.id, mine.queue.name], [requester.user.id, "Service desk"]);
    assertEquals((await requester.get(`/tickets/${forOther.key}`)).body.id, forOther.id);
  });

  await t.step("CHK-12 fields of the server in the body change nothing", async () => {
    const ticket = await raise(agent, {
      id: UNKNOWN,
      tenantId: scene.other.tenant.id,
      tenant_id: scene.other.tenant.id,
      number: 7,
      key: "INC-7",
      version: 99,
      createdAt: "2001-01-01T00:00:00Z",
      source: "email",
      sla: { resolution: { state: "met" } },
      slaResolution: "met",
    });
    assert(ticket.id !== UNKNOWN && ticket.number > 1000 && !ticket.createdAt.startsWith("2001"));
    assertEquals([ticket.status, ticket.version, ticket.source, ticket.assignee], ["new", 1, "api", null]);
    const patched = await agent.patch(`/tickets/${ticket.id}`, {
      version: 1,
      title: "Renamed",
      id: UNKNOWN,
      createdAt: "2001-01-01T00:00:00Z",
      resolvedAt: "2001-01-01T00:00:00Z",
    });
    const { title, version, updatedAt: _, ...same } = patched.body;
    const { title: _title, version: _version, updatedAt: _at, ...before } = ticket;
    assertEquals([title, version, same], ["Renamed", 2, before]);
  });

  const wrong: [string, Record<string, unknown>, string][] = [
    ["no title", { title: undefined }, "title"],
    ["blank title", { title: "   " }, "title"],
    ["long title", { title: "x".repeat(201) }, "title"],
    ["title that is no text", { title: 7 }, "title"],
    ["title with NUL", { title: "a\0b" }, "title"],
    ["description with NUL", { description: "a\0b" }, "description"],
    ["description over 64 KiB in bytes", { description: "é".repeat(32 * 1024 + 1) }, "description"],
    ["unknown type", { type: "problem" }, "type"],
    ["unknown impact", { impact: "huge" }, "impact"],
    ["too many tags", { tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }, "tags"],
    ["long tag", { tags: ["x".repeat(41)] }, "tags.0"],
    ["a tag that is too long in lower case", { tags: ["İ".repeat(40)] }, "tags.0"],
    ["malformed id", { categoryId: "7" }, "categoryId"],
    ["unknown category", { categoryId: UNKNOWN }, "categoryId"],
    ["unknown queue", { queueId: UNKNOWN }, "queueId"],
    ["unknown requester", { requesterId: UNKNOWN }, "requesterId"],
  ];
  for (const [name, fields, path] of wrong) {
    await t.step(`refuses ${name}, and leaves nothing`, async () => {
      const left = await added(desk, async () => {
        const answer = await agent.post("/tickets", { title: "T", description: "D", ...fields });
        assertProblem(answer, 422, "invalid");
        assertEquals(answer.body.errors.map((error: { path: string }) => error.path), [path]);
      });
      assertEquals(left, { audit: 0, events: 0, outbox: 0 });
    });
  }

  await t.step("CHK-08 foreign ids in a body answer like unknown ids", async () => {
    const foreign = {
      categoryId: (await scene.other.post("/categories", { name: "Theirs" })).body.id,
      queueId: (await scene.other.post("/queues", { name: "Theirs" })).body.id,
      requesterId: scene.other.user.id,
    };
    for (const [field, id] of Object.entries(foreign)) {
      const body = { title: "T", description: "D" };
      const answers = [
        await agent.post("/tickets", { ...body, [field]: id }),
        await agent.post("/tickets", {
          ...body,
          [field]: UNKNOWN,
        }),
      ];
      assertEquals(answers.map(({ status }) => status), [422, 422]);
      assertEquals(answers[0]!.body.errors, answers[1]!.body.errors);
    }
  });

  await t.step("half a surrogate pair becomes U+FFFD", async () => {
    const answer = await agent.post(
      "/tickets",
      '{"title":"a\\ud83d","description":"b\\ud83d","tags":["c\\ud83d"]}',
    );
    assertEquals([answer.status, answer.body.title, answer.body.description, answer.body.tags], [
      201,
      "a\ufffd",
      "b\ufffd",
      ["c\ufffd"],
    ]);
  });

  await t.step("numbers are unique and without a gap under 40 parallel tickets", async () => {
    const raised = await Promise.all(Array.from({ length: 40 }, () => raise(requester)));
    const numbers = raised.map(({ number }) => number).sort((a, b) => a - b);
    assertEquals(numbers, Array.from({ length: 40 }, (_, i) => numbers[0] + i));
  });

  await t.step("CHK-32 50 parallel requests with one key have one effect", async () => {
    const headers = { "idempotency-key": "raise-once" };
    const body = { title: "Once", description: "" };
    const left = await added(desk, async () => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => requester.post("/tickets", body, { headers })),
      );
      // A repeat that gives up waiting for the first is told to come back, which a client does.
      for (const answer of answers.filter(({ status }) => status !== 503)) assertEquals(answer.status, 201);
      const good = answers.filter(({ status }) => status === 201);
      assertEquals(new Set(good.map((answer) => answer.body.id)).size, 1);
      assert(good.length > 0);
    });
    assertEquals(left, { audit: 1, events: 1, outbox: 1 });
    assertProblem(
      await requester.post("/tickets", { ...body, title: "Twice" }, { headers }),
      422,
      "key_reused",
    );
  });

  await t.step("archived queues and categories and deactivated people are not used", async () => {
    const gone = (await admin.post("/queues", { name: "Gone" })).body;
    const kept = (await admin.post("/categories", { name: "Leads nowhere", queueId: gone.id })).body;
    await admin.patch(`/queues/${gone.id}`, { version: 1, archived: true });
    assertProblem(
      await agent.post("/tickets", { title: "T", description: "", queueId: gone.id }),
      422,
      "invalid",
    );
    assertEquals((await raise(agent, { categoryId: kept.id })).queue.name, "Service desk");
    await admin.patch(`/categories/${kept.id}`, { version: 1, archived: true });
    assertProblem(
      await agent.post("/tickets", { title: "T", description: "", categoryId: kept.id }),
      422,
      "invalid",
    );
  });
});
