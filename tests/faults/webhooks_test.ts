import { createWebhookSender } from "@/adapters/webhook_sender.ts";
import { startWorkers } from "@/jobs/workers.ts";
import { JOB_KINDS } from "@/jobs/kinds.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { type Desk, openDesk } from "@/tests/helpers/desk.ts";
import { isGenuine, openReceiver, type Receiver } from "@/tests/helpers/receiver.ts";

/** An organisation with an endpoint at a receiver of this machine. */
async function openRoom() {
  const desk = await openDesk({ ALLOW_PRIVATE_WEBHOOKS: "on" });
  desk.services.webhooks = createWebhookSender({ allowPrivate: true, timeoutMs: 400 });
  const admin = await desk.register();
  const receiver = openReceiver();
  const endpoint = (await admin.post("/webhook-endpoints", { url: receiver.url })).body;
  return {
    desk,
    admin,
    receiver,
    endpoint,
    path: `/webhook-endpoints/${endpoint.id}`,
    async [Symbol.asyncDispose]() {
      await receiver[Symbol.asyncDispose]();
      await desk[Symbol.asyncDispose]();
    },
  };
}

/** Sends what is due; mails wait. */
const drain = (desk: Desk) => drainJobs(desk.services, { kinds: { webhook: JOB_KINDS.webhook! } });

/** Makes what waits due, and does it. */
async function again(desk: Desk) {
  await desk.look("update jobs set run_at = now() where kind = 'webhook' and state = 'ready'");
  return await drain(desk);
}

async function raise(admin: Client, title = "Printer jams"): Promise<string> {
  return (await admin.post("/tickets", { title, description: "" })).body.id;
}

const waitOf = async (desk: Desk) => {
  const [job] = await desk.look<{ seconds: number; state: string }>(
    "select state, extract(epoch from run_at - now())::float8 as seconds from jobs where kind = 'webhook' order by id desc limit 1",
  );
  return job!;
};

Deno.test("a webhook that goes wrong is tried again: every way, with the same bytes and a fresh signature", async (t) => {
  await using room = await openRoom();
  const { desk, admin, receiver, endpoint, path } = room;
  const ways: [string, Receiver["answer"] | null, RegExp, number | null][] = [
    ["nobody there", null, /refused/, null],
    ["silence", () => "hang", /No answer within 0.4 s/, null],
    ["cut off", () => "cut", /cut before an answer|closed without an answer/, null],
    ["500", () => new Response("boom", { status: 500 }), /answered 500/, 500],
    ["404", () => new Response("", { status: 404 }), /answered 404/, 404],
    [
      "a redirect",
      () => new Response("", { status: 302, headers: { location: receiver.url } }),
      /redirects/,
      302,
    ],
    [
      "a permanent redirect",
      () => new Response("", { status: 308, headers: { location: receiver.url } }),
      /redirects/,
      308,
    ],
  ];
  for (const [way, answer, note, status] of ways) {
    await t.step(way, async () => {
      receiver.received.length = 0;
      await raise(admin);
      if (answer) receiver.answer = answer;
      else await admin.patch(path, { version: 1, url: "http://127.0.0.1:9/" });
      assertEquals(await again(desk), { done: 0, skipped: 0, failed: 1 });
      const [delivery] = (await admin.get(`${path}/deliveries`)).body.items;
      assertEquals([delivery.state, delivery.attempts, delivery.lastStatus], ["retrying", 1, status]);
      assert(note.test(delivery.note), delivery.note);
      if (!answer) await admin.patch(path, { version: 2, url: receiver.url });
      receiver.answer = () => new Response("ok");
      assertEquals(await again(desk), { done: 1, skipped: 0, failed: 0 });
      const read = (await admin.get(`${path}/deliveries/${delivery.id}`)).body;
      assertEquals([read.state, read.note, read.attemptLog.length], ["sent", null, 2]);
      assertEquals([read.attemptLog[0].status, read.attemptLog[0].answer], [200, "ok"]);
      assertEquals([read.attemptLog[1].status, read.attemptLog[1].url], [
        status,
        answer ? receiver.url : "http://127.0.0.1:9/",
      ]);
      for (const message of receiver.received) {
        assertEquals([message.id, message.text], [delivery.id, read.body]);
        assert(isGenuine(endpoint.secret, message));
      }
      assertEquals(receiver.received.length, answer ? 2 : 1);
    });
  }
});

