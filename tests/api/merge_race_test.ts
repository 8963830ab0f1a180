import { assertEquals } from "@/tests/helpers/assert.ts";
import type { Answer, Client } from "@/tests/helpers/client.ts";
import { asSuperuser } from "@/tests/helpers/cluster.ts";
import type { Desk } from "@/tests/helpers/desk.ts";
import { openScene, put, raise, type Scene } from "@/tests/helpers/ticket_scene.ts";

/** Waits until `n` sessions wait for a lock. @throws Error when they don't for five seconds */
async function lockWaits(desk: Desk, n: number): Promise<void> {
  const waiting =
    "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  const end = Date.now() + 5_000;
  while ((await desk.look(waiting)).length < n) {
    if (Date.now() > end) throw new Error(`Fewer than ${n} wait for a lock`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** Has `first` get the ticket's lock, and `second` wait behind it. */
async function queued(
  desk: Desk,
  ticketId: string,
  [first, second]: [() => Promise<Answer>, () => Promise<Answer>],
): Promise<[Answer, Answer]> {
  return await asSuperuser(desk.cluster, desk.database, async (client) => {
    await client.query("begin");
    await client.query("select 1 from tickets where id = $1 for update", [ticketId]);
    const one = first();
    await lockWaits(desk, 1);
    const two = second();
    await lockWaits(desk, 2);
    await client.query("commit");
    return await Promise.all([one, two]);
  });
}

type Source = { id: string; version: number };

interface Writes {
  [what: string]: (scene: Scene, source: Source, files: string[]) => Promise<Answer>;
}

const comment = (client: Client, id: string, body: string, more = {}) =>
  client.post(`/tickets/${id}/comments`, { visibility: "public", body, ...more });

/** What is refused because the ticket was merged. */
const SAID: Writes = {
  "a reply of the help desk": ({ agent }, { id }) => comment(agent, id, "Hello"),
  "a reply of the requester": ({ requester }, { id }) => comment(requester, id, "Hello"),
  "a note": ({ agent }, { id }) => comment(agent, id, "Hello", { visibility: "internal" }),
  "a reply with a mention": ({ agent }, { id }) => comment(agent, id, "See this, @Ada Admin"),
  "a note with a mention": ({ agent }, { id }) =>
    comment(agent, id, "See this, @Ada Admin", { visibility: "internal" }),
  "a reply with a file": ({ agent }, { id }, attachmentIds) => comment(agent, id, "See", { attachmentIds }),
  "a note with a mention and a file": ({ agent }, { id }, attachmentIds) =>
    comment(agent, id, "See, @Ada Admin", { visibility: "internal", attachmentIds }),
  "a file": ({ agent }, { id }) =>
    agent.upload(`/tickets/${id}/attachments`, [{ name: "a.txt", content: "a" }]),
  "a watcher": ({ agent }, { id }) => agent.put(`/tickets/${id}/watchers/me`),
  "a link": ({ agent }, { id }, [, other]) =>
    agent.post(`/tickets/${id}/links`, { relation: "relates_to", ticketId: other }),
};

/** What is refused because the ticket isn't as it was any more. */
const CHANGED: Writes = {
  "an edit": ({ agent }, { id, version }) => agent.patch(`/tickets/${id}`, { version, title: "New" }),
  "tags": ({ agent }, { id, version }) => agent.patch(`/tickets/${id}`, { version, tags: ["new"] }),
  "a priority": ({ agent }, { id, version }) =>
    agent.patch(`/tickets/${id}`, { version, priority: "urgent" }),
  "an assignment": ({ agent }, { id, version }) =>
    agent.put(`/tickets/${id}/assignment`, { version, assigneeId: agent.user.id }),
  "a move": ({ agent, queue }, { id, version }) =>
    agent.put(`/tickets/${id}/assignment`, { version, assigneeId: null, queueId: queue }),
  "a transition": ({ agent }, { id, version }) =>
    agent.post(`/tickets/${id}/transitions`, { version, to: "resolved", note: "Done" }),
  "another merge": ({ agent }, { id, version }, [, other]) =>
    agent.post(`/tickets/${id}/merge`, { version, into: other }),
};

Deno.test("what is written while a ticket is merged is refused, and leaves nothing", async (t) => {
  await using scene = await openScene();
  const { desk, agent, requester } = scene;
  for (const [code, writes] of Object.entries({ conflict: SAID, stale_version: CHANGED })) {
    for (const [what, write] of Object.entries(writes)) {
      await t.step(what, async () => {
        const [source, target] = [await raise(requester), await raise(requester)];
        const other = await raise(agent);
        const uploaded = await agent.upload("/attachments", [{ name: "b.txt", content: "b" }]);
        const files = what.includes("file") ? [uploaded.body.items[0].id] : ["", other.id];
        const [merged, answer] = await queued(desk, source.id, [
          () => agent.post(`/tickets/${source.id}/merge`, { version: source.version, into: target.id }),
          () => write(scene, source, files),
        ]);
        assertEquals([merged.status, answer.status, answer.body.type], [200, 409, `/problems/${code}`]);
        const [left] = await desk.look(
          // The merge itself carries the description.
          `select (select count(*) from comments c where c.ticket_id = any($1)
              and not exists (select from ticket_merges m where m.description_id = c.id))
            + (select count(*) from attachments where ticket_id = any($1))
            + (select count(*) from ticket_links where source_id = any($1) or target_id = any($1))
            + (select count(*) from ticket_participants where ticket_id = any($1) and kind = 'watcher') as n`,
          [[source.id, target.id]],
        );
        assertEquals(Number(left!.n), 0);
      });
    }
  }
});

Deno.test("what is written while a ticket is merged into it, or linked from elsewhere, fits what came of it", async (t) => {
  await using scene = await openScene();
  const { desk, agent, requester } = scene;

  await t.step("a reply to the target is added", async () => {
    const [source, target] = [await raise(requester), await raise(agent)];
    const [merged, said] = await queued(desk, target.id, [
      () => agent.post(`/tickets/${source.id}/merge`, { version: 1, into: target.id }),
      () => comment(agent, target.id, "See this, @Ada Admin"),
    ]);
    assertEquals([merged.status, said.status], [200, 201]);
  });

  await t.step("a link to the source is refused about that field", async () => {
    const [source, target, other] = [await raise(requester), await raise(agent), await raise(agent)];
    const [merged, linked] = await queued(desk, source.id, [
      () => agent.post(`/tickets/${source.id}/merge`, { version: 1, into: target.id }),
      () => agent.post(`/tickets/${other.id}/links`, { relation: "relates_to", ticketId: source.id }),
    ]);
    assertEquals([merged.status, linked.status, linked.body.errors[0].code], [200, 422, "merged"]);
  });

  await t.step("a rating of the source is refused", async () => {
    const [source, target] = [await raise(requester), await raise(agent)];
    const version = await put(desk, source.id, "resolved");
    const [merged, rated] = await queued(desk, source.id, [
      () => agent.post(`/tickets/${source.id}/merge`, { version, into: target.id }),
      () => requester.put(`/tickets/${source.id}/rating`, { score: 5 }),
    ]);
    assertEquals([merged.status, rated.status, rated.body.type], [200, 409, "/problems/conflict"]);
  });

  await t.step("a bulk change refuses that ticket alone", async () => {
    const [source, target, other] = [await raise(requester), await raise(agent), await raise(agent)];
    const [merged, changed] = await queued(desk, source.id, [
      () => agent.post(`/tickets/${source.id}/merge`, { version: 1, into: target.id }),
      () =>
        agent.post("/tickets/bulk", {
          ids: [source.id, other.id],
          change: { comment: "Hello, @Ada Admin", visibility: "internal" },
        }),
    ]);
    assertEquals([merged.status, changed.status], [200, 200]);
    const of = (id: string) => changed.body.items.find((row: { id: string }) => row.id === id);
    assertEquals([of(source.id).problem.code, of(other.id).outcome], ["conflict", "changed"]);
  });

  await t.step("a reply that was first goes along", async () => {
    const [source, target] = [await raise(requester), await raise(agent)];
    const [said, merged] = await queued(desk, source.id, [
      () => comment(agent, source.id, "See this, @Ada Admin"),
      () => agent.post(`/tickets/${source.id}/merge`, { version: 1, into: target.id }),
    ]);
    assertEquals([said.status, merged.status], [201, 200]);
    const { items } = (await agent.get(`/tickets/${target.id}/comments`)).body;
    assertEquals(items.map(({ body }: { body: string }) => body), [
      "**Printer jams**\n\nPaper tray 2",
      "See this, @Ada Admin",
    ]);
  });
});
