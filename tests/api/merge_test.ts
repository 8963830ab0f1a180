import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { assertProblem, openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const bodies = (answer: { body: { items: { body: string }[] } }) => answer.body.items.map(({ body }) => body);

async function commentsOf(client: Client, id: string): Promise<string[]> {
  return bodies(await client.get(`/tickets/${id}/comments?limit=100`));
}

Deno.test("merging tickets", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, stranger } = scene;
  const merge = (source: { id: string; version: number }, into: string, more = {}) =>
    agent.post(`/tickets/${source.id}/merge`, { version: source.version, into, ...more });
  const say = (client: Client, id: string, body: string, visibility = "public") =>
    client.post(`/tickets/${id}/comments`, { body, visibility });

  await t.step(
    "what was said and attached goes, the number leads on, and undoing it moves exactly that back",
    async () => {
      const target = await raise(requester, { title: "VPN is down" });
      const source = await raise(requester, { title: "No VPN" });
      await agent.patch(`/tickets/${target.id}`, { version: 1, tags: ["vpn", "home"] });
      const tagged =
        (await agent.patch(`/tickets/${source.id}`, { version: 1, tags: ["vpn", "urgent one"] })).body;
      await say(requester, source.id, "From the source");
      await say(agent, source.id, "A note in the source", "internal");
      await say(agent, target.id, "In the target");
      const [file] =
        (await requester.upload(`/tickets/${source.id}/attachments`, [{ name: "log.txt", content: "log" }]))
          .body.items;
      await admin.put(`/tickets/${source.id}/watchers/me`);
      const done = await merge(tagged, target.key.toLowerCase());
      assertEquals([done.status, done.body.status, done.body.mergedInto, done.body.version], [
        200,
        "closed",
        { id: target.id, key: target.key, title: "VPN is down" },
        tagged.version + 1,
      ]);
      assertEquals(done.body.allowedTransitions, []);
      const byKey = (await requester.get(`/tickets/${source.key}`)).body;
      assertEquals([byKey.id, byKey.mergedInto.key], [source.id, target.key]);
      const carried = "**No VPN**\n\nPaper tray 2";
      assertEquals(await commentsOf(agent, target.id), [
        carried,
        "From the source",
        "A note in the source",
        "In the target",
      ]);
      assertEquals(await commentsOf(requester, target.id), [carried, "From the source", "In the target"]);
      assertEquals(await commentsOf(agent, source.id), []);
      assertEquals((await agent.get(`/attachments/${file.id}`)).body.ticketId, target.id);
      const joined = (await agent.get(`/tickets/${target.id}`)).body;
      assertEquals(joined.tags, ["home", "urgent one", "vpn"]);
      assertEquals((await admin.get(`/tickets/${target.id}/watchers`)).body.watching, true);
      assertEquals((await agent.get(`/search?q=%22in%20the%20source%22`)).status, 200);
      const told = async (id: string) =>
        (await requester.get(`/tickets/${id}/timeline`)).body.items.at(-1) as {
          action: string;
          changes: unknown;
        };
      assertEquals((await told(source.id)).changes, {
        other: { id: target.id, key: target.key },
        status: { from: "new", to: "closed" },
      });
      assertEquals((await told(target.id)).action, "ticket.merged_in");
      const after = await say(agent, target.id, "After the merge");
      assertEquals(after.status, 201);

      // What is over is over: nothing is said, changed or moved in the one that went.
      const { version } = done.body;
      assertProblem(await say(agent, source.id, "Lost?"), 409, "conflict");
      assertProblem(await say(requester, source.id, "Lost?"), 409, "conflict");
      assertProblem(await say(agent, source.id, "Lost?", "internal"), 409, "conflict");
      assertProblem(await agent.patch(`/tickets/${source.id}`, { version, title: "x" }), 409, "conflict");
      assertProblem(
        await agent.post(`/tickets/${source.id}/transitions`, { version, to: "open" }),
        409,
        "conflict",
      );
      assertProblem(
        await agent.put(`/tickets/${source.id}/assignment`, { version, assigneeId: null }),
        409,
        "conflict",
      );
      assertProblem(await agent.put(`/tickets/${source.id}/watchers/me`), 409, "conflict");
      assertProblem(await merge({ id: source.id, version }, target.id), 409, "conflict");
      const upload = await requester.upload(`/tickets/${source.id}/attachments`, [{
        name: "a.txt",
        content: "a",
      }]);
      assertProblem(upload, 409, "conflict");
      assertProblem(await requester.put(`/tickets/${source.id}/rating`, { score: 1 }), 409, "conflict");

      assertProblem(await requester.post(`/tickets/${source.id}/unmerge`, { version }), 403, "forbidden");
      assertProblem(await agent.post(`/tickets/${source.id}/unmerge`, { version: 1 }), 409, "stale_version");
      const undone = await agent.post(`/tickets/${source.id}/unmerge`, { version });
      assertEquals([undone.status, undone.body.status, undone.body.mergedInto, undone.body.closedAt], [
        200,
        "new",
        null,
        null,
      ]);
      assertEquals(await commentsOf(agent, source.id), ["From the source", "A note in the source"]);
      assertEquals(await commentsOf(agent, target.id), ["In the target", "After the merge"]);
      assertEquals((await agent.get(`/attachments/${file.id}`)).body.ticketId, source.id);
      assertEquals((await agent.get(`/tickets/${target.id}`)).body.tags, ["home", "vpn"]);
      assertEquals((await admin.get(`/tickets/${target.id}/watchers`)).body.watching, false);
      assertEquals((await say(requester, source.id, "Back")).status, 201);
      assertProblem(
        await agent.post(`/tickets/${source.id}/unmerge`, { version: undone.body.version }),
        409,
        "conflict",
      );
      // The counts by state are those of the tickets.
      const counts = (await admin.get("/tickets/counts")).body.byStatus;
      const [there] = await desk.look(
        "select count(*)::int as new from tickets where status = 'new' and tenant_id = $1",
        [
          admin.tenant.id,
        ],
      );
      assertEquals([counts.new, counts.closed ?? 0], [there!.new, 0]);
    },
  );

  await t.step(
    "who asked in the source learns nothing of another's ticket, unless staff say so",
    async () => {
      const target = await raise(requester);
      const source = await raise(stranger);
      await agent.put(`/tickets/${source.id}/watchers/me`);
      const done = await merge(source, target.id);
      assertEquals(done.status, 200);
      const seen = (await stranger.get(`/tickets/${source.id}`)).body;
      assertEquals([seen.status, seen.mergedInto, seen.mergedAt === null], ["closed", null, false]);
      assertProblem(await stranger.get(`/tickets/${target.key}`), 404, "not_found");
      const told = (await stranger.get(`/tickets/${source.id}/timeline`)).text;
      assert(!told.includes(target.key) && !told.includes(target.id), told);
      // What they still have to say opens a ticket of their own.
      const late = await say(stranger, source.id, "Any news?");
      assertEquals(late.status, 201);
      assertEquals((await stranger.get(`/tickets/${late.body.followUp.key}`)).body.description, "Any news?");
      const watchers = async () => (await agent.get(`/tickets/${target.id}/watchers`)).body;
      assertEquals((await watchers()).items.length, 1);

      const again = await raise(stranger);
      assertEquals((await merge(again, target.id, { keepRequester: true })).status, 200);
      assertEquals((await watchers()).items.map(({ name }: { name: string }) => name), [
        "Ana Agent",
        "Sue Stranger",
      ]);
      assertEquals((await stranger.get(`/tickets/${again.id}`)).body.mergedInto.key, target.key);
      assertEquals((await stranger.get(`/tickets/${target.id}`)).status, 200);
    },
  );

  await t.step(
    "not into itself, into what is over or merged, nor with something open in the way",
    async () => {
      const [a, b, c] = [await raise(agent), await raise(agent), await raise(agent)];
      const code = (answer: { body: { errors: { path: string; code: string }[] } }) =>
        answer.body.errors[0]!.code;
      assertEquals(code(await merge(a, a.key)), "self");
      assertProblem(
        await requester.post(`/tickets/${(await raise(requester)).id}/merge`, { version: 1, into: a.id }),
        403,
        "forbidden",
      );
      const merged = await merge(a, b.id);
      assertEquals(code(await merge(c, a.id)), "merged");
      // Once on: a → b → c. The first can't be undone before the second.
      const on = await merge((await agent.get(`/tickets/${b.id}`)).body, c.id);
      assertEquals(on.status, 200);
      const undo = (ticket: { id: string; version: number }) =>
        agent.post(`/tickets/${ticket.id}/unmerge`, { version: ticket.version });
      assertProblem(await undo(merged.body), 409, "conflict");
      assertEquals((await undo(on.body)).status, 200);
      assertEquals((await undo(merged.body)).status, 200);
      const closed = await raise(agent);
      await agent.post(`/tickets/${closed.id}/transitions`, { version: 1, to: "cancelled" });
      assertEquals(code(await merge(await raise(agent), closed.id)), "ended");
      const child = await raise(agent);
      const parent = await raise(agent);
      await agent.post(`/tickets/${parent.id}/links`, { relation: "parent_of", ticketId: child.id });
      assertProblem(await merge(parent, b.id), 422, "illegal_transition");
      assertProblem(await agent.post(`/tickets/${parent.id}/merge`, { into: b.id }), 428, "version_required");
      assertProblem(
        await agent.post(`/tickets/${parent.id}/merge`, { into: b.id, version: 9 }),
        409,
        "stale_version",
      );
    },
  );

  await t.step("undoing a merge leaves the people and tags that came by themselves", async () => {
    const target = await raise(requester);
    const source = await raise(requester);
    const { version } = (await agent.patch(`/tickets/${source.id}`, {
      version: 1,
      tags: ["again", "brought", "vpn"],
    })).body;
    const [left, stayed, again] = await Promise.all(
      ["Lea Left", "Stan Stayed", "Ann Again"].map((name) => admin.invite("AGENT", name)),
    );
    for (const one of [left!, stayed!, again!]) await one.put(`/tickets/${source.id}/watchers/me`);
    const merged = (await merge({ ...source, version }, target.id)).body;
    const tagsOf = async () => (await agent.get(`/tickets/${target.id}`)).body.tags;
    assertEquals(await tagsOf(), ["again", "brought", "vpn"]);
    const retag = async (tags: string[]) => {
      const { version } = (await agent.get(`/tickets/${target.id}`)).body;
      assertEquals((await agent.patch(`/tickets/${target.id}`, { version, tags })).status, 200);
    };
    // One tag is removed and added again, another comes later; one person leaves and returns, another is added though
    // the merge brought them already.
    await retag(["brought", "vpn"]);
    await retag(["again", "brought", "later", "vpn"]);
    await again!.delete(`/tickets/${target.id}/watchers/me`);
    await again!.put(`/tickets/${target.id}/watchers/me`);
    await stayed!.put(`/tickets/${target.id}/watchers/me`);
    const undone = await agent.post(`/tickets/${source.id}/unmerge`, { version: merged.version });
    assertEquals(undone.status, 200);
    assertEquals(await tagsOf(), ["again", "later"]);
    const watchers = (await agent.get(`/tickets/${target.id}/watchers`)).body.items;
    assertEquals(watchers.map(({ name }: { name: string }) => name), ["Ann Again", "Stan Stayed"]);
    assertEquals(undone.body.tags, ["again", "brought", "vpn"]);
  });

  await t.step("what two merges bring leaves with the second that is undone", async () => {
    const target = await raise(requester);
    const [a, b] = [await raise(requester), await raise(requester)];
    const merged = [];
    for (const { id } of [a, b]) {
      const { version } = (await agent.patch(`/tickets/${id}`, { version: 1, tags: ["both"] })).body;
      await admin.put(`/tickets/${id}/watchers/me`);
      merged.push((await merge({ id, version }, target.id)).body);
    }
    const there = async () => [
      (await agent.get(`/tickets/${target.id}`)).body.tags,
      (await admin.get(`/tickets/${target.id}/watchers`)).body.watching,
    ];
    for (const [i, expected] of [[["both"], true], [[], false]].entries()) {
      await agent.post(`/tickets/${merged[i].id}/unmerge`, { version: merged[i].version });
      assertEquals(await there(), expected);
    }
  });

  await t.step("after a day a merge stays", async () => {
    const [a, b] = [await raise(agent), await raise(agent)];
    const merged = (await merge(a, b.id)).body;
    await desk.look(
      "update ticket_merges set created_at = now() - interval '25 hours' where source_id = $1",
      [a.id],
    );
    assertProblem(
      await agent.post(`/tickets/${a.id}/unmerge`, { version: merged.version }),
      403,
      "forbidden",
    );
  });

  await t.step("REL-17 merged in many directions at once: one way each, and nothing hangs", async () => {
    const [a, b, c] = [await raise(agent), await raise(agent), await raise(agent)];
    const answers = await Promise.all([
      merge(a, b.id),
      merge(b, a.id),
      merge(a, c.id),
      merge(b, c.id),
      merge(c, a.id),
      merge(a, b.id),
    ]);
    assert(
      answers.every(({ status }) => [200, 409, 422].includes(status)),
      answers.map((it) => it.text).join(),
    );
    const rows = await desk.look("select merged_into from tickets where id = any($1)", [[a.id, b.id, c.id]]);
    const merged = rows.filter(({ merged_into }) => merged_into !== null);
    assertEquals(merged.length, answers.filter(({ status }) => status === 200).length);
    assert(merged.length >= 1 && merged.length <= 2);
  });

  await t.step("said and attached while it is merged: nothing is lost", async () => {
    for (let round = 0; round < 5; round++) {
      const target = await raise(requester);
      const source = await raise(requester);
      const said = Array.from(
        { length: 12 },
        (_, i) =>
          i % 3
            ? say(i % 2 ? requester : agent, source.id, `Said ${i}`)
            : say(agent, source.id, `Said ${i}`, "internal"),
      );
      const files = Array.from(
        { length: 4 },
        (_, i) =>
          requester.upload(`/tickets/${source.id}/attachments`, [{ name: `${i}.txt`, content: `file ${i}` }]),
      );
      const merging = new Promise((done) => setTimeout(done, round * 8)).then(() => merge(source, target.id));
      const [answers, uploads] = await Promise.all([Promise.all(said), Promise.all(files), merging]);
      const kept = answers.filter(({ status }) => status === 201).length;
      assert(
        answers.every(({ status }) => status === 201 || status === 409),
        answers.map((it) => it.text).join(),
      );
      assertEquals((await merging).status, 200);
      assertEquals([(await commentsOf(agent, target.id)).length, await commentsOf(agent, source.id)], [
        // With what the source asked.
        kept + 1,
        [],
      ]);
      const attached = uploads.filter(({ status }) => status === 201).length;
      const here = (await agent.get(`/tickets/${target.id}/attachments`)).body.items.length;
      const there = (await agent.get(`/tickets/${source.id}/attachments`)).body.items.length;
      assertEquals([here, there], [attached, 0]);
    }
  });
});
