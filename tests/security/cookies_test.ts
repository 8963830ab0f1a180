import { resetUrl, withoutTokens } from "@/domain/shared/links.ts";
import { clientAddress } from "@/edge/client.ts";
import assert from "node:assert/strict";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import { type Desk, openDesk, PASSWORD } from "@/tests/helpers/desk.ts";

/** Everything that sets a cookie: sign-in, invitation, theme, a flash message, /v1's refresh cookie. */
async function everyCookie(desk: Desk): Promise<Map<string, string>> {
  const lines: string[] = [];
  const keep = <T extends { headers: Headers }>(answer: T): T => {
    lines.push(...answer.headers.getSetCookie());
    return answer;
  };
  const client = await desk.register("Harbour Works");
  const who = { email: client.user.email, password: PASSWORD, organisation: client.tenant.slug };
  keep(await desk.client().post("/auth/login", who));
  const browser = new PageClient(desk);
  const signedIn = keep(await browser.post("/sign-in", who));
  assert.deepEqual([signedIn.status, signedIn.location], [303, "/home"]);
  assert.deepEqual((await browser.get("/home")).status, 200);
  keep(await browser.post("/theme", { theme: "dark", returnTo: "/home" }));
  keep(await browser.post("/profile/preferences", {}));
  keep(await browser.post("/sign-out"));
  assert.deepEqual((await browser.get("/home")).status, 303);
  return new Map(lines.filter((line) => !/^[^=]+=;/.test(line)).map((line) => [line.split("=")[0]!, line]));
}

function attributes(line: string): string[] {
  return line.split(";").slice(1).map((part) => part.trim().replace(/^(Max-Age|Expires)=.*/i, "$1")).sort();
}

Deno.test("CHK-20 on http://localhost cookies have plain names, and are for our scripts and other sites unseen", async () => {
  await using desk = await openDesk();
  const cookies = await everyCookie(desk);
  assert.deepEqual([...cookies.keys()].sort(), [
    "device",
    "flash",
    "organisation",
    "refresh",
    "session",
    "theme",
  ]);
  for (const [name, line] of cookies) {
    const parts = attributes(line);
    assert.ok(parts.includes("HttpOnly") && parts.includes("Path=/") && !parts.includes("Secure"), line);
    assert.ok(
      parts.includes(name === "refresh" || name === "device" ? "SameSite=Strict" : "SameSite=Lax"),
      line,
    );
    assert.ok(!/domain=/i.test(line), line);
  }
});

Deno.test("CHK-20 on https every cookie is Secure and __Host-: no neighbour of our host can set one", async () => {
  await using desk = await openDesk({ PUBLIC_URL: "https://desk.example" });
  const cookies = await everyCookie(desk);
  const names = ["device", "flash", "organisation", "refresh", "session", "theme"].map((name) =>
    `__Host-${name}`
  );
  assert.deepEqual([...cookies.keys()].sort(), names);
  for (const [name, line] of cookies) {
    const parts = attributes(line);
    for (const part of ["HttpOnly", "Path=/", "Secure"]) assert.ok(parts.includes(part), `${part}: ${line}`);
    assert.ok(/SameSite=(Lax|Strict)/.test(line) && !/domain=/i.test(line), line);
    if (/refresh|device/.test(name)) assert.ok(line.includes("SameSite=Strict"), line);
  }
  const admin = await desk.register("Other Works");
  const browser = await PageClient.signedIn(admin);
  const plain = new PageClient(desk);
  plain.cookies.set("session", browser.cookies.get("__Host-session")!);
  assert.deepEqual((await plain.get("/home")).status, 303, "a plain name counts on https");
  for (const [name, value] of [["flash", "Planted"], ["theme", "dark"], ["organisation", "planted-works"]]) {
    plain.cookies.set(name!, value!);
  }
  const page = await plain.get("/sign-in");
  assert.equal(page.document.documentElement.getAttribute("data-theme"), "system");
  assert.ok(!page.html.includes("lanted"), "a planted cookie is shown");
  for (const [name, value] of [["flash", "Planted"], ["theme", "dark"], ["organisation", "planted-works"]]) {
    plain.cookies.set(`__Host-${name}`, value!);
  }
  const own = await plain.get("/sign-in");
  assert.equal(own.document.documentElement.getAttribute("data-theme"), "dark");
  assert.ok(
    own.html.includes("Planted") && own.html.includes("planted-works"),
    "our own cookies aren't read",
  );
});

