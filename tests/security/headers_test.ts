import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { furnish } from "@/tests/helpers/organisations.ts";
import { addressOf, screens } from "@/tests/helpers/screens.ts";

const desk = await openDesk();
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
const ours = await furnish(desk, "Harbour Works");
const ORIGIN = desk.config.PUBLIC_URL;
const browser = await PageClient.signedIn(ours.people.ADMIN);
const cookie = `session=${browser.cookies.get("session")}`;

/** What is wrong with the headers of an answer; nothing, if all is well. */
function faults(response: Response, path: string): string[] {
  const { headers } = response;
  const policy = headers.get("content-security-policy") ?? "";
  const wrong: string[] = [];
  const expect = (name: string, value: string) => {
    if (headers.get(name) !== value) wrong.push(`${name}: ${headers.get(name)}`);
  };
  if (!/(^|; )default-src 'none';/.test(policy)) wrong.push(`policy: ${policy}`);
  const isFile = headers.get("content-disposition")?.startsWith("attachment") === true;
  const forms = `form-action '${isFile ? "none" : "self"}'`;
  for (const part of ["frame-ancestors 'none'", "base-uri 'none'", forms]) {
    if (!policy.includes(part)) wrong.push(`policy lacks ${part}`);
  }
  if (/unsafe|\*|https?:/.test(policy)) wrong.push(`policy is loose: ${policy}`);
  expect("x-content-type-options", "nosniff");
  expect("cross-origin-opener-policy", "same-origin");
  expect("cross-origin-resource-policy", "same-origin");
  expect("referrer-policy", "strict-origin-when-cross-origin");
  if (!headers.get("permissions-policy")) wrong.push("no permissions-policy");
  if (!headers.get("x-request-id")) wrong.push("no x-request-id");
  if (path.startsWith("/v1/") && headers.get("cache-control") !== "no-store") {
    wrong.push(`cache-control: ${headers.get("cache-control")}`);
  }
  return wrong;
}

/** What is wrong with the scripts of a page: each needs the nonce of the header, and nothing else may be inline. */
function scriptFaults(html: string, response: Response): string[] {
  const policy = response.headers.get("content-security-policy") ?? "";
  const nonce = /script-src 'self' 'nonce-([0-9a-f]{32})'/.exec(policy)?.[1];
  // A data block isn't run, whatever the policy.
  const wrong = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag)
    .filter((tag) => !tag.includes(`nonce="${nonce}"`) && !tag.includes('type="application/json"'));
  if (!nonce) wrong.push(`no nonce in ${policy}`);
  if (/<[^>]+ (style|on[a-z]+)=/.test(html)) wrong.push("an inline style or handler");
  if (/<style|javascript:/.test(html)) wrong.push("an inline stylesheet or address");
  return wrong;
}

interface Asked {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  status?: number;
}

async function ask(asked: Asked): Promise<{ response: Response; text: string }> {
  const { path, method = "GET", headers = {}, body } = asked;
  const response = await desk.fetch(
    new Request(ORIGIN + path, { method, headers, ...(body === undefined ? {} : { body }) }),
  );
  return { response, text: await response.text() };
}

const same = { "sec-fetch-site": "same-origin" };
const form = { "content-type": "application/x-www-form-urlencoded" };
const json = { "content-type": "application/json" };
const bearer = { authorization: `Bearer ${ours.people.ADMIN.token}` };

