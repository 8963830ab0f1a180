import assert from "node:assert/strict";
import { getSetCookies } from "@std/http/cookie";
import { type Server, startServer } from "@/tests/helpers/server.ts";
import { until } from "@/tests/process/support.ts";

const PASSWORD = "planted harbour at dawn 4711";
const NEW_PASSWORD = "planted violet anchors sing 4712";
const WRONG = "planted and wrong 4713";

/** Posts a form as a page of the desk would, with the cookies of `jar`, and keeps what it sets. */
async function submit(
  server: Server,
  path: string,
  { fields, jar = new Map() }: { fields: Record<string, string>; jar?: Map<string, string> },
): Promise<Response> {
  const response = await fetch(server.url + path, {
    method: "POST",
    redirect: "manual",
    headers: { "sec-fetch-site": "same-origin", cookie: cookieOf(jar) },
    body: new URLSearchParams(fields),
  });
  for (const { name, value } of getSetCookies(response.headers)) if (value) jar.set(name, value);
  return response;
}

function cookieOf(jar: Map<string, string>): string {
  return Array.from(jar, ([name, value]) => `${name}=${value}`).join("; ");
}

/** The newest link of a kind in the mails that the desk wrote. */
async function mailedLink(server: Server, kind: string): Promise<string> {
  let link: string | undefined;
  await until(async () => {
    for await (const { name } of Deno.readDir(`${server.dataDir}/mail`)) {
      const text = await Deno.readTextFile(`${server.dataDir}/mail/${name}`);
      link ??= new RegExp(`${server.url}(/${kind}/[\\w.-]+)`).exec(text.replaceAll("=\r\n", ""))?.[1];
    }
    return link !== undefined;
  }, 5_000);
  return link!;
}

/** Sends one byte of a body and waits for the answer, which comes when the desk's patience ends. */
async function slowBody(server: Server): Promise<{ status: string; ms: number }> {
  const began = performance.now();
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(server.url).port) });
  const head = "POST /v1/auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n" +
    "content-length: 1000\r\n\r\n{";
  await connection.write(new TextEncoder().encode(head));
  const answer = new Uint8Array(4096);
  const length = await connection.read(answer) ?? 0;
  const [status = ""] = new TextDecoder().decode(answer.subarray(0, length)).split("\r\n");
  return { status, ms: performance.now() - began };
}

Deno.test("CHK-37 no password, token, cookie or key stands in the log, and every line is one event", async () => {
  await using server = await startServer({ env: { LOG_LEVEL: "debug", SIGNUP: "open" } });
  const slow = slowBody(server);
  const planted = new Set([PASSWORD, NEW_PASSWORD, WRONG]);
  const email = "ada@harbour.example";

  const jar = new Map<string, string>();
  const person = { organisation: "Harbour Works", name: "Ada", email, password: PASSWORD };
  assert.equal((await submit(server, "/register", { fields: person, jar })).status, 303);
  const wrong = await submit(server, "/sign-in", { fields: { email, password: WRONG }, jar });
  assert.equal(wrong.status, 401);
  assert.equal((await submit(server, "/register", { fields: { ...person, name: "" } })).status, 422);
  const invited = await submit(server, "/admin/users/invitations", {
    fields: { email: "ari@harbour.example", name: "Ari", role: "AGENT" },
    jar,
  });
  const invitation = /\/accept-invitation\/[\w.-]+/.exec(await invited.text())![0];
  await (await fetch(server.url + invitation)).body?.cancel();
  const accepted = await submit(server, invitation, {
    fields: { name: "Ari", password: PASSWORD },
    jar: new Map(),
  });
  assert.equal(accepted.status, 303);

  await submit(server, "/forgot-password", { fields: { email } });
  const reset = await mailedLink(server, "reset-password");
  await (await fetch(server.url + reset)).body?.cancel();
  assert.equal((await submit(server, reset, { fields: { password: "short" } })).status, 422);
  assert.equal((await submit(server, reset, { fields: { password: NEW_PASSWORD } })).status, 303);
  for (const link of [invitation, reset]) planted.add(link.split("/").pop()!);

  const login = await fetch(`${server.url}/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password: NEW_PASSWORD }),
  });
  for (const { value } of getSetCookies(login.headers)) planted.add(value);
  const { accessToken } = await login.json();
  planted.add(accessToken);
  const odd: [string, RequestInit][] = [
    ["/v1/me", { headers: { authorization: `Bearer ${accessToken}` } }],
    ["/v1/me", { headers: { authorization: `Bearer ${accessToken}x` } }],
    ["/v1/me", { headers: { cookie: `session=${WRONG.replaceAll(" ", "")}` } }],
    [`/v1/tickets?q=${accessToken}&cursor=${accessToken}`, {
      headers: { authorization: `Bearer ${accessToken}` },
    }],
    [`/home?token=${accessToken}`, { headers: { cookie: cookieOf(jar) } }],
    ["/v1/auth/login", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: `{"password":"${WRONG}"`,
    }],
    ["/v1/auth/login", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: { password: WRONG }, password: [WRONG] }),
    }],
  ];
  for (const [path, init] of odd) await (await fetch(server.url + path, init)).body?.cancel();
  for (const value of jar.values()) planted.add(value);
  planted.add((await Deno.readTextFile(`${server.dataDir}/secret_key`)).trim());

  const { status, ms } = await slow;
  assert.equal(status, "HTTP/1.1 400 Bad Request");
  assert.ok(ms > 9_000 && ms < 12_000, `${ms} ms`);

  server.kill("SIGTERM");
  await server.ended;
  const lines = server.output().split("\n").filter((line) => line.trim() !== "");
  const texts = lines.filter((line) => !line.startsWith("{"));
  assert.deepEqual(texts, [`  ServiceHub is ready: open ${server.url}`]);
  const events = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  assert.ok(events.filter(({ message }) => message === "request").length >= 15);
  for (const event of events) assert.ok(event.time && event.level && event.message, JSON.stringify(event));
  assert.ok(planted.size >= 10, `${planted.size} secrets`);
  const database = await Deno.readTextFile(`${server.dataDir}/postgres.log`);
  for (const secret of planted) {
    for (
      const form of [
        secret,
        encodeURIComponent(secret),
        new URLSearchParams({ a: secret }).toString().slice(2),
      ]
    ) {
      assert.ok(!server.output().includes(form), `in the log: ${form}`);
      assert.ok(!database.includes(form), `in the database's log: ${form}`);
    }
  }
});