Deno.test("Retry-After of 429 and 503 is kept; the status of an endless answer counts, and its first KiB", async () => {
  await using room = await openRoom();
  const { desk, admin, receiver, path } = room;
  for (const status of [429, 503]) {
    await raise(admin);
    receiver.answer = () => new Response("", { status, headers: { "retry-after": "900" } });
    await again(desk);
    const { state, seconds } = await waitOf(desk);
    assert(state === "ready" && seconds > 890 && seconds < 1000, `${state} ${seconds}`);
    receiver.answer = () => new Response("é".repeat(5_000));
    await again(desk);
  }
  const [delivery] = (await admin.get(`${path}/deliveries`)).body.items;
  const { attemptLog } = (await admin.get(`${path}/deliveries/${delivery.id}`)).body;
  assertEquals(attemptLog[0].answer, "é".repeat(512));
  await raise(admin);
  receiver.answer = () => "trickle";
  assertEquals(await again(desk), { done: 1, skipped: 0, failed: 0 });
  const [slow] = (await admin.get(`${path}/deliveries`)).body.items;
  const [attempt] = (await admin.get(`${path}/deliveries/${slow.id}`)).body.attemptLog;
  assertEquals([slow.state, attempt.status, attempt.answer], ["sent", 200, "slowly"]);
  assert(attempt.durationMs >= 350 && attempt.durationMs < 2_000, `${attempt.durationMs}`);
});

Deno.test("what is told of one ticket arrives in order, past a first message that fails; other tickets don't wait", async () => {
  await using room = await openRoom();
  const { desk, admin, receiver, path } = room;
  desk.services.webhooks = createWebhookSender({ allowPrivate: true, timeoutMs: 10_000 });
  let broken = true;
  const ticket = await raise(admin, "First");
  receiver.answer = (message) =>
    new Response("", { status: broken && message.body.data.entityId === ticket ? 500 : 202 });
  await admin.post(`/tickets/${ticket}/comments`, { visibility: "public", body: "one" });
  await admin.post(`/tickets/${ticket}/comments`, { visibility: "public", body: "two" });
  await raise(admin, "Second");
  const seen = () =>
    receiver.received.splice(0).map(({ body }) =>
      `${body.type} ${body.data.comment?.body ?? body.data.ticket.title}`
    );
  await drain(desk);
  assertEquals(seen().sort(), ["ticket.created First", "ticket.created Second"]);
  await again(desk);
  assertEquals(seen(), ["ticket.created First"]);
  broken = false;
  while ((await again(desk)).done > 0);
  assertEquals(seen(), ["ticket.created First", "ticket.commented one", "ticket.commented two"]);
  const states = (await admin.get(`${path}/deliveries`)).body.items.map(({ state }: { state: string }) =>
    state
  );
  assertEquals(states, ["sent", "sent", "sent", "sent"]);
});

