import { actAsUser, type UserCx } from "@/domain/cx.ts";
import { accessClaim } from "@/domain/auth/access_tokens.ts";
import { countUnread, ListNotifications, listNotifications } from "@/domain/notifications/inbox/list.ts";
import { notify } from "@/domain/notifications/notify.ts";
import { assert } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { type Desk, openDesk } from "@/tests/helpers/desk.ts";
import { planOf, rowsRead, statementsOf } from "@/tests/helpers/plans.ts";

/** Runs `work` and returns how many rows each of its statements read, the most of them. */
async function mostRead(desk: Desk, client: Client, work: (cx: UserCx) => Promise<unknown>): Promise<number> {
  const claim = accessClaim(client.token!, desk.services.secrets)!;
  return await actAsUser(desk.request(), claim, async (cx) => {
    let most = 0;
    for (const statement of await statementsOf(cx, work)) {
      const read = [...rowsRead(await planOf(cx, statement)).values()];
      most = Math.max(most, read.reduce((sum, rows) => sum + rows, 0));
    }
    return most;
  });
}

Deno.test("notifications: telling, listing and counting read as many rows as they need, in a tenant of 100,000 tickets", async (t) => {
  await using desk = await openDesk();
  const admin = await desk.register("Harbour Works");
  const [agent, requester] = [
    await admin.invite("AGENT", "Ana Agent"),
    await admin.invite("REQUESTER", "Rob Requester"),
  ];
  const raised = (await requester.post("/tickets", { title: "Printer jams", description: "" })).body;
  const tenant = admin.tenant.id;
  await desk.look(
    `insert into users (tenant_id, email, name, role, password_hash)
      select '${tenant}', 'u' || g || '@big.example', 'User ' || g, 'REQUESTER', '-' from generate_series(1, 5000) g;
    set session_replication_role = replica;
    insert into tickets (tenant_id, number, type, title, description, status, impact, urgency, priority, requester_id,
        source) select '${tenant}', 100000 + g, 'incident', 'Ticket ' || g, '', 'open', 'low', 'low', 'low',
        case when g % 3 = 0 then '${requester.user.id}'::uuid else '${agent.user.id}'::uuid end, 'api'
      from generate_series(1, 100000) g;
    insert into ticket_participants select tenant_id, id, requester_id, 'requester', status, created_at, updated_at
      from tickets where number > 100000;
    insert into notifications (tenant_id, user_id, kind, ticket_id, actor_id, created_at, read_at)
      select t.tenant_id, u.id, 'ticket_moved', t.id, '${admin.user.id}', now() - t.number * interval '1 second',
        case when t.number % 100 > 0 then now() end
      from tickets t, users u where t.number > 100000 and u.id in ('${agent.user.id}', '${requester.user.id}')
        and (u.role = 'AGENT' or t.requester_id = u.id);
    analyze;`,
  );
  for (const seeAll of [true, false]) {
    await desk.look("update tenants set agents_see_all = $1", [seeAll]);
    for (const client of [agent, requester]) {
      const name = `${client.user.name}, ${seeAll ? "agents see all" : "agents are confined"}`;
      for (const query of [{}, { unread: "true" }]) {
        await t.step(`lists ${JSON.stringify(query)}: ${name}`, async () => {
          const read = await mostRead(
            desk,
            client,
            (cx) => listNotifications(cx, ListNotifications.parse(query)),
          );
          assert(read > 25 && read < 1_000, `reads ${read} rows`);
        });
      }
      await t.step(`counts: ${name}`, async () => {
        const read = await mostRead(desk, client, countUnread);
        assert(read > 25 && read < 2_000, `reads ${read} rows`);
      });
    }
    await t.step(`tells: ${seeAll ? "agents see all" : "agents are confined"}`, async () => {
      const read = await mostRead(desk, agent, (cx) =>
        notify(cx, {
          ticketId: raised.id,
          recipients: [{ userId: agent.user.id, kind: "mentioned" }],
          requester: "comment_added",
          watchers: "comment_added",
          assignee: "comment_added",
          queue: "ticket_queued",
        }));
      assert(read > 0 && read < 100, `reads ${read} rows`);
    });
  }
});
