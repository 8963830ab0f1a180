import { ensureDemo } from "@/cli/demo/ensure.ts";
import { DEMO_PASSWORD, DEMO_PEOPLE } from "@/cli/demo/people.ts";
import { assert, assertEquals, assertRejects } from "@/tests/helpers/assert.ts";
import type { Answer, Client } from "@/tests/helpers/client.ts";
import { againstLists } from "@/tests/helpers/behind_numbers.ts";
import { type Desk, openDesk } from "@/tests/helpers/desk.ts";
import { assertNone, differences, placeOf } from "@/tests/helpers/twice.ts";

Deno.test("the demo is filled once, and says so when it was left half filled", async (t) => {
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
  await t.step("every number of every report is what its rows come to", async () => {
    const lines = await differences(await placeOf(desk, client.tenant.id), [
      { period: "last-365-days", interval: "month", timeZone: "America/New_York", compare: "year" },
    ], [
      { period: "last-90-days", interval: "week", compare: "previous" },
      { period: "last-90-days", interval: "day" },
    ]);
    assertNone(lines, "in the demo");
  });
  await t.step(
    "each number of every report, by whatever it can be, has exactly as many tickets behind it",
    async () => {
      const { queueId, assigneeId, categoryId, tag } = await mostFrequent(desk);
      const { wrong, numbers } = await againstLists(desk, {
        tenantId: client.tenant.id,
        userId: client.user.id,
      }, [
        { compare: "previous" },
        { period: "last-365-days", interval: "month", timeZone: "Australia/Lord_Howe", queueId },
        { period: "last-30-days", assigneeId, priority: ["high", "medium"] },
        { period: "last-90-days", interval: "month", categoryId, type: "incident", tag },
        { period: "last-90-days", interval: "week" },
      ]);
      assertEquals(wrong, []);
      assert(numbers > 3_000, `${numbers} numbers`);
    },
  );
  await t.step("and so it is once much of that changed", async () => {
    await changeSome(client);
    const lines = await differences(await placeOf(desk, client.tenant.id), [{ period: "last-30-days" }]);
    assertNone(lines, "in the changed demo");
  });
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

async function mostFrequent(desk: Desk) {
  const [row] = await desk.look<Record<"queueId" | "assigneeId" | "categoryId" | "tag", string>>(`select
    mode() within group (order by queue_id) as "queueId", mode() within group (order by assignee_id) as "assigneeId",
    mode() within group (order by category_id) as "categoryId",
    (select mode() within group (order by tag) from ticket_tags) as tag from tickets`);
  return row!;
}

/** Late changes of each kind, as people make them. */
async function changeSome(admin: Client): Promise<void> {
  const answered = async (answer: Promise<Answer>) => {
    const { status, body, text } = await answer;
    assert(status < 300, text);
    return body;
  };
  const open =
    (await admin.get("/tickets?status=open&status=pending&status=in_progress&limit=12")).body.items;
  const done = (await admin.get("/tickets?status=resolved&limit=4")).body.items;
  const [queue] = (await admin.get("/queues")).body.items;
  const categoryId = (await admin.get("/categories")).body.items.at(-1).id;
  const move = (ticket: { id: string; version: number }, fields: Record<string, unknown>) =>
    answered(admin.post(`/tickets/${ticket.id}/transitions`, { version: ticket.version, ...fields }));
  for (const ticket of done) await move(ticket, { to: "open" });
  await move(await move(open[0], { to: "resolved", note: "Done" }), { to: "closed" });
  await move(open[1], { to: "cancelled" });
  for (
    const [i, fields] of [{ priority: "urgent" }, { categoryId }, { queueId: queue.id }, { tags: [] }]
      .entries()
  ) {
    const { id, version } = open[2 + i];
    await answered(admin.patch(`/tickets/${id}`, { version, ...fields }));
  }
  for (const [i, assigneeId] of [null, admin.user.id].entries()) {
    const { id, version } = open[6 + i];
    await answered(admin.put(`/tickets/${id}/assignment`, { version, assigneeId, queueId: queue.id }));
    await answered(admin.post(`/tickets/${id}/comments`, { body: "Hello", visibility: "public" }));
  }
  for (const { id, version } of [open[8], open[9]]) {
    await answered(admin.post(`/tickets/${id}/merge`, { version, into: open[10].key }));
  }
  const { version } = (await admin.get(`/tickets/${open[9].id}`)).body;
  await answered(admin.post(`/tickets/${open[9].id}/unmerge`, { version }));
  const { assignee } = (await admin.get(`/tickets/${open[11].id}`)).body;
  if (assignee) {
    const person = (await admin.get(`/users/${assignee.id}`)).body;
    await answered(admin.patch(`/users/${assignee.id}`, { version: person.version, active: false }));
  }
}
