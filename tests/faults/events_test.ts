import { EventStream } from "@/live/stream.ts";
import { hubOf } from "@/live/hub.ts";
import { FEED_START } from "@/domain/events/position.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { feedSettled, StreamReader } from "@/tests/helpers/event_stream.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";
import { ADA, post } from "@/tests/helpers/visit.ts";

const scene = await openScene();
const { desk, agent, requester } = scene;
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
const hub = hubOf(desk.services);

/** The desk on a real socket. */
function serve() {
  const stopped = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: stopped.signal, onListen: () => {} },
    (request) => desk.fetch(request),
  );
  return {
    port: (server.addr as Deno.NetAddr).port,
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      await server.finished;
    },
  };
}

/** Asks for the stream over a bare connection. */
async function connect(port: number, lastId = ""): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const head = [
    "GET /v1/events HTTP/1.1",
    `Host: 127.0.0.1:${port}`,
    "Accept: text/event-stream",
    "Connection: close",
    `Authorization: Bearer ${agent.token}`,
    ...(lastId ? [`Last-Event-ID: ${lastId}`] : []),
  ];
  await connection.write(new TextEncoder().encode(`${head.join("\r\n")}\r\n\r\n`));
  return connection;
}

/** What a bare connection gave until it ended: the ids of whole events, and the last id of all. */
async function drain(connection: Deno.TcpConn): Promise<{ ids: string[]; lastId: string }> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(64 * 1024);
  let text = "";
  try {
    for (let size = await connection.read(buffer); size !== null; size = await connection.read(buffer)) {
      text += decoder.decode(buffer.subarray(0, size), { stream: true });
    }
  } catch {
    // It was cut.
  }
  return heard(text);
}

function heard(text: string): { ids: string[]; lastId: string } {
  // Each chunk's length is on a line of its own (RFC 9112, 7.1).
  const body = text.slice(text.indexOf("\r\n\r\n") + 4).replaceAll(/(?:^|\r\n)[0-9a-f]+\r\n/g, "");
  const blocks = body.split("\n\n").slice(0, -1);
  const ids: string[] = [];
  let lastId = "";
  for (const block of blocks) {
    const id = /^id: (.+)$/m.exec(block)?.[1];
    if (!id) continue;
    lastId = id;
    if (block.includes("\ndata: ")) ids.push(id);
  }
  return { ids, lastId };
}

async function feed(after: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor = after, more = true; more;) {
    const { body } = await agent.get(`/events?limit=100&after=${cursor}`);
    ids.push(...body.items.map(({ id }: { id: string }) => id));
    [cursor, more] = [body.nextCursor, body.more];
  }
  return ids;
}

async function endOfFeed(): Promise<string> {
  await feedSettled(desk);
  for (let cursor = "";;) {
    const { body } = await agent.get(`/events?limit=100${cursor && `&after=${cursor}`}`);
    cursor = body.nextCursor;
    if (!body.more) return cursor;
  }
}

