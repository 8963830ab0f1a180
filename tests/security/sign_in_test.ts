import assert from "node:assert/strict";
import { getSetCookies } from "@std/http/cookie";
import { hash, Variant } from "@felix/argon2";
import { createRateLimiter } from "@/adapters/rate_limiter.ts";
import { issueAccessToken } from "@/domain/auth/access_tokens.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import type { Mail } from "@/ports.ts";
import { configureLog } from "@/log.ts";
import type { Answer, Client } from "@/tests/helpers/client.ts";
import { type Desk, openDesk, PASSWORD } from "@/tests/helpers/desk.ts";

/** Counts what the desk's real hasher does. */
function countHashes(desk: Desk): { verified: number; hashed: number } {
  const counts = { verified: 0, hashed: 0 };
  const { passwords } = desk.services;
  desk.services.passwords = {
    hash: (password) => (counts.hashed++, passwords.hash(password)),
    verify: (phc, password) => (counts.verified++, passwords.verify(phc, password)),
  };
  return counts;
}

function watchMail(desk: Desk): Mail[] {
  const sent: Mail[] = [];
  const { mail } = desk.services;
  desk.services.mail = {
    ...mail,
    async send(message) {
      const answer = await mail.send(message);
      sent.push(message);
      return answer;
    },
  };
  return sent;
}

const resetToken = (mail: Mail) => /reset-password\/([\w.-]+)/.exec(mail.text)![1]!;

/** An answer without what differs from request to request. */
function comparable({ status, type, body, headers }: Answer): unknown {
  const names = [...headers.keys()].filter((name) => !["x-request-id", "ratelimit"].includes(name));
  return { status, type, names, body: body && { ...body, requestId: "" } };
}

function login(
  desk: Desk,
  body: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return desk.client().post("/auth/login", body, { headers });
}

