import { act } from "@/domain/cx.ts";
import { foldTicketCounts, tenantsToFold } from "@/domain/tickets/counts.ts";
import { foldCounts } from "@/jobs/fold_counts.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { NEVER } from "@/tests/helpers/jobs.ts";
import { openScene, raise, type Scene } from "@/tests/helpers/ticket_scene.ts";

type Recount = { queue: string | null; status: string; total: number };

/** What the endpoint says, as rows. */
async function told(client: Client): Promise<Recount[]> {
  const { body } = await client.get("/tickets/counts");
  const rows: Recount[] = [];
  for (const { queue, byStatus } of body.byQueue) {
    for (const [status, total] of Object.entries(byStatus)) {
      if (total !== 0) rows.push({ queue: queue?.id ?? null, status, total: total as number });
    }
  }
  return sorted(rows);
}

async function recount(scene: Scene): Promise<Recount[]> {
  const rows = await scene.desk.look<Recount>(
    `select queue_id as queue, status, count(*) as total from tickets where tenant_id = $1 group by 1, 2`,
    [scene.admin.tenant.id],
  );
  return sorted(rows.map(({ queue, status, total }) => ({ queue, status, total })));
}

function sorted(rows: Recount[]): Recount[] {
  return rows.sort((a, b) => `${a.queue} ${a.status}` < `${b.queue} ${b.status}` ? -1 : 1);
}

Deno.test("ticket counts", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, stranger, other, queue } = scene;

  await t.step("equal a recount after a storm of parallel changes and folds", async () => {
    const tickets = await Promise.all(Array.from({ length: 12 }, () => raise(requester)));
    // Some that nobody else moves: which of the parallel changes win is chance.
    for (const to of ["open", "in_progress", "cancelled"]) {
      await agent.post(`/tickets/${(await raise(requester)).id}/transitions`, { version: 1, to });
    }
    const storm = tickets.flatMap(({ id }, i) => [
      agent.put(`/tickets/${id}/assignment`, { version: 1, assigneeId: null, queueId: queue }),
      agent.post(`/tickets/${id}/transitions`, { version: 1, to: "open" }),
      agent.patch(`/tickets/${id}`, { version: 1, queueId: queue, title: `Moved ${i}` }),
      admin.post(`/tickets/${id}/transitions`, { version: 2, to: "cancelled" }),
      raise(admin, { queueId: queue }),
    ]);
    const folds = Array.from({ length: 8 }, () => foldCounts(desk.request(), NEVER));
    await Promise.all([...storm, ...folds]);
    assertEquals(await told(admin), await recount(scene));
    assert((await recount(scene)).length > 3);
    await foldCounts(desk.request(), NEVER);
    assertEquals(await told(admin), await recount(scene));
    const [left] = await desk.look<{ deltas: number }>("select count(*) as deltas from ticket_count_deltas");
    assertEquals(left!.deltas, 0);
  });

  await t.step("folds at once count each delta once", async () => {
    await Promise.all(Array.from({ length: 20 }, () => raise(requester)));
    const claim = { kind: "system", tenantId: admin.tenant.id } as const;
    const folded = await Promise.all(
      Array.from({ length: 6 }, () => act(desk.request(), claim, foldTicketCounts)),
    );
    assertEquals(folded.reduce((sum, { done }) => sum + done, 0), 20);
    assertEquals(await told(admin), await recount(scene));
  });

  await t.step("CHK-09 another tenant's tickets are in no count", async () => {
    const { body } = await other.get("/tickets/counts");
    assertEquals([body.byQueue, body.assignedToMe, body.unassigned], [
      [],
      { count: 0, capped: false },
      { count: 0, capped: false },
    ]);
  });

  await t.step("requesters count their own alone", async () => {
    await raise(stranger);
    const { body } = await stranger.get("/tickets/counts");
    assertEquals([body.byStatus.new, body.byStatus.open, body.byQueue, body.assignedToMe, body.capped], [
      1,
      0,
      [],
      null,
      false,
    ]);
  });

  await t.step("confined agents count own queues and tickets without one", async () => {
    await raise(admin, { queueId: (await admin.post("/queues", { name: "Secret" })).body.id });
    // As some are from before there was a default queue.
    await desk.look("update tickets set queue_id = null where id = $1", [(await raise(requester)).id]);
    await desk.look("update tenants set agents_see_all = false where id = $1", [admin.tenant.id]);
    const before = (await agent.get("/tickets/counts")).body.byQueue;
    assertEquals(before.map((counts: { queue: unknown }) => counts.queue), [null]);
    await admin.put(`/queues/${queue}/members/${agent.user.id}`);
    const after = (await agent.get("/tickets/counts")).body.byQueue;
    assertEquals(after.map((counts: { queue: { name: string } | null }) => counts.queue?.name ?? null), [
      "Network",
      null,
    ]);
    await desk.look("update tenants set agents_see_all = true where id = $1", [admin.tenant.id]);
  });

  await t.step("counting one by one stops at 1,000 and says so", async () => {
    await desk.look(
      `insert into tickets (tenant_id, number, type, title, description, status, impact, urgency, priority,
        requester_id, source) select $1, 100000 + g, 'incident', 'Many', '', 'new', 'low', 'low', 'low', $2, 'api'
        from generate_series(1, 1005) g`,
      [admin.tenant.id, stranger.user.id],
    );
    await desk.look(`insert into ticket_participants
      select tenant_id, id, requester_id, 'requester', status, created_at, updated_at from tickets where title = 'Many'`);
    const full = { count: 1000, capped: true };
    const staff = (await admin.get(`/tickets/counts?requesterId=${stranger.user.id}`)).body;
    assertEquals([staff.matching, staff.unassigned], [full, full]);
    const own = (await stranger.get("/tickets/counts?status=new")).body;
    assertEquals([own.matching, own.capped], [full, true]);
    assertEquals(await told(admin), await recount(scene));
  });
});

