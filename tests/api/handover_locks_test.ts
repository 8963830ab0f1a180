/** Leaving while others write to the same tickets, queues and people: they take turns, and nobody meets a deadlock. */
import { assertEquals } from "@/tests/helpers/assert.ts";
import type { Answer, Client } from "@/tests/helpers/client.ts";
import type { Desk } from "@/tests/helpers/desk.ts";
import { makeTickets } from "@/tests/helpers/many_tickets.ts";
import { assertProblem, openScene } from "@/tests/helpers/ticket_scene.ts";
import { openWriter } from "@/tests/helpers/writer.ts";
import { until } from "@/tests/process/support.ts";

/** Starts requests one after the other while a queue is locked, each once the one before waits. @returns their answers */
async function whileLocked(
  desk: Desk,
  queue: string,
  requests: (() => Promise<Answer>)[],
): Promise<Answer[]> {
  await using writer = await openWriter(desk);
  await writer.query("begin");
  await writer.query("select 1 from queues where id = $1 for update", [queue]);
  const answers: Promise<Answer>[] = [];
  for (const request of requests) {
    answers.push(request());
    await until(async () => await waiting(desk) === answers.length, 20_000);
  }
  await writer.query("commit");
  return await Promise.all(answers);
}

async function waiting(desk: Desk): Promise<number> {
  const rows = await desk.look(
    "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return rows.length;
}

async function leaving(admin: Client, person: Client, fields: Record<string, unknown> = {}) {
  const path = `/users/${person.user.id}`;
  const { version } = (await admin.get(path)).body;
  return () => admin.patch(path, { version, active: false, ...fields });
}

Deno.test("handover: who is deactivated while a bulk change assigns their tickets to them", async () => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, queue } = scene;
  const cem = await admin.invite("AGENT", "Cem Cole", [queue]);
  const ids = await makeTickets(desk, { many: 3, requester, assignee: cem, queue });
  const [left, bulk] = await whileLocked(desk, queue, [
    await leaving(admin, cem),
    () => agent.post("/tickets/bulk", { ids, change: { assigneeId: cem.user.id, priority: "high" } }),
  ]);
  assertEquals(left!.status, 200);
  assertProblem(bulk!, 422, "invalid");
  assertEquals(bulk!.body.errors[0].path, "change.assigneeId");
  const kept = await desk.look("select 1 from tickets where assignee_id = $1", [cem.user.id]);
  assertEquals(kept, []);
});

Deno.test("handover: who is deactivated while an admin is assigned one of their tickets", async () => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, queue } = scene;
  const cem = await admin.invite("AGENT", "Cem Cole", [queue]);
  const [id] = await makeTickets(desk, { many: 1, requester, assignee: cem, queue });
  const [left, assigned] = await whileLocked(desk, queue, [
    await leaving(admin, cem),
    () => agent.put(`/tickets/${id}/assignment`, { version: 1, assigneeId: admin.user.id }),
  ]);
  assertEquals(left!.status, 200);
  assertProblem(assigned!, 409, "stale_version");
});

Deno.test("handover: who is to get the tickets leaves at the same time", async (t) => {
  await using scene = await openScene();
  const { desk, admin, requester, queue } = scene;
  const manager = await admin.invite("MANAGER", "Mia Manager");
  const dan = await admin.invite("AGENT", "Dan Doe", [queue]);
  const successor = async (name: string) => await admin.invite("AGENT", name, [queue]);

  await t.step("from somebody who leaves", async () => {
    const [cem, eve] = [await successor("Cem Cole"), await successor("Eve East")];
    await makeTickets(desk, { many: 2, requester, assignee: cem, queue });
    const answers = await whileLocked(desk, queue, [
      await leaving(admin, eve),
      await leaving(admin, cem, { handTo: eve.user.id }),
    ]);
    assertEquals(answers[0]!.status, 200);
    assertProblem(answers[1]!, 422, "invalid");
    assertEquals(answers[1]!.body.errors[0].path, "handTo");
    assertEquals((await admin.get(`/users/${cem.user.id}`)).body.active, true);
  });

  await t.step("from somebody who loses a queue", async () => {
    const fay = await successor("Fay Field");
    const answers = await whileLocked(desk, queue, [
      await leaving(admin, fay),
      () => manager.delete(`/queues/${queue}/members/${dan.user.id}?handTo=${fay.user.id}`),
    ]);
    assertEquals(answers[0]!.status, 200);
    assertProblem(answers[1]!, 422, "invalid");
    assertEquals(
      (await admin.get(`/queues/${queue}`)).body.members.map(({ id }: { id: string }) => id)
        .includes(dan.user.id),
      true,
    );
  });
});

Deno.test("handover: somebody leaves whose ticket is in a queue that a member leaves just then", async () => {
  await using scene = await openScene();
  const { desk, admin, requester, queue } = scene;
  const [cem, dan] = [
    await admin.invite("AGENT", "Cem Cole"),
    await admin.invite("AGENT", "Dan Doe", [queue]),
  ];
  const { version } = (await admin.get(`/queues/${queue}`)).body;
  await admin.patch(`/queues/${queue}`, { version, assignmentRule: "round_robin" });
  const [id] = await makeTickets(desk, { many: 1, requester, assignee: cem, queue });
  const answers = await whileLocked(desk, queue, [await leaving(admin, dan), await leaving(admin, cem)]);
  assertEquals(answers.map(({ status }) => status), [200, 200]);
  assertEquals((await admin.get(`/tickets/${id}`)).body.assignee?.id === dan.user.id, false);
});
