import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { assertProblem, openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const { desk, admin, requester, queue } = scene;

async function change(person: Client, fields: { role?: string }): Promise<void> {
  const { version } = (await admin.get(`/users/${person.user.id}`)).body;
  assertEquals((await admin.patch(`/users/${person.user.id}`, { version, ...fields })).status, 200);
}

Deno.test("V12 a repeat gives nothing of a ticket that can't be seen any more", async () => {
  const agent = await admin.invite("AGENT", "Ben Before");
  const headers = { "idempotency-key": "v12-ticket" };
  const body = { title: "For Rob", description: "Private", requesterId: requester.user.id };
  const raiseIt = () => agent.post("/tickets", body, { headers });
  const first = await raiseIt();
  assertEquals([first.status, (await raiseIt()).text], [201, first.text]);
  const note = () =>
    agent.post(`/tickets/${first.body.id}/comments`, { body: "Noted", visibility: "public" }, {
      headers: { "idempotency-key": "v12-comment" },
    });
  const noted = await note();
  const file = () =>
    agent.upload(`/tickets/${first.body.id}/attachments`, [{ name: "a.txt", content: "a" }], {
      headers: { "idempotency-key": "v12-file" },
    });
  const attached = await file();
  assertEquals([noted.status, (await note()).text], [201, noted.text]);
  assertEquals([attached.status, (await file()).text], [201, attached.text]);
  // As a requester who watches it they see it still, without the address of whom it is for.
  await change(agent, { role: "REQUESTER" });
  await admin.put(`/tickets/${first.body.id}/watchers/${agent.user.id}`);
  const demoted = await raiseIt();
  assertEquals([demoted.status, demoted.body.id], [201, first.body.id]);
  assert(first.text.includes(requester.user.email) && !demoted.text.includes(requester.user.email));
  await admin.delete(`/tickets/${first.body.id}/watchers/${agent.user.id}`);
  for (const repeat of [raiseIt, note, file]) assertProblem(await repeat(), 404, "not_found");
  const tickets = await desk.look("select from tickets where title = 'For Rob'");
  assertEquals(tickets.length, 1);
});

Deno.test("V12 a repeat of a bulk change names no ticket that can't be seen any more", async () => {
  const agent = await admin.invite("AGENT", "Cora Confined", [queue]);
  const [seen, hidden] = [await raise(admin, { queueId: queue }), await raise(admin, { queueId: queue })];
  await admin.put(`/queues/${queue}/members/${agent.user.id}`);
  const elsewhere = (await admin.post("/queues", { name: "Elsewhere" })).body.id;
  const body = { ids: [seen.id, hidden.id], change: { priority: "high" } };
  const ask = () => agent.post("/tickets/bulk", body, { headers: { "idempotency-key": "v12-bulk" } });
  await desk.look("update tenants set agents_see_all = false where id = $1", [admin.tenant.id]);
  const first = await ask();
  assertEquals(first.body.items.map(({ key }: { key: string }) => key), [seen.key, hidden.key]);
  assertEquals((await ask()).text, first.text);
  await admin.put(`/tickets/${hidden.id}/assignment`, { version: 2, assigneeId: null, queueId: elsewhere });
  assertEquals((await agent.get(`/tickets/${hidden.id}`)).status, 404);
  const again = await ask();
  assertEquals(again.body.items[0], first.body.items[0]);
  assertEquals([again.body.items[1].key, again.body.items[1].title, again.body.items[1].problem.code], [
    null,
    null,
    "not_found",
  ]);
});
