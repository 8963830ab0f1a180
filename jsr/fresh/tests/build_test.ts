import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { Builder } from "fresh/dev";
import { makeApp } from "./fixture/main.ts";

const root = new URL("./fixture", import.meta.url).pathname;
const app = makeApp();
(await new Builder({ root }).build({ snapshot: "memory" }))(app);
const handler = app.handler();

function ask(path: string, init?: RequestInit): Promise<Response> {
  return handler(new Request(`http://localhost${path}`, init));
}

async function html(path: string, init?: RequestInit): Promise<string> {
  return await (await ask(path, init)).text();
}

/** The scripts that a page's Link header preloads, and everything they import at once. */
async function scriptsOf(path: string): Promise<Map<string, Response>> {
  const link = (await ask(path)).headers.get("link") ?? "";
  const wanted = [...link.matchAll(/<([^>]+)>/g)].map((found) => found[1] ?? "");
  const scripts = new Map<string, Response>();
  for (const url of wanted) {
    if (scripts.has(url)) continue;
    const response = await ask(url);
    scripts.set(url, response);
    const code = await response.clone().text();
    const imports = code.matchAll(/(?:from|import)\s*"(\.[^"]+)"/g);
    wanted.push(...[...imports].map((found) => new URL(found[1] ?? "", `http://x${url}`).pathname));
  }
  return scripts;
}

Deno.test("a page is wrapped in the app; its head replaces the app's title", async () => {
  const page = await html("/");
  match(page, /^<!DOCTYPE html><html lang="en"><head>/);
  match(page, /<title>Home<\/title>/);
  ok(!page.includes("<title>Fixture</title>"), page);
  match(page, /<meta name="description" content="home page"\/?>/);
  match(page, /<h1>main<\/h1>/);
});

Deno.test("a page without islands ships no script", async () => {
  const response = await ask("/");
  equal(response.headers.get("link"), null);
  ok(!/<script/i.test(await response.text()));
});

Deno.test("groups are not in the address; their layout and middlewares apply in order", async () => {
  match(await html("/item/7"), /<main data-trail="main,first,second"><article><h1>7<\/h1>/);
});

Deno.test("a form's errors are rendered by the same page with 422; success redirects with 303", async () => {
  const bad = await ask("/item/7", { method: "POST", body: new FormData() });
  deepEqual([bad.status, bad.headers.get("x-problem")], [422, "title"]);
  match(await bad.text(), /<p id="problem">Title is missing<\/p>/);
  const body = new URLSearchParams({ title: "x" });
  const good = await ask("/item/7", { method: "POST", body });
  deepEqual([good.status, good.headers.get("location")], [303, "/item/7"]);
});

Deno.test("a group's error page has the error's status, the group's layout and the root's headers", async () => {
  const gone = await ask("/item/gone");
  deepEqual([gone.status, gone.headers.get("x-root")], [410, "yes"]);
  match(await gone.text(), /<main [^>]*><p id="error">410 Item is gone<\/p><\/main>/);
  const broken = await ask("/item/broken");
  equal(broken.status, 500);
  const page = await broken.text();
  match(page, /<p id="error">500<\/p>/);
  ok(!page.includes("hunter2"));
});

Deno.test("a method that a file route lacks gets 404, HEAD is GET without a body", async () => {
  equal((await ask("/item/7", { method: "DELETE" })).status, 404);
  const head = await ask("/item/7", { method: "HEAD" });
  deepEqual([head.status, await head.text()], [200, ""]);
});

Deno.test("an unknown address gets the not-found page, without the root's headers", async () => {
  const response = await ask("/nowhere");
  deepEqual([response.status, response.headers.get("x-root")], [404, null]);
  match(await response.text(), /<p id="missing">Nothing at \/nowhere<\/p>/);
});

