import { OPERATIONS } from "@/api/app.ts";
import { FILES } from "@/main.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { bodyOf, furnish, nameOf, pathOf } from "@/tests/helpers/organisations.ts";
import { addressOf, screens } from "@/tests/helpers/screens.ts";

const desk = await openDesk();
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
const ours = await furnish(desk, "Harbour Works");
const ORIGIN = desk.config.PUBLIC_URL;
const UNKNOWN = "01940000-0000-7000-8000-000000000000";
const admin = await PageClient.signedIn(ours.people.ADMIN);
const cookie = `session=${admin.cookies.get("session")}`;
const UNSAFE = OPERATIONS.filter((operation) => operation.method !== "get");
const FORMS = (await screens()).filter((screen) => screen.methods.has("POST"));

/** What another site can make a browser send, with the cookie and without a word of ours. */
const ATTACKS: Record<string, Record<string, string>> = {
  "no proof": {},
  "cross-site": { "sec-fetch-site": "cross-site", origin: ORIGIN },
  "same-site": { "sec-fetch-site": "same-site" },
  "by hand": { "sec-fetch-site": "none" },
  "foreign origin": { origin: "https://evil.example" },
  "opaque origin": { origin: "null" },
  "look-alike origin": { origin: `${ORIGIN}.evil.example` },
};
const TYPES = ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", ""];

/** Every row of every table, in one number each. */
async function everything(): Promise<Record<string, string>> {
  const tables = await desk.look<{ name: string }>(
    "select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by 1",
  );
  const [row] = await desk.look<{ all: Record<string, string> }>(
    `select jsonb_object_agg(name, rows) as all from (${
      tables.map(({ name }) =>
        `select '${name}' as name, count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as rows from ${name} t`
      ).join(" union all ")
    }) sums`,
  );
  return row!.all;
}

interface Target {
  name: string;
  method: string;
  path: string;
}

/** A signed operation goes by its signature alone: a cookie is nothing to it. */
const BY_COOKIE = UNSAFE.filter((operation) => operation.access === "user" || !operation.signed);
const OPERATION_TARGETS: Target[] = BY_COOKIE.map((operation) => ({
  name: nameOf(operation),
  method: operation.method.toUpperCase(),
  path: `/v1${pathOf(operation, { id: UNKNOWN, userId: UNKNOWN })}`,
}));
const FORM_TARGETS: Target[] = FORMS.map((screen) => ({
  name: screen.path,
  method: "POST",
  path: addressOf(screen, { key: "INC-1", slug: "harbour-works", token: "x", path: "x" }, ours.ids.user),
}));

async function attack(
  target: Target,
  headers: Record<string, string>,
): Promise<{ status: number; text: string; read: number }> {
  let read = 0;
  const body = new ReadableStream({
    pull(controller) {
      read++;
      controller.enqueue(new TextEncoder().encode("theme=dark"));
      controller.close();
    },
  }, { highWaterMark: 0 });
  const { method, path } = target;
  const response = await desk.fetch(new Request(ORIGIN + path, { method, headers, body }));
  return { status: response.status, text: await response.text(), read };
}

Deno.test("CHK-21 an unsafe request with a cookie and no proof is 403 before its body is read", async () => {
  const wrong: string[] = [];
  const before = await everything();
  let asked = 0;
  for (const target of [...OPERATION_TARGETS, ...FORM_TARGETS]) {
    for (const [what, proof] of Object.entries(ATTACKS)) {
      const type = TYPES[asked++ % TYPES.length]!;
      const headers = { cookie, ...proof, ...(type ? { "content-type": type } : {}) };
      const { status, text, read } = await attack(target, headers);
      if (status !== 403 || !text.includes("another site")) wrong.push(`${target.name}, ${what}: ${status}`);
      if (read > 0) wrong.push(`${target.name}, ${what}: the body was read`);
    }
  }
  assertEquals(wrong, []);
  assertEquals(await everything(), before);
  assert(asked >= 7 * 40, `${asked} requests`);
});

