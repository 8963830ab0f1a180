import { ensureDemo } from "@/cli/demo/ensure.ts";
import { DEMO_PASSWORD, DEMO_PEOPLE } from "@/cli/demo/people.ts";
import { assert, assertEquals, assertRejects } from "@/tests/helpers/assert.ts";
import { openDesk } from "@/tests/helpers/desk.ts";

Deno.test("the demo is filled once, and says so when it was left half filled", async () => {
  await using desk = await openDesk();
  const total = async () =>
    (await desk.look<{ total: number }>("select count(*) as total from tickets"))[0]!.total;
  await ensureDemo(desk.services);
  const filled = await total();
  assertEquals(filled, 2007);
  const client = desk.client();
  client.become(await client.post("/auth/login", { email: DEMO_PEOPLE[0]!.email, password: DEMO_PASSWORD }));
  assertEquals(client.user.role, "ADMIN");
  // What was taken in is as good as what is made here: signed, counted, searched, and with clocks that fit the ledger.
  let cursor = "";
  do {
    const { body } = await client.get(`/audit/verify?cursor=${encodeURIComponent(cursor)}`);
    assertEquals([body.ok, body.failures], [true, []]);
    cursor = body.nextCursor ?? "";
  } while (cursor !== "");
  const { byStatus } = (await client.get("/tickets/counts")).body;
  assertEquals(Object.values(byStatus as Record<string, number>).reduce((sum, one) => sum + one, 0), filled);
  assert(byStatus.closed > 1500 && byStatus.new > 0 && byStatus.pending > 0);
  assert((await client.get("/search?q=toner")).body.tickets.length > 0);
  for (const [path, count] of [["/canned-replies", 3], ["/macros", 2], ["/views", 2]] as const) {
    assertEquals((await client.get(path)).body.items.length, count);
  }
  for (const ticket of (await client.get("/tickets?limit=20&sort=-updated")).body.items) {
    const explained = (await client.get(`/tickets/${ticket.id}/sla`)).body;
    assertEquals(explained.resolution.state, ticket.sla.resolution.state);
    assertEquals(explained.resolution.dueAt, ticket.sla.resolution.dueAt);
  }
  await ensureDemo(desk.services);
  assertEquals(await total(), filled);
  for await (const { name } of Deno.readDir(desk.config.DATA_DIR)) {
    if (name.startsWith("demo")) await Deno.remove(`${desk.config.DATA_DIR}/${name}`);
  }
  await assertRejects(
    () => ensureDemo(desk.services),
    /it ended while it was filled\. Delete .*servicehub-desk/,
  );
});
