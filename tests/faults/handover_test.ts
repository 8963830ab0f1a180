import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { makeTickets } from "@/tests/helpers/many_tickets.ts";
import { openScene } from "@/tests/helpers/ticket_scene.ts";
import { openSink, startWorkerProcess } from "@/tests/helpers/workers.ts";
import { until } from "@/tests/process/support.ts";

const TICKETS = 2_000;
const KILLS = 3;

Deno.test("REL-01 workers killed while 2,000 tickets are handed over lose none; each is handed over once", async () => {
  await using scene = await openScene();
  const { desk, admin, requester, queue } = scene;
  const cem = await admin.invite("AGENT", "Cem Cole", [queue]);
  const dan = await admin.invite("AGENT", "Dan Doe");
  // What Dan would be mailed has tests of its own.
  await desk.look(
    `update users set preferences = '{"notify": {"ticket_assigned": {"email": false}}}' where id = $1`,
    [dan.user.id],
  );
  await makeTickets(desk, { many: TICKETS, requester, assignee: cem, queue });
  const { version } = (await admin.get(`/users/${cem.user.id}`)).body;
  const answer = await admin.patch(`/users/${cem.user.id}`, { version, active: false, handTo: dan.user.id });
  assertEquals([answer.status, answer.body.active], [200, false]);
  const left = async () =>
    (await desk.look<{ n: number }>("select count(*)::int as n from tickets where assignee_id = $1", [
      cem.user.id,
    ]))[0]!.n;
  assertEquals(await left(), TICKETS);

  await using sink = openSink();
  const start = () => startWorkerProcess(desk, { sink: sink.url, leaseSeconds: 2 });
  let kills = 0;
  for (; kills < KILLS && await left() > 0; kills++) {
    const worker = await start();
    const before = await left();
    await until(async () => await left() < before, 60_000);
    await new Promise((done) => setTimeout(done, Math.random() * 500));
    worker.kill();
    await worker.ended;
  }
  assert(kills === KILLS, "Everything was handed over before the last kill");
  const last = await start();
  const open = async () =>
    (await desk.look("select 1 from jobs where kind = 'handover' and state <> 'done'")).length;
  await until(async () => await open() === 0, 120_000);
  await last[Symbol.asyncDispose]();

  const once = `count(*)::int as n, count(distinct entity_id)::int as tickets`;
  const [assigned] = await desk.look(`select ${once} from audit_log where action = 'ticket.assigned'`);
  assertEquals(assigned, { n: TICKETS, tickets: TICKETS });
  const [events] = await desk.look(`select ${once} from events where topic = 'ticket.assigned'`);
  assertEquals(events, { n: TICKETS, tickets: TICKETS });
  const [told] = await desk.look<{ n: number; tickets: number }>(
    `select count(*)::int as n, count(distinct ticket_id)::int as tickets from notifications
    where user_id = $1 and kind = 'ticket_assigned'`,
    [dan.user.id],
  );
  assertEquals(told, { n: TICKETS, tickets: TICKETS });
  assert(await left() === 0);
});
