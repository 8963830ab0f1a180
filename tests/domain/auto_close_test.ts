import { closeAllResolved } from "@/jobs/close_resolved.ts";
import { wakeAllTickets } from "@/jobs/wake_tickets.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { NEVER } from "@/tests/helpers/jobs.ts";
import { passMinutes, promise } from "@/tests/helpers/sla_scene.ts";
import { openScene, raise, type Scene } from "@/tests/helpers/ticket_scene.ts";

const SOON = () => new Date(Date.now() + 3_600_000).toISOString();

async function move(client: Client, id: string, fields: Record<string, unknown>) {
  const { version } = (await client.get(`/tickets/${id}`)).body;
  const answer = await client.post(`/tickets/${id}/transitions`, { version, ...fields });
  assertEquals(answer.status, 200);
  return answer.body;
}

/** Who was told of what on a ticket since the last look. */
async function told({ desk }: Scene, ticketId: string): Promise<string[]> {
  const rows = await desk.look<{ line: string }>(
    `select u.name || ': ' || n.kind || ' ' || coalesce(n.payload ->> 'to', '') as line
      from notifications n join users u on u.id = n.user_id where n.ticket_id = $1 order by 1`,
    [ticketId],
  );
  await desk.look("delete from notifications");
  return rows.map(({ line }) => line);
}

Deno.test("a ticket that waits until a time opens then, by itself, once", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, category } = scene;
  await admin.put(`/queues/${scene.queue}/members/${agent.user.id}`);
  await promise(admin, { firstResponse: 60, resolution: 480 });
  const wake = () => wakeAllTickets(desk.request(), NEVER);
  const come = (id: string) => desk.look("update tickets set pending_until = now() where id = $1", [id]);

  await t.step(
    "not before; then open, its clock goes on, its assignee is told, and the timeline says who",
    async () => {
      const ticket = await raise(requester);
      await admin.put(`/tickets/${ticket.id}/assignment`, { version: 1, assigneeId: agent.user.id });
      const pending = await move(agent, ticket.id, { to: "pending", reason: "scheduled", until: SOON() });
      assertEquals([await wake(), pending.sla.resolution.state], [0, "paused"]);
      await passMinutes(desk, ticket.id, 30);
      await told(scene, ticket.id);
      await come(ticket.id);
      assertEquals([await wake(), await wake()], [1, 0]);
      const { body } = await agent.get(`/tickets/${ticket.id}`);
      assertEquals([body.status, body.pendingReason, body.pendingUntil, body.version], [
        "open",
        null,
        null,
        pending.version + 1,
      ]);
      assertEquals(body.sla.resolution.state, "running");
      assertEquals(await told(scene, ticket.id), [
        "Ana Agent: ticket_moved open",
        "Rob Requester: ticket_moved open",
      ]);
      const { items } = (await agent.get(`/tickets/${ticket.id}/timeline`)).body;
      assertEquals([items.at(-1).actor, items.at(-1).changes.note], [
        null,
        "The scheduled time has come",
      ]);
    },
  );
  await t.step("nobody's ticket: its queue is told", async () => {
    const ticket = await raise(requester, { categoryId: category });
    await move(agent, ticket.id, { to: "pending", reason: "scheduled", until: SOON() });
    await come(ticket.id);
    await told(scene, ticket.id);
    assertEquals(await wake(), 1);
    assert((await told(scene, ticket.id)).includes("Ana Agent: ticket_moved open"));
  });
  await t.step("several at once move each one once, and nothing else that is pending", async () => {
    const tickets = await Promise.all(Array.from({ length: 60 }, () => raise(requester)));
    await Promise.all(
      tickets.map(({ id }, i) =>
        move(agent, id, {
          to: "pending",
          ...(i < 55 ? { reason: "scheduled", until: SOON() } : { reason: "vendor" }),
        })
      ),
    );
    await desk.look("update tickets set pending_until = now() where pending_until is not null");
    const done = await Promise.all([1, 2, 3].map(wake));
    assertEquals(done.reduce((sum, each) => sum + each, 0), 55);
    const rows = await desk.look(
      "select count(*)::int as n from audit_log where actor_id is null and action = 'ticket.transitioned'",
    );
    assertEquals(rows, [{ n: 57 }]);
  });
});