Deno.test("CHK-21 the content type is no way around, and neither is a header that pages don't ask for", async () => {
  const wrong: string[] = [];
  const theme = FORM_TARGETS.find(({ path }) => path === "/theme")!;
  const ticket = OPERATION_TARGETS.find(({ name }) => name === "post /tickets")!;
  for (const target of [theme, ticket]) {
    for (const type of [...TYPES, "application/json", "application/ld+json", "application/octet-stream"]) {
      const { status } = await attack(target, { cookie, "content-type": type });
      if (status !== 403) wrong.push(`${target.name} ${type}: ${status}`);
    }
  }
  // Browsers add basic credentials from an address by themselves; a page goes by the cookie all the same.
  for (const authorization of ["Basic dTpw", "Bearer x"]) {
    const { status } = await attack(theme, { cookie, authorization, "sec-fetch-site": "cross-site" });
    if (status !== 403) wrong.push(`${authorization}: ${status}`);
  }
  assertEquals(wrong, []);
});

Deno.test("CHK-21 requests of our own pages pass, by Sec-Fetch-Site or by Origin", async () => {
  const wrong: string[] = [];
  const last = (name: string) => /logout|sign-out$/.test(name) ? 1 : 0;
  const targets = [...OPERATION_TARGETS, ...FORM_TARGETS].sort((a, b) => last(a.name) - last(b.name));
  for (const proof of [{ "sec-fetch-site": "same-origin" }, { origin: ORIGIN }]) {
    for (const { name, method, path } of targets) {
      const answer = await desk.fetch(
        new Request(ORIGIN + path, {
          method,
          headers: { cookie, ...proof, "content-type": "application/x-www-form-urlencoded" },
          body: "",
        }),
      );
      const text = await answer.text();
      if (text.includes("another site") || answer.status >= 500) {
        wrong.push(`${name}: ${answer.status} ${text}`);
      }
    }
  }
  assertEquals(wrong, []);
});