/** Where the kept counts differ from a recount, in one statement: there is no moment at which they may. */
const DIFFERENCES = `select * from (
    select tenant_id, queue_key, status, sum(total) as total, sum(unassigned) as unassigned from (
      select tenant_id, queue_key, status, total, unassigned from ticket_counts
      union all select tenant_id, queue_key, status, delta, unassigned from ticket_count_deltas
    ) kept group by 1, 2, 3
  ) kept full join (
    select tenant_id, queue_key, status, count(*) as total, count(*) filter (where assignee_id is null) as unassigned
    from tickets group by 1, 2, 3
  ) counted using (tenant_id, queue_key, status)
  where coalesce(kept.total, 0) <> coalesce(counted.total, 0)
    or coalesce(kept.unassigned, 0) <> coalesce(counted.unassigned, 0)`;

Deno.test("counts equal a recount at every moment of a storm of random changes, folds and their rules", async () => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, queue } = scene;
  const queues = [queue];
  for (const assignmentRule of ["round_robin", "least_loaded"]) {
    const { id } = (await admin.post("/queues", { name: assignmentRule, assignmentRule })).body;
    for (const { user } of [admin, agent]) await admin.put(`/queues/${id}/members/${user.id}`);
    queues.push(id);
  }
  const random = (among: number) => Math.floor(Math.random() * among);
  const oneOf = <T>(list: readonly T[]): T => list[random(list.length)]!;
  const tickets = (await Promise.all(Array.from({ length: 12 }, () => raise(requester)))).map(({ id }) => id);
  const done: Record<string, number> = {};
  const step = async () => {
    const id = oneOf(tickets);
    const { version, allowedTransitions } = (await agent.get(`/tickets/${id}`)).body;
    const to = oneOf(allowedTransitions as string[]);
    const kinds = {
      raise: async () => {
        const made = await requester.post("/tickets", {
          title: "x",
          description: "",
          categoryId: scene.category,
        });
        tickets.push(made.body.id);
        return made;
      },
      queue: () => agent.patch(`/tickets/${id}`, { version, queueId: oneOf([...queues, null]) }),
      give: () =>
        agent.put(`/tickets/${id}/assignment`, { version, assigneeId: oneOf([agent.user.id, null]) }),
      hand: () =>
        agent.put(`/tickets/${id}/assignment`, { version, assigneeId: null, queueId: oneOf(queues) }),
      move: () =>
        agent.post(`/tickets/${id}/transitions`, {
          version,
          to,
          ...(to === "resolved" ? { note: "x" } : to === "pending" ? { reason: "vendor" } : {}),
        }),
      bulk: () =>
        admin.post("/tickets/bulk", {
          ids: [oneOf(tickets), oneOf(tickets)],
          change: { queueId: oneOf(queues) },
        }),
    };
    const kind = oneOf(Object.keys(kinds) as (keyof typeof kinds)[]);
    const { status, text } = await kinds[kind]();
    assert([200, 201, 409].includes(status), `${kind}: ${status} ${text}`);
    if (status < 300) done[kind] = (done[kind] ?? 0) + 1;
  };
  let storming = true;
  const watch = async () => {
    while (storming) {
      await foldCounts(desk.request(), NEVER);
      assertEquals(await desk.look(DIFFERENCES), []);
    }
  };
  const writers = Array.from({ length: 8 }, async () => {
    for (let i = 0; i < 30; i++) await step();
  });
  const watching = watch();
  await Promise.all(writers).finally(() => storming = false);
  await watching;
  assert(Object.keys(done).length === 6, JSON.stringify(done));
  await foldCounts(desk.request(), NEVER);
  assertEquals(await desk.look(DIFFERENCES), []);
  assertEquals(await told(admin), await recount(scene));
  const [nobody] = await desk.look<{ count: number }>(
    `select count(*) as count from tickets where tenant_id = $1 and queue_id = $2 and assignee_id is null
      and status in ('new', 'open', 'in_progress', 'pending')`,
    [admin.tenant.id, queue],
  );
  const { byQueue } = (await admin.get("/tickets/counts")).body;
  const network = byQueue.find((one: { queue: { id: string } | null }) => one.queue?.id === queue);
  assertEquals(network?.unassigned ?? 0, nobody!.count);
});

Deno.test("a tenant whose counts can't be folded doesn't stop the others", async () => {
  await using scene = await openScene();
  const { desk, admin, other, requester } = scene;
  await raise(requester);
  await raise(other);
  const [first] = await tenantsToFold();
  await desk.look(`alter table ticket_counts add constraint broken check (tenant_id <> '${first}')`);
  assertEquals(await foldCounts(desk.request(), NEVER), 1);
  assertEquals(await tenantsToFold(), [first]);
  await desk.look("alter table ticket_counts drop constraint broken");
  assertEquals(await foldCounts(desk.request(), NEVER), 1);
  assertEquals((await told(admin)).length, 1);
});