Deno.test("a resolved ticket closes by itself after the organisation's days", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, other } = scene;
  const close = () => closeAllResolved(desk.request(), NEVER);
  const resolve = async (client: Client = requester) => {
    const ticket = await raise(client);
    await move(client === requester ? agent : client, ticket.id, { to: "resolved", note: "Done" });
    return ticket;
  };
  const ago = (id: string, days: number) =>
    desk.look("update tickets set resolved_at = now() - make_interval(days => $2::int) where id = $1", [
      id,
      days,
    ]);
  const status = async (id: string, client: Client = agent) =>
    (await client.get(`/tickets/${id}`)).body.status;

  await t.step("not before; then closed, by nobody, and its people are told", async () => {
    const ticket = await resolve();
    await ago(ticket.id, 4);
    assertEquals([await close(), await status(ticket.id)], [0, "resolved"]);
    await ago(ticket.id, 5);
    await told(scene, ticket.id);
    assertEquals([await close(), await close()], [1, 0]);
    assertEquals(await status(ticket.id), "closed");
    assertEquals(await told(scene, ticket.id), ["Rob Requester: ticket_moved closed"]);
    const [row] = await desk.look(
      "select actor_id, changes ->> 'note' as note from audit_log where entity_id = $1 order by id desc limit 1",
      [ticket.id],
    );
    assertEquals(row, { actor_id: null, note: "Resolved for 5 days and not reopened" });
    assert((await requester.get(`/tickets/${ticket.id}`)).body.allowedTransitions.includes("open"));
  });
  await t.step("one that something is in the way of stays, and holds up none", async () => {
    const [stuck, child, free] = [await resolve(), await raise(requester), await resolve()];
    await agent.post(`/tickets/${stuck.id}/links`, { relation: "parent_of", ticketId: child.id });
    await ago(stuck.id, 9);
    await ago(free.id, 8);
    const links = await desk.look("select 1 from ticket_links");
    assertEquals(links.length, 1);
    assertEquals(await close(), 1);
    assertEquals([await status(stuck.id), await status(free.id)], ["resolved", "closed"]);
    await move(agent, child.id, { to: "cancelled" });
    assertEquals([await close(), await status(stuck.id)], [1, "closed"]);
  });
  await t.step("each organisation by its own days; 0 is never", async () => {
    const [mine, theirs] = [await resolve(), await resolve(other)];
    await ago(mine.id, 300);
    await ago(theirs.id, 20);
    const { version } = (await admin.get("/tenant")).body;
    await admin.patch("/tenant", { version, autoCloseDays: 0 });
    const set = await other.patch("/tenant", { version: 1, autoCloseDays: 30 });
    assertEquals(set.status, 200);
    assertEquals(await close(), 0);
    await other.patch("/tenant", { version: 2, autoCloseDays: 20 });
    assertEquals([await close(), await status(mine.id), await status(theirs.id, other)], [
      1,
      "resolved",
      "closed",
    ]);
    await admin.patch("/tenant", { version: version + 1, autoCloseDays: 5 });
  });
  await t.step("several at once close each one once, while people reopen some", async () => {
    const tickets = await Promise.all(Array.from({ length: 70 }, () => resolve()));
    await desk.look("update tickets set resolved_at = now() - interval '6 days' where status = 'resolved'");
    const reopened = tickets.slice(0, 10).map(({ id }) =>
      requester.post(`/tickets/${id}/transitions`, { version: 2, to: "open" })
    );
    await Promise.all([close(), close(), close(), ...reopened]);
    await close();
    const [row] = await desk.look(
      `select count(*)::int as n from (select entity_id from audit_log
        where changes #>> '{status,to}' = 'closed' group by 1 having count(*) > 1) twice`,
    );
    assertEquals(row, { n: 0 });
    const left = await desk.look("select 1 from tickets where status = 'resolved'");
    assertEquals(left.length, 0);
  });
});
