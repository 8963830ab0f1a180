import { refusal, type Status, STATUSES } from "../../domain/tickets/states.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import type { Answer, Client } from "../helpers/client.ts";
import { type Desk, openDesk } from "../helpers/desk.ts";

interface Scene {
  desk: Desk;
  admin: Client;
  agent: Client;
  requester: Client;
  stranger: Client;
  other: Client;
  queue: string;
  category: string;
}

const UNKNOWN = "01940000-0000-7000-8000-000000000000";

async function openScene(): Promise<Scene & AsyncDisposable> {
  const desk = await openDesk();
  const admin = await desk.register("Harbour Works");
  const other = await desk.register("Other Works");
  const [agent, requester, stranger] = await Promise.all([
    admin.invite("AGENT", "Ana Agent"),
    admin.invite("REQUESTER", "Rob Requester"),
    admin.invite("REQUESTER", "Sue Stranger"),
  ]);
  const queue = (await admin.post("/queues", { name: "Network" })).body.id;
  const category = (await admin.post("/categories", { name: "Cables", queueId: queue })).body.id;
  return {
    desk,
    admin,
    agent: agent!,
    requester: requester!,
    stranger: stranger!,
    other,
    queue,
    category,
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
}

async function raise(client: Client, fields: Record<string, unknown> = {}) {
  const answer = await client.post("/tickets", {
    title: "Printer jams",
    description: "Paper tray 2",
    ...fields,
  });
  assertEquals(answer.status, 201);
  return answer.body;
}

/** Rows that changes leave behind, to compare before and after. */
async function traces(desk: Desk) {
  const [row] = await desk.look<{ audit: number; events: number; outbox: number; tickets: number }>(
    `select (select count(*) from audit_log) as audit, (select count(*) from events) as events,
      (select count(*) from outbox) as outbox, (select count(*) from tickets) as tickets`,
  );
  return row!;
}

async function added(desk: Desk, work: () => Promise<unknown>) {
  const before = await traces(desk);
  await work();
  const after = await traces(desk);
  return {
    audit: after.audit - before.audit,
    events: after.events - before.events,
    outbox: after.outbox - before.outbox,
  };
}

function assertProblem(answer: Answer, status: number, code: string): void {
  assertEquals([answer.status, answer.type, answer.body.type], [
    status,
    "application/problem+json",
    `/problems/${code}`,
  ]);
}

/** Takes a new ticket to a state by way of the database: how it got there is not what is tested. */
async function put(desk: Desk, id: string, status: Status, endedDaysAgo = 0): Promise<number> {
  const ended = ["closed", "cancelled"].includes(status);
  const [row] = await desk.look<{ version: number }>(
    `update tickets set status = $2, pending_reason = case when $2 = 'pending' then 'vendor' end,
      resolved_at = case when $2 in ('resolved', 'closed') then now() end,
      closed_at = case when $3 then now() - $4 * interval '1 day' end where id = $1 returning version`,
    [id, status, ended, endedDaysAgo],
  );
  return row!.version;
}

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
        const { id, number, createdAt, updatedAt, ...rest } = answer.body;
        assert(/^[0-9a-f-]{36}$/.test(id) && createdAt === updatedAt && /^\d{4}-.*\.\d{3}Z$/.test(createdAt));
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
          sla: { firstResponse: null, resolution: null },
          version: 1,
          resolvedAt: null,
          closedAt: null,
          resolutionNote: null,
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
    const mine = await raise(requester, own);
    assertEquals([mine.requester.id, mine.queue], [requester.user.id, null]);
    assertEquals((await requester.get(`/tickets/${forOther.key}`)).body.id, forOther.id);
  });

  await t.step("CHK-12 fields of the server in the body change nothing", async () => {
    const ticket = await raise(agent, {
      id: UNKNOWN,
      tenantId: scene.other.tenant.id,
      tenant_id: scene.other.tenant.id,
      number: 7,
      key: "INC-7",
      status: "closed",
      version: 99,
      createdAt: "2001-01-01T00:00:00Z",
      source: "email",
      sla: { resolution: { state: "met" } },
      slaResolution: "met",
      assigneeId: agent.user.id,
      __proto__: { polluted: true },
    });
    assert(ticket.id !== UNKNOWN && ticket.number > 1000 && !ticket.createdAt.startsWith("2001"));
    assertEquals([ticket.status, ticket.version, ticket.source, ticket.assignee], ["new", 1, "api", null]);
    const patched = await agent.patch(`/tickets/${ticket.id}`, {
      version: 1,
      title: "Renamed",
      id: UNKNOWN,
      status: "closed",
      requesterId: agent.user.id,
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
    ["too many tags", { tags: Array.from({ length: 11 }, (_, i) => `t${i}`) }, "tags"],
    ["long tag", { tags: ["x".repeat(41)] }, "tags.0"],
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
    assertEquals((await raise(agent, { categoryId: kept.id })).queue, null);
    await admin.patch(`/categories/${kept.id}`, { version: 1, archived: true });
    assertProblem(
      await agent.post("/tickets", { title: "T", description: "", categoryId: kept.id }),
      422,
      "invalid",
    );
  });
});

