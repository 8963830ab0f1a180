import pg from "pg";
import { clientConfig } from "@/db/connect.ts";
import { hubOf } from "@/live/hub.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { targetOf } from "@/tests/helpers/cluster.ts";
import { PASSWORD } from "@/tests/helpers/desk.ts";
import { feedSettled, StreamReader } from "@/tests/helpers/event_stream.ts";
import { assertProblem, openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
const { desk, admin, agent, requester, stranger, other } = scene;
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
const hub = hubOf(desk.services);

/** Opens a stream as `client`; what isn't one fails the test. */
async function listen(
  client: Client,
  options: { headers?: Record<string, string>; query?: string } = {},
): Promise<StreamReader> {
  await feedSettled(desk);
  const response = await request(client, options);
  assertEquals([response.status, response.headers.get("content-type")], [200, "text/event-stream"]);
  return new StreamReader(response);
}

async function request(
  client: Client,
  { headers = {}, query = "" }: { headers?: Record<string, string>; query?: string } = {},
): Promise<Response> {
  return await desk.fetch(
    new Request(`${desk.config.PUBLIC_URL}/v1/events${query}`, {
      headers: {
        accept: "text/event-stream",
        ...(client.token ? { authorization: `Bearer ${client.token}` } : {}),
        ...headers,
      },
    }),
  );
}

/** Waits for a mark: what else was to come has come before it. */
async function settled(reader: StreamReader, client = requester): Promise<void> {
  const mark = await raise(client, { title: "Mark" });
  await reader.until(({ messages }) => messages.some(({ data }) => data.entityId === mark.id));
}

Deno.test("a change is told to who may see it, as where to look and never what is there", async () => {
  const [ofAgent, ofRequester, ofStranger, ofOther] = await Promise.all(
    [agent, requester, stranger, other].map((client) => listen(client)),
  );
  const ticket = await raise(requester, { title: "Canary title" });
  await agent.post(`/tickets/${ticket.id}/comments`, { body: "Secret canary", visibility: "internal" });
  await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Public canary" });
  await ofAgent!.until(({ messages }) => messages.length >= 3);
  await ofRequester!.until(({ messages }) => messages.length >= 2);
  assertEquals(ofAgent!.messages.slice(0, 3).map(({ data }) => [data.topic, data.entity, data.entityId]), [
    ["ticket.created", "ticket", ticket.id],
    ["ticket.commented", "ticket", ticket.id],
    ["ticket.commented", "ticket", ticket.id],
  ]);
  assertEquals(ofRequester!.topics, ["ticket.created", "ticket.commented"]);
  for (const { id, type, data } of ofAgent!.messages) {
    assertEquals([Object.keys(data).sort(), data.id, type], [
      ["entity", "entityId", "id", "topic", "version"],
      id,
      "message",
    ]);
  }
  await settled(ofStranger!, stranger);
  assertEquals(ofStranger!.topics, ["ticket.created"]);
  await settled(ofOther!, other);
  assertEquals(ofOther!.topics, ["ticket.created"]);
  for (const reader of [ofAgent, ofRequester, ofStranger, ofOther]) {
    assert(!JSON.stringify(reader!.messages).includes("canary"));
    await reader!.close();
  }
  assertEquals(hub.size, 0);
});

Deno.test("a watcher is told from the moment that they watch, and no longer than that", async () => {
  const ticket = await raise(requester);
  await using reader = disposable(await listen(stranger));
  await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "One" });
  await settled(reader, stranger);
  await agent.put(`/tickets/${ticket.id}/watchers/${stranger.user.id}`);
  await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Two" });
  await reader.until(({ topics }) => topics.includes("ticket.commented"));
  await agent.delete(`/tickets/${ticket.id}/watchers/${stranger.user.id}`);
  await settled(reader, stranger);
  const before = reader.messages.length;
  await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Three" });
  await settled(reader, stranger);
  assertEquals(reader.topics.slice(before), ["ticket.created"]);
});

