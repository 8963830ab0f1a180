import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { added, assertProblem, openScene, put, raise } from "@/tests/helpers/ticket_scene.ts";

Deno.test("ratings", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, stranger } = scene;
  const resolved = async () => {
    const ticket = await raise(requester);
    const assigned = await agent.put(`/tickets/${ticket.id}/assignment`, {
      version: 1,
      assigneeId: agent.user.id,
    });
    const done = await agent.post(`/tickets/${ticket.id}/transitions`, {
      version: assigned.body.version,
      to: "resolved",
      note: "Done",
    });
    return done.body;
  };

  await t.step("the requester rates what is resolved, changes it, and who did it is told", async () => {
    const ticket = await resolved();
    const path = `/tickets/${ticket.key}/rating`;
    const asked = (await requester.get(path)).body;
    assertEquals([asked.rating, Date.parse(asked.changeableUntil) - Date.parse(ticket.resolvedAt)], [
      null,
      14 * 86_400_000,
    ]);
    const left = await added(desk, async () => {
      const rated = await requester.put(path, { score: 4, comment: " Quick, and kind " });
      assertEquals([rated.status, rated.body.rating.score, rated.body.rating.comment], [
        200,
        4,
        "Quick, and kind",
      ]);
    });
    assertEquals([left.audit, left.events], [1, 1]);
    const same = await added(desk, () => requester.put(path, { score: 4, comment: "Quick, and kind" }));
    assertEquals(same, { audit: 0, events: 0, outbox: 0 });
    const better = await requester.put(path, { score: 5 });
    assertEquals([better.body.rating.score, better.body.rating.comment], [5, ""]);
    const forStaff = (await agent.get(path)).body;
    assertEquals([forStaff.rating.score, forStaff.changeableUntil], [5, null]);
    const [bell] = (await agent.get("/notifications")).body.items;
    assertEquals(bell.kind, "rating_received");
    const after = (await requester.get(`/tickets/${ticket.id}`)).body;
    assertEquals([after.version, after.updatedAt], [ticket.version, ticket.updatedAt]);
  });

  await t.step("nobody else rates, and a watcher sees nothing of it", async () => {
    const ticket = await resolved();
    const path = `/tickets/${ticket.id}/rating`;
    assertProblem(await stranger.put(path, { score: 1 }), 404, "not_found");
    await agent.put(`/tickets/${ticket.id}/watchers/${stranger.user.id}`);
    await requester.put(path, { score: 2, comment: "Slow" });
    for (const client of [stranger, agent, admin]) {
      assertProblem(await client.put(path, { score: 5 }), 403, "forbidden");
    }
    assertProblem(await stranger.get(path), 403, "forbidden");
    assert(!(await stranger.get(`/tickets/${ticket.id}/timeline`)).text.includes("rated"));
  });

  await t.step("only from 1 to 5, only when it is finished, and for 14 days", async () => {
    const ticket = await resolved();
    const path = `/tickets/${ticket.id}/rating`;
    for (const score of [0, 6, 4.5, "x", null, undefined]) {
      const answer = await requester.put(path, { score });
      assertProblem(answer, 422, "invalid");
      assertEquals(answer.body.errors[0].path, "score");
    }
    assertProblem(await requester.put(path, { score: 3, comment: "x".repeat(2001) }), 422, "invalid");
    const open = await raise(requester);
    assertProblem(await requester.put(`/tickets/${open.id}/rating`, { score: 3 }), 409, "conflict");
    const cancelled = await raise(requester);
    await put(desk, cancelled.id, "cancelled");
    assertProblem(await requester.put(`/tickets/${cancelled.id}/rating`, { score: 3 }), 409, "conflict");
    await desk.look("update tickets set resolved_at = now() - interval '15 days' where id = $1", [ticket.id]);
    assertProblem(await requester.put(path, { score: 3 }), 403, "forbidden");
    assertEquals((await requester.get(path)).body.changeableUntil, null);
  });

  await t.step("rated ten times at once there is one rating", async () => {
    const ticket = await resolved();
    const answers = await Promise.all(
      Array.from(
        { length: 10 },
        (_, i) => requester.put(`/tickets/${ticket.id}/rating`, { score: 1 + i % 5 }),
      ),
    );
    assertEquals(answers.map(({ status }) => status), answers.map(() => 200));
    assertEquals(
      (await desk.look("select 1 from ticket_ratings where ticket_id = $1", [ticket.id])).length,
      1,
    );
  });
});
