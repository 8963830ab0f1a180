import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { added, assertProblem, openScene, raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

Deno.test("watchers", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, stranger, other } = scene;
  const names = (answer: { body: { items: { name: string }[] } }) =>
    answer.body.items.map(({ name }) => name);

  await t.step("a watcher sees the ticket and is told of replies; off it again, neither", async () => {
    const ticket = await raise(requester);
    const path = `/tickets/${ticket.key}/watchers`;
    assertProblem(await stranger.get(path), 404, "not_found");
    const left = await added(desk, async () => {
      const put = await agent.put(`${path}/${stranger.user.id}`);
      assertEquals([put.status, names(put), put.body.watching], [200, ["Sue Stranger"], false]);
    });
    assertEquals(left, { audit: 1, events: 1, outbox: 0 });
    const again = await added(desk, () => agent.put(`${path}/${stranger.user.id}`));
    assertEquals(again, { audit: 0, events: 0, outbox: 0 });
    assertEquals((await stranger.get(`/tickets/${ticket.id}`)).status, 200);
    assertEquals((await stranger.get(`/tickets?q=${ticket.key}`)).body.items.length, 1);
    await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "On it" });
    const mails = await desk.look("select recipient from outbox where template = 'comment_added'");
    assertEquals(
      mails.map(({ recipient }) => recipient).sort(),
      [requester.user.email, stranger.user.email].sort(),
    );
    assertEquals((await agent.delete(`${path}/${stranger.user.id}`)).status, 204);
    assertProblem(await stranger.get(`/tickets/${ticket.id}`), 404, "not_found");
    assertProblem(await agent.delete(`${path}/${stranger.user.id}`), 404, "not_found");
    const told = (await requester.get(`/tickets/${ticket.id}/timeline`)).body.items.map((
      entry: { action: string },
    ) => entry.action);
    assertEquals(told, [
      "ticket.created",
      "ticket.watcher_added",
      "ticket.commented",
      "ticket.watcher_removed",
    ]);
  });

  await t.step("everybody who sees it watches and unwatches for themselves", async () => {
    const ticket = await raise(requester);
    const path = `/tickets/${ticket.id}/watchers`;
    const mine = await agent.put(`${path}/me`);
    assertEquals([names(mine), mine.body.watching, mine.body.items[0].email], [
      ["Ana Agent"],
      true,
      agent.user.email,
    ]);
    assertEquals((await requester.get(path)).body, {
      items: [{ id: agent.user.id, name: "Ana Agent", removable: false }],
      watching: false,
    });
    assertProblem(await requester.delete(`${path}/${agent.user.id}`), 403, "forbidden");
    assertEquals((await agent.delete(`${path}/me`)).status, 204);
    await agent.put(`${path}/${stranger.user.id}`);
    assertEquals((await stranger.delete(`${path}/me`)).status, 204);
    assertProblem(await stranger.get(path), 404, "not_found");
  });

  await t.step("the requester adds colleagues by address and takes them off; others don't", async () => {
    const ticket = await raise(requester);
    const path = `/tickets/${ticket.id}/watchers`;
    const post = await requester.post(path, { email: stranger.user.email.toUpperCase() });
    assertEquals([post.status, names(post)], [200, [stranger.user.email.toUpperCase()]]);
    assertProblem(await stranger.post(path, { email: admin.user.email }), 403, "forbidden");
    assertProblem(await stranger.put(`${path}/${admin.user.id}`), 403, "forbidden");
    assertProblem(await stranger.delete(`${path}/${admin.user.id}`), 403, "forbidden");
    assertEquals((await stranger.get(`/tickets/${ticket.id}`)).status, 200);
    assertEquals((await requester.delete(`${path}/${post.body.items[0].id}`)).status, 204);
    assertEquals((await stranger.get(`/tickets/${ticket.id}`)).status, 404);
    assertProblem(await requester.put(`${path}/${UNKNOWN}`), 404, "not_found");
    assertProblem(await requester.put(`${path}/odd`), 404, "not_found");
    assertProblem(await requester.post(path, { email: "nobody" }), 422, "invalid");
    // CHK-08: an address of another organisation is one that nobody has.
    const [foreign, unknown] = [
      await agent.post(path, { email: other.user.email }),
      await agent.post(path, { email: "nobody@works.example" }),
    ];
    assertProblem(foreign, 422, "invalid");
    assertEquals(foreign.body.errors, unknown.body.errors);
  });

  await t.step("a requester learns of no address whether somebody has it", async () => {
    const asked = [stranger.user.email, "nobody@works.example", other.user.email, agent.user.email];
    const seen: string[] = [];
    for (const email of asked) {
      const ticket = await raise(requester);
      const path = `/tickets/${ticket.id}`;
      const start = (await requester.get("/events?limit=1")).body.nextCursor;
      const [added, again] = [
        await requester.post(`${path}/watchers`, { email }),
        await requester.post(`${path}/watchers`, { email: email.toUpperCase() }),
      ];
      const answers = [
        added,
        again,
        await requester.get(`${path}/watchers`),
        await requester.get(path),
        await requester.get(`${path}/timeline`),
        await requester.get(`${path}/mentions`),
        await requester.post(`${path}/comments/preview`, { body: "@Sue Stranger?", visibility: "public" }),
        await requester.delete(`${path}/watchers/${added.body.items[0].id}`),
        await requester.get(`${path}/watchers`),
      ];
      const plain = answers.map(({ status, text }) => `${status} ${text}`).join("\n");
      // The last event is seen once all that are older can be.
      await agent.post(`${path}/comments`, { body: "The end", visibility: "public" });
      const heard: string[] = [];
      for (let after = start; heard.at(-1) !== "ticket.commented";) {
        const { body } = await requester.get(`/events?limit=100&after=${after}`);
        const here = body.items.filter(({ entityId }: { entityId: string }) => entityId === ticket.id);
        heard.push(...here.map(({ topic }: { topic: string }) => topic));
        after = body.nextCursor;
      }
      assertEquals(heard, ["ticket.created", "ticket.commented"]);
      seen.push(
        plain.replaceAll(new RegExp(email, "gi"), "ADDRESS").replaceAll(
          /[0-9a-f]{8}-[0-9a-f-]{27}/g,
          "ID",
        )
          .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME").replaceAll(/INC-\d+/g, "KEY")
          .replaceAll(/"(nextCursor|number)":("[^"]*"|\d+)/g, '"$1":0'),
      );
    }
    for (const one of seen) assertEquals(one, seen[1]);
  });

  await t.step(
    "V16 whom a requester added by address stays unnamed where a merge brings them, and on",
    async () => {
      const merge = async (from: { id: string }, into: { id: string }) => {
        const { version } = (await agent.get(`/tickets/${from.id}`)).body;
        const done = await agent.post(`/tickets/${from.id}/merge`, {
          version,
          into: into.id,
          keepRequester: true,
        });
        assertEquals(done.status, 200);
      };
      const [asked, second, last] = [await raise(requester), await raise(requester), await raise(requester)];
      const wim = await admin.invite("REQUESTER", "Wim Watcher");
      for (
        const email of [stranger.user.email, admin.user.email, wim.user.email, "nobody@works.example"]
      ) {
        await requester.post(`/tickets/${asked.id}/watchers`, { email });
      }
      await agent.put(`/tickets/${second.id}/watchers/me`);
      await merge(asked, second);
      const seen = async (ticket: { id: string }) => {
        const path = `/tickets/${ticket.id}`;
        const texts = await Promise.all(
          [`${path}/watchers`, `${path}/mentions`, `${path}/timeline`, path, "/events?limit=100"].map(async (
            one,
          ) => (await requester.get(one)).text),
        );
        return texts.join("\n");
      };
      for (const ticket of [second, last]) {
        if (ticket === last) await merge(second, last);
        const staff = names(await agent.get(`/tickets/${ticket.id}/watchers`));
        assertEquals(staff, ["Ada Admin", "Ana Agent", "Sue Stranger", "Wim Watcher"]);
        assertEquals(names(await requester.get(`/tickets/${ticket.id}/watchers`)), ["Ana Agent"]);
        for (const word of ["Sue", "Stranger", "Wim", "Ada", stranger.user.id, admin.user.id, "nobody"]) {
          assert(!(await seen(ticket)).includes(word), `${word} in ${ticket.key}`);
        }
      }
      // The addresses belong to what was merged: taken off there, they would be named here.
      const kept = (await requester.get(`/tickets/${asked.id}/watchers`)).body.items;
      assertEquals(kept.length, 4);
      for (const { id } of kept) {
        assertProblem(await requester.delete(`/tickets/${asked.id}/watchers/${id}`), 409, "conflict");
      }
      // Nor does it show who was taken off by staff, or left.
      await agent.delete(`/tickets/${last.id}/watchers/${stranger.user.id}`);
      const { version } = (await admin.get(`/users/${wim.user.id}`)).body;
      assertEquals((await admin.patch(`/users/${wim.user.id}`, { version, active: false })).status, 200);
      assertEquals(names(await agent.get(`/tickets/${last.id}/watchers`)), ["Ada Admin", "Ana Agent"]);
      for (const word of ["Stranger", "Wim"]) assert(!(await seen(last)).includes(word), word);
      // Who is added there in their own right is named.
      await agent.put(`/tickets/${last.id}/watchers/${stranger.user.id}`);
      assertEquals(names(await requester.get(`/tickets/${last.id}/watchers`)), ["Ana Agent", "Sue Stranger"]);
    },
  );

  await t.step("the requester always follows: never a watcher, never removed", async () => {
    const ticket = await raise(requester);
    const path = `/tickets/${ticket.id}/watchers`;
    assertEquals(names(await agent.put(`${path}/${requester.user.id}`)), []);
    for (const client of [agent, requester]) {
      assertProblem(await client.delete(`${path}/${requester.user.id}`), 409, "conflict");
    }
    assertEquals((await requester.get(`/tickets/${ticket.id}`)).status, 200);
  });

  await t.step("added while the ticket moves, the copies of its state are those of the ticket", async () => {
    const ticket = await raise(requester);
    const move = agent.post(`/tickets/${ticket.id}/transitions`, { to: "in_progress", version: 1 });
    const adds = [admin, stranger, agent].map((who) =>
      agent.put(`/tickets/${ticket.id}/watchers/${who.user.id}`)
    );
    const answers = await Promise.all([move, ...adds]);
    assertEquals(answers.map(({ status }) => status), [200, 200, 200, 200]);
    const copies = await desk.look(
      `select distinct p.status, p.updated_at = t.updated_at as same from ticket_participants p
        join tickets t on t.id = p.ticket_id where t.id = $1`,
      [ticket.id],
    );
    assertEquals(copies, [{ status: "in_progress", same: true }]);
  });

  await t.step("who raises a ticket for somebody else follows it", async () => {
    const ticket = await raise(agent, { requesterId: requester.user.id });
    const { body } = await agent.get(`/tickets/${ticket.id}/watchers`);
    assertEquals([names({ body }), body.watching], [["Ana Agent"], true]);
    const [created] = (await requester.get(`/tickets/${ticket.id}/timeline`)).body.items;
    assertEquals(created.actor.name, "Ana Agent");
    assertEquals((await agent.get(`/tickets/${(await raise(agent)).id}/watchers`)).body.items, []);
  });
});

Deno.test("tags in use", async () => {
  await using scene = await openScene();
  const { agent, requester, other } = scene;
  await raise(agent, { tags: ["Toner", "tray", "wi-fi"] });
  await raise(agent, { tags: ["toner"] });
  await raise(other, { tags: ["tonic"] });
  assertEquals((await agent.get("/tags")).body.items, ["toner", "tray", "wi-fi"]);
  assertEquals((await agent.get("/tags?q=TO")).body.items, ["toner"]);
  assertEquals((await agent.get("/tags?limit=1")).body.items, ["toner"]);
  assertEquals((await agent.get("/tags?q=%25")).body.items, []);
  assertProblem(await requester.get("/tags"), 403, "forbidden");
  const many = Array.from({ length: 21 }, (_, i) => `tag ${i}`);
  assertProblem(await agent.post("/tickets", { title: "x", description: "", tags: many }), 422, "invalid");
  assertEquals((await raise(agent, { tags: many.slice(1) })).tags.length, 20);
  assert((await agent.get("/tags?q=tag%201")).body.items.length === 11);
});
