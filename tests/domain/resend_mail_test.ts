import assert from "node:assert/strict";
import { createResendMail } from "@/adapters/resend_mail.ts";
import { PermanentFailure, RetryAfter } from "@/domain/jobs/outcome.ts";
import { sampleMail } from "@/tests/helpers/mails.ts";
import { type Mood, type ResendServer, startResend } from "@/tests/helpers/resend.ts";

function transportTo({ env }: ResendServer, options = {}) {
  return createResendMail({
    RESEND_API_KEY: env.RESEND_API_KEY,
    RESEND_BASE_URL: env.RESEND_BASE_URL!,
    MAIL_FROM: env.MAIL_FROM!,
  }, options);
}

/** What a transport threw. */
async function thrown(sending: Promise<unknown>): Promise<Error> {
  return await sending.then(() => new Error("Was sent"), (error) => error as Error);
}

Deno.test("Resend gets a mail with all it needs, and says what it calls it", async () => {
  await using server = await startResend();
  const mail = sampleMail({
    fromName: "Harbour, Works",
    thread: "<ticket-1@mail.example>",
    replyTo: "abc@in.example",
    unsubscribeUrl: "https://desk.example/unsubscribe/x",
  });
  const { providerId } = await transportTo(server).send(mail);
  assert.equal(providerId, server.sent.get(mail.id)!.id);
  const [{ key, authorization, body }] = server.asked as [ResendServer["asked"][number]];
  assert.deepEqual([key, authorization], [mail.id, "Bearer re_test"]);
  assert.deepEqual(body, {
    from: '"Harbour, Works" <desk@mail.example>',
    to: ["ana@x.example"],
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    reply_to: "abc@in.example",
    headers: {
      "Message-ID": mail.messageId,
      "In-Reply-To": "<ticket-1@mail.example>",
      "References": "<ticket-1@mail.example>",
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "OOF, AutoReply",
      "List-Unsubscribe": "<https://desk.example/unsubscribe/x>",
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
    tags: [{ name: "tenant_id", value: mail.tenantId }, { name: "outbox_id", value: mail.id }],
  });
});

Deno.test("what Resend refuses for good ends the mail; all else is tried again, when Resend says if it does", async () => {
  await using server = await startResend();
  const transport = transportTo(server);
  const inAMinute = new Date(Date.now() + 60_000).toUTCString();
  const cases: [Mood, typeof Error | typeof PermanentFailure | typeof RetryAfter, number?][] = [
    [{ status: 422, body: { name: "validation_error", message: "Invalid `to` field" } }, PermanentFailure],
    [{ status: 400 }, PermanentFailure],
    [{ status: 451 }, PermanentFailure],
    [{ status: 429, headers: { "retry-after": "37" } }, RetryAfter, 37],
    [{ status: 429, headers: { "retry-after": inAMinute } }, RetryAfter, 60],
    [{ status: 429, headers: { "ratelimit-reset": "2" } }, RetryAfter, 2],
    [{ status: 429, headers: { "retry-after": "soon" } }, Error],
    [{ status: 503, headers: { "retry-after": "120" } }, RetryAfter, 120],
    [{ status: 500, body: "<html>" }, Error],
    [{ status: 401, body: { message: "API key is invalid" } }, Error],
    [{ status: 403, body: { message: "The domain is not verified" } }, Error],
    [{ status: 409, body: { name: "concurrent_idempotent_requests" } }, Error],
    [{ status: 302, headers: { location: "http://127.0.0.1:1/" } }, Error],
  ];
  for (const [mood, kind, seconds] of cases) {
    server.moods.push(mood);
    const error = await thrown(transport.send(sampleMail({})));
    const found = [PermanentFailure, RetryAfter].find((each) => error instanceof each) ?? Error;
    assert.notEqual(error.message, "Was sent", JSON.stringify(mood));
    assert.equal(found, kind, `${JSON.stringify(mood)}: ${error.message}`);
    if (error instanceof RetryAfter) assert.ok(Math.abs(error.seconds - seconds!) <= 2, `${error.seconds}`);
    assert.doesNotMatch(error.message, /re_test/);
  }
  assert.equal(server.sent.size, 0);
});

Deno.test("REL-01 a mail whose answer was lost is handed over under the same key, and sent once", async () => {
  await using server = await startResend();
  const transport = transportTo(server);
  const mail = sampleMail({});
  server.moods.push("cut early", "cut", { status: 500 });
  for (let attempt = 1; attempt <= 3; attempt++) await thrown(transport.send(mail));
  assert.deepEqual(await transport.send(mail), { providerId: server.sent.get(mail.id)!.id });
  assert.deepEqual(server.asked.map(({ key }) => key), Array(4).fill(mail.id));
  assert.equal(server.sent.size, 1);
  const renamed = { ...mail, fromName: "Another name by now" };
  assert.deepEqual(await transport.send(renamed), { providerId: null }, "it has it already");
  assert.equal(server.sent.size, 1);
});

Deno.test("a server that never answers is given up on in time, by the transport or by its job", async () => {
  await using server = await startResend();
  server.moods.push("hang", "hang");
  const started = performance.now();
  const error = await thrown(transportTo(server, { deadlineMs: 500 }).send(sampleMail({})));
  assert.ok(performance.now() - started < 5_000);
  assert.ok(!(error instanceof PermanentFailure));
  await thrown(transportTo(server).send(sampleMail({}), { signal: AbortSignal.timeout(200) }));
  assert.ok(performance.now() - started < 10_000);
  assert.equal(server.sent.size, 0);
});