Deno.test("CHK-13 passwords are argon2id hashes of 19456 KiB, 2 passes; weaker ones are rehashed at sign-in", async () => {
  await using desk = await openDesk();
  const { user: { email } } = await desk.register("Alpha");
  const stored = async () => (await desk.look<{ h: string }>("select password_hash as h from users"))[0]!.h;
  assert.match(await stored(), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  const same = await stored();
  assert.equal((await login(desk, { email, password: PASSWORD })).status, 200);
  assert.equal(await stored(), same);
  for (
    const weaker of [
      { variant: Variant.Argon2id, memoryCost: 8192, timeCost: 2, lanes: 1 },
      { variant: Variant.Argon2id, memoryCost: 19456, timeCost: 1, lanes: 1 },
      { variant: Variant.Argon2i, memoryCost: 19456, timeCost: 2, lanes: 1 },
    ]
  ) {
    await desk.look("update users set password_hash = $1", [await hash(PASSWORD, weaker)]);
    assert.equal((await login(desk, { email, password: "not the password" })).status, 401);
    assert.doesNotMatch(await stored(), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    assert.equal((await login(desk, { email, password: PASSWORD })).status, 200);
    assert.match(await stored(), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  }
});

Deno.test("CHK-15 every failed sign-in answers the same after exactly one verification", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  await desk.register("Beta");
  const gone = await admin.invite("AGENT", "Gone Guy");
  await admin.patch(`/users/${gone.user.id}`, { version: 1, active: false });
  const counts = countHashes(desk);
  const attempts = {
    wrongPassword: { email: admin.user.email, password: "not the password", organisation: "alpha" },
    unknownUser: { email: "nobody@alpha.example", password: PASSWORD, organisation: "alpha" },
    otherOrganisation: { email: admin.user.email, password: PASSWORD, organisation: "beta" },
    unknownOrganisation: { email: admin.user.email, password: PASSWORD, organisation: "gamma" },
    oddOrganisation: { email: admin.user.email, password: PASSWORD, organisation: "' or 1=1 --" },
    deactivated: { email: gone.user.email, password: PASSWORD, organisation: "alpha" },
  };
  const answers: unknown[] = [];
  for (const [name, body] of Object.entries(attempts)) {
    const before = counts.verified;
    const answer = await login(desk, body);
    assert.equal(answer.status, 401, name);
    assert.equal(counts.verified - before, 1, name);
    answers.push(comparable(answer));
  }
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(counts.hashed, 0);
  const before = counts.verified;
  assert.equal((await login(desk, { ...attempts.wrongPassword, password: PASSWORD })).status, 200);
  assert.equal(counts.verified - before, 1);
});

Deno.test("CHK-16 after ten failures an account waits, longer each time, before any hash; its owner's device doesn't", async () => {
  await using desk = await openDesk({ RATE_LIMIT_SCALE: "1" });
  const admin = await desk.register("Alpha");
  const device = admin.cookies.get("device")!;
  const other = await desk.register("Beta");
  let now = 0;
  desk.services.limiter = createRateLimiter(() => now);
  const counts = countHashes(desk);
  const account = { email: admin.user.email, organisation: "alpha" };
  const wrong = () => login(desk, { ...account, password: "not the password" });
  const right = (cookie?: string) =>
    login(
      desk,
      { ...account, password: PASSWORD },
      cookie ? { cookie, "sec-fetch-site": "same-origin" } : {},
    );
  for (let i = 0; i < 10; i++) assert.equal((await wrong()).status, 401);
  const refused = await right();
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("retry-after"), "900");
  assert.equal(counts.verified, 10);
  assert.equal((await right(`device=${other.cookies.get("device")}`)).status, 429);
  assert.equal((await right(`device=${device}x`)).status, 429);
  assert.equal((await right(`device=${device}`)).status, 200);
  assert.equal((await right()).status, 429);
  assert.equal((await login(desk, { ...account, email: "second@alpha.example", password: "x" })).status, 401);
  now += 900_000;
  for (let i = 0; i < 10; i++) assert.equal((await wrong()).status, 401);
  now += 900_000;
  const later = await wrong();
  assert.equal(later.status, 429);
  assert.equal(later.headers.get("retry-after"), String(3600 - 1800));
  now += 1_800_000;
  assert.equal((await right()).status, 200);
  assert.equal((await wrong()).status, 401);
});

Deno.test("CHK-16 parallel guesses get no more than ten hashes, whether the account exists or not", async () => {
  await using desk = await openDesk({ RATE_LIMIT_SCALE: "1" });
  const { user } = await desk.register("Alpha");
  const counts = countHashes(desk);
  for (const email of [user.email, "nobody@alpha.example"]) {
    const before = counts.verified;
    const answers = await Promise.all(
      Array.from({ length: 25 }, () => login(desk, { email, password: "wrong one" })),
    );
    assert.equal(answers.filter((a) => a.status === 401).length, 10, email);
    assert.equal(answers.filter((a) => a.status === 429).length, 15, email);
    assert.equal(counts.verified - before, 10, email);
  }
});

Deno.test("CHK-17 forged access tokens are refused, even those signed with the right key", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const token = client.token!;
  const { secrets } = desk.services;
  const [header, payload, mac] = token.split(".") as [string, string, string];
  const encode = (value: unknown) =>
    new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: "base64url", omitPadding: true });
  const decode = (text: string) =>
    JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(text, { alphabet: "base64url" })));
  const head = decode(header);
  const claims = decode(payload);
  const signed = (h: unknown, p: unknown) => {
    const input = `${encode(h)}.${encode(p)}`;
    return `${input}.${secrets.sign("access", input)}`;
  };
  assert.equal(signed(head, claims), token, "the forger's tools work");
  const now = claims.iat;
  const forged: Record<string, string> = {
    "alg none": `${encode({ alg: "none", typ: "at+jwt" })}.${payload}.`,
    "alg None": `${encode({ alg: "None", typ: "at+jwt" })}.${payload}.${mac}`,
    "no signature": `${header}.${payload}.`,
    "two parts": `${header}.${payload}`,
    "four parts": `${token}.${mac}`,
    "truncated": token.slice(0, -1),
    "signature of another": `${header}.${payload}.${secrets.sign("refresh", `${header}.${payload}`)}`,
    "changed payload": `${header}.${encode({ ...claims, sid: crypto.randomUUID() })}.${mac}`,
    "alg HS512": signed({ ...head, alg: "HS512" }, claims),
    "alg RS256": signed({ ...head, alg: "RS256" }, claims),
    "alg ES256": signed({ ...head, alg: "ES256" }, claims),
    "typ JWT": signed({ ...head, typ: "JWT" }, claims),
    "no typ": signed({ alg: "HS256" }, claims),
    "kid": signed({ ...head, kid: "../../dev/null" }, claims),
    "jku": signed({ ...head, jku: "https://evil.example/keys" }, claims),
    "jwk": signed({ ...head, jwk: { kty: "oct", k: "AA" } }, claims),
    "x5u": signed({ ...head, x5u: "https://evil.example/cert" }, claims),
    "crit": signed({ ...head, crit: ["exp"] }, claims),
    "reordered header": signed({ typ: "at+jwt", alg: "HS256" }, claims),
    "other issuer": signed(head, { ...claims, iss: "evil" }),
    "other audience": signed(head, { ...claims, aud: "other" }),
    "audience list": signed(head, { ...claims, aud: ["servicehub:v1"] }),
    "not yet": signed(head, { ...claims, nbf: now + 120 }),
    "expired": issueAccessToken(secrets, {
      tenantId: claims.tid,
      sessionId: claims.sid,
      userId: claims.sub,
    }, now - 601),
    "too long": signed(head, { ...claims, exp: now + 601 }),
    "no exp": signed(head, { ...claims, exp: undefined }),
    "exp text": signed(head, { ...claims, exp: "9999999999" }),
    "no session": signed(head, { ...claims, sid: undefined }),
    "tenant no uuid": signed(head, { ...claims, tid: "' or 1=1 --" }),
    "role inside": signed(head, { ...claims, role: "ADMIN" }),
    "other tenant": signed(head, { ...claims, tid: crypto.randomUUID() }),
    "no JSON": `${header}.${btoa("{")}.${secrets.sign("access", `${header}.${btoa("{")}`)}`,
  };
  assert.ok(Object.keys(forged).length >= 20);
  for (const [name, each] of Object.entries(forged)) {
    client.token = each;
    const answer = await client.get("/me");
    assert.equal(answer.status, 401, name);
    assert.ok(answer.headers.get("www-authenticate"), name);
  }
  client.token = token;
  assert.equal((await client.get("/me")).status, 200);
});

