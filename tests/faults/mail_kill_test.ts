import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { startWorkerProcess, type WorkerProcess } from "@/tests/helpers/workers.ts";
import { until } from "@/tests/process/support.ts";

const MAILS = 10_000;
const KILLS = 50;

/** A provider that takes mails as Resend's API does, and writes down each that it took. */
function openProvider() {
  const taken: { key: string; to: string; subject: string }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { to, subject } = await request.json();
    taken.push({ key: request.headers.get("idempotency-key") ?? "", to: [to].flat().join(), subject });
    return Response.json({ id: crypto.randomUUID() });
  });
  return { taken, server, url: `http://127.0.0.1:${server.addr.port}` };
}

Deno.test("REL-01 50 workers killed while 10,000 mails drain lose none; a repeat has the same idempotency key", async () => {
  await using desk = await openDesk();
  const { tenant } = await desk.register("Alpha");
  await desk.look("update users set email_verified_at = now()");
  const { taken, server, url } = openProvider();
  const env = { MAIL_TRANSPORT: "resend", RESEND_API_KEY: "re_test", RESEND_BASE_URL: url };
  const start = () => startWorkerProcess(desk, { sink: url, leaseSeconds: 5, env });
  const left = async () =>
    (await desk.look<{ left: number }>("select count(*) as left from jobs where state <> 'done'"))[0]!.left;
  let worker: WorkerProcess = await start();
  await desk.look(
    `insert into outbox (tenant_id, recipient, template) select $1, 'reader-' || n || '@alpha.example',
      'password_changed' from generate_series(1, $2::int) n`,
    [tenant.id, MAILS],
  );
  let kills = 0;
  for (; kills < KILLS && await left() > 0; kills++) {
    // The next one runs already: two at once, and no time without a worker.
    const next = await start();
    await new Promise((done) => setTimeout(done, Math.random() * 150));
    worker.kill();
    await worker.ended;
    worker = next;
  }
  await until(async () => await left() === 0, 120_000);
  await worker[Symbol.asyncDispose]();
  await server.shutdown();

  assert(kills === KILLS, "Every mail was sent before the last kill");
  const rows = await desk.look<{ id: string; recipient: string }>("select id, recipient from outbox");
  const keys = new Map(taken.map(({ key, to }) => [key, to]));
  assertEquals(rows.filter(({ id, recipient }) => keys.get(id) !== recipient), []);
  assertEquals(keys.size, rows.length);
  const repeats = taken.length - keys.size;
  assert(repeats <= KILLS * 32, `${repeats} repeats`);
  assertEquals(new Set(taken.map(({ key, to, subject }) => `${key} ${to} ${subject}`)).size, keys.size);
});
