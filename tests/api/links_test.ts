import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Answer, Client } from "@/tests/helpers/client.ts";
import { added, assertProblem, openScene, raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

type Ticket = { id: string; key: string; version: number };

function link(client: Client, from: Ticket, relation: string, to: Ticket): Promise<Answer> {
  return client.post(`/tickets/${from.id}/links`, { relation, ticketId: to.id });
}

async function shown(client: Client, ticket: Ticket): Promise<string[]> {
  const { body } = await client.get(`/tickets/${ticket.key}/links`);
  return body.items.map((it: { relation: string; ticket: { key: string } }) =>
    `${it.relation} ${it.ticket.key}`
  );
}

Deno.test("links", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, stranger, other } = scene;

  await t.step(
    "each kind is told from both tickets, in words and in both timelines, and taken away from either",
    async () => {
      const pairs = [
        ["relates_to", "relates_to"],
        ["duplicates", "duplicated_by"],
        ["duplicated_by", "duplicates"],
        ["blocks", "blocked_by"],
        ["blocked_by", "blocks"],
        ["parent_of", "child_of"],
        ["child_of", "parent_of"],
      ];
      for (const [relation, back] of pairs) {
        const [a, b] = [await raise(agent), await raise(agent)];
        const left = await added(desk, async () => {
          const made = await agent.post(`/tickets/${a.key}/links`, {
            relation,
            ticketId: b.key.toLowerCase(),
          });
          assertEquals([made.status, made.body.relation, made.body.ticket.key, made.body.ticket.status], [
            201,
            relation,
            b.key,
            "new",
          ]);
        });
        assertEquals(left, { audit: 2, events: 2, outbox: 0 });
        assertEquals(await shown(agent, a), [`${relation} ${b.key}`]);
        assertEquals(await shown(agent, b), [`${back} ${a.key}`]);
        const said = (await agent.get(`/tickets/${b.id}/timeline`)).body.items.at(-1);
        assertEquals([said.action, said.changes], ["ticket.linked", {
          relation: back,
          other: { id: a.id, key: a.key },
        }]);
        assertEquals((await agent.get(`/tickets/${a.id}`)).body.version, 1);
        const [{ id }] = (await agent.get(`/tickets/${b.id}/links`)).body.items;
        assertEquals((await agent.delete(`/tickets/${b.id}/links/${id}`)).status, 204);
        assertEquals([...await shown(agent, a), ...await shown(agent, b)], []);
        assertProblem(await agent.delete(`/tickets/${b.id}/links/${id}`), 404, "not_found");
        assertEquals(
          (await agent.get(`/tickets/${a.id}/timeline`)).body.items.at(-1).action,
          "ticket.unlinked",
        );
      }
    },
  );

  await t.step("CHK-08 the other ticket unknown, foreign, unseen or nonsense: one answer", async () => {
    const confined = await admin.invite("AGENT", "Cleo Confined");
    await desk.look("update tenants set agents_see_all = false where id = $1", [admin.tenant.id]);
    const mine = await raise(confined);
    const unseen = await raise(requester, { categoryId: scene.category });
    const foreign = await raise(other);
    const texts = new Set<string>();
    for (const ticketId of [UNKNOWN, foreign.id, unseen.id, unseen.key, "INC-999999", "nothing"]) {
      const answer = await confined.post(`/tickets/${mine.id}/links`, { relation: "blocks", ticketId });
      assertProblem(answer, 422, "invalid");
      texts.add(JSON.stringify(answer.body.errors));
      const merge = await confined.post(`/tickets/${mine.id}/merge`, { version: 1, into: ticketId });
      assertProblem(merge, 422, "invalid");
      texts.add(JSON.stringify(merge.body.errors).replace('"into"', '"ticketId"'));
    }
    assertEquals(texts.size, 1);
    // What was linked by somebody else doesn't exist for who doesn't see it: not in the list, not in the timeline.
    assertEquals((await link(admin, mine, "blocked_by", unseen)).status, 201);
    assertEquals(await shown(confined, mine), []);
    const told = (await confined.get(`/tickets/${mine.id}/timeline`)).text;
    assert(!told.includes(unseen.key) && !told.includes("linked"), told);
    const [{ id }] = (await admin.get(`/tickets/${mine.id}/links`)).body.items;
    assertProblem(await confined.delete(`/tickets/${mine.id}/links/${id}`), 404, "not_found");
    // It is in the way all the same, and not named.
    const refused = await confined.post(`/tickets/${mine.id}/transitions`, {
      to: "resolved",
      note: "x",
      version: 1,
    });
    assertProblem(refused, 422, "illegal_transition");
    assertEquals(refused.body.errors, []);
    assert(!refused.text.includes(unseen.key));
    await desk.look("update tenants set agents_see_all = true where id = $1", [admin.tenant.id]);
  });

  await t.step("a requester sees links to their own tickets and makes none", async () => {
    const [mine, also, hidden] = [await raise(requester), await raise(requester), await raise(stranger)];
    await link(agent, mine, "parent_of", hidden);
    await link(agent, mine, "relates_to", also);
    assertEquals(await shown(requester, mine), [`relates_to ${also.key}`]);
    const entries = (await requester.get(`/tickets/${mine.id}/timeline`)).body.items;
    assertEquals(entries.map((entry: { action: string }) => entry.action), [
      "ticket.created",
      "ticket.linked",
    ]);
    assert(!JSON.stringify(entries).includes(hidden.key));
    assertProblem(await link(requester, mine, "relates_to", also), 403, "forbidden");
    const [{ id }] = (await requester.get(`/tickets/${mine.id}/links`)).body.items;
    assertProblem(await requester.delete(`/tickets/${mine.id}/links/${id}`), 403, "forbidden");
    assertProblem(await stranger.get(`/tickets/${mine.id}/links`), 404, "not_found");
  });

  await t.step("no link to itself, none twice, one parent, no circles", async () => {
    const [a, b, c, d] = [await raise(agent), await raise(agent), await raise(agent), await raise(agent)];
    const self = await link(agent, a, "relates_to", a);
    assertProblem(self, 422, "invalid");
    assertEquals(self.body.errors[0].code, "self");
    assertEquals((await link(agent, a, "relates_to", b)).status, 201);
    assertProblem(await link(agent, a, "relates_to", b), 409, "conflict");
    assertProblem(await link(agent, b, "relates_to", a), 409, "conflict");
    assertEquals((await link(agent, a, "duplicates", b)).status, 201);
    assertProblem(await link(agent, b, "duplicates", a), 409, "conflict");
    assertEquals((await link(agent, a, "parent_of", b)).status, 201);
    assertProblem(await link(agent, c, "parent_of", b), 409, "conflict");
    assertEquals((await link(agent, b, "blocked_by", c)).status, 201);
    // a waits for its child b, b for its blocker c: neither way may c wait for a.
    for (const [relation, from, to] of [["parent_of", c, a], ["blocks", a, c], ["blocks", b, c]] as const) {
      const circle = await link(agent, from, relation, to);
      assertEquals(
        circle.status === 409 ? "conflict" : circle.body.errors[0].code,
        relation === "blocks" && from === b ? "conflict" : "circle",
      );
    }
    assertEquals((await link(agent, c, "blocked_by", d)).status, 201);
    assertEquals((await link(agent, d, "child_of", a)).status, 201);
  });

  await t.step("links made at once make no circle and no pair twice", async () => {
    const [a, b, c] = [await raise(agent), await raise(agent), await raise(agent)];
    const answers = await Promise.all([
      link(agent, a, "blocks", b),
      link(admin, b, "blocks", c),
      link(agent, c, "blocks", a),
      link(admin, b, "blocks", a),
      link(agent, a, "blocks", b),
    ]);
    assertEquals(answers.filter(({ status }) => status === 201).length, 2);
    assert(
      answers.every(({ status }) => [201, 409, 422].includes(status)),
      answers.map((it) => it.text).join(),
    );
    const rows = await desk.look(
      "select 1 from ticket_links where source_id = any($1) or target_id = any($1)",
      [
        [a.id, b.id, c.id],
      ],
    );
    assertEquals(rows.length, 2);
  });

  await t.step("nothing is resolved or closed while a child or a blocker is open", async () => {
    const [parent, child, blocker, free] = [
      await raise(agent, { title: "Move the office" }),
      await raise(agent, { title: "Pack" }),
      await raise(agent, { title: "Lease" }),
      await raise(agent),
    ];
    await link(agent, parent, "parent_of", child);
    await link(agent, parent, "blocked_by", blocker);
    await link(agent, parent, "blocks", free);
    const resolve = (ticket: Ticket, version = 1) =>
      agent.post(`/tickets/${ticket.id}/transitions`, { to: "resolved", note: "Done", version });
    const refused = await resolve(parent);
    assertProblem(refused, 422, "illegal_transition");
    assertEquals(
      refused.body.errors.map((
        it: { path: string; code: string; message: string },
      ) => [it.path, it.code, it.message]),
      [
        ["to", "child_open", `Child ticket ${child.key} “Pack” is new`],
        ["to", "blocker_open", `Blocking ticket ${blocker.key} “Lease” is new`],
      ],
    );
    assertEquals((await agent.get(`/tickets/${parent.id}`)).body.version, 1);
    assertEquals((await resolve(child)).status, 200);
    assertEquals((await resolve(parent)).body.errors.length, 1);
    assertEquals(
      (await agent.post(`/tickets/${blocker.id}/transitions`, { to: "cancelled", version: 1 })).status,
      200,
    );
    assertEquals((await resolve(parent)).status, 200);
    // Reopened, a child is in the way of closing.
    await agent.post(`/tickets/${child.id}/transitions`, { to: "open", version: 2 });
    assertProblem(
      await agent.post(`/tickets/${parent.id}/transitions`, { to: "closed", version: 2 }),
      422,
      "illegal_transition",
    );
    assertEquals((await resolve(free)).status, 200);
    assertEquals(
      (await agent.post(`/tickets/${free.id}/transitions`, { to: "open", version: 2 })).status,
      200,
    );
  });
});
