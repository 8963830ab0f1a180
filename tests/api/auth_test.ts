import assert from "node:assert/strict";
import { getSetCookies } from "@std/http/cookie";
import { openDesk, PASSWORD } from "@/tests/helpers/desk.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import type { Mail, MailTransport } from "@/ports.ts";

/** Collects what leaves by a desk's transport, after it has really been written. */
function watchMail(services: { mail: MailTransport }): Mail[] {
  const sent: Mail[] = [];
  const { mail } = services;
  services.mail = {
    ...mail,
    async send(message) {
      const answer = await mail.send(message);
      sent.push(message);
      return answer;
    },
  };
  return sent;
}

function linkToken(mail: Mail, path: string): string {
  const found = new RegExp(`/${path}/([\\w.-]+)`).exec(mail.text);
  assert.ok(found, `no ${path} link in: ${mail.text}`);
  return found[1]!;
}

const sameOrigin = { "sec-fetch-site": "same-origin" };

async function refresh(client: Client, cookie: string) {
  return await client.post("/auth/refresh", undefined, {
    headers: { ...sameOrigin, cookie: `refresh=${cookie}` },
  });
}

Deno.test("registering makes organisation, admin, queue, categories, counter and one audit row", async () => {
  await using desk = await openDesk();
  const client = desk.client();
  const answer = await client.post("/auth/register", {
    organisation: "Müller & Söhne",
    name: "Ada Admin",
    email: "Ada@Mueller.example",
    password: PASSWORD,
  });
  assert.equal(answer.status, 201);
  assert.equal(answer.body.expiresIn, 600);
  assert.deepEqual(answer.body.tenant.slug, "muller-and-sohne");
  assert.equal(answer.body.user.role, "ADMIN");
  assert.equal(answer.headers.get("location"), "/v1/me");
  const [counts] = await desk.look(`select (select count(*) from tenants) as tenants,
    (select count(*) from queues where name = 'Service desk') as queues, (select count(*) from queue_members) as members,
    (select count(*) from categories where parent_id is null and queue_id is not null) as parents,
    (select count(*) from categories where parent_id is not null) as children,
    (select count(*) from ticket_counters) as counters, (select count(*) from audit_log) as audit,
    (select count(*) from events) as events`);
  assert.deepEqual(counts, {
    tenants: 1,
    queues: 1,
    members: 1,
    parents: 5,
    children: 13,
    counters: 1,
    audit: 1,
    events: 1,
  });
  client.become(answer);
  const me = await client.get("/me");
  assert.equal(me.status, 200);
  assert.equal(me.body.email, "Ada@Mueller.example");
  assert.deepEqual(me.body.tenant, answer.body.tenant);
});

Deno.test("two organisations of one name get slugs of their own", async () => {
  await using desk = await openDesk();
  const slugs = [];
  for (let i = 0; i < 3; i++) slugs.push((await desk.register("Harbour Works")).tenant.slug);
  assert.deepEqual(slugs, ["harbour-works", "harbour-works-2", "harbour-works-3"]);
});

Deno.test("sign-up is open until the first organisation exists, whoever is at the same time", async () => {
  await using desk = await openDesk({ SIGNUP: "" });
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, i) =>
      desk.client().post("/auth/register", {
        organisation: `Racer ${i}`,
        name: "Ann",
        email: `ann${i}@racer.example`,
        password: PASSWORD,
      })),
  );
  assert.deepEqual(answers.map((a) => a.status).sort(), [201, 403, 403, 403, 403, 403]);
  assert.equal(answers.find((a) => a.status === 403)?.body.type, "/problems/signup_closed");
  assert.deepEqual(await desk.look("select count(*) from tenants"), [{ count: 1 }]);
});

Deno.test("SIGNUP=closed refuses even the first", async () => {
  await using desk = await openDesk({ SIGNUP: "closed" });
  const body = { organisation: "First", name: "Ann", email: "ann@first.example", password: PASSWORD };
  assert.equal((await desk.client().post("/auth/register", body)).status, 403);
  assert.deepEqual(await desk.look("select count(*) from tenants"), [{ count: 0 }]);
});

Deno.test("fields that are wrong are named, and nothing is made", async () => {
  await using desk = await openDesk();
  const answer = await desk.client().post("/auth/register", {
    organisation: " ",
    name: "Eve\r\nBcc: x@y.example",
    email: "nobody",
    password: "",
  });
  assert.equal(answer.status, 422);
  const paths = answer.body.errors.map((e: { path: string }) => e.path);
  assert.deepEqual([...new Set(paths)].sort(), ["email", "name", "organisation", "password"]);
  const weak = { organisation: "Weak", name: "Eve", email: "eve@weak.example", password: "password2024!" };
  const refused = await desk.client().post("/auth/register", weak);
  assert.equal(refused.status, 422);
  assert.equal(refused.body.errors[0].path, "password");
  assert.equal(refused.body.errors[0].code, "common");
  const huge = await desk.client().post("/auth/register", { ...weak, password: "x y".repeat(400) });
  assert.equal(huge.body.errors[0].code, "too_long");
  const nul = await desk.client().post("/auth/register", { ...weak, name: "a\0b", password: PASSWORD });
  assert.equal(nul.status, 422);
  assert.deepEqual(await desk.look("select count(*) from users"), [{ count: 0 }]);
});

