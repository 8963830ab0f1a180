import { act } from "@/domain/cx.ts";
import { readFeed } from "@/domain/events/feed.ts";
import { FEED_START } from "@/domain/events/position.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { planOf, rowsRead, statementsOf } from "@/tests/helpers/plans.ts";
import { raise } from "@/tests/helpers/ticket_scene.ts";

const EVENTS = 60_000;

Deno.test("a stretch of the feed reads the rows that it gives, under row security, wherever it begins", async () => {
  await using desk = await openDesk();
  const [one, two] = [await desk.register("Harbour Works"), await desk.register("Other Works")];
  const tickets = [await raise(one), await raise(two)];
  const [{ xmin }] = await desk.look<{ xmin: string }>(
    "select pg_snapshot_xmin(pg_current_snapshot())::text as xmin",
  ) as [{ xmin: string }];
  for (const [i, { tenant, user }] of [one, two].entries()) {
    // From the server's first transaction to those of just now, however many it has had.
    await desk.look(
      `insert into events (tenant_id, xid, topic, entity, entity_id, requester_id)
        select $1, (1 + g * ($5::bigint - 1) / $4)::text::xid8, 'ticket.commented', 'ticket', $2, $3
        from generate_series(1, $4::int) g`,
      [tenant.id, tickets[i].id, user.id, EVENTS / 2, xmin],
    );
  }
  await desk.look("analyze");
  for (const xid of [0n, BigInt(xmin) / 2n, BigInt(xmin) - BigInt(xmin) / 50n]) {
    await act(desk.request(), { kind: "system", tenantId: one.tenant.id }, async (cx) => {
      let events = 0;
      const [, statement] = await statementsOf(cx, async (cx) => {
        ({ events: { length: events } } = await readFeed(cx, { after: { ...FEED_START, xid }, limit: 100 }));
      });
      const touched = rowsRead(await planOf(cx, statement!)).get("events");
      assert(events > 0, `${xid}`);
      assertEquals([xid, touched], [xid, events]);
    });
  }
});
