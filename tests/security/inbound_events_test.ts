import { readSecret, sign, writeSecret } from "@/domain/webhooks/standard_webhooks.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { PROVIDER_SECRET, sendEvent } from "@/tests/helpers/provider_events.ts";

const OLD_SECRET = writeSecret(crypto.getRandomValues(new Uint8Array(32)));
const desk = await openDesk({ RESEND_WEBHOOK_SECRET: `${OLD_SECRET}, ${PROVIDER_SECRET}` });
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
const admin = await desk.register();

/** Every statement that the application has sent so far, by the server's own account: connection and time of each last. */
async function statements(): Promise<string> {
  const rows = await desk.look<{ seen: string }>(
    `select string_agg(pid || ' ' || state_change || ' ' || query_start, E'\\n' order by pid) as seen
      from pg_stat_activity where usename = 'servicehub_app' and datname = current_database()`,
  );
  return rows[0]!.seen;
}

/** A mail of ours as the provider knows it. */
async function sentMail(
  to = `ada-${crypto.randomUUID()}@works.example`,
): Promise<{ id: string; provider: string }> {
  const provider = crypto.randomUUID();
  const [row] = await desk.look<{ id: string }>(
    `insert into outbox (tenant_id, recipient, template, provider_id) values ($1, $2, 'welcome', $3) returning id`,
    [admin.tenant.id, to, provider],
  );
  return { id: row!.id, provider };
}

async function deliveryOf(id: string): Promise<string | null> {
  return (await desk.look<{ delivery: string | null }>("select delivery from outbox where id = $1", [id]))[0]!
    .delivery;
}

const about = (type: string, provider: string, more = {}) => ({
  type: `email.${type}`,
  created_at: "2026-11-22T23:41:12.126Z",
  data: {
    email_id: provider,
    from: "Desk <desk@works.example>",
    to: ["x@works.example"],
    subject: "Hello",
    ...more,
  },
});

Deno.test("CHK-28 what isn't signed as it should be is refused, and asks the database nothing", async () => {
  const mail = await sentMail();
  const event = about("delivered", mail.provider);
  const text = JSON.stringify(event);
  const other = writeSecret(crypto.getRandomValues(new Uint8Array(32)));
  const good = sign(readSecret(PROVIDER_SECRET)!, { id: "a", timestamp: 1, body: text });
  const all = { "svix-id": null, "svix-timestamp": null, "svix-signature": null };
  const attempts: [string, number, Promise<Response>][] = [];
  const attempt = (
    name: string,
    status: number,
    sending: Parameters<typeof sendEvent>[2],
    body: unknown = event,
  ) => attempts.push([name, status, sendEvent(desk, body, sending)]);
  await sendEvent(desk, event, { headers: all });
  const before = await statements();
  attempt("no headers", 401, { headers: all });
  for (const header of Object.keys(all)) attempt(`no ${header}`, 401, { headers: { [header]: null } });
  attempt("another secret", 401, { secret: other });
  attempt("an empty signature", 401, { headers: { "svix-signature": "" } });
  attempt("half a signature", 401, { headers: { "svix-signature": good.slice(0, 20) } });
  attempt("no version", 401, { headers: { "svix-signature": good.slice(3) } });
  attempt("another version", 401, { headers: { "svix-signature": `v2,${good.slice(3)}` } });
  attempt("a signature of something else", 401, { headers: { "svix-signature": good } });
  attempt("another id", 401, { headers: { "svix-id": "msg_other" } });
  attempt("old", 401, { ahead: -301 - 5 });
  attempt("from the future", 401, { ahead: 301 + 5 });
  attempt("a time that is none", 401, { headers: { "svix-timestamp": "soon" } });
  attempt("re-serialised", 401, { sent: JSON.stringify(event, null, 1) });
  attempt("cut off", 401, { sent: text.slice(0, -1) });
  attempt("a byte more", 401, { sent: `${text} ` });
  attempt("empty", 401, { sent: "" });
  attempt("too large", 413, {}, JSON.stringify({ ...event, filler: "x".repeat(600 * 1024) }));
  attempt("signed, but no JSON", 400, {}, "{");
  attempt("signed, but too deep", 400, {}, "[".repeat(40) + "]".repeat(40));
  attempt("signed, but not UTF-8", 401, { sent: new Uint8Array([0xff, 0xfe]) });
  attempt("with a session's cookie", 401, {
    headers: { ...all, cookie: "session=x.y", origin: "https://evil.example" },
  });
  attempt("with a token", 401, { headers: { ...all, authorization: `Bearer ${admin.token}` } });
  for (const [name, status, sent] of attempts) {
    const response = await sent;
    assertEquals([name, response.status], [name, status]);
    assertEquals(response.headers.get("content-type"), "application/problem+json");
  }
  assertEquals(await statements(), before);
  assertEquals(await deliveryOf(mail.id), null);
  // And the count counts: one good event shows.
  assertEquals((await sendEvent(desk, event)).status, 204);
  assert(await statements() !== before, "a good event asks the database");
  assertEquals(await deliveryOf(mail.id), "delivered");
});