/** Answers of every status that the product gives without a fault of ours, pages and API. */
const ANSWERS: Asked[] = [
  { path: "/", status: 200 },
  { path: "/healthz", status: 200 },
  { path: "/readyz", status: 200 },
  { path: "/styles.css", status: 200 },
  { path: "/favicon.svg", status: 200 },
  { path: "/favicon.ico", status: 404 },
  { path: "/styles.css", method: "HEAD", status: 200 },
  { path: "/sign-in", method: "HEAD", status: 200 },
  { path: "/home", status: 303 },
  { path: "/", headers: { cookie }, status: 303 },
  { path: "/nowhere/at/all", status: 404 },
  { path: "/tickets/INC-999999", headers: { cookie }, status: 404 },
  { path: "/%", status: 400 },
  { path: "/theme", method: "POST", headers: { ...same, ...form, cookie }, body: "theme=pink", status: 422 },
  { path: "/theme", method: "POST", headers: { ...form, cookie }, body: "theme=dark", status: 403 },
  { path: "/theme", method: "POST", headers: { ...same, ...json, cookie }, body: "{}", status: 400 },
  {
    path: "/theme",
    method: "POST",
    headers: { ...same, ...form, cookie },
    body: "x".repeat(600_000),
    status: 413,
  },
  { path: "/home", method: "PURGE", status: 405 },
  { path: "/styles.css", method: "POST", headers: { ...same, ...form }, body: "a=b", status: 405 },
  { path: "/v1/openapi.json", status: 200 },
  { path: "/v1/me", status: 401 },
  { path: "/v1/me", headers: bearer, status: 200 },
  { path: "/v1/me", headers: { authorization: "Bearer x.y.z" }, status: 401 },
  { path: "/v1/nothing", headers: bearer, status: 404 },
  { path: "/v1/tickets", method: "PURGE", status: 405 },
  { path: "/v1/tickets", method: "POST", headers: { ...json, cookie }, body: "{}", status: 403 },
  { path: "/v1/tickets", method: "POST", headers: { ...json, ...bearer }, body: "{", status: 400 },
  { path: "/v1/tickets", method: "POST", headers: { ...form, ...bearer }, body: "a=b", status: 415 },
  { path: "/v1/tickets", method: "POST", headers: { ...json, ...bearer }, body: "{}", status: 422 },
  {
    path: "/v1/tickets",
    method: "POST",
    headers: { ...json, ...bearer },
    body: " ".repeat(600_000),
    status: 413,
  },
  { path: "/v1/tickets", method: "OPTIONS", headers: { origin: "https://evil.example" } },
];

Deno.test("CHK-22 every answer has the headers, whatever its status", async () => {
  const wrong: string[] = [];
  for (const asked of ANSWERS) {
    const { response } = await ask(asked);
    const { status } = response;
    const name = `${asked.method ?? "GET"} ${asked.path}`;
    if (asked.status !== undefined && status !== asked.status) {
      wrong.push(`${name}: ${status}, not ${asked.status}`);
    }
    for (const fault of faults(response, asked.path)) wrong.push(`${name} ${status}: ${fault}`);
  }
  assertEquals(wrong, []);
});

Deno.test("CHK-22 a fault of ours has the headers too, and tells nothing", async () => {
  await desk.look("alter table tickets rename to tickets_away");
  try {
    for (
      const asked of [{ path: "/tickets", headers: { cookie } }, { path: "/v1/tickets", headers: bearer }]
    ) {
      const { response, text } = await ask(asked);
      assertEquals(response.status, 500);
      assertEquals(faults(response, asked.path), []);
      assert(text.includes(response.headers.get("x-request-id")!), "no request id");
      assert(!/relation|select |\.ts\b|node_modules/i.test(text), text);
      if (asked.path === "/tickets") assertEquals(scriptFaults(text, response), []);
    }
  } finally {
    await desk.look("alter table tickets_away rename to tickets");
  }
});

Deno.test("CHK-22 every page carries the nonce of its header, and a new one each time", async () => {
  const wrong: string[] = [];
  const nonces = new Set<string>();
  let pages = 0;
  const values = {
    key: "INC-1",
    id: ours.people.AGENT.user.id,
    slug: ours.people.ADMIN.tenant.slug,
    token: "x",
    path: "x",
  };
  for (const screen of await screens()) {
    for (const headers of [{ cookie }, {}]) {
      const path = addressOf(screen, values, "01940000-0000-7000-8000-000000000000");
      const { response, text } = await ask({ path, headers });
      for (const fault of faults(response, path)) wrong.push(`${path} ${response.status}: ${fault}`);
      if (!response.headers.get("content-type")?.startsWith("text/html")) continue;
      pages++;
      for (const fault of scriptFaults(text, response)) wrong.push(`${path} ${response.status}: ${fault}`);
      nonces.add(/nonce-(\w+)/.exec(response.headers.get("content-security-policy")!)?.[1] ?? "");
      if (response.headers.get("cache-control") !== "no-store") wrong.push(`${path}: may be cached`);
    }
  }
  assertEquals(wrong, []);
  assert(pages > 20, `${pages} pages`);
  assertEquals(nonces.size, pages);
});
