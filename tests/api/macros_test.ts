import { fillPlaceholders } from "@/domain/replies/placeholders.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { cpuTime } from "@/tests/helpers/cpu_time.ts";
import {
  added,
  assertProblem,
  forgetDefaultQueue,
  openScene,
  put,
  raise,
  UNKNOWN,
} from "@/tests/helpers/ticket_scene.ts";

async function make(client: Client, actions: Record<string, unknown>, name: string = crypto.randomUUID()) {
  const answer = await client.post("/macros", { name, actions });
  assertEquals(answer.status, 201);
  return answer.body as { id: string; steps: string[]; version: number; actions: Record<string, unknown> };
}

async function apply(client: Client, ticket: { id: string; version: number }, macro: { id: string }) {
  return await client.post(`/tickets/${ticket.id}/macro`, { macroId: macro.id, version: ticket.version });
}

Deno.test("macros: keeping them", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, other, queue, category } = scene;
  const all = {
    priority: "high",
    categoryId: category,
    queueId: queue,
    assigneeId: agent.user.id,
    addTags: ["b", "A"],
    removeTags: ["c"],
    status: "pending",
    reason: "scheduled",
    waitDays: 3,
    reply: "Hello",
    replyVisibility: "internal",
  };

  await t.step("one is made with one trace, says what it does, and is read where it says", async () => {
    const left = await added(desk, async () => {
      const answer = await admin.post("/macros", {
        name: "Everything",
        description: "All at once",
        actions: all,
      });
      assertEquals(answer.status, 201);
      assertEquals(answer.body.steps, [
        "Set priority to High",
        "Set category to Cables",
        "Add tags a, b",
        "Remove tag c",
        "Add an internal note",
        "Set status to Pending for 3 days",
        "Assign to Ana Agent",
        "Move to queue Network",
      ]);
      assertEquals((await agent.get(answer.headers.get("location")!.slice(3))).body, answer.body);
    });
    assertEquals(left, { audit: 1, events: 1, outbox: 0 });
  });

  await t.step("its actions are replaced as a whole, and what isn't sent stays", async () => {
    const [macro] = (await agent.get("/macros")).body.items;
    const renamed = (await admin.patch(`/macros/${macro.id}`, { version: 1, name: "Some" })).body;
    assertEquals([renamed.name, renamed.description, renamed.actions], [
      "Some",
      "All at once",
      macro.actions,
    ]);
    const { body } = await admin.patch(`/macros/${macro.id}`, {
      version: 2,
      actions: { queueId: null, assigneeId: null, categoryId: null },
    });
    assertEquals(body.steps, ["Remove the category", "Unassign", "Remove from its queue"]);
    assertProblem(await admin.patch(`/macros/${macro.id}`, { version: 1, name: "x" }), 409, "stale_version");
    const gone = await admin.patch(`/macros/${macro.id}`, { version: 3, archived: true });
    assertEquals(gone.body.archived, true);
    assertEquals((await agent.get("/macros")).body.items, []);
    assertEquals((await agent.get("/macros?archived=true")).body.items.length, 1);
  });

  await t.step("they are for staff to see and for managers to keep", async () => {
    const macro = await make(admin, { assigneeId: "me" }, "Mine");
    assertProblem(await requester.get("/macros"), 403, "forbidden");
    assertProblem(await agent.patch(`/macros/${macro.id}`, { version: 1, name: "x" }), 403, "forbidden");
    assertProblem(await other.get(`/macros/${macro.id}`), 404, "not_found");
    assertProblem(
      await admin.post("/macros", { name: "MINE", actions: { assigneeId: "me" } }),
      409,
      "conflict",
    );
  });

  const foreign = (await other.post("/queues", { name: "Theirs" })).body.id;
  const wrong: [string, Record<string, unknown>, string][] = [
    ["nothing to do", {}, "actions"],
    ["no resolution note", { status: "resolved" }, "actions.note"],
    ["no reason to wait", { status: "pending" }, "actions.reason"],
    ["no days to wait", { status: "pending", reason: "scheduled" }, "actions.waitDays"],
    ["a way back to new", { status: "new" }, "actions.status"],
    ["too many tags", { addTags: Array.from({ length: 21 }, (_, i) => `t${i}`) }, "actions.addTags"],
    ["a reply that doesn't say who sees it", { reply: "x" }, "actions.replyVisibility"],
    ["a reply over 64 KiB", { reply: "x".repeat(65_537) }, "actions.reply"],
    ["CHK-08 a foreign queue", { queueId: foreign }, "actions.queueId"],
    ["CHK-08 an unknown queue", { queueId: UNKNOWN }, "actions.queueId"],
    ["CHK-08 a foreign category", { categoryId: foreign }, "actions.categoryId"],
    ["CHK-08 a foreign person", { assigneeId: other.user.id }, "actions.assigneeId"],
    ["CHK-08 a requester to assign to", { assigneeId: requester.user.id }, "actions.assigneeId"],
  ];
  const texts = new Set<string>();
  for (const [name, actions, path] of wrong) {
    await t.step(`refuses ${name}`, async () => {
      const answer = await admin.post("/macros", { name: "Odd", actions });
      assertProblem(answer, 422, "invalid");
      assert(
        answer.body.errors.some((one: { path: string }) => one.path === path),
        JSON.stringify(answer.body),
      );
      if (name.startsWith("CHK-08")) texts.add(answer.body.errors[0].message);
    });
  }
  assertEquals(texts.size, 1);
});