Deno.test("CHK-28 either set of headers, either secret, and one good signature of several are taken", async () => {
  const mail = await sentMail();
  const event = about("delivered", mail.provider);
  assertEquals((await sendEvent(desk, event, { name: "webhook" })).status, 204);
  assertEquals((await sendEvent(desk, event, { secret: OLD_SECRET })).status, 204);
  const body = JSON.stringify(event);
  const timestamp = Math.floor(Date.now() / 1000);
  const bad = sign(crypto.getRandomValues(new Uint8Array(32)), { id: "many", timestamp, body });
  const good = sign(readSecret(PROVIDER_SECRET)!, { id: "many", timestamp, body });
  const several = await sendEvent(desk, event, {
    id: "many",
    headers: { "svix-timestamp": String(timestamp), "svix-signature": `v1a,xyz ${bad} ${good}` },
  });
  assertEquals(several.status, 204);
  // A browser's headers neither help nor hinder: the signature is the proof.
  const cookie = {
    cookie: "session=x.y",
    origin: "https://elsewhere.example",
    "sec-fetch-site": "cross-site",
  };
  assertEquals((await sendEvent(desk, event, { headers: cookie })).status, 204);
});

Deno.test("CHK-28 an event that is sent again, also at once, has one effect", async () => {
  const to = `gone-${crypto.randomUUID()}@works.example`;
  const mail = await sentMail(to);
  const event = about("bounced", mail.provider, { bounce: { type: "Permanent", message: "No such user" } });
  const sent = await Promise.all(
    Array.from({ length: 10 }, () => sendEvent(desk, event, { id: "msg_again" })),
  );
  assertEquals(sent.map((response) => response.status), Array(10).fill(204));
  assertEquals((await sendEvent(desk, event, { id: "msg_again" })).status, 204);
  const of = async (sql: string, value: string) => (await desk.look<{ n: number }>(sql, [value]))[0]!.n;
  assertEquals(await of("select count(*)::int n from provider_events where id = $1", "msg_again"), 1);
  assertEquals(await of("select count(*)::int n from suppressed_addresses where email_key = $1", to), 1);
  assertEquals(
    await of(
      "select count(*)::int n from audit_log where action = 'suppressed_address.added' and changes ->> 'email' = $1",
      to,
    ),
    1,
  );
});

Deno.test("a message's state goes forward only, whatever the order of events", async () => {
  const mail = await sentMail();
  const after = async (type: string) => {
    assertEquals((await sendEvent(desk, about(type, mail.provider))).status, 204);
    return await deliveryOf(mail.id);
  };
  assertEquals(await after("delivery_delayed"), "delayed");
  assertEquals(await after("sent"), "delayed");
  assertEquals(await after("delivered"), "delivered");
  assertEquals(await after("delivery_delayed"), "delivered");
  assertEquals(await after("opened"), "delivered");
  assertEquals(await after("complained"), "complained");
  assertEquals(await after("bounced"), "complained");
});

Deno.test("what is about nothing here, or of a kind nobody knows, is let pass", async () => {
  for (
    const event of [about("bounced", crypto.randomUUID()), { type: "domain.updated", data: {} }, {
      type: "x",
    }]
  ) {
    assertEquals((await sendEvent(desk, event)).status, 204);
  }
  assertEquals((await sendEvent(desk, { type: "email.delivered", data: { email_id: 7 } })).status, 422);
  assertEquals((await sendEvent(desk, { type: "email.delivered", data: { email_id: "a\0b" } })).status, 422);
  assertEquals((await sendEvent(desk, [])).status, 422);
});

Deno.test("permanent bounces and complaints suppress an address, passing ones don't; an admin lifts it", async () => {
  const suppressed = async () => (await admin.get("/suppressed-addresses")).body.items;
  const told = async (type: string, more: Record<string, unknown> = {}) => {
    const to = `${type}-${crypto.randomUUID()}@Works.example`;
    const mail = await sentMail(to);
    await sendEvent(desk, about(type, mail.provider, more));
    // deno-lint-ignore no-explicit-any -- the resource as JSON
    return (await suppressed()).find((item: any) => item.email === to.toLowerCase());
  };
  assertEquals(await told("bounced", { bounce: { type: "Transient", message: "Mailbox full" } }), undefined);
  assertEquals(await told("delivered"), undefined);
  const bounced = await told("bounced", { bounce: { type: "Permanent", message: "No\r\nsuch\0user" } });
  assertEquals([bounced.reason, bounced.detail], ["bounce", "No such user"]);
  assertEquals((await told("complained")).reason, "complaint");
  assertEquals((await admin.delete(`/suppressed-addresses/${bounced.id}`)).status, 204);
  assertEquals((await admin.delete(`/suppressed-addresses/${bounced.id}`)).status, 404);
  // deno-lint-ignore no-explicit-any -- the resource as JSON
  assert(!(await suppressed()).some((item: any) => item.id === bounced.id));
  const { items } = (await admin.get("/audit?action=suppressed_address.lifted")).body;
  assertEquals(items.length, 1);
});

Deno.test("without a secret there are no events to take", async () => {
  const { RESEND_WEBHOOK_SECRET, ...config } = desk.config;
  assertEquals(RESEND_WEBHOOK_SECRET.length, 2);
  const { edge } = await import("@/edge/mod.ts");
  const { createApi } = await import("@/api/app.ts");
  const api = createApi();
  const bare = edge(
    { ...desk.services, config: { ...config, RESEND_WEBHOOK_SECRET: [] } },
    (request) => api.fetch(request),
  );
  const info = { remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 1 } } as Deno.ServeHandlerInfo;
  const response = await sendEvent(
    { config: desk.config, fetch: async (request: Request) => await bare(request, info) } as never,
    { type: "email.sent", data: {} },
  );
  assertEquals(response.status, 404);
  assert((await response.json()).detail.includes("RESEND_WEBHOOK_SECRET"));
});
