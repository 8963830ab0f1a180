import { act } from "@/domain/cx.ts";
import { addComment } from "@/domain/comments/add.ts";
import { actAsUser } from "@/domain/cx.ts";
import { accessClaim } from "@/domain/auth/access_tokens.ts";
import { sql } from "@/db/sql.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { assertProblem, openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const { desk, admin, agent, requester, stranger } = scene;
const START = "1970-01-01T00:00:00.000Z";

interface Poll {
  ids: string[];
  /** What the answer says to send next. */
  next: string;
  /** The greatest `updatedAt` that was seen, which many clients send instead. */
  latest: string;
}

/** Reads every page of what changed. */
async function poll(client: Client, updatedAfter: string, sort = "updated", limit = 100): Promise<Poll> {
  const result: Poll = { ids: [], next: updatedAfter, latest: updatedAfter };
  for (let cursor = "";;) {
    const query = new URLSearchParams({
      sort,
      updatedAfter,
      limit: String(limit),
      ...(cursor && { cursor }),
    });
    const { status, body } = await client.get(`/tickets?${query}`);
    assertEquals(status, 200);
    for (const { id, updatedAt } of body.items) {
      result.ids.push(id);
      if (updatedAt > result.latest) result.latest = updatedAt;
    }
    result.next = body.nextUpdatedAfter ?? result.next;
    if (body.nextCursor === null) return result;
    cursor = body.nextCursor;
  }
}

async function changesSince(client: Client, since: string): Promise<string[]> {
  return (await poll(client, since)).ids;
}

async function now(client: Client): Promise<string> {
  return (await client.get("/tickets?updatedAfter=2100-01-01T00:00:00Z&limit=1")).body.nextUpdatedAfter;
}

Deno.test("while others write, whoever follows updatedAfter misses none of 1,000 changes, by either way", async () => {
  const writers = 5;
  const each = 220;
  const made = new Map<string, string>();
  let writing = true;
  const write = async (client: Client, writer: number) => {
    for (let i = 0; i < each; i++) {
      const { id } = await raise(client, { title: `Written by ${writer}, ${i}` });
      made.set(id, client.user.name);
      if (i % 4 === 0) {
        await client.post(`/tickets/${id}/comments`, { body: "And another thing", visibility: "public" });
      }
    }
  };
  const follow = async (client: Client, by: "next" | "latest", sort: string) => {
    const seen = new Set<string>();
    let after = START;
    for (let last = false; !last;) {
      last = !writing;
      const found = await poll(client, after, sort, 20);
      for (const id of found.ids) seen.add(id);
      after = found[by];
    }
    return seen;
  };
  const readers = [
    follow(agent, "next", "updated"),
    follow(agent, "latest", "updated"),
    follow(admin, "next", "-updated"),
    follow(requester, "next", "updated"),
  ];
  const people = [agent, admin, requester, stranger, agent];
  await Promise.all(people.slice(0, writers).map(write));
  writing = false;
  const [byNext, byLatest, downwards, own] = await Promise.all(readers);
  const missed = (seen: Set<string>, of = [...made.keys()]) => of.filter((id) => !seen.has(id)).length;
  assertEquals([made.size, missed(byNext!), missed(byLatest!), missed(downwards!)], [1100, 0, 0, 0]);
  const theirs = [...made].filter(([, name]) => name === requester.user.name).map(([id]) => id);
  assertEquals([theirs.length, missed(own!, theirs), own!.size], [each, 0, each]);
});

Deno.test("a transaction that began before a poll and ends after it is in the next, whenever it wrote", async () => {
  const [early, late] = [await raise(requester), await raise(requester)];
  const since = await now(agent);
  const claim = accessClaim(agent.token!, desk.services.secrets)!;
  for (const [ticket, writesFirst] of [[early, true], [late, false]] as const) {
    const polled = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    const slow = actAsUser(desk.request(), claim, async (cx) => {
      const say = () => addComment(cx, { ticketId: ticket.id, body: "Slow", visibility: "internal" });
      if (writesFirst) await say();
      else await cx.db.run(sql`select 1 from tickets where tenant_id = ${cx.tenant.id} limit 1`);
      written.resolve();
      await polled.promise;
      if (!writesFirst) await say();
    });
    await written.promise;
    const { id } = await raise(requester, { title: "Meanwhile" });
    const between = await poll(agent, since);
    assert(!between.ids.includes(ticket.id));
    // What began later than an open change waits for it; nothing waits for a transaction that has changed nothing.
    assertEquals(between.ids.includes(id), !writesFirst);
    polled.resolve();
    await slow;
    for (const after of [between.next, between.latest]) {
      const ids = await changesSince(agent, after);
      assert(ids.includes(ticket.id), `${writesFirst} after ${after}`);
    }
  }
});