Deno.test("a dead letter is seen, lets the next go on, and is sent again by hand: the same bytes, the same id", async () => {
  await using room = await openRoom();
  const { desk, admin, receiver, endpoint, path } = room;
  receiver.answer = ({ body }) => new Response("no", { status: body.type === "ticket.created" ? 500 : 200 });
  const ticket = await raise(admin);
  await admin.post(`/tickets/${ticket}/comments`, { visibility: "public", body: "next" });
  await desk.look("update jobs set max_attempts = 2 where kind = 'webhook'");
  for (let attempt = 0; attempt < 2; attempt++) await again(desk);
  receiver.answer = () => new Response("");
  await again(desk);
  assertEquals(receiver.received.map(({ body }) => body.type), [
    "ticket.created",
    "ticket.created",
    "ticket.commented",
  ]);
  const failed = (await admin.get(`${path}/deliveries?state=failed`)).body.items;
  assertEquals(failed.map(({ topic, attempts }: { topic: string; attempts: number }) => [topic, attempts]), [[
    "ticket.created",
    2,
  ]]);
  // Changed since: what is sent is what was sent.
  await admin.patch(`/tickets/${ticket}`, { version: 1, title: "Changed" });
  const sent = await admin.post(`${path}/deliveries/${failed[0].id}/redeliver`);
  assertEquals([sent.status, sent.body.state, sent.body.attempts], [200, "queued", 0]);
  await again(desk);
  const repeat = receiver.received.findLast(({ id }) => id === failed[0].id)!;
  assertEquals(repeat.text, receiver.received[0]!.text);
  assert(isGenuine(endpoint.secret, repeat));
  const after = (await admin.get(`${path}/deliveries/${failed[0].id}`)).body;
  assertEquals([after.state, after.attemptLog.length], ["sent", 3]);
});

Deno.test("410 stops an endpoint at once, days or dead letters without an arrival do too; admins are told", async (t) => {
  await using room = await openRoom();
  const { desk, admin, receiver, path } = room;
  const state = async () => {
    const { active, disabledBecause, failingSince } = (await admin.get(path)).body;
    return { active, disabledBecause, failing: failingSince !== null };
  };
  const enable = async () => {
    const { version } = (await admin.get(path)).body;
    assertEquals((await admin.patch(path, { version, active: true })).status, 200);
    assertEquals(await state(), { active: true, disabledBecause: null, failing: false });
  };
  const trail = async () =>
    await desk.look(
      "select changes ->> 'because' as because from audit_log where action = 'webhook_endpoint.disabled' order by id",
    );

  await t.step("410", async () => {
    receiver.answer = () => new Response("", { status: 410 });
    const ticket = await raise(admin);
    await admin.post(`/tickets/${ticket}/comments`, { visibility: "public", body: "waits" });
    await again(desk);
    assertEquals((await state()).disabledBecause, "gone");
    await again(desk);
    assertEquals(receiver.received.length, 1);
    const { items } = (await admin.get(`${path}/deliveries`)).body;
    assertEquals(items.map(({ state, note }: { state: string; note: string }) => [state, note]), [
      ["skipped", "Not sent: the endpoint is disabled"],
      ["failed", "The receiver answered 410 Gone"],
    ]);
    const refused = await admin.post(`${path}/deliveries/${items[0].id}/redeliver`);
    assertEquals([refused.status, refused.body.detail], [409, "The endpoint is disabled. Enable it first"]);
    assertEquals(await trail(), [{ because: "gone" }]);
    const told = (await admin.get("/notifications")).body.items[0];
    assertEquals([told.kind, told.ticket], ["webhook_disabled", null]);
    const { host } = new URL(receiver.url);
    assertEquals(told.message, `The webhook to ${host} was disabled`);
    const mails = await desk.look(
      "select recipient, payload ->> 'host' as host from outbox where template = 'webhook_disabled'",
    );
    assertEquals(mails, [{ recipient: admin.user.email, host }]);
    // It can be tried all the same, and that changes nothing.
    const test = (await admin.post(`${path}/test`)).body;
    await again(desk);
    assertEquals(receiver.received.at(-1)!.id, test.id);
    assertEquals((await state()).disabledBecause, "gone");
    await enable();
  });

  await t.step("three days without an arrival", async () => {
    receiver.answer = () => new Response("", { status: 500 });
    await raise(admin);
    await again(desk);
    assertEquals(await state(), { active: true, disabledBecause: null, failing: true });
    await desk.look("update webhook_endpoints set failing_since = failing_since - interval '71 hours'");
    await again(desk);
    assertEquals((await state()).active, true);
    await desk.look("update webhook_endpoints set failing_since = failing_since - interval '1 hour'");
    await again(desk);
    assertEquals(await state(), { active: false, disabledBecause: "failing", failing: true });
    assertEquals(await trail(), [{ because: "gone" }, { because: "failing" }]);
    await enable();
  });

  await t.step("an arrival in between begins the count anew", async () => {
    receiver.answer = () => new Response("", { status: 500 });
    await raise(admin);
    await again(desk);
    assertEquals((await state()).failing, true);
    receiver.answer = () => new Response("");
    await again(desk);
    assertEquals(await state(), { active: true, disabledBecause: null, failing: false });
  });

  await t.step("ten dead letters in a row", async () => {
    receiver.answer = () => new Response("", { status: 500 });
    for (let n = 0; n < 10; n++) await raise(admin);
    await desk.look("update jobs set max_attempts = 1 where kind = 'webhook' and state = 'ready'");
    await again(desk);
    assertEquals((await state()).disabledBecause, "failing");
    assertEquals((await trail()).length, 3);
  });
});

