import { deepEqual, doesNotMatch, equal, match, notEqual, rejects } from "node:assert/strict";
import { buildFixture } from "./fixture_build.ts";

const handler = await buildFixture();

function ask(path: string, init?: RequestInit): Promise<Response> {
  return handler(new Request(`http://localhost${path}`, init));
}

async function html(path: string, init?: RequestInit): Promise<string> {
  return await (await ask(path, init)).text();
}

Deno.test("a page is wrapped in the app, and what its handler put into the state is known there", async () => {
  const page = await html("/");
  match(page, /^<!DOCTYPE html><html lang="en">/);
  match(page, /<title>Home<\/title>/);
  match(page, /<h1>main<\/h1>/);
});

Deno.test("a page without islands ships no script", async () => {
  const response = await ask("/");
  equal(response.headers.get("link"), null);
  doesNotMatch(await response.text(), /<script\b/);
});

Deno.test("groups are not in the address; their layout and middlewares apply in order", async () => {
  match(
    await html("/item/7"),
    /<main data-trail="main,first,second"><article><h1>7<\/h1><\/article><\/main>/,
  );
});

Deno.test("a form's errors are rendered by the same page with 422; success redirects with 303", async () => {
  const refused = await ask("/item/7", { method: "POST", body: new FormData() });
  deepEqual([refused.status, refused.headers.get("x-problem")], [422, "title"]);
  deepEqual(refused.headers.getSetCookie(), ["b=2"]);
  match(await refused.text(), /<p id="problem">Title is missing<\/p>/);
  const body = new FormData();
  body.append("title", "x");
  const done = await ask("/item/7", { method: "POST", body });
  deepEqual([done.status, done.headers.get("location")], [303, "/item/7"]);
});

Deno.test("a group's error page has the error's status, the group's layout and the root's headers", async () => {
  for (
    const [path, status, text] of [["/item/gone", 410, "410 Item is gone"], ["/item/broken", 500, "500"]]
  ) {
    const response = await ask(String(path));
    deepEqual([response.status, response.headers.has("content-security-policy")], [status, true]);
    match(await response.text(), new RegExp(`<main data-trail="[^"]*"><p id="error">${text}</p></main>`));
  }
});

Deno.test("a method that a file route lacks gets 404, HEAD is GET without a body", async () => {
  equal((await ask("/item/7", { method: "DELETE" })).status, 404);
  const head = await ask("/item/7", { method: "HEAD" });
  deepEqual([head.status, await head.text()], [200, ""]);
});

const PATHS: [path: string, expected: RegExp][] = [
  ["/deep/exact", /<p id="exact">exact<\/p>/],
  ["/deep/exact/", /<p id="exact">exact<\/p>/],
  ["/deep/some", /<p id="one">some<\/p>/],
  ["/deep/a%20b%2Fc%40d", /<p id="one">a b%2Fc%40d<\/p>/],
  ["/deep/a/b/c", /<p id="rest">a\/b\/c<\/p>/],
];
for (const [path, expected] of PATHS) {
  Deno.test(`file routes: ${path}`, async () => {
    const response = await ask(path);
    equal(response.status, 200);
    match(await response.text(), expected);
  });
}

Deno.test("a slash at the end is not part of a pattern", async () => {
  equal((await ask("/deep/some/")).status, 404);
});

Deno.test("a parameter that can't be decoded is thrown at the caller", async () => {
  for (const path of ["/deep/%E0%A4%A", "/deep/%"]) await rejects(ask(path), URIError);
});

Deno.test("what isn't a route isn't served: ignored folders, special files, tests", async () => {
  for (const path of ["/Ignored", "/Local", "/_layout", "/_middleware", "/ignored_test", "/main.ts"]) {
    equal((await ask(path)).status, 404, path);
  }
});

Deno.test("a link says whether it leads here or to what is above, unless it says so itself", async () => {
  const page = await html("/deep/links");
  const links = [...page.matchAll(/<a href="([^"]*)"([^>]*)>/g)].map(([, href, rest]) => {
    const said = /aria-current="(\w+)"/.exec(rest ?? "")?.[1];
    const data = /data-(\w+)="true"/.exec(rest ?? "")?.[1];
    return [href, said, data];
  });
  deepEqual(links, [
    ["/deep/links", "page", "current"],
    ["/deep/links/", "page", "current"],
    ["/deep/links?page=2", "true", "ancestor"],
    ["/deep", "true", "ancestor"],
    ["/", "true", "ancestor"],
    ["/deep/link", undefined, undefined],
    ["links", undefined, undefined],
    ["/deep/links", "false", undefined],
  ]);
  match(page, /<img src="\/picture\.png\?__frsh_c=\w+"/);
});

Deno.test("static files have the type of their name's ending", async () => {
  const types = [];
  for (const name of ["site.css", "mark.svg", "words.txt", "words.json", "words.unknown", "words"]) {
    const response = await ask(`/${name}`);
    await response.body?.cancel();
    types.push(response.headers.get("content-type"));
  }
  deepEqual(types, [
    "text/css; charset=UTF-8",
    "image/svg+xml",
    "text/plain; charset=UTF-8",
    "application/json; charset=UTF-8",
    "text/plain",
    "text/plain",
  ]);
});

Deno.test("static files: entity tag, 304, cached for ever under their build's address", async () => {
  const plain = await ask("/site.css");
  match(plain.headers.get("cache-control") ?? "", /no-cache/);
  const etag = plain.headers.get("etag") ?? "";
  notEqual(etag, "");
  match(await plain.text(), /color: red/);
  equal((await ask("/site.css", { headers: { "if-none-match": etag } })).status, 304);
  equal((await ask("/site.css", { method: "POST" })).status, 405);
  equal(await (await ask("/site.css", { method: "HEAD" })).text(), "");

  const url = /href="(\/site\.css[^"]+)"/.exec(await html("/"))?.[1] ?? "";
  const locked = await ask(url);
  match(locked.headers.get("cache-control") ?? "", /immutable/);
  await locked.body?.cancel();
  const stale = await ask(url.replace(/=.*/, "=other"));
  deepEqual([stale.status, stale.headers.get("location")], [307, "/site.css"]);
});

Deno.test("static files can't be left by their path, and a browser's own question is answered briefly", async () => {
  for (
    const path of ["/..%2fmain.ts", "/%2e%2e/main.ts", "/..%2f..%2f..%2fdeno.json", "/%ff", "/favicon.ico"]
  ) {
    equal((await ask(path)).status, 404, path);
  }
  equal(await html("/favicon.ico"), "");
});