Deno.test("Last-Event-ID goes on behind it: nothing is missed and nothing comes twice", async () => {
  const first = await listen(agent);
  const ticket = await raise(requester);
  await first.until(({ messages }) => messages.length >= 1);
  await first.close();
  for (let i = 0; i < 230; i += 10) {
    await Promise.all(
      Array.from(
        { length: 10 },
        (_, k) =>
          requester.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: `${i + k}` }),
      ),
    );
  }
  await using second = disposable(await listen(agent, { headers: { "last-event-id": first.lastId } }));
  await second.until(({ messages }) => messages.length >= 230);
  await requester.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Live" });
  await second.until(({ messages }) => messages.length >= 231);
  assertEquals(second.messages.length, 231);
  assertEquals(new Set(second.messages.map(({ id }) => id)).size, 231);
  const pages = await pagesAfter(agent, first.lastId);
  assertEquals(pages.map(({ id }) => id), second.messages.map(({ id }) => id));
  assertEquals(Object.keys(pages[0]!).sort(), ["at", "entity", "entityId", "id", "topic", "version"]);
  // A cursor in the address does where a header can't be set.
  await using third = disposable(await listen(agent, { query: `?after=${second.messages.at(-2)!.id}` }));
  await third.until(({ messages }) => messages.length >= 1);
  assertEquals(third.messages[0]!.id, second.messages.at(-1)!.id);
});

/** The feed behind a cursor, a page after the other. */
async function pagesAfter(client: Client, after: string): Promise<{ id: string }[]> {
  const items: { id: string }[] = [];
  for (let cursor = after, more = true; more;) {
    const { status, body } = await client.get(`/events?limit=100&after=${cursor}`);
    assertEquals(status, 200);
    items.push(...body.items);
    [cursor, more] = [body.nextCursor, body.more];
  }
  return items;
}

Deno.test("what commits late never appears behind a cursor", async () => {
  await using reader = disposable(await listen(agent));
  const page = (await agent.get("/events?limit=100")).body;
  const client = new pg.Client(
    clientConfig(targetOf(desk.cluster, desk.database), { user: desk.cluster.superuser }),
  );
  await client.connect();
  try {
    // An older transaction with an event of its own, open while others come and go.
    await client.query("begin");
    const ticket = (await desk.look<{ id: string }>("select id from tickets where tenant_id = $1 limit 1", [
      agent.tenant.id,
    ]))[0]!;
    await client.query(
      `insert into events (tenant_id, topic, entity, entity_id) values ($1, 'ticket.late', 'ticket', $2)`,
      [agent.tenant.id, ticket.id],
    );
    const before = reader.messages.length;
    const raised = await raise(requester, { title: "Meanwhile" });
    await new Promise((done) => setTimeout(done, 300));
    // The younger one waits for the older.
    assertEquals(reader.topics.slice(before), []);
    await client.query("commit");
    await reader.until(({ messages }) => messages.length >= before + 2, 15_000);
    assertEquals(reader.topics.slice(before), ["ticket.late", "ticket.created"]);
    assertEquals(reader.messages.at(-1)!.data.entityId, raised.id);
  } finally {
    await client.end();
  }
  const pages = await pagesAfter(agent, page.nextCursor);
  assertEquals(pages.slice(-2).map((item) => (item as { topic?: string }).topic), [
    "ticket.late",
    "ticket.created",
  ]);
});

Deno.test("a cursor that is unknown, another organisation's, or older than 30 days is answered by a reset", async () => {
  const theirs = (await other.get("/events")).body.nextCursor;
  const [row] = await desk.look<{ id: string }>(
    `insert into events (tenant_id, id, topic, entity, entity_id)
      values ($1, '01940000-0000-7000-8000-000000000000', 'ticket.old', 'ticket', $1) returning id`,
    [admin.tenant.id],
  );
  const { writeFeedCursor } = await import("@/domain/events/position.ts");
  const old = writeFeedCursor(desk.services, admin.tenant.id, { xid: 5n, id: row!.id });
  for (const cursor of [theirs, old, "nonsense", `${"A".repeat(32)}${"B".repeat(12)}`]) {
    const reader = await listen(agent, { headers: { "last-event-id": cursor } });
    await reader.until(({ messages }) => messages.length >= 1);
    assertEquals([reader.messages[0]!.type, reader.messages[0]!.data], ["reset", {}]);
    await settled(reader);
    // It goes on from now.
    assertEquals(reader.messages.length, 2);
    await reader.close();
    const answer = await agent.get(`/events?after=${cursor}`);
    assertProblem(answer, 422, "invalid");
    assertEquals(answer.body.errors[0].path, "after");
  }
});