Deno.test("CHK-19 an access token is good for ten minutes at most", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const claims = JSON.parse(atob(client.token!.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/")));
  assert.ok(claims.exp - claims.iat <= 600);
  assert.deepEqual(Object.keys(claims).sort(), ["aud", "exp", "iat", "iss", "nbf", "sid", "sub", "tid"]);
  const subject = { tenantId: claims.tid, sessionId: claims.sid, userId: claims.sub };
  client.token = issueAccessToken(desk.services.secrets, subject, claims.iat - 598);
  assert.equal((await client.get("/me")).status, 200);
  client.token = issueAccessToken(desk.services.secrets, subject, claims.iat - 600);
  assert.equal((await client.get("/me")).status, 401);
});

const COOKIE_CASES = [
  { url: "http://localhost:8000", plain: true },
  { url: "http://127.0.0.1:8000", plain: true },
  { url: "http://[::1]:8000", plain: true },
  { url: "https://desk.example", plain: false },
  { url: "http://desk.example", plain: false },
  { url: "http://localhost.evil.example", plain: false },
];
for (const { url, plain } of COOKIE_CASES) {
  Deno.test(`CHK-20 cookies at ${url} are ${plain ? "plain" : "__Host- and Secure"}`, async () => {
    await using desk = await openDesk({ PUBLIC_URL: url });
    const answer = await desk.client().post("/auth/register", {
      organisation: "Alpha",
      name: "Ann",
      email: "ann@alpha.example",
      password: PASSWORD,
    });
    assert.equal(answer.status, 201);
    const cookies = answer.headers.getSetCookie();
    assert.equal(cookies.length, 2);
    for (const cookie of cookies) {
      assert.equal(cookie.startsWith("__Host-"), !plain, cookie);
      assert.equal(/; Secure(;|$)/.test(cookie), !plain, cookie);
      assert.match(cookie, /; HttpOnly(;|$)/);
      assert.match(cookie, /; SameSite=(Lax|Strict)(;|$)/);
      assert.match(cookie, /; Path=\/(;|$)/);
      assert.doesNotMatch(cookie, /Domain=/i);
    }
    const name = plain ? "refresh" : "__Host-refresh";
    const value = getSetCookies(answer.headers).find((cookie) => cookie.name === name)!.value;
    const headers = { cookie: `${name}=${value}`, "sec-fetch-site": "same-origin" };
    assert.equal((await desk.client().post("/auth/refresh", undefined, { headers })).status, 200);
    const bare = { cookie: `refresh=${value}`, "sec-fetch-site": "same-origin" };
    assert.equal(
      (await desk.client().post("/auth/refresh", undefined, { headers: bare })).status,
      plain ? 200 : 401,
    );
  });
}

Deno.test("CHK-21 a refresh or logout that another site sends is refused", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const cookie = `refresh=${client.cookies.get("refresh")}`;
  for (const path of ["/auth/refresh", "/auth/logout"]) {
    for (const proof of [{}, { "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }]) {
      const answer = await desk.client().post(path, undefined, {
        headers: { cookie, ...proof } as Record<string, string>,
      });
      assert.equal(answer.status, 403, `${path} ${JSON.stringify(proof)}`);
    }
  }
  assert.equal((await client.get("/me")).status, 200);
});

Deno.test("CHK-30 a reset link has 256 bits, isn't stored, lives 30 minutes and leads to the configured host", async () => {
  await using desk = await openDesk();
  const sent = watchMail(desk);
  const { user } = await desk.register("Alpha");
  const headers = { host: "evil.example", "x-forwarded-host": "evil.example" };
  await desk.client().post("/auth/password/forgot", { email: user.email }, { headers });
  await drainJobs(desk.services);
  assert.match(sent[0]!.text, /http:\/\/localhost:8000\/reset-password\//);
  assert.doesNotMatch(sent[0]!.text + sent[0]!.html, /evil/);
  const token = resetToken(sent[0]!);
  const secret = token.split(".")[2]!;
  assert.equal(secret.length, 43);
  const tables = await desk.look<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  for (const { name } of tables) {
    const rows = await desk.look(`select count(*) from ${name} t where t::text like '%' || $1 || '%'`, [
      secret,
    ]);
    assert.deepEqual(rows, [{ count: 0 }], name);
  }
  const [{ minutes }] = await desk.look<{ minutes: number }>(
    "select extract(epoch from expires_at - created_at)::int / 60 as minutes from password_resets",
  ) as [{ minutes: number }];
  assert.equal(minutes, 30);
  await desk.look("update password_resets set expires_at = now() - interval '1 second'");
  const password = "seven violet anchors sing";
  assert.equal((await desk.client().post("/auth/password/reset", { token, password })).status, 422);
  for (const forged of [token.slice(0, -1), `${token}A`, token.replace(/^./, "z"), "..", "a.b.c"]) {
    const answer = await desk.client().post("/auth/password/reset", { token: forged, password });
    assert.equal(answer.status, 422, forged);
    assert.equal(answer.body.errors[0].code, "unusable_link");
  }
  assert.equal((await login(desk, { email: user.email, password: PASSWORD })).status, 200);
});

Deno.test("CHK-30 a reset link works once, also for many at the same moment, and voids the others", async () => {
  await using desk = await openDesk();
  const sent = watchMail(desk);
  const { user } = await desk.register("Alpha");
  for (let i = 0; i < 2; i++) await desk.client().post("/auth/password/forgot", { email: user.email });
  await drainJobs(desk.services);
  const [first, second] = sent.map(resetToken) as [string, string];
  const answers = await Promise.all(
    Array.from(
      { length: 6 },
      (_, i) =>
        desk.client().post("/auth/password/reset", { token: first, password: `seven violet anchors ${i}` }),
    ),
  );
  assert.deepEqual(answers.map((a) => a.status).sort(), [204, 422, 422, 422, 422, 422]);
  const other = await desk.client().post("/auth/password/reset", {
    token: second,
    password: "an orchard in the fog",
  });
  assert.equal(other.status, 422);
});

Deno.test("CHK-30 forgot answers the same for known and unknown addresses, and mails three an hour at most", async () => {
  await using desk = await openDesk();
  const { user } = await desk.register("Alpha");
  const forgot = (email: string) => desk.client().post("/auth/password/forgot", { email });
  const known = await forgot(user.email);
  const unknown = await forgot("nobody@alpha.example");
  assert.equal(known.status, 202);
  assert.deepEqual(comparable(known), comparable(unknown));
  assert.equal(known.text, unknown.text);
  const more = await Promise.all(Array.from({ length: 5 }, () => forgot(user.email)));
  assert.ok(more.every((answer) => answer.status === 202));
  assert.deepEqual(await desk.look("select count(*) from outbox"), [{ count: 3 }]);
  await desk.look("update password_resets set created_at = created_at - interval '61 minutes'");
  await forgot(user.email);
  assert.deepEqual(await desk.look("select count(*) from outbox"), [{ count: 4 }]);
});

Deno.test("a session cookie with another secret, tenant or form isn't one", async () => {
  await using desk = await openDesk();
  const { signIn } = await import("@/domain/auth/sign_in.ts");
  const { user } = await desk.register("Alpha");
  const { sessionToken } = await signIn(desk.request(), {
    email: user.email,
    password: PASSWORD,
    organisation: undefined,
  });
  const me = (cookie: string) => desk.client().get("/me", { headers: { cookie: `session=${cookie}` } });
  assert.equal((await me(sessionToken)).status, 200);
  const [tenant, id, secret] = sessionToken.split(".") as [string, string, string];
  const swapped = secret.startsWith("A") ? `B${secret.slice(1)}` : `A${secret.slice(1)}`;
  const forged = [
    `${tenant}.${id}.${swapped}`,
    `${tenant}.${id}.`,
    `${tenant}.${id}`,
    `${id}.${id}.${secret}`,
    "x",
    "",
  ];
  for (const each of forged) assert.equal((await me(each)).status, 401, each);
  await desk.look("update sessions set expires_at = now()");
  assert.equal((await me(sessionToken)).status, 401);
});

Deno.test("CHK-37 no password, token, cookie or key reaches the log", async () => {
  const lines: string[] = [];
  const write = Deno.stderr.writeSync;
  Deno.stderr.writeSync = (bytes) => (lines.push(new TextDecoder().decode(bytes)), bytes.length);
  const secrets: string[] = [];
  try {
    await using desk = await openDesk();
    configureLog({ level: "debug", format: "json" });
    secrets.push(...await leakEverything(desk));
  } finally {
    Deno.stderr.writeSync = write;
    configureLog({ level: "error", format: "json" });
  }
  assert.ok(lines.filter((line) => line.includes('"message":"request"')).length >= 7);
  assert.ok(lines.some((line) => line.includes("E-mail written")));
  for (const line of lines) assert.doesNotThrow(() => JSON.parse(line), line);
  const all = lines.join("");
  assert.ok(secrets.length >= 10);
  for (const secret of secrets) assert.ok(!all.includes(secret), secret);
});

/** Goes through the flows of sign-in and returns every secret that it used or was given. */
async function leakEverything(desk: Desk): Promise<string[]> {
  const sent = watchMail(desk);
  const admin = await desk.register("Alpha");
  const body = { email: admin.user.email, password: "a wrong but telling password" };
  await login(desk, body);
  const invited = await admin.post("/invitations", { email: "ben@alpha.example", role: "AGENT" });
  const inviteToken: string = invited.body.acceptUrl.split("/").pop();
  const ben: Client = desk.client();
  ben.become(
    await ben.post("/auth/invitations/accept", { token: inviteToken, name: "Ben", password: PASSWORD }),
  );
  await ben.post("/auth/password/forgot", { email: "ben@alpha.example" });
  await drainJobs(desk.services);
  const token = resetToken(sent.find((mail) => mail.text.includes("reset-password"))!);
  await ben.post("/auth/password/reset", { token, password: "seven violet anchors sing" });
  const headers = { cookie: `refresh=${admin.cookies.get("refresh")}`, "sec-fetch-site": "same-origin" };
  await admin.post("/auth/refresh", undefined, { headers });
  const key = (await Deno.readTextFile(`${desk.config.DATA_DIR}/secret_key`)).trim();
  const tokens = [
    inviteToken,
    token,
    admin.token!,
    ben.token!,
    ...admin.cookies.values(),
    ...ben.cookies.values(),
  ];
  return [
    PASSWORD,
    body.password,
    "seven violet anchors sing",
    key,
    ...tokens.map((each) => each.split(".").pop()!),
  ];
}