Deno.test("an endpoint that is deleted gets nothing more", async () => {
  await using room = await openRoom();
  const { desk, admin, receiver, path } = room;
  await raise(admin);
  await admin.delete(path);
  assertEquals(await again(desk), { done: 0, skipped: 1, failed: 0 });
  assertEquals(receiver.received.length, 0);
});

Deno.test("receivers that hang stop only themselves: two slots each, behind those that answer", async (t) => {
  await using room = await openRoom();
  const { desk, admin, receiver } = room;
  const HANG_MS = 5_000;
  desk.services.webhooks = createWebhookSender({ allowPrivate: true, timeoutMs: HANG_MS });
  const other = await desk.register("Quick Works");
  const quick = (await other.post("/webhook-endpoints", { url: receiver.url })).body;
  const hanging = Array.from({ length: 6 }, () => openReceiver());
  for (const one of hanging) {
    one.answer = () => "hang";
    await admin.post("/webhook-endpoints", { url: one.url });
  }
  for (let n = 0; n < 8; n++) await raise(admin, `Ticket ${n}`);
  const workers = startWorkers(desk.services, { kinds: { webhook: JOB_KINDS.webhook! } });
  const open = () => hanging.map(({ received }) => received.length);
  const running = async () =>
    (await desk.look<{ lane: string; count: number }>(
      "select lane, count(*)::integer as count from jobs where kind = 'webhook' and state = 'running' group by 1",
    )).map(({ count }) => count);
  /** How long until a receiver has a new message, in milliseconds. */
  const untilTold = async (client: Client) => {
    const before = receiver.received.length;
    const began = performance.now();
    await raise(client);
    while (receiver.received.length === before && performance.now() - began < 3 * HANG_MS) {
      await new Promise((done) => setTimeout(done, 20));
    }
    return performance.now() - began;
  };
  try {
    await t.step("each has two messages under way at most", async () => {
      while (open().reduce((sum, one) => sum + one, 0) < 8) await new Promise((done) => setTimeout(done, 20));
      const counts = await running();
      assert(counts.length >= 4 && counts.every((count) => count <= 2), `${counts}`);
    });
    await t.step("another organisation's receiver is told at once", async () => {
      assert(await untilTold(other) < HANG_MS / 2);
    });
    await t.step("so is one of the same organisation, once the others are known to fail", async () => {
      await other.delete(`/webhook-endpoints/${quick.id}`);
      await admin.post("/webhook-endpoints", { url: receiver.url });
      await untilTold(admin);
      const failing = async () =>
        (await desk.look("select id from webhook_endpoints where failing_since is not null")).length;
      while (await failing() < 6) await new Promise((done) => setTimeout(done, 100));
      await desk.look("update jobs set run_at = now() where kind = 'webhook' and state = 'ready'");
      for (let n = 0; n < 3; n++) assert(await untilTold(admin) < HANG_MS / 2);
    });
  } finally {
    await desk.look(
      "update jobs set state = 'done', finished_at = now() where kind = 'webhook' and state = 'ready'",
    );
    for (const one of hanging) await one[Symbol.asyncDispose]();
    await workers.stop();
  }
});