Deno.test("CHK-20 signing out ends the session's cookie with the attributes that it was set with", async () => {
  for (
    const [PUBLIC_URL, ended] of [
      ["http://localhost:8000", "session=; HttpOnly; Max-Age=0; SameSite=Strict; Path=/"],
      ["https://desk.example", "__Host-session=; Secure; HttpOnly; Max-Age=0; SameSite=Strict; Path=/"],
    ] as const
  ) {
    await using desk = await openDesk({ PUBLIC_URL });
    const browser = await PageClient.signedIn(await desk.register("Harbour Works"));
    const { headers } = await browser.post("/sign-out");
    assert.deepEqual(headers.getSetCookie().filter((line) => /session=/.test(line)), [ended]);
    const read = await browser.get("/sign-in");
    const forgotten = read.headers.getSetCookie().filter((line) => line.includes("flash="));
    assert.deepEqual(forgotten, [ended.replace("session", "flash")]);
  }
});

Deno.test("CHK-22 a desk of https says so on every answer, a desk of http on none", async () => {
  const said = async (desk: Desk, path: string) => {
    const response = await desk.fetch(new Request(desk.config.PUBLIC_URL + path));
    await response.body?.cancel();
    return response.headers.get("strict-transport-security");
  };
  const paths = [
    "/",
    "/sign-in",
    "/styles.css",
    "/healthz",
    "/nowhere",
    "/v1/me",
    "/v1/nothing",
    "/v1/openapi.json",
  ];
  {
    await using plain = await openDesk();
    for (const path of paths) assert.deepEqual(await said(plain, path), null);
  }
  await using secure = await openDesk({ PUBLIC_URL: "https://desk.example" });
  for (const path of paths) {
    assert.deepEqual(await said(secure, path), "max-age=31536000; includeSubDomains", path);
  }
});

Deno.test("CHK-20 plain http anywhere else gets a page that says why, not a loop of sign-ins", async () => {
  const at = async (desk: Desk, address: string) => {
    const response = await desk.fetch(new Request(address, { redirect: "manual" }));
    return { status: response.status, text: await response.text() };
  };
  for (
    const [PUBLIC_URL, elsewhere] of [
      ["http://localhost:8000", "http://192.0.2.7:8000"],
      ["http://desk.intranet", "http://desk.intranet"],
      ["https://desk.example", "http://192.0.2.7:8000"],
    ] as const
  ) {
    await using desk = await openDesk({ PUBLIC_URL });
    for (const path of ["/", "/sign-in", "/register", "/forgot-password"]) {
      const { status, text } = await at(desk, elsewhere + path);
      assert.deepEqual(status, 400, `${PUBLIC_URL} ${elsewhere}${path}`);
      assert.ok(text.includes(PUBLIC_URL) && text.includes("https"), text);
      assert.ok(!text.includes("<form"), "a form that can't work");
    }
    assert.deepEqual((await at(desk, `${elsewhere}/styles.css`)).status, 200);
    assert.deepEqual((await at(desk, `${elsewhere}/healthz`)).status, 200);
  }
  await using desk = await openDesk();
  for (const host of ["localhost", "127.0.0.1", "127.8.9.1", "[::1]"]) {
    assert.deepEqual((await at(desk, `http://${host}:8000/sign-in`)).status, 200, host);
  }
});

Deno.test("No address in a link or form leads away from the desk", async () => {
  await using desk = await openDesk();
  const { user: { email }, tenant } = await desk.register("Harbour Works");
  const who = { email, password: PASSWORD, organisation: tenant.slug };
  const hostile = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "http:evil.example",
  ];
  for (const next of hostile) {
    const browser = new PageClient(desk);
    const form = await browser.get(`/sign-in?next=${encodeURIComponent(next)}`);
    const answer = await browser.submit(form, "form[action='/sign-in']", { email, password: PASSWORD });
    assert.deepEqual([answer.status, answer.headers.get("location")], [303, "/home"], next);
    const theme = await browser.post("/theme", { theme: "dark", returnTo: next });
    assert.deepEqual([theme.status, theme.headers.get("location")], [303, "/home"], next);
  }
  const kept = await new PageClient(desk).post("/sign-in", { ...who, next: "/tickets?status=open#x" });
  assert.deepEqual(kept.location, "/tickets?status=open#x");
  // Forwarded hosts and odd Host headers don't make it into addresses either.
  const request = new Request(`${desk.config.PUBLIC_URL}/home`, {
    headers: { "x-forwarded-host": "evil.example", forwarded: "host=evil.example" },
  });
  assert.deepEqual((await desk.fetch(request)).headers.get("location"), "/sign-in?next=%2Fhome");
});