Deno.test("another organisation's open transactions hold nothing back", async () => {
  const theirs = await raise(scene.other);
  const claim = { kind: "system", tenantId: scene.other.tenant.id } as const;
  const since = await now(agent);
  await act(desk.request(), claim, async (cx) => {
    await cx.db.run(
      sql`update tickets set updated_at = now() where tenant_id = ${cx.tenant.id} and id = ${theirs.id}`,
    );
    const { id } = await raise(requester);
    assert((await changesSince(agent, since)).includes(id));
  });
});

Deno.test("notes, watchers, links, files and edits count as changes; requesters don't notice what is internal", async (t) => {
  const ticket = await raise(requester);
  const other = await raise(requester);
  const path = `/tickets/${ticket.id}`;
  const note = { body: "Psst", visibility: "internal" };
  let noted = "";
  const changes: [string, "internal" | "public", () => Promise<unknown>][] = [
    ["an internal note", "internal", async () => {
      noted = (await agent.post(`${path}/comments`, note)).body.id;
    }],
    [
      "an edited note",
      "internal",
      () => agent.patch(`${path}/comments/${noted}`, { version: 1, body: "Psst!" }),
    ],
    [
      "an internal file",
      "internal",
      () =>
        agent.upload(`${path}/attachments`, [{ name: "a.txt", content: "a" }], {
          fields: { visibility: "internal" },
        }),
    ],
    ["a reply", "public", () => agent.post(`${path}/comments`, { body: "Hello", visibility: "public" })],
    ["a watcher", "public", () => agent.put(`${path}/watchers/${stranger.user.id}`)],
    ["a watcher who left", "public", () => stranger.delete(`${path}/watchers/me`)],
    ["a link", "public", () => agent.post(`${path}/links`, { relation: "relates_to", ticketId: other.id })],
    [
      "an assignment",
      "public",
      () => agent.put(`${path}/assignment`, { version: 1, assigneeId: agent.user.id }),
    ],
  ];
  for (const [what, visibility, change] of changes) {
    await t.step(what, async () => {
      const [byStaff, byRequester] = [await now(agent), await now(requester)];
      const before = (await requester.get(path)).body;
      await change();
      assertEquals([what, (await changesSince(agent, byStaff)).includes(ticket.id)], [what, true]);
      const noticed = (await changesSince(requester, byRequester)).includes(ticket.id);
      assertEquals([what, noticed], [what, visibility === "public"]);
      if (visibility === "internal") assertEquals((await requester.get(path)).body, before);
    });
  }
  const since = await now(agent);
  await agent.get(path);
  await agent.patch(path, { version: 2, title: ticket.title });
  assertEquals((await changesSince(agent, since)).includes(ticket.id), false);
});

Deno.test("updatedAfter goes with other filters, and its cursor with itself alone", async () => {
  const ticket = await raise(requester, { tags: ["followed"] });
  const { body } = await agent.get(`/tickets?updatedAfter=${START}&tag=followed&sort=updated`);
  assertEquals(body.items.map(({ id }: { id: string }) => id), [ticket.id]);
  assertEquals((await agent.get("/tickets?tag=followed")).body.nextUpdatedAfter, undefined);
  const page = await agent.get(`/tickets?updatedAfter=${START}&sort=updated&limit=1`);
  const next = `sort=updated&limit=1&cursor=${page.body.nextCursor}`;
  assertEquals((await agent.get(`/tickets?updatedAfter=${START}&${next}`)).status, 200);
  assertProblem(await agent.get(`/tickets?${next}`), 422, "invalid");
  const plan = await desk.look<{ "QUERY PLAN": string }>(
    `explain select * from tickets where tenant_id = $1 and changed_at > $2 and changed_at < $3
      order by changed_at, id limit 101`.replace("$1", `'${admin.tenant.id}'`).replace(
      "$2",
      `'${body.nextUpdatedAfter}'`,
    )
      .replace("$3", "now()"),
  );
  assert(plan.some((line) => line["QUERY PLAN"].includes("tickets_by_changed")), JSON.stringify(plan));
});