async function until(is: () => boolean, ms: number): Promise<void> {
  const deadline = performance.now() + ms;
  while (!is()) {
    if (performance.now() > deadline) throw new Error(`Cannot go on: not so after ${ms} ms: ${is}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

Deno.test("REL-12 100 cut connections: nothing is lost, repeated or out of order", async () => {
  await using server = serve();
  const ticket = await raise(requester);
  const begin = await endOfFeed();
  let over = false;
  let said = 0;
  const writer = async () => {
    while (!over) {
      assertEquals(
        (await requester.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: `${said++}` }))
          .status,
        201,
      );
    }
  };
  const writers = [writer(), writer(), writer()];
  const got: string[] = [];
  let last = begin;
  let cut = 0;
  for (; cut < 100; cut++) {
    const connection = await connect(server.port, last);
    const draining = drain(connection);
    await new Promise((done) => setTimeout(done, Math.random() * 120));
    connection.close();
    const { ids, lastId } = await draining;
    got.push(...ids);
    last = lastId || last;
  }
  over = true;
  await Promise.all(writers);
  let all: string[];
  const deadline = performance.now() + 90_000;
  // Another database's transaction on this server can hold events back.
  do {
    const connection = await connect(server.port, last);
    setTimeout(() => connection.close(), 1_500);
    const { ids, lastId } = await drain(connection);
    got.push(...ids);
    last = lastId || last;
    all = await feed(begin);
  } while ((all.length < said || got.length < all.length) && performance.now() < deadline);
  assert(said > 100 && all.length >= said, `${said} comments, ${all.length} events`);
  assertEquals(new Set(got).size, got.length);
  assertEquals(got, all);
  await until(() => hub.size === 0, 30_000);
});

Deno.test("REL-15 a client that vanished is freed within 30 s", async () => {
  await using server = serve();
  const connections = await Promise.all([1, 2, 3].map(() => connect(server.port)));
  await until(() => hub.size === 3, 2_000);
  for (const connection of connections) connection.close();
  await until(() => hub.size === 0, 30_000);
});

Deno.test("REL-16 a reader that stands still is dropped, others get everything, and it resumes without a gap", async () => {
  await using server = serve();
  const ticket = await raise(requester);
  await feedSettled(desk);
  const stalled = await connect(server.port);
  const healthy = new StreamReader(
    await fetch(`http://127.0.0.1:${server.port}/v1/events`, {
      headers: { accept: "text/event-stream", authorization: `Bearer ${agent.token}` },
    }),
  );
  await until(() => hub.size === 2, 2_000);
  // The kernel takes some 4 MB before anything waits here.
  const EVENTS = 32_000;
  let most = 0;
  for (let i = 0; i < EVENTS; i += 1_000) {
    await desk.look(
      `insert into events (tenant_id, topic, entity, entity_id, requester_id)
        select $1, 'ticket.commented', 'ticket', $2, $3 from generate_series(1, 1000)`,
      [agent.tenant.id, ticket.id, requester.user.id],
    );
    desk.services.bus.publish("events", agent.tenant.id);
    most = Math.max(most, hub.size);
  }
  assertEquals(most, 2);
  await healthy.until(({ messages }) => messages.length >= EVENTS, 120_000);
  assertEquals(new Set(healthy.messages.map(({ id }) => id)).size, healthy.messages.length);
  const bytes = healthy.messages.length * 260;
  assert(bytes > 8_000_000, `${bytes} bytes`);
  assertEquals(hub.size, 1);
  const first = await drain(stalled);
  assert(first.ids.length > 0 && first.ids.length < EVENTS, `${first.ids.length} before it was dropped`);
  const again = await connect(server.port, first.lastId);
  setTimeout(() => again.close(), 20_000);
  const rest = await drain(again);
  const all = [...first.ids, ...rest.ids];
  assertEquals(all.length, EVENTS);
  assertEquals(all, healthy.messages.map(({ id }) => id));
  await healthy.close();
});

Deno.test("REL-16 what waits unread for 30 s, or 64 KiB, ends a stream; what is read in time doesn't", async () => {
  const ends: string[] = [];
  const open = () =>
    new EventStream({
      sessionId: "s",
      principal: { userId: "u", role: "AGENT", scope: { kind: "all" } },
      position: FEED_START,
      endsAt: Infinity,
      ended: (_, why) => ends.push(why),
    });
  const bytes = new Uint8Array(1024);
  const [unread, large, read] = [open(), open(), open()];
  unread.push(bytes);
  for (let i = 0; i < 64; i++) large.push(bytes);
  assertEquals(ends, []);
  large.push(bytes);
  assertEquals(ends, ["slow"]);
  const reader = read.body.getReader();
  read.push(bytes);
  await reader.read();
  const [soon, later] = [29_000, 31_000].map((ms) => performance.now() + ms);
  for (const stream of [unread, read]) stream.endIfStalled(soon!);
  assertEquals(ends, ["slow"]);
  for (const stream of [unread, read]) stream.endIfStalled(later!);
  assertEquals([ends, unread.isEnded, read.isEnded], [["slow", "slow"], true, false]);
  await reader.cancel();
  assertEquals(ends.at(-1), "gone");
});

Deno.test("REL-11 SIGTERM with streams open, and some just cut: they end with a hint, and the process within seconds", async () => {
  await using server = await startServer({ env: { LOG_LEVEL: "warn" } });
  const { accessToken } = await post(server.url, "/auth/register", ADA);
  const readers = await Promise.all([1, 2, 3].map(async () =>
    new StreamReader(
      await fetch(`${server.url}/v1/events`, {
        headers: { accept: "text/event-stream", authorization: `Bearer ${accessToken}` },
      }),
    )
  ));
  for (const reader of readers) {
    await reader.until(({ retry }) => retry !== undefined);
    reader.retry = undefined;
  }
  // A process full of readers is killed at that very moment.
  const vanishing = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-net", new URL("../../bench/event_clients.ts", import.meta.url).pathname],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const task = { port: Number(new URL(server.url).port), tokens: [accessToken], streams: 3, noteEvery: 1 };
  await new Blob([JSON.stringify(task) + "\n"]).stream().pipeTo(vanishing.stdin, { preventClose: true });
  const answer = vanishing.stdout.getReader();
  await answer.read();
  vanishing.kill("SIGKILL");
  await vanishing.status;
  const began = performance.now();
  server.kill("SIGTERM");
  await answer.cancel();
  for (const reader of readers) {
    await reader.until(({ ended }) => ended, 5_000);
    assert(reader.retry! >= 1_000, `${reader.retry} ms`);
    assertEquals(reader.error, undefined);
  }
  assertEquals(await server.ended, 0);
  const took = performance.now() - began;
  assert(took < 5_000, `${took} ms`);
});