const PATHS: [path: string, expected: RegExp][] = [
  ["/deep/exact", /<p id="exact">exact<\/p>/],
  ["/deep/some", /<p id="one">some<\/p>/],
  ["/deep/a/b/c", /<p id="rest">a\/b\/c<\/p>/],
  ["/docs", /<p id="version">latest<\/p>/],
  ["/docs/v2", /<p id="version">v2<\/p>/],
  ["/elsewhere/x.json", /"name":"x"/],
];
for (const [path, expected] of PATHS) {
  Deno.test(`file routes: ${path}`, async () => {
    const response = await ask(path);
    equal(response.status, 200);
    match(await response.text(), expected);
  });
}

Deno.test("what isn't a route isn't served: ignored folders, special files, tests, overridden names", async () => {
  for (
    const path of ["/Ignored", "/Local", "/_layout", "/_middleware", "/ignored_test", "/moved", "/main.ts"]
  ) {
    equal((await ask(path)).status, 404, path);
  }
});

Deno.test("skipAppWrapper leaves the app out", async () => {
  ok(!(await html("/deep/exact")).includes('lang="en"'));
});

Deno.test("static files: type, entity tag, 304, cached for ever under their build's address", async () => {
  const plain = await ask("/site.css");
  match(plain.headers.get("content-type") ?? "", /^text\/css/);
  match(plain.headers.get("cache-control") ?? "", /no-cache/);
  const etag = plain.headers.get("etag") ?? "";
  notEqual(etag, "");
  match(await plain.text(), /color: red/);
  equal((await ask("/site.css", { headers: { "if-none-match": etag } })).status, 304);
  equal((await ask("/site.css", { method: "POST" })).status, 405);

  const url = /href="(\/site\.css[^"]+)"/.exec(await html("/"))?.[1] ?? "";
  const locked = await ask(url);
  match(locked.headers.get("cache-control") ?? "", /immutable/);
  await locked.body?.cancel();
  const stale = await ask(url.replace(/=.*/, "=other"));
  deepEqual([stale.status, stale.headers.get("location")], [307, "/site.css"]);
});

Deno.test("static files can't be left by their path", async () => {
  for (const path of ["/..%2fmain.ts", "/%2e%2e/main.ts", "/..%2f..%2f..%2fdeno.json", "/%ff"]) {
    equal((await ask(path)).status, 404, path);
  }
});

Deno.test("an island page: rendered on the server, scripts preloaded, cached for ever, under the nonce", async () => {
  const response = await ask("/live");
  const nonce = Reflect.get(response, Symbol.for("__freshNonce"));
  const page = await response.text();
  match(page, /<button[^>]*id="one"[^>]*>&lt;\/script(?:>|&gt;) 1970-01-01T00:00:00.000Z/);
  match(page, /<section id="box">/);
  for (const [tag] of page.matchAll(/<script\b[^>]*>/g)) {
    ok(tag.includes(`nonce="${nonce}"`) || tag.includes('type="application/json"'), tag);
  }
  const scripts = await scriptsOf("/live");
  ok(scripts.size >= 4, [...scripts.keys()].join());
  for (const [url, script] of scripts) {
    equal(script.status, 200, url);
    match(script.headers.get("content-type") ?? "", /javascript/);
    match(script.headers.get("cache-control") ?? "", /immutable/);
  }
});

Deno.test("runtime, Preact and signals are at most 20 kB of gzip", async () => {
  let size = 0;
  for (const [url, script] of await scriptsOf("/live")) {
    if (/Counter|Box|Local/.test(url)) continue;
    const zipped = script.body?.pipeThrough(new CompressionStream("gzip"));
    size += (await new Response(zipped ?? null).bytes()).length;
  }
  ok(size > 4_000 && size <= 20_480, `${size} bytes`);
});

Deno.test("islands' scripts hold no eval", async () => {
  for (const [url, script] of await scriptsOf("/live")) {
    ok(!/\beval\(|new Function\(/.test(await script.text()), url);
  }
});
