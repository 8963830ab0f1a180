import { assertEquals } from "@/tests/helpers/assert.ts";
import type { Answer, Client } from "@/tests/helpers/client.ts";
import {
  assertProblem,
  forgetDefaultQueue,
  openScene,
  raise,
  UNKNOWN,
} from "@/tests/helpers/ticket_scene.ts";

Deno.test("tickets: reading", async (t) => {
  await using scene = await openScene();
  await forgetDefaultQueue(scene.desk);
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
        ["POST", "/comments", { visibility: "public", body: "x" }],
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