Deno.test("tickets: reading", async (t) => {
  await using scene = await openScene();
  const { agent, requester, stranger, other } = scene;
  const ticket = await raise(requester);

  await t.step("by id, by key in any case, and with comments in one answer", async () => {
    for (const name of [ticket.id, ticket.id.toUpperCase(), ticket.key, ticket.key.toLowerCase()]) {
      assertEquals((await requester.get(`/tickets/${name}`)).body, ticket);
    }
    const answer = await agent.get(`/tickets/${ticket.key}?include=comments`);
    assertEquals([answer.status, answer.body.comments, answer.body.requester.email], [
      200,
      { items: [], nextCursor: null },
      requester.user.email,
    ]);
  });

  await t.step(
    "CHK-07 foreign, invisible and unknown tickets all answer the same, for every operation",
    async () => {
      const foreign = await raise(other);
      const paths: [string, string, unknown][] = [
        ["GET", "", undefined],
        ["PATCH", "", { version: 1, title: "x" }],
        ["POST", "/transitions", { version: 1, to: "cancelled" }],
        ["GET", "/comments", undefined],
        ["POST", "/comments", { body: "x" }],
        ["GET", "/timeline", undefined],
      ];
      const text = (answer: Answer, id: string) =>
        answer.text.replaceAll(id, "ID").replace(/"requestId":"[^"]+"/, "");
      for (const [method, path, body] of paths) {
        const ask = (client: Client, id: string) =>
          client.api(method, `/tickets/${id}${path}`, body === undefined ? {} : { body });
        const [unknown, theirs, unseen] = [
          await ask(agent, UNKNOWN),
          await ask(agent, foreign.id),
          await ask(stranger, ticket.id),
        ];
        assertProblem(unknown, 404, "not_found");
        assertEquals(text(theirs, foreign.id), text(unknown, UNKNOWN));
        assertEquals(text(unseen, ticket.id), text(unknown, UNKNOWN));
      }
      const put = (id: string) => agent.put(`/tickets/${id}/assignment`, { version: 1, assigneeId: null });
      assertEquals(text(await put(foreign.id), foreign.id), text(await put(UNKNOWN), UNKNOWN));
      for (const name of ["nonsense", "INC-", "INC-99999999", "%00"]) {
        assertProblem(await agent.get(`/tickets/${name}`), 404, "not_found");
      }
    },
  );

  await t.step(
    "confined agents see own queues, unassigned queue-less tickets, and what is theirs",
    async () => {
      const { desk, admin, queue } = scene;
      await desk.look("update tenants set agents_see_all = false where id = $1", [admin.tenant.id]);
      const elsewhere = await raise(admin, { queueId: queue, title: "Elsewhere" });
      assertProblem(await agent.get(`/tickets/${elsewhere.id}`), 404, "not_found");
      assertEquals((await agent.get(`/tickets/${ticket.id}`)).status, 200);
      const given = await admin.put(`/tickets/${elsewhere.id}/assignment`, {
        version: 1,
        assigneeId: agent.user.id,
      });
      assertEquals((await agent.get(`/tickets/${elsewhere.id}`)).body, given.body);
      await admin.put(`/tickets/${elsewhere.id}/assignment`, { version: 2, assigneeId: null });
      assertProblem(await agent.get(`/tickets/${elsewhere.id}`), 404, "not_found");
      await admin.put(`/queues/${queue}/members/${agent.user.id}`);
      assertEquals((await agent.get(`/tickets/${elsewhere.id}`)).status, 200);
      const listed = (await agent.get("/tickets")).body.items.map(({ id }: { id: string }) => id);
      assertEquals(listed, [elsewhere.id, ticket.id]);
    },
  );
});

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

const SENT: Partial<Record<Status, Record<string, unknown>>> = {
  pending: { reason: "vendor" },
  resolved: { note: "Replaced the cable" },
};

