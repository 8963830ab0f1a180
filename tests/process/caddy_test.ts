import assert from "node:assert/strict";
import { startCaddy, startSecureCaddy } from "@/tests/helpers/caddy.ts";
import { openDesk, PASSWORD } from "@/tests/helpers/desk.ts";
import { freePort } from "@/tests/helpers/server.ts";
import { StreamReader } from "@/tests/helpers/event_stream.ts";

const port = freePort();
const desk = await openDesk({ PUBLIC_URL: `https://localhost:${port}`, TRUSTED_PROXIES: "127.0.0.1" });
const upstream = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  (request) => desk.fetch(request),
);
const upstreams = [`127.0.0.1:${upstream.addr.port}`];
const admin = await desk.register("Harbour Works");
Deno.test.afterAll(async () => {
  await upstream.shutdown();
  await desk[Symbol.asyncDispose]();
});

Deno.test("CHK-20 CHK-22 Caddy serves a domain by https alone: http is sent on, cookies are Secure, HSTS is on every answer", async () => {
  await using caddy = await startSecureCaddy(upstreams, port);
  using client = Deno.createHttpClient({ caCerts: [caddy.ca] });
  const plain = await fetch(`http://localhost:${caddy.plain}/home?a=b`, { redirect: "manual" });
  await plain.body?.cancel();
  assert.deepEqual([plain.status, plain.headers.get("location")], [308, "https://localhost/home?a=b"]);

  const signedIn = await fetch(`${caddy.url}/v1/auth/login`, {
    method: "POST",
    client,
    headers: { "content-type": "application/json", "origin": caddy.url, "sec-fetch-site": "same-origin" },
    body: JSON.stringify({ email: admin.user.email, password: PASSWORD }),
  } as RequestInit);
  assert.equal(signedIn.status, 200, await signedIn.text());
  const cookies = signedIn.headers.getSetCookie();
  assert.ok(cookies.length > 0);
  for (const cookie of cookies) assert.match(cookie, /^__Host-.*; Secure/i);
  const hsts = "max-age=31536000; includeSubDomains";
  assert.equal(signedIn.headers.get("strict-transport-security"), hsts);

  await using alone = await startCaddy([`127.0.0.1:${freePort()}`]);
  const nobody = await fetch(`${alone.url}/v1/tickets`);
  assert.deepEqual([nobody.status, nobody.headers.get("content-type")], [503, "application/problem+json"]);
  assert.deepEqual([nobody.headers.get("strict-transport-security"), nobody.headers.get("retry-after")], [
    hsts,
    "2",
  ]);
  const problem = await nobody.json();
  assert.deepEqual([problem.type, problem.status], ["/problems/unavailable", 503]);
  assert.match(problem.requestId, /^[0-9a-f-]{36}$/);
});

Deno.test("Caddy lets long cookies and files through, and holds no event back", async () => {
  await using caddy = await startCaddy(upstreams);
  const long = await fetch(`${caddy.url}/v1/me`, {
    headers: { authorization: `Bearer ${admin.token}`, cookie: `a=${"b".repeat(30_000)}` },
  });
  assert.equal(long.status, 200, await long.text());

  const stream = await fetch(`${caddy.url}/v1/events`, {
    headers: { authorization: `Bearer ${admin.token}`, accept: "text/event-stream" },
  });
  const reader = new StreamReader(stream);
  await reader.until(({ retry }) => retry !== undefined);
  const ticket = (await admin.post("/tickets", { title: "Told at once", description: "" })).body;
  const answered = performance.now();
  await reader.until(({ messages }) => messages.some(({ data }) => data.entityId === ticket.id));
  assert.ok(performance.now() - answered < 1_000);
  await reader.close();

  const form = new FormData();
  form.append(
    "file",
    new File([new Uint8Array(8 * 1024 * 1024).fill(97)], "big.txt", { type: "text/plain" }),
  );
  form.append("visibility", "public");
  const uploaded = await fetch(`${caddy.url}/v1/tickets/${ticket.id}/attachments`, {
    method: "POST",
    headers: { authorization: `Bearer ${admin.token}` },
    body: form,
  });
  assert.equal(uploaded.status, 201, await uploaded.text());
});

Deno.test("REL-22 Caddy lets go of 500 clients that never end their headers, within 10 s, and serves others meanwhile", async () => {
  await using caddy = await startCaddy(upstreams);
  const started = performance.now();
  const head = new TextEncoder().encode("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
  const slow = Promise.all(Array.from({ length: 500 }, async () => {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: caddy.port });
    await connection.write(head);
    // It ends, by a close or with what Caddy says before.
    const buffer = new Uint8Array(1024);
    while (await connection.read(buffer).catch(() => null) !== null);
    return performance.now() - started;
  }));
  const times: number[] = [];
  for (let i = 0; i < 20; i++) {
    const asked = performance.now();
    const answer = await fetch(`${caddy.url}/healthz`);
    await answer.body?.cancel();
    assert.equal(answer.status, 200);
    times.push(performance.now() - asked);
    await new Promise((done) => setTimeout(done, 100));
  }
  const ended = await slow;
  assert.ok(Math.max(...ended) < 10_000, `${Math.max(...ended)} ms`);
  assert.ok(times.toSorted((a, b) => a - b)[18]! < 500, `${times}`);
});

/** Sends requests whose chunks say no size that can be read, as fast as they are answered, until it is told to stop. */
async function breakChunks(port: number, stopped: () => boolean): Promise<number> {
  const lines = [
    "POST /v1/auth/login HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    "Transfer-Encoding: chunked",
    "Connection: close",
    "",
    "fffffffffffffffff1",
    "{}",
    "",
    "",
  ];
  const bytes = new TextEncoder().encode(lines.join("\r\n"));
  let sent = 0;
  while (!stopped()) {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(bytes);
    const buffer = new Uint8Array(1024);
    while (await connection.read(buffer).catch(() => null) !== null);
    sent++;
  }
  return sent;
}

Deno.test("V2 clients that send broken chunks through Caddy take no instance from anybody", async () => {
  await using caddy = await startCaddy(upstreams);
  let over = false;
  const attackers = Promise.all(Array.from({ length: 4 }, () => breakChunks(caddy.port, () => over)));
  const statuses: number[] = [];
  const times: number[] = [];
  for (const started = performance.now(); performance.now() - started < 5_000;) {
    const asked = performance.now();
    const answer = await fetch(`${caddy.url}/healthz`);
    await answer.body?.cancel();
    statuses.push(answer.status);
    times.push(performance.now() - asked);
    await new Promise((done) => setTimeout(done, 25));
  }
  over = true;
  const sent = (await attackers).reduce((a, b) => a + b, 0);
  assert.ok(sent >= 20, `${sent} attacks`);
  assert.deepEqual(statuses.filter((status) => status !== 200), []);
  // With an instance out for two seconds after each, there were three or four answers.
  assert.ok(statuses.length > 20, `${statuses.length} answers`);
  assert.ok(
    times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.9)]! < 1_000,
    `${times.map(Math.round)}`,
  );
});