Deno.test("macros: applying them", async (t) => {
  await using scene = await openScene();
  await forgetDefaultQueue(scene.desk);
  const { desk, admin, agent, requester, stranger, queue, category } = scene;

  await t.step(
    "every step is done as by hand: fields, reply, state, hand-over, each with its trace",
    async () => {
      const ticket = await raise(requester);
      await agent.patch(`/tickets/${ticket.id}`, { version: 1, tags: ["c", "d"] });
      const macro = await make(admin, {
        priority: "urgent",
        categoryId: category,
        addTags: ["a"],
        removeTags: ["c"],
        replyVisibility: "public",
        reply:
          "Hello {{requester.firstName}}, {{ticket.key}} ({{ticket.title}}) is done. {{agent.name}} {{odd.one}}",
        status: "resolved",
        note: "Fixed by {{ agent.name }}",
        assigneeId: "me",
        queueId: queue,
      });
      const left = await added(desk, async () => {
        const answer = await apply(agent, { id: ticket.key, version: 2 }, macro);
        assertEquals(answer.status, 200);
        const { priority, tags, status, resolutionNote, assignee, version } = answer.body;
        assertEquals([priority, tags, status, resolutionNote], [
          "urgent",
          ["a", "d"],
          "resolved",
          "Fixed by Ana Agent",
        ]);
        assertEquals([assignee.id, answer.body.queue.id, answer.body.category.id], [
          agent.user.id,
          queue,
          category,
        ]);
        assertEquals([version, answer.headers.get("etag")], [5, '"5"']);
      });
      assertEquals([left.audit, left.events], [4, 4]);
      const [comment] = (await requester.get(`/tickets/${ticket.id}/comments`)).body.items;
      assertEquals(comment.body, `Hello Rob, ${ticket.key} (Printer jams) is done. Ana Agent {{odd.one}}`);
      const actions = (await agent.get(`/tickets/${ticket.id}/timeline`)).body.items.map((
        one: { action: string },
      ) => one.action);
      assertEquals(actions.slice(2), [
        "ticket.edited",
        "ticket.commented",
        "ticket.transitioned",
        "ticket.assigned",
      ]);
    },
  );

  await t.step("what the ticket is already isn't done again", async () => {
    const macro = await make(admin, { priority: "medium", status: "open", assigneeId: null, addTags: ["x"] });
    const ticket = await raise(requester, { tags: ["x"] });
    const version = await put(desk, ticket.id, "open");
    const left = await added(desk, async () => {
      assertEquals((await apply(agent, { id: ticket.id, version }, macro)).status, 200);
    });
    assertEquals(left, { audit: 0, events: 0, outbox: 0 });
  });

  await t.step(
    "all or nothing: a state it can't go to leaves no reply behind, and says which step it was",
    async () => {
      const ticket = await raise(requester);
      const version = await put(desk, ticket.id, "resolved");
      const macro = await make(admin, {
        priority: "low",
        reply: "Canary",
        replyVisibility: "public",
        status: "in_progress",
      });
      const left = await added(desk, async () => {
        const answer = await apply(agent, { id: ticket.id, version }, macro);
        assertProblem(answer, 422, "illegal_transition");
        assert(
          answer.body.detail.includes('step "Status"') && answer.body.detail.includes("nothing was changed"),
        );
        assertEquals(answer.body.allowed, ["open", "closed"]);
      });
      assertEquals(left, { audit: 0, events: 0, outbox: 0 });
      const after = (await agent.get(`/tickets/${ticket.id}?include=comments`)).body;
      assertEquals([after.version, after.priority, after.comments.items], [version, "medium", []]);
    },
  );

  await t.step("a queue that was archived since stops it, by name", async () => {
    const old = (await admin.post("/queues", { name: "Old" })).body;
    const macro = await make(admin, { queueId: old.id, addTags: ["moved"] });
    await admin.patch(`/queues/${old.id}`, { version: 1, archived: true });
    const ticket = await raise(requester);
    const answer = await apply(agent, ticket, macro);
    assertProblem(answer, 422, "invalid");
    assertEquals(answer.body.errors[0].path, "macroId");
    assert(answer.body.errors[0].message.includes('step "Assignment"'));
    assertEquals((await agent.get(`/tickets/${ticket.id}`)).body.tags, []);
  });

  await t.step("more tags than a ticket can have stop it", async () => {
    const tags = Array.from({ length: 20 }, (_, i) => `t${i}`);
    const ticket = await raise(requester, { tags });
    const macro = await make(admin, { addTags: ["one-more"] });
    assertProblem(await apply(agent, ticket, macro), 422, "invalid");
  });

  await t.step("a stale version is refused with the ticket as it is, and none is 428", async () => {
    const ticket = await raise(requester);
    const macro = await make(admin, { priority: "high" });
    assertEquals((await apply(agent, ticket, macro)).status, 200);
    const stale = await apply(agent, ticket, macro);
    assertProblem(stale, 409, "stale_version");
    assertEquals(stale.body.current.priority, "high");
    const none = await agent.post(`/tickets/${ticket.id}/macro`, { macroId: macro.id });
    assertProblem(none, 428, "version_required");
  });

  await t.step("REL-17 of 20 at once with one version exactly one is done", async () => {
    const ticket = await raise(requester);
    const macro = await make(admin, { priority: "urgent", reply: "Once", replyVisibility: "public" });
    const answers = await Promise.all(Array.from({ length: 20 }, () => apply(agent, ticket, macro)));
    assertEquals(answers.filter(({ status }) => status === 200).length, 1);
    assert(answers.every(({ status }) => status === 200 || status === 409 || status === 503));
    assertEquals((await agent.get(`/tickets/${ticket.id}/comments`)).body.items.length, 1);
  });

  await t.step("an archived macro can't be applied; requesters apply none", async () => {
    const ticket = await raise(requester);
    const macro = await make(admin, { priority: "high" });
    assertProblem(await apply(requester, ticket, macro), 403, "forbidden");
    assertProblem(await apply(stranger, ticket, macro), 404, "not_found");
    await admin.patch(`/macros/${macro.id}`, { version: 1, archived: true });
    assertProblem(await apply(agent, ticket, macro), 422, "invalid");
  });

  await t.step(
    "an internal note of a macro stays internal, and a confined agent may hand over what they see",
    async () => {
      const ticket = await raise(requester);
      await desk.look("update tenants set agents_see_all = false");
      const macro = await make(admin, {
        reply: "Canary",
        replyVisibility: "internal",
        queueId: queue,
        priority: "low",
      });
      const answer = await apply(agent, ticket, macro);
      assertEquals([answer.status, answer.body.queue.id], [200, queue]);
      assertEquals((await agent.get(`/tickets/${ticket.id}`)).status, 404);
      assertEquals((await requester.get(`/tickets/${ticket.id}/comments`)).body.items, []);
      await desk.look("update tenants set agents_see_all = true");
    },
  );

  await t.step("CHK-35 64 KiB of placeholders are filled in 100 ms of processor time", () => {
    const facts = { requester: "Rob Requester", key: "INC-1", title: "{{agent.name}}", agent: "Ana" };
    for (
      const unit of ["{{", "{{ ", "{{a.", "{{agent.name", "{{ticket.title}}", "{{   agent.name   ", "}}{{"]
    ) {
      const text = unit.repeat(Math.floor(65_536 / unit.length));
      const took = cpuTime(() => fillPlaceholders(text, facts));
      assert(took < 100, `${unit}: ${took} ms`);
    }
    assertEquals(fillPlaceholders("{{ticket.title}}{{odd.name}}", facts), "{{agent.name}}{{odd.name}}");
  });
});