Deno.test("tickets: transitions", async (t) => {
  await using scene = await openScene();
  const { desk, agent, requester } = scene;
  const now = new Date().toISOString();
  const until = new Date(Date.now() + 86_400_000).toISOString();

  for (const [name, client] of [["staff", agent], ["its requester", requester]] as const) {
    for (const from of STATUSES) {
      await t.step(`every move from ${from} by ${name} is as the table says`, async () => {
        for (const to of STATUSES) {
          const ticket = await raise(requester);
          const version = await put(desk, ticket.id, from);
          const own = name !== "staff";
          const refused = refusal(from, to, { staff: !own, own, reopenUntil: until, now });
          const left = await added(desk, async () => {
            const answer = await client.post(`/tickets/${ticket.id}/transitions`, {
              to,
              version,
              ...SENT[to],
            });
            if (refused === "illegal") {
              assertProblem(answer, 422, "illegal_transition");
              assertEquals(
                answer.body.allowed,
                (await client.get(`/tickets/${ticket.id}`)).body.allowedTransitions,
              );
            } else if (refused === "role") assertProblem(answer, 403, "forbidden");
            else {
              assertEquals([answer.status, answer.body.status, answer.body.version], [200, to, version + 1]);
              assertEquals((await client.get(`/tickets/${ticket.id}`)).body, answer.body);
            }
          });
          const mails = !refused && to === "resolved" ? 1 : 0;
          assertEquals(
            left,
            refused ? { audit: 0, events: 0, outbox: 0 } : { audit: 1, events: 1, outbox: mails },
          );
        }
      });
    }
  }

  await t.step(
    "resolving needs a note and keeps it; reopening clears it; closing keeps both times",
    async () => {
      const ticket = await raise(requester);
      const move = (body: Record<string, unknown>) => agent.post(`/tickets/${ticket.id}/transitions`, body);
      for (const note of [undefined, "", "  "]) {
        const answer = await move({ to: "resolved", version: 1, note });
        assertProblem(answer, 422, "invalid");
        assertEquals(answer.body.errors[0].path, "note");
      }
      const resolved = (await move({ to: "resolved", version: 1, note: "Done" })).body;
      assert(resolved.resolvedAt !== null);
      assertEquals([resolved.resolutionNote, resolved.closedAt], ["Done", null]);
      const closed = (await move({ to: "closed", version: 2 })).body;
      assert(closed.closedAt !== null);
      assertEquals([closed.resolutionNote, closed.resolvedAt], ["Done", resolved.resolvedAt]);
      const reopened = (await move({ to: "open", version: 3 })).body;
      assertEquals([reopened.resolutionNote, reopened.resolvedAt, reopened.closedAt], [null, null, null]);
      const [mail] = await desk.look(
        "select recipient, payload from outbox where template = 'ticket_resolved'",
      );
      assertEquals([mail!.recipient, mail!.payload.excerpt], [requester.user.email, "Done"]);
    },
  );

  await t.step("pending needs a reason, scheduled a time to come", async () => {
    const ticket = await raise(requester);
    const move = (body: Record<string, unknown>) =>
      agent.post(`/tickets/${ticket.id}/transitions`, { to: "pending", version: 1, ...body });
    const wrong: [Record<string, unknown>, string][] = [
      [{}, "reason"],
      [{ reason: "lunch" }, "reason"],
      [{ reason: "scheduled" }, "until"],
      [{ reason: "scheduled", until: "2001-01-01T00:00:00Z" }, "until"],
      [{ reason: "scheduled", until: "tomorrow" }, "until"],
    ];
    for (const [body, path] of wrong) {
      const answer = await move(body);
      assertProblem(answer, 422, "invalid");
      assertEquals(answer.body.errors[0].path, path);
    }
    const pending = (await move({ reason: "scheduled", until })).body;
    assertEquals([pending.pendingReason, pending.pendingUntil], ["scheduled", until]);
    const open = await agent.post(`/tickets/${ticket.id}/transitions`, { to: "open", version: 2 });
    assertEquals([open.body.pendingReason, open.body.pendingUntil], [null, null]);
  });

  await t.step("past the reopen window nobody reopens, and the reason is told", async () => {
    for (const status of ["closed", "cancelled"] as const) {
      const ticket = await raise(requester);
      const version = await put(desk, ticket.id, status, 15);
      for (const client of [agent, requester]) {
        const answer = await client.post(`/tickets/${ticket.id}/transitions`, { to: "open", version });
        assertProblem(answer, 403, "forbidden");
        assert(answer.body.detail.includes("14 days"), answer.body.detail);
        assertEquals((await client.get(`/tickets/${ticket.id}`)).body.allowedTransitions, []);
      }
    }
  });

  await t.step("a stale move is refused before it is judged", async () => {
    const ticket = await raise(requester);
    await agent.post(`/tickets/${ticket.id}/transitions`, { to: "open", version: 1 });
    const stale = await agent.post(`/tickets/${ticket.id}/transitions`, { to: "open", version: 1 });
    assertProblem(stale, 409, "stale_version");
    assertEquals(stale.body.current.status, "open");
    assertProblem(
      await agent.post(`/tickets/${ticket.id}/transitions`, { to: "open" }),
      428,
      "version_required",
    );
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
      queue: { from: null, to: { id: queue, name: "Network" } },
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