Deno.test("CHK-31 X-Forwarded-For counts from trusted proxies alone, and only what the last of them wrote", async () => {
  await using desk = await openDesk({ TRUSTED_PROXIES: "10.0.0.1, 10.0.0.2" });
  const from = (peer: string, headers: Record<string, string>) =>
    clientAddress(new Request("http://localhost/", { headers }), peer, desk.config);
  const forwarded = (value: string) => ({ "x-forwarded-for": value });
  assert.deepEqual(from("203.0.113.9", forwarded("198.51.100.1")), "203.0.113.9");
  assert.deepEqual(from("10.0.0.1", forwarded("198.51.100.1")), "198.51.100.1");
  assert.deepEqual(from("10.0.0.1", forwarded("6.6.6.6, 198.51.100.1")), "198.51.100.1");
  assert.deepEqual(from("10.0.0.1", forwarded("6.6.6.6, 198.51.100.1, 10.0.0.2")), "198.51.100.1");
  assert.deepEqual(from("10.0.0.1", forwarded("10.0.0.2, 10.0.0.1")), "10.0.0.1");
  assert.deepEqual(from("10.0.0.1", forwarded(" , ,")), "10.0.0.1");
  assert.deepEqual(from("10.0.0.1", {}), "10.0.0.1");
  assert.deepEqual(from("::ffff:10.0.0.1", forwarded("198.51.100.1")), "198.51.100.1");
  assert.deepEqual(from("::ffff:203.0.113.9", {}), "203.0.113.9");
  for (const name of ["x-real-ip", "forwarded", "client-ip", "true-client-ip", "cf-connecting-ip"]) {
    assert.deepEqual(from("10.0.0.1", { [name]: "6.6.6.6" }), "10.0.0.1", name);
  }
});

Deno.test("CHK-31 limits are told, hold against forged addresses, and say when to come back", async () => {
  await using desk = await openDesk({ RATE_LIMIT_SCALE: "0.05" });
  const client = desk.client();
  const first = await client.get("/me");
  assert.deepEqual(first.headers.get("ratelimit-policy"), '"address";q=6;w=60');
  assert.deepEqual(first.headers.get("ratelimit"), '"address";r=5;t=60');
  let refused = 0;
  for (let i = 0; i < 1000; i++) {
    const address = `203.0.${i >> 8}.${i & 255}`;
    const headers = { "x-forwarded-for": address, "x-real-ip": address, forwarded: `for=${address}` };
    const { status, headers: told, body } = await client.get("/me", { headers });
    if (status !== 429) continue;
    if (refused++ > 0) continue;
    const wait = Number(told.get("retry-after"));
    assert.ok(wait >= 55 && wait <= 60, `${wait} s`);
    assert.deepEqual(told.get("ratelimit"), `"address";r=0;t=${wait}`);
    assert.deepEqual([body.type, body.status], ["/problems/rate_limited", 429]);
  }
  assert.deepEqual(refused, 995);
});

Deno.test("What opens something doesn't stand in the path that is logged", async () => {
  await using desk = await openDesk();
  const row = { tenantId: crypto.randomUUID(), id: crypto.randomUUID() };
  const { pathname } = new URL(resetUrl(desk.services, row));
  assert.deepEqual(withoutTokens(pathname), "/reset-password/[token]");
  assert.deepEqual(
    withoutTokens(`${pathname}/${pathname}`),
    "/reset-password/[token]//reset-password/[token]",
  );
  assert.deepEqual(withoutTokens("/tickets/INC-1"), "/tickets/INC-1");
});