Deno.test("login needs the organisation once there are several, and takes any case of the address", async () => {
  await using desk = await openDesk();
  await desk.register("Alpha");
  const credentials = { email: "ADMIN@alpha.example", password: PASSWORD };
  assert.equal((await desk.client().post("/auth/login", credentials)).status, 200);
  await desk.register("Beta");
  const missing = await desk.client().post("/auth/login", credentials);
  assert.equal(missing.status, 422);
  assert.equal(missing.body.errors[0].path, "organisation");
  assert.equal(
    (await desk.client().post("/auth/login", { ...credentials, organisation: "alpha" })).status,
    200,
  );
  const elsewhere = await desk.client().post("/auth/login", { ...credentials, organisation: "beta" });
  assert.equal(elsewhere.status, 401);
});

Deno.test("CHK-14 a password typed in another normal form signs in", async () => {
  await using desk = await openDesk();
  const password = "größe über ﬁnster élan";
  const body = { organisation: "Uni", name: "Zoë", email: "zoe@uni.example", password };
  assert.equal((await desk.client().post("/auth/register", body)).status, 201);
  const other = password.normalize("NFKD");
  assert.notEqual(other, password);
  assert.equal((await desk.client().post("/auth/login", { email: body.email, password: other })).status, 200);
});

Deno.test("CHK-18 refresh rotates; a repeat within 10 s gets the same successor, a later one ends the session", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const first = client.cookies.get("refresh")!;
  const rotated = await refresh(client, first);
  assert.equal(rotated.status, 200);
  const second = client.cookies.get("refresh")!;
  assert.notEqual(second, first);
  assert.deepEqual(Object.keys(rotated.body).sort(), ["accessToken", "expiresIn", "tenant", "user"]);
  await refresh(client, first);
  assert.equal(client.cookies.get("refresh"), second);
  await refresh(client, second);
  const third = client.cookies.get("refresh")!;
  assert.notEqual(third, second);
  await desk.look(
    "update refresh_tokens set rotated_at = rotated_at - interval '11 seconds' where rotated_at is not null",
  );
  assert.equal((await refresh(client, first)).status, 401);
  assert.equal((await refresh(client, third)).status, 401);
  assert.equal((await client.get("/me")).status, 401);
  const audit = await desk.look("select changes from audit_log where action = 'session.ended'");
  assert.deepEqual(audit, [{ changes: { reason: "refresh_token_reused" } }]);
});

Deno.test("CHK-18 parallel refreshes with one token get one successor", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const token = client.cookies.get("refresh")!;
  const clients = Array.from({ length: 12 }, () => desk.client());
  const answers = await Promise.all(clients.map((each) => refresh(each, token)));
  assert.ok(answers.every((a) => a.status === 200), answers.map((a) => a.status).join());
  assert.equal(new Set(clients.map((each) => each.cookies.get("refresh"))).size, 1);
});

Deno.test("refresh refuses what it didn't make, and what a forged tenant names", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const token = client.cookies.get("refresh")!;
  const [tenant, id, mac] = token.split(".");
  const forged = [
    "",
    "x",
    `${tenant}.${id}`,
    `${tenant}.${id}.${mac}x`,
    `${id}.${id}.${mac}`,
    `${tenant}.${tenant}.${mac}`,
    `${token}.y`,
  ];
  for (const each of forged) assert.equal((await refresh(client, each)).status, 401, each);
});

Deno.test("logout ends the session, clears the cookies, and may be repeated", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const answer = await client.post("/auth/logout");
  assert.equal(answer.status, 204);
  assert.deepEqual(getSetCookies(answer.headers).map((c) => [c.name, c.value]), [["refresh", ""], [
    "session",
    "",
  ]]);
  assert.equal((await client.get("/me")).status, 401);
  assert.equal((await desk.client().post("/auth/logout")).status, 204);
  const other = await desk.client().post("/auth/login", { email: client.user.email, password: PASSWORD });
  const again = desk.client();
  again.become(other);
  const cookie = getSetCookies(other.headers).find((c) => c.name === "refresh")!.value;
  const out = await desk.client().post("/auth/logout", undefined, {
    headers: { ...sameOrigin, cookie: `refresh=${cookie}` },
  });
  assert.equal(out.status, 204);
  assert.equal((await again.get("/me")).status, 401);
});

