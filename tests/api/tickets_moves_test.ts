import { act } from "@/domain/cx.ts";
import { wakeTickets } from "@/domain/tickets/auto_close.ts";
import { type Status, STATUSES, transitionRefusal } from "@/domain/tickets/model/states.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { added, assertProblem, openScene, put, raise } from "@/tests/helpers/ticket_scene.ts";

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
          const refused = transitionRefusal(from, to, { staff: !own, own, reopenUntil: until, now });
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
        "select recipient, payload from outbox where template = 'ticket_resolved' and payload->>'ticketId' = $1",
        [ticket.id],
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
      [{ reason: "scheduled", until: "2100-01-01T00:00:00+23:00" }, "until"],
      [{ reason: "scheduled", until: "9999-12-31T23:00:00-02:00" }, "until"],
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

  await t.step(
    "A6 a pending ticket waits until a time for any reason, and wakes; the time is never dropped",
    async () => {
      for (const reason of ["requester", "vendor"]) {
        const ticket = await raise(requester);
        const path = `/tickets/${ticket.id}/transitions`;
        const pending = await agent.post(path, { to: "pending", version: 1, reason, until });
        assertEquals([pending.status, pending.body.pendingReason, pending.body.pendingUntil], [
          200,
          reason,
          until,
        ]);
        const later = "2098-01-01T00:00:00.000Z";
        const moved = await agent.post(path, { to: "pending", version: 2, reason, until: later });
        assertEquals([moved.status, moved.body.pendingUntil], [200, later]);
        const open = await agent.post(path, { to: "pending", version: 3, reason });
        assertEquals([open.status, open.body.pendingUntil], [200, null]);
        const back = await agent.post(path, { to: "pending", version: 4, reason, until });
        await desk.look("update tickets set pending_until = now() - interval '1 minute' where id = $1", [
          ticket.id,
        ]);
        await act(desk.request(), { kind: "system", tenantId: agent.tenant.id }, (cx) => wakeTickets(cx));
        assertEquals((await agent.get(`/tickets/${ticket.id}`)).body.status, "open");
        assertEquals(back.status, 200);
      }
      const ticket = await raise(requester);
      const wrong = await agent.post(`/tickets/${ticket.id}/transitions`, { to: "open", version: 1, until });
      assertProblem(wrong, 422, "invalid");
      assertEquals(wrong.body.errors[0].path, "until");
    },
  );

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
