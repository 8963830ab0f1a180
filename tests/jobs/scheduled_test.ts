/** Jobs of the clock: fair between organisations, and done with when the process stops. */
import { inSystem } from "@/db/door.ts";
import { type Sql, sql } from "@/db/sql.ts";
import { EVERY_HOUR, EVERY_MINUTE } from "@/jobs/schedule.ts";
import { roundRobin } from "@/jobs/round_robin.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { abortedAfter, NEVER } from "@/tests/helpers/jobs.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

Deno.test("roundRobin: tenants take turns, one that fails holds up none, and no batch begins after the signal", async () => {
  const run = async (signal: AbortSignal) => {
    const left = new Map([["a", 3], ["b", 1], ["c", 2]]);
    const order: string[] = [];
    const total = await roundRobin([...left.keys(), "failing"], {
      job: "test",
      signal,
      batch: (tenantId) => {
        order.push(tenantId);
        if (tenantId === "failing") return Promise.reject(new Error("No"));
        const more = left.get(tenantId)! - 1;
        left.set(tenantId, more);
        return Promise.resolve({ done: 10, more: more > 0 });
      },
    });
    return { order: order.join(" "), total };
  };
  assertEquals(await run(NEVER), { order: "a b c failing a c a", total: 60 });
  assertEquals(await run(abortedAfter(2)), { order: "a b", total: 20 });
});

/** Work of two organisations for each job: how it comes due, and in how many organisations there is some. */
const WORK: Record<string, { due: string; left: string | Sql }> = {
  "evaluate SLA clocks": {
    due:
      `update sla_clocks set warn_at = now() - interval '3 hours', late_warn_at = now() - interval '2 hours',
      due_at = now() - interval '1 hour' where phase = 'running'`,
    left: sql`select from tenants_with_due_clocks()`,
  },
  "wake tickets": {
    due: "update tickets set pending_until = now() where status = 'pending'",
    left: sql`select from tenants_with_tickets_to_wake()`,
  },
  "fold ticket counts": {
    due: `insert into ticket_count_deltas (tenant_id, queue_key, status, delta, unassigned)
      select tenant_id, queue_key, status, 0, 0 from tickets where status = 'resolved'`,
    left: sql`select from tenants_with_count_deltas()`,
  },
  "roll out SLA policies": {
    due: `insert into sla_rollouts (tenant_id, policy_id, actor_id)
      select p.tenant_id, p.id, (select u.id from users u where u.tenant_id = p.tenant_id limit 1) from sla_policies p`,
    left: sql`select from tenants_with_sla_rollouts()`,
  },
  "index texts for search": {
    due: "insert into search_rebuilds (tenant_id) select id from tenants",
    left: sql`select from tenants_to_index()`,
  },
  "send reports": {
    due: "update saved_reports set next_run_at = now() - interval '1 minute'",
    left: sql`select from tenants_with_due_reports()`,
  },
  "seal audit logs": {
    due: "update audit_log set id = uuidv7('-1 hour'), at = now() - interval '1 hour'",
    left: sql`select from tenants_to_seal()`,
  },
  "make report facts": {
    due: "delete from report_progress",
    left: sql`select from tenants_to_count()`,
  },
  "check report facts": {
    due: "update report_progress set compared_at = null",
    left: "select from report_progress where compared_at is null",
  },
  "close resolved tickets": {
    due: "update tickets set resolved_at = now() - interval '30 days' where status = 'resolved'",
    left: sql`select from tenants_with_tickets_to_close()`,
  },
  "clean up": {
    due: `insert into events (tenant_id, id, topic, entity, entity_id)
      select id, uuidv7('-40 days'), 'old', 'ticket', id from tenants`,
    left: "select distinct tenant_id from events where topic = 'old'",
  },
  "remove unused uploads": {
    due: "update attachments set created_at = now() - interval '61 minutes'",
    left: "select distinct tenant_id from attachments",
  },
  "resume handovers": {
    due: `with made as (
        insert into handovers (tenant_id, id, user_id, actor_id, was_staff)
        select tenant_id, uuidv7(), id, id, true from users where role = 'ADMIN' returning tenant_id, id
      )
      insert into jobs (tenant_id, id, kind, state, finished_at)
      select tenant_id, id, 'handover', 'dead', now() from made`,
    left: "select distinct tenant_id from jobs where state = 'dead'",
  },
  "sweep files": {
    due:
      `insert into attachments (tenant_id, uploader_id, name, media_type, size, sha256, storage_key, created_at)
      select tenant_id, id, 'a.txt', 'text/plain', 1, repeat('a', 64), tenant_id || '/' || uuidv7(),
        now() - interval '61 minutes' from users where role = 'ADMIN'`,
    left: "select distinct tenant_id from attachments",
  },
};

Deno.test("no job of the clock begins a batch once the process stops", async (t) => {
  await using scene = await openScene();
  const { desk, admin, other } = scene;
  const until = new Date(Date.now() + 3_600_000).toISOString();
  for (const client of [admin, other]) {
    await raise(client);
    const [waiting, resolved] = [await raise(client), await raise(client)];
    const move = (id: string, to: Record<string, unknown>) =>
      client.post(`/tickets/${id}/transitions`, { version: 1, ...to });
    assertEquals((await move(waiting.id, { to: "pending", reason: "scheduled", until })).status, 200);
    assertEquals((await move(resolved.id, { to: "resolved", note: "Done" })).status, 200);
    const report = { name: "Daily", report: "volume", query: {}, schedule: { every: "day", hour: 8 } };
    assertEquals((await client.post("/saved-reports", report)).status, 201);
    assertEquals((await client.upload("/attachments", [{ name: "a.txt", content: "a" }])).status, 201);
  }
  const scheduled = [...EVERY_MINUTE, ...EVERY_HOUR].filter(({ name }) => name !== "wake workers");
  assertEquals(scheduled.map(({ name }) => name).sort(), Object.keys(WORK).sort());
  for (const { name, run } of scheduled) {
    await t.step(name, async () => {
      const { due, left } = WORK[name]!;
      const tenants = async () =>
        typeof left === "string"
          ? (await desk.look(left)).length
          : await inSystem("test", async (db) => (await db.rows(left)).length);
      await desk.look(due);
      assertEquals(await tenants(), 2);
      await run(desk.request(), abortedAfter(0));
      assertEquals(await tenants(), 2);
      // Of the first batch it is done with one organisation at most.
      await run(desk.request(), abortedAfter(1));
      assert(await tenants() >= 1, "It went on to the second organisation");
      await run(desk.request(), NEVER);
      assertEquals(await tenants(), 0);
    });
  }
});