Deno.test("forgot and reset by the mailed link: new password in, old one out, all sessions ended", async () => {
  await using desk = await openDesk();
  const sent = watchMail(desk.services);
  const client = await desk.register("Alpha");
  assert.equal(
    (await client.post("/auth/password/forgot", { email: client.user.email.toUpperCase() })).status,
    202,
  );
  const [row] = await desk.look<{ payload: Record<string, unknown> }>("select payload from outbox");
  assert.deepEqual(Object.keys(row!.payload), ["resetId"]);
  assert.deepEqual(await drainJobs(desk.services), { done: 1, skipped: 0, failed: 0 });
  const token = linkToken(sent[0]!, "reset-password");
  const password = "seven violet anchors sing";
  const weak = await client.post("/auth/password/reset", { token, password: "short" });
  assert.equal(weak.body.errors[0].code, "too_short");
  assert.equal((await client.post("/auth/password/reset", { token, password })).status, 204);
  assert.equal((await client.get("/me")).status, 401);
  const email = client.user.email;
  assert.equal((await desk.client().post("/auth/login", { email, password: PASSWORD })).status, 401);
  assert.equal((await desk.client().post("/auth/login", { email, password })).status, 200);
  const again = await client.post("/auth/password/reset", { token, password });
  assert.equal(again.status, 422);
  assert.equal(again.body.errors[0].path, "token");
  await drainJobs(desk.services);
  assert.equal(sent[1]?.subject, "Your Alpha password was changed");
});

Deno.test("find organisations mails every sign-in page of the address, in one mail without a trace in the outbox", async () => {
  await using desk = await openDesk();
  const sent = watchMail(desk.services);
  for (const organisation of ["Zeta", "Alpha"]) {
    await desk.client().post("/auth/register", {
      organisation,
      name: "Ann",
      email: "ann@both.example",
      password: PASSWORD,
    });
  }
  await desk.register("Other");
  await desk.look("update users set email_verified_at = now()");
  const found = await desk.client().post("/auth/organisations/find", { email: "Ann@both.example" });
  assert.equal(found.status, 202);
  assert.deepEqual(await desk.look("select template, payload from outbox"), [
    { template: "find_organisations", payload: {} },
  ]);
  await drainJobs(desk.services);
  const urls = [...sent[0]!.text.matchAll(/http\S+/g)].map((m) => m[0]);
  assert.deepEqual(urls, ["http://localhost:8000/o/alpha/sign-in", "http://localhost:8000/o/zeta/sign-in"]);
  const unknown = await desk.client().post("/auth/organisations/find", { email: "nobody@both.example" });
  assert.equal(unknown.status, 202);
  assert.equal(unknown.text, found.text);
  for (let i = 0; i < 4; i++) {
    await desk.client().post("/auth/organisations/find", { email: "nobody@both.example" });
  }
});

Deno.test("V6 forgot without an organisation sends one mail, with a link for each that resets it alone", async () => {
  await using desk = await openDesk();
  const sent = watchMail(desk.services);
  const body = { name: "Ann", email: "ann@both.example", password: PASSWORD };
  for (const organisation of ["Alpha", "Beta"]) {
    await desk.client().post("/auth/register", { ...body, organisation });
  }
  await desk.look("update users set email_verified_at = now()");
  await desk.client().post("/auth/password/forgot", { email: body.email });
  assert.deepEqual(await desk.look("select template, payload from outbox"), [
    { template: "password_resets", payload: {} },
  ]);
  await drainJobs(desk.services);
  assert.equal(sent.length, 1);
  const token = /Beta:\n\S+\/reset-password\/([\w.-]+)/.exec(sent[0]!.text)![1];
  assert.match(sent[0]!.text, /Alpha:\n\S+\/reset-password\//);
  const password = "seven violet anchors sing";
  await desk.client().post("/auth/password/reset", { token, password });
  const login = (organisation: string) =>
    desk.client().post("/auth/login", { email: body.email, password, organisation });
  assert.equal((await login("beta")).status, 200);
  assert.equal((await login("alpha")).status, 401);
});

Deno.test("CHK-14 a breached password is refused where the range API is on, at every place that sets one", async () => {
  const breached = "an orchard in the fog";
  const digest = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(breached));
  const suffix = new Uint8Array(digest).toHex().toUpperCase().slice(5);
  const api = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(`${suffix}:7`),
  );
  try {
    await using desk = await openDesk({ HIBP: "on", HIBP_BASE_URL: `http://127.0.0.1:${api.addr.port}` });
    const sent = watchMail(desk.services);
    const body = { organisation: "Alpha", name: "Ann", email: "ann@alpha.example", password: breached };
    const refused = [await desk.client().post("/auth/register", body)];
    const admin = await desk.register("Beta");
    const change = { currentPassword: PASSWORD, newPassword: breached };
    refused.push(await admin.patch("/me/password", change));
    const { body: invitation } = await admin.post("/invitations", {
      email: "ben@beta.example",
      role: "AGENT",
    });
    const token = invitation.acceptUrl.split("/").pop();
    refused.push(
      await desk.client().post("/auth/invitations/accept", { token, name: "Ben", password: breached }),
    );
    await admin.post("/auth/password/forgot", { email: admin.user.email });
    await drainJobs(desk.services);
    const mail = sent.find((each) => each.to === admin.user.email)!;
    const reset = linkToken(mail, "reset-password");
    refused.push(await admin.post("/auth/password/reset", { token: reset, password: breached }));
    for (const answer of refused) {
      assert.equal(answer.status, 422, answer.text);
      assert.equal(answer.body.errors[0].code, "breached");
    }
  } finally {
    await api.shutdown();
  }
});