Deno.test("CHK-21 a bearer token needs no proof, wherever the request comes from", async () => {
  const wrong: string[] = [];
  for (const operation of UNSAFE) {
    const path = pathOf(operation, { id: UNKNOWN, userId: UNKNOWN });
    const { text, status } = await ours.people.MANAGER.api(operation.method.toUpperCase(), path, {
      headers: { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" },
      ...(operation.body ? { body: bodyOf(nameOf(operation), ours.ids) } : {}),
    });
    if (text.includes("cross_origin") || status >= 500) wrong.push(`${nameOf(operation)}: ${status}`);
  }
  assertEquals(wrong, []);
});

Deno.test("CHK-41 TRACE and unknown methods are 405 at every kind of address", async () => {
  const wrong: string[] = [];
  for (
    const path of ["/", "/home", "/styles.css", "/healthz", "/readyz", "/v1/tickets", "/v1/nothing", "/x"]
  ) {
    for (const method of ["PROPFIND", "PURGE", "get2"]) {
      const response = await desk.fetch(new Request(ORIGIN + path, { method, headers: { cookie } }));
      await response.body?.cancel();
      if (response.status !== 405) wrong.push(`${method} ${path}: ${response.status}`);
      if (!response.headers.get("allow")) wrong.push(`${method} ${path}: no Allow`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("An address that can't be decoded is 400, as a page, a file or under /v1", async () => {
  for (
    const path of ["/%", "/tickets/%E0%A4%A", "/attachments/%ff?preview", "/styles.css/%", "/_fresh/js/%"]
  ) {
    const answer = await admin.get(path);
    const title = answer.document.querySelector("h1")?.textContent;
    assertEquals([path, answer.status, title], [path, 400, "The request can't be read"]);
  }
  for (const path of ["/v1/%", "/v1/tickets/%E0%A4%A", "/v1/%?x=1"]) {
    for (const method of ["GET", "POST"]) {
      const response = await desk.fetch(new Request(ORIGIN + path, { method }));
      const problem = await response.json();
      assertEquals([path, response.status, problem.type], [path, 400, "/problems/bad_request"]);
      assertEquals(response.headers.get("content-type"), "application/problem+json");
    }
  }
});

Deno.test("A page has one address: with a slash at its end or as a part it leads there, not under /v1", async () => {
  for (const path of ["/tickets", "/tickets/INC-1", "/sign-in", "/nowhere", "/healthz"]) {
    const answer = await admin.get(`${path}/?a=1&b=%20`);
    assertEquals([answer.status, answer.location], [308, `${path}?a=1&b=%20`]);
    const part = await admin.get(`${path}?a=1&fresh-partial=true`);
    assertEquals([part.status, part.location], [308, `${path}?a=1`]);
  }
  const response = await desk.fetch(new Request(`${ORIGIN}/v1/tickets/`));
  assertEquals([response.status, (await response.json()).type], [404, "/problems/not_found"]);
});

Deno.test("No Cookie header is too odd: pages and /v1 answer as without the part that is no cookie", async () => {
  const wrong: string[] = [];
  const session = (await PageClient.signedIn(ours.people.ADMIN)).cookies.get("session");
  for (
    const odd of ["", "=x", ";", "a=1;", ";;=;", "=", "theme=dark;", "flash=%E0%A4%A", "session", "session="]
  ) {
    for (const [path, status] of [["/sign-in", 200], ["/home", 303], ["/v1/me", 401], ["/healthz", 200]]) {
      const response = await desk.fetch(new Request(`${ORIGIN}${path}`, { headers: { cookie: odd } }));
      await response.body?.cancel();
      if (response.status !== status) wrong.push(`${path} "${odd}": ${response.status}`);
    }
    const response = await desk.fetch(
      new Request(`${ORIGIN}/home`, { headers: { cookie: `${odd};session=${session};` } }),
    );
    await response.body?.cancel();
    if (response.status !== 200) {
      wrong.push(`/home "${odd}": ${response.status}`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("Scripts and static files answer before pages are tried", async () => {
  const patterns = FILES.map((pathname) => new URLPattern({ pathname }));
  const folder = new URL("../../static/", import.meta.url);
  const paths: string[] = [];
  const list = async (below: string) => {
    for await (const { name, isDirectory } of Deno.readDir(new URL(below, folder))) {
      if (isDirectory) await list(`${below}${name}/`);
      else paths.push(`/${below}${name}`);
    }
  };
  await list("");
  assert(paths.length > 2, `${paths.length} files`);
  for (const path of paths) {
    assert(patterns.some((pattern) => pattern.test({ pathname: path })), `${path} is behind the pages`);
    const response = await desk.fetch(new Request(ORIGIN + path));
    await response.body?.cancel();
    assertEquals([path, response.status], [path, 200]);
  }
  // A page's answer would be HTML.
  for (const path of ["/_fresh/none.css", "/_fresh/js/none.js"]) {
    const response = await desk.fetch(new Request(ORIGIN + path));
    assertEquals([response.status, await response.text()], [404, "Not Found"]);
  }
});

Deno.test("A request id of good form is kept; any other is replaced", async () => {
  const idFor = async (given?: string) => {
    const headers = given === undefined ? {} : { "x-request-id": given };
    const response = await desk.fetch(new Request(`${ORIGIN}/healthz`, { headers }));
    await response.body?.cancel();
    return response.headers.get("x-request-id")!;
  };
  for (const good of ["abcd1234", "a.b-c_d.0", UNKNOWN, "x".repeat(64)]) {
    assertEquals(await idFor(good), good);
  }
  const made = new Set<string>();
  for (const bad of [undefined, "", "short", "x".repeat(65), 'a"b"c"d"e', "a b c d e f", "<script>1"]) {
    const id = await idFor(bad);
    assert(/^[0-9a-f-]{36}$/.test(id), `${bad} gave ${id}`);
    made.add(id);
  }
  assertEquals(made.size, 7);
  const problem = await desk.client().get("/me", { headers: { "x-request-id": "mine-12345" } });
  assertEquals(problem.body.requestId, "mine-12345");
});