Deno.test("CHK-19 signing out elsewhere, deactivation and another role end open streams within 5 s", async () => {
  const login = async (client: Client) => {
    const again = desk.client();
    again.become(
      await again.post("/auth/login", {
        email: client.user.email,
        password: PASSWORD,
        organisation: client.tenant.slug,
      }),
    );
    return again;
  };
  const eve = await admin.invite("AGENT", "Eve Agent");
  const elsewhere = await login(eve);
  const kept = await listen(eve);
  const ending = await listen(elsewhere);
  await eve.delete("/me/sessions");
  await ending.until(({ ended }) => ended, 5_000);
  assertEquals(kept.ended, false);
  assertEquals((await request(elsewhere)).status, 401);

  const user = (await admin.get(`/users/${eve.user.id}`)).body;
  const demoted = await admin.patch(`/users/${eve.user.id}`, { version: user.version, role: "REQUESTER" });
  await kept.until(({ ended }) => ended, 5_000);
  const asRequester = await listen(eve);
  await admin.patch(`/users/${eve.user.id}`, { version: demoted.body.version, active: false });
  await asRequester.until(({ ended }) => ended, 5_000);
  assertEquals((await request(eve)).status, 401);
  assertEquals(hub.size, 0);
});

Deno.test("CHK-21 a cookie alone opens no stream: only our own pages do", async () => {
  const signedIn = await desk.fetch(
    new Request(`${desk.config.PUBLIC_URL}/sign-in`, {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        email: agent.user.email,
        password: PASSWORD,
        organisation: agent.tenant.slug,
      }),
    }),
  );
  const cookies = signedIn.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
  const nobody = desk.client();
  for (const site of [undefined, "cross-site", "same-site", "none"]) {
    const headers = { cookie: cookies, ...(site ? { "sec-fetch-site": site } : {}) };
    const response = await request(nobody, { headers });
    assertEquals([site, response.status], [site, 403]);
    await response.body?.cancel();
  }
  const reader = await listen(nobody, { headers: { cookie: cookies, "sec-fetch-site": "same-origin" } });
  await settled(reader);
  await reader.close();
  assertEquals((await request(nobody)).status, 401);
});

Deno.test("REL-14 one person has six streams at most", async () => {
  const readers = await Promise.all(Array.from({ length: 6 }, () => listen(requester)));
  const seventh = await request(requester);
  assertEquals([seventh.status, seventh.headers.get("retry-after")], [429, "30"]);
  assertEquals((await seventh.json()).type, "/problems/rate_limited");
  await readers[0]!.close();
  readers.push(await listen(requester));
  for (const reader of readers) await reader.close();
  assertEquals(hub.size, 0);
});

Deno.test("HEAD opens no stream that nobody would read", async () => {
  const response = await desk.fetch(
    new Request(`${desk.config.PUBLIC_URL}/v1/events`, {
      method: "HEAD",
      headers: { accept: "text/event-stream", authorization: `Bearer ${agent.token}` },
    }),
  );
  assertEquals([response.status, response.body, hub.size], [200, null, 0]);
});

Deno.test("REL-13 a heartbeat comes within 15 s", async () => {
  const readers = await Promise.all([agent, requester, stranger].map((client) => listen(client)));
  await Promise.all(readers.map((reader) => reader.until(({ comments }) => comments >= 1, 15_000)));
  // Who comes back after it goes on from there.
  const page = await requester.get(`/events?after=${readers[1]!.lastId}`);
  assertEquals([page.status, page.body.items], [200, []]);
  for (const reader of readers) await reader.close();
});

Deno.test("REL-25 a wake-up that is lost is made up for within 5 s", async () => {
  const { publish } = desk.services.bus;
  await using reader = disposable(await listen(agent));
  await settled(reader);
  desk.services.bus.publish = () => {};
  try {
    await settled(reader);
  } finally {
    desk.services.bus.publish = publish;
  }
});

Deno.test("REL-11 a process that stops ends its streams with a hint when to come back, and takes no more", async () => {
  const reader = await listen(agent);
  await reader.until(({ retry }) => retry !== undefined);
  reader.retry = undefined;
  hub.stop();
  await reader.until(({ ended }) => ended);
  assert(reader.retry! >= 1_000 && reader.retry! <= 3_000, `${reader.retry}`);
  const refused = await request(agent);
  assertEquals([refused.status, refused.headers.get("retry-after")], [503, "1"]);
  await refused.body?.cancel();
});

function disposable(reader: StreamReader): StreamReader & AsyncDisposable {
  return Object.assign(reader, { [Symbol.asyncDispose]: () => reader.close() });
}
