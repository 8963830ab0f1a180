import { hubOf } from "@/live/hub.ts";
import { assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { StreamReader } from "@/tests/helpers/event_stream.ts";
import { assertProblem, openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const { desk, admin, agent, requester, other } = await openScene();
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());

const tick = () => new Promise((done) => setTimeout(done, 0));

async function be(client: Client, id: string, state: string) {
  const answer = await client.post(`/tickets/${id}/presence`, { state });
  await tick();
  return answer;
}

Deno.test("staff see who else is at a ticket, who replies first, until they leave", async () => {
  const { id, key } = await raise(requester);
  assertEquals((await be(agent, id, "viewing")).body, { items: [] });
  assertEquals((await be(admin, key, "replying")).body, {
    items: [{ id: agent.user.id, name: "Ana Agent", state: "viewing" }],
  });
  const seen = async () => (await agent.get(`/tickets/${id}/presence`)).body.items;
  assertEquals(await seen(), [{ id: admin.user.id, name: "Ada Admin", state: "replying" }]);
  assertEquals((await admin.delete(`/tickets/${id}/presence`)).status, 204);
  await tick();
  assertEquals(await seen(), []);
  assertEquals((await admin.get(`/tickets/${id}/presence`)).body.items.length, 1);
});

Deno.test("a requester neither sees nor is shown who is at their ticket; a foreign ticket is unknown", async () => {
  const { id } = await raise(requester);
  await be(agent, id, "viewing");
  for (const answer of [await requester.get(`/tickets/${id}/presence`), await be(requester, id, "viewing")]) {
    assertProblem(answer, 403, "forbidden");
  }
  assertProblem(await be(other, id, "viewing"), 404, "not_found");
  assertEquals((await admin.get(`/tickets/${id}/presence`)).body.items.length, 1);
  assertEquals((await be(agent, id, "sleeping")).status, 422);
});

Deno.test("who is at the same ticket is told of a change at once, and nobody else is", async () => {
  const { id } = await raise(requester);
  const listen = async (client: Client) =>
    new StreamReader(
      await desk.fetch(
        new Request(`${desk.config.PUBLIC_URL}/v1/events`, {
          headers: { accept: "text/event-stream", authorization: `Bearer ${client.token}` },
        }),
      ),
    );
  const readers = await Promise.all([agent, admin, requester].map(listen));
  await be(agent, id, "viewing");
  await be(admin, id, "viewing");
  const presence = (reader: StreamReader) => reader.messages.filter(({ type }) => type === "presence");
  await readers[0]!.until((reader) => presence(reader).length === 1);
  assertEquals(presence(readers[0]!)[0]!.data, { topic: "presence", entity: "ticket", entityId: id });
  // Saying the same again is news to nobody.
  await be(admin, id, "viewing");
  await be(admin, id, "replying");
  await readers[0]!.until((reader) => presence(reader).length === 2);
  await tick();
  assertEquals(readers.map((reader) => presence(reader).length), [2, 0, 0]);
  for (const reader of readers) await reader.close();
  assertEquals(hubOf(desk.services).size, 0);
});

Deno.test("who says nothing for half a minute has left", async () => {
  const { id } = await raise(requester);
  await be(agent, id, "viewing");
  const { now } = performance;
  performance.now = () => now.call(performance) + 31_000;
  try {
    assertEquals((await admin.get(`/tickets/${id}/presence`)).body.items, []);
  } finally {
    performance.now = now;
  }
});
