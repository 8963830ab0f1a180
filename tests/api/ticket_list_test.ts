import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import {
  assertProblem,
  forgetDefaultQueue,
  openScene,
  raise,
  UNKNOWN,
} from "@/tests/helpers/ticket_scene.ts";

/** The titles of a list, in its order. */
async function titles(client: Client, query: string): Promise<string[]> {
  const answer = await client.get(`/tickets?${query}`);
  assertEquals([answer.status, answer.type], [200, "application/json"]);
  return answer.body.items.map(({ title }: { title: string }) => title);
}

/** Every title of a list, read page by page of `limit`. */
async function walked(client: Client, query: string, limit: number): Promise<string[]> {
  const found: string[] = [];
  for (let cursor = "";;) {
    const { body } = await client.get(`/tickets?${query}&limit=${limit}${cursor && `&cursor=${cursor}`}`);
    found.push(...body.items.map(({ title }: { title: string }) => title));
    if (body.nextCursor === null) return found;
    cursor = body.nextCursor;
  }
}

Deno.test("ticket lists", async (t) => {
  await using scene = await openScene();
  await forgetDefaultQueue(scene.desk);
  const { desk, admin, agent, requester, stranger, other, queue, category } = scene;
  await raise(other, { title: "canary of the other tenant" });
  await raise(requester, { title: "one", tags: ["vpn"], impact: "high", urgency: "high" });
  const two = await raise(requester, { title: "two", categoryId: category });
  await raise(stranger, { title: "three", type: "service_request", tags: ["vpn", "mail"] });
  const four = await raise(stranger, { title: "four", categoryId: category });
  await agent.put(`/tickets/${two.id}/assignment`, { version: 1, assigneeId: agent.user.id });
  await agent.post(`/tickets/${two.id}/transitions`, { version: 2, to: "in_progress" });
  await agent.put(`/tickets/${four.id}/assignment`, { version: 1, assigneeId: admin.user.id });
  const five = await raise(agent, { title: "five" });

  const lists: [Client, string, string[]][] = [
    [agent, "", ["five", "four", "three", "two", "one"]],
    [agent, "sort=created", ["one", "two", "three", "four", "five"]],
    [agent, "sort=-updated", ["five", "four", "two", "three", "one"]],
    [agent, "sort=updated", ["one", "three", "two", "four", "five"]],
    [agent, "status=new", ["five", "four", "three", "one"]],
    [agent, "status=new&status=in_progress&sort=created", ["one", "two", "three", "four", "five"]],
    [agent, "status=closed", []],
    [agent, "priority=urgent", ["one"]],
    [agent, "priority=urgent&status=in_progress", []],
    [agent, "type=service_request", ["three"]],
    [agent, `queueId=${queue}`, ["four", "two"]],
    [agent, `queueId=${queue}&status=new`, ["four"]],
    [agent, "queueId=none", ["five", "three", "one"]],
    [agent, `queueId=none&queueId=${queue}&sort=created`, ["one", "two", "three", "four", "five"]],
    [agent, "assigneeId=me", ["two"]],
    [agent, "assigneeId=none", ["five", "three", "one"]],
    [agent, `assigneeId=me&assigneeId=${admin.user.id}`, ["four", "two"]],
    [agent, `assigneeId=me&queueId=none`, []],
    [agent, `assigneeId=${UNKNOWN}`, []],
    [agent, `assigneeId=${other.user.id}`, []],
    [agent, `assigneeId=me&assigneeId=${agent.user.id}`, ["two"]],
    [agent, `requesterId=me&requesterId=${agent.user.id}`, ["five"]],
    [agent, "queueId=none&queueId=00000000-0000-0000-0000-000000000000", ["five", "three", "one"]],
    [agent, "updatedAfter=2100-01-01T00:00:00%2B14:00", []],
    [agent, "requesterId=me", ["five"]],
    [agent, `requesterId=${requester.user.id}`, ["two", "one"]],
    [agent, `requesterId=${requester.user.id}&requesterId=me&sort=created`, ["one", "two", "five"]],
    [agent, `requesterId=${requester.user.id}&status=in_progress`, ["two"]],
    [agent, `categoryId=${category}`, ["four", "two"]],
    [agent, "tag=vpn", ["three", "one"]],
    [agent, "tag=VPN&tag=mail&type=service_request", ["three"]],
    [agent, "q=t", ["five", "four", "three", "two", "one"]],
    [agent, "q=th", ["three"]],
    [agent, "q=TW", ["two"]],
    [agent, "q=two&sort=updated", ["two"]],
    [agent, "q=th&status=new", ["three"]],
    [agent, "q=stranger", ["four", "three"]],
    [agent, "q=tray+paper&sort=created", ["one", "two", "three", "four", "five"]],
    [agent, "q=%25", []],
    [agent, "q=canary", []],
    [agent, `q=${two.key}`, ["two"]],
    [agent, `q=${two.key.toLowerCase()}&status=new`, []],
    [agent, `updatedAfter=${two.createdAt}&status=in_progress`, ["two"]],
    [agent, "updatedAfter=2100-01-01T00:00:00Z", []],
    [agent, "status=&q=&assigneeId=&sort=", ["five", "four", "three", "two", "one"]],
    [requester, "", ["two", "one"]],
    [requester, "status=new", ["one"]],
    [requester, "sort=created", ["one", "two"]],
    [requester, `requesterId=${stranger.user.id}`, []],
    [requester, `q=${four.key}`, []],
    [requester, `q=${two.key}`, ["two"]],
    [requester, "assigneeId=none", ["one"]],
  ];
  for (const [client, query, expected] of lists) {
    await t.step(`${client.user.name}: ${query || "everything"}`, async () => {
      assertEquals(await titles(client, query), expected);
      // The other way through the same list: by pages of one, and by counting it.
      assertEquals(await walked(client, query, 1), expected);
      {
        const { body } = await client.get(`/tickets/counts?${query.replace(/&?sort=[-\w]*/, "")}`);
        if (/\w=[\w%]/.test(query.replace(/sort=[-\w]+/, ""))) {
          assertEquals(body.matching, { count: expected.length, capped: false });
        } else assertEquals(body.matching, null);
      }
    });
  }

  await t.step(
    "an agent confined to queues: own, none, and what is theirs elsewhere, each once",
    async () => {
      await desk.look("update tenants set agents_see_all = false where id = $1", [admin.tenant.id]);
      assertEquals(await titles(agent, ""), ["five", "three", "two", "one"]);
      assertEquals(await walked(agent, "sort=updated", 1), ["one", "three", "two", "five"]);
      assertEquals(await titles(agent, "assigneeId=me"), ["two"]);
      assertEquals(await titles(agent, `requesterId=${stranger.user.id}`), ["three"]);
      assertEquals(await titles(agent, `queueId=${queue}`), ["two"]);
      assertEquals(await titles(agent, `q=${four.key}`), []);
      const own = await raise(agent, { title: "own elsewhere", queueId: queue });
      assertEquals(await titles(agent, `queueId=${queue}`), ["own elsewhere", "two"]);
      const queues = await Promise.all(
        Array.from({ length: 6 }, async (_, i) => (await admin.post("/queues", { name: `Q${i}` })).body.id),
      );
      for (const id of [...queues, queue]) await admin.put(`/queues/${id}/members/${agent.user.id}`);
      // Seven queues and none, in every state: more ranges than are merged one by one.
      assertEquals(await titles(agent, ""), ["own elsewhere", "five", "four", "three", "two", "one"]);
      assertEquals(await walked(agent, "", 2), ["own elsewhere", "five", "four", "three", "two", "one"]);
      await agent.post(`/tickets/${own.id}/transitions`, { version: 1, to: "cancelled" });
      await desk.look("update tenants set agents_see_all = true where id = $1", [admin.tenant.id]);
    },
  );

  await t.step("an item is the ticket without its long texts", async () => {
    const { body: whole } = await agent.get(`/tickets/${five.id}`);
    const { description: _, resolutionNote: __, mergedInto: ___, mergedAt: ____, ...short } = whole;
    const [item] = (await agent.get("/tickets?requesterId=me&status=new")).body.items;
    assertEquals(item, short);
    const mine = (await requester.get("/tickets")).body.items[0];
    assertEquals([mine.requester, mine.assignee, mine.allowedTransitions], [
      { id: requester.user.id, name: "Rob Requester" },
      { id: agent.user.id, name: "Ana Agent" },
      ["cancelled"],
    ]);
  });

  const wrong = [
    "limit=0",
    "limit=101",
    "limit=x",
    "sort=title",
    "sort=created;drop table tickets",
    "status=lost",
    "queueId=me",
    "assigneeId=7",
    "updatedAfter=yesterday",
    "updatedAfter=2026-01-31T09:00:00%2B23:00",
    "updatedAfter=2026-01-31T09:00:00%2B14:01",
    "updatedAfter=0000-01-01T00:00:00Z",
    "updatedAfter=1970-01-01T00:00:00%2B01:00",
    "updatedAfter=9999-12-31T23:59:59-01:00",
    "updatedAfter=10000-01-01T00:00:00Z",
    "cursor=x",
    "cursor=WyJpbmZpbml0eSIsIjAiXQ.aaaaaaaaaaaaaaaaaaaaaa",
    `q=${"x".repeat(201)}`,
    Array.from({ length: 21 }, (_, i) => `tag=t${i}`).join("&"),
  ];
  for (const query of wrong) {
    await t.step(`CHK-34 refuses ${query.slice(0, 60)}`, async () => {
      const answer = await agent.get(`/tickets?${query}`);
      assertProblem(answer, 422, "invalid");
      assertEquals(answer.body.errors[0].path.split(".")[0], query.split("=")[0]);
    });
  }

  await t.step("CHK-34 a cursor is good for its tenant and order alone", async () => {
    const { nextCursor } = (await agent.get("/tickets?limit=1")).body;
    assertEquals((await agent.get(`/tickets?limit=1&cursor=${nextCursor}`)).status, 200);
    assertProblem(await agent.get(`/tickets?sort=created&cursor=${nextCursor}`), 422, "invalid");
    assertProblem(await other.get(`/tickets?cursor=${nextCursor}`), 422, "invalid");
    assertProblem(await agent.get(`/tickets?cursor=${nextCursor.replace(/^./, "X")}`), 422, "invalid");
  });

  await t.step("pages stay whole while tickets arrive", async () => {
    const before = await titles(agent, "");
    const first = (await agent.get("/tickets?limit=2")).body;
    await raise(agent, { title: "newcomer" });
    const second = (await agent.get(`/tickets?limit=100&cursor=${first.nextCursor}`)).body;
    const seen = [...first.items, ...second.items].map(({ title }: { title: string }) => title);
    assertEquals(seen, before);
    assert(!seen.includes("newcomer"));
  });
});
