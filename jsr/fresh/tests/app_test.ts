import { deepEqual, equal, match, ok } from "node:assert/strict";
import { App, type Context, createDefine, csp, csrf, HttpError, page, trailingSlashes } from "fresh";
import { h } from "preact";

const BASE = "http://localhost";

function ask<State>(app: App<State>, path: string, init?: RequestInit): Promise<Response> {
  return app.handler()(new Request(`${BASE}${path}`, init));
}

async function textOf<State>(app: App<State>, path: string, init?: RequestInit): Promise<[number, string]> {
  const response = await ask(app, path, init);
  return [response.status, await response.text()];
}

function mark(name: string) {
  return async (ctx: Context<unknown>) => {
    const response = await ctx.next();
    response.headers.append("x-mark", name);
    return response;
  };
}

Deno.test("a middleware affects only what is registered after it", async () => {
  const app = new App()
    .get("/before", (ctx) => ctx.text("before"))
    .use(mark("root"))
    .get("/after", (ctx) => ctx.text("after"));
  equal((await ask(app, "/before")).headers.get("x-mark"), null);
  equal((await ask(app, "/after")).headers.get("x-mark"), "root");
});

Deno.test("middlewares run outside in, and only below their path", async () => {
  const app = new App()
    .use(mark("outer"))
    .use("/a", mark("a"))
    .use("/a/:id", mark("id"))
    .get("/a", (ctx) => ctx.text("a"))
    .get("/a/:id", (ctx) => ctx.text(ctx.params.id ?? ""))
    .get("/b", (ctx) => ctx.text("b"));
  equal((await ask(app, "/a/1")).headers.get("x-mark"), "id, a, outer");
  equal((await ask(app, "/a")).headers.get("x-mark"), "a, outer");
  equal((await ask(app, "/b")).headers.get("x-mark"), "outer");
});

Deno.test("methods: each verb, all, HEAD from GET, 405, OPTIONS", async () => {
  const app = new App()
    .get("/x", (ctx) => ctx.text("get"))
    .post("/x", (ctx) => ctx.text("post"))
    .all("/all", (ctx) => ctx.text(ctx.req.method));
  deepEqual(await textOf(app, "/x"), [200, "get"]);
  deepEqual(await textOf(app, "/x", { method: "POST" }), [200, "post"]);
  deepEqual(await textOf(app, "/x", { method: "HEAD" }), [200, ""]);
  deepEqual(await textOf(app, "/x", { method: "DELETE" }), [405, "Method Not Allowed"]);
  deepEqual(await textOf(app, "/all", { method: "PATCH" }), [200, "PATCH"]);
  const options = await ask(app, "/x", { method: "OPTIONS" });
  equal(options.status, 204);
  deepEqual(options.headers.get("allow")?.split(", ").sort(), ["GET", "POST"]);
});

Deno.test("a route answers 405 to methods that its handler lacks", async () => {
  const app = new App().route("/r", {
    handler: { POST: () => page({}) },
    component: () => h("p", null, "r"),
  });
  equal((await ask(app, "/r")).status, 200);
  equal((await ask(app, "/r", { method: "POST" })).status, 200);
  equal((await ask(app, "/r", { method: "PUT" })).status, 405);
});

Deno.test("exact paths win over patterns, and patterns give decoded params and the route", async () => {
  const app = new App()
    .get("/t/:id", (ctx) => ctx.json({ ...ctx.params, route: ctx.route }))
    .get("/t/new", (ctx) => ctx.text("new"));
  deepEqual(await textOf(app, "/t/new"), [200, "new"]);
  deepEqual(await (await ask(app, "/t/a%20b")).json(), { id: "a b", route: "/t/:id" });
});

Deno.test("handlers may be chained and lazy; slashes of the path are collapsed", async () => {
  const app = new App()
    .get("/lazy", () => Promise.resolve((ctx: Context<unknown>) => ctx.text("lazy")))
    .get("/chain", mark("one"), (ctx) => ctx.text("two"));
  for (let i = 0; i < 2; i++) deepEqual(await textOf(app, "/lazy"), [200, "lazy"]);
  equal((await ask(app, "/chain")).headers.get("x-mark"), "one");
  deepEqual(await textOf(app, "//chain"), [200, "two"]);
});

Deno.test("state starts empty on each request and info is handed through", async () => {
  const define = createDefine<{ seen?: boolean }>();
  const app = new App<{ seen?: boolean }>()
    .use(define.middleware((ctx) => {
      equal(ctx.state.seen, undefined);
      ctx.state.seen = true;
      return ctx.next();
    }))
    .get("/", (ctx) => ctx.json({ seen: ctx.state.seen, address: ctx.info.remoteAddr }));
  const remoteAddr: Deno.NetAddr = { transport: "tcp", hostname: "10.0.0.7", port: 5 };
  const handler = app.handler();
  for (let i = 0; i < 2; i++) {
    const response = await handler(new Request(BASE), { remoteAddr, completed: Promise.resolve() });
    deepEqual(await response.json(), { seen: true, address: remoteAddr });
  }
});

Deno.test("redirects: 302 by default, any status, never to another host by slashes", async () => {
  const app = new App()
    .get("/a", (ctx) => ctx.redirect("/b?x=//y"))
    .get("/b", (ctx) => ctx.redirect("//evil.example/x", 303));
  const a = await ask(app, "/a");
  deepEqual([a.status, a.headers.get("location")], [302, "/b?x=//y"]);
  const b = await ask(app, "/b");
  deepEqual([b.status, b.headers.get("location")], [303, "/evil.example/x"]);
});

Deno.test("json, html, text and stream", async () => {
  const app = new App()
    .get("/json", (ctx) => ctx.json({ a: 1 }, { status: 201 }))
    .get("/html", (ctx) => ctx.html("<b>"))
    .get("/stream", (ctx) =>
      ctx.stream(function* () {
        yield "one";
        yield "two";
      }));
  const json = await ask(app, "/json");
  deepEqual([json.status, await json.json()], [201, { a: 1 }]);
  match((await ask(app, "/html")).headers.get("content-type") ?? "", /^text\/html/);
  deepEqual(await textOf(app, "/stream"), [200, "onetwo"]);
});

Deno.test("a proxy's address is believed only where it is trusted", async () => {
  const headers = { "x-forwarded-proto": "https", "x-forwarded-host": "help.example" };
  const origin = (app: App<unknown>) =>
    textOf(app.get("/", (ctx) => ctx.text(ctx.url.origin)), "/", { headers });
  deepEqual(await origin(new App()), [200, BASE]);
  deepEqual(await origin(new App({ trustProxy: true })), [200, "https://help.example"]);
});

Deno.test("base path and mounted apps", async () => {
  const inner = new App().use(mark("inner")).get("/", (ctx) => ctx.text("index")).get(
    "/x",
    (ctx) => ctx.text("x"),
  );
  const app = new App({ basePath: "/base" }).mountApp("/in", inner).get("/own", (ctx) => ctx.text("own"));
  deepEqual(await textOf(app, "/base/in"), [200, "index"]);
  deepEqual(await textOf(app, "/base/in/x"), [200, "x"]);
  equal((await ask(app, "/base/in/x")).headers.get("x-mark"), "inner");
  const own = await ask(app, "/base/own");
  deepEqual([await own.text(), own.headers.get("x-mark")], ["own", null]);
  equal((await ask(app, "/in/x")).status, 404);
});

Deno.test("without error pages errors are plain text, and hide what isn't an HttpError", async () => {
  const app = new App()
    .get("/teapot", () => {
      throw new HttpError(418, "Short and stout");
    })
    .get("/boom", () => {
      throw new Error("This error is meant to be logged by the test");
    });
  deepEqual(await textOf(app, "/teapot"), [418, "Short and stout"]);
  deepEqual(await textOf(app, "/boom"), [500, "Internal server error"]);
  deepEqual(await textOf(app, "/none"), [404, "Not Found"]);
});

Deno.test("onError catches below its path, inner before outer; notFound answers every 404", async () => {
  const fail = () => {
    throw new HttpError(409, "Conflict of things");
  };
  const app = new App()
    .onError("*", (ctx) => ctx.text(`outer ${(ctx.error as Error).message}`, { status: 409 }))
    .onError("/in", { component: ({ error }) => h("p", null, `inner ${(error as Error).message}`) })
    .notFound((ctx) => ctx.text("nothing here", { status: 404 }))
    .get("/out", fail)
    .get("/in/x", fail)
    .get("/in/missing", () => {
      throw new HttpError(404);
    });
  deepEqual(await textOf(app, "/out"), [409, "outer Conflict of things"]);
  const [status, html] = await textOf(app, "/in/x");
  equal(status, 409);
  match(html, /<p>inner Conflict of things<\/p>/);
  deepEqual(await textOf(app, "/in/missing"), [404, "nothing here"]);
  deepEqual(await textOf(app, "/anywhere"), [404, "nothing here"]);
});

Deno.test("errors at the root skip what root middlewares do after next", async () => {
  const app = new App().use(mark("root")).onError("*", (ctx) => ctx.text("oops", { status: 500 }))
    .get("/boom", () => {
      throw new Error("boom");
    });
  for (const path of ["/boom", "/none"]) {
    const response = await ask(app, path);
    deepEqual([response.headers.get("x-mark"), await response.text()], [null, "oops"]);
  }
});

Deno.test("render: completes the document, wraps in layouts and app, checks its argument", async () => {
  const app = new App()
    .appWrapper(({ Component }) =>
      h("html", null, h("head", null), h("body", { id: "app" }, h(Component, null)))
    )
    .layout("/in", ({ Component }) => h("main", null, h(Component, null)))
    .get("/in/x", (ctx) => ctx.render(h("p", null, "x"), { status: 203, headers: { "x-a": "1" } }))
    .get(
      "/in/bare",
      (ctx) => ctx.render(h("p", null, "x"), {}, { skipAppWrapper: true, skipInheritedLayouts: true }),
    );
  const response = await ask(app, "/in/x");
  deepEqual([response.status, response.headers.get("x-a")], [203, "1"]);
  equal(response.headers.get("content-type"), "text/html; charset=utf-8");
  match(
    await response.text(),
    /^<!DOCTYPE html><html><head><\/head><body id="app"><main><p>x<\/p><\/main><\/body>/,
  );
  const [, bare] = await textOf(app, "/in/bare");
  match(bare, /<html><head><meta charset="utf-8"\/?><\/head><body><p>x<\/p><\/body><\/html>/);
});

const CSRF: [expected: number, method: string, headers: Record<string, string>][] = [
  [200, "POST", { "sec-fetch-site": "same-origin" }],
  [200, "POST", { "sec-fetch-site": "none" }],
  [403, "POST", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
  [403, "POST", { "sec-fetch-site": "same-site" }],
  [200, "POST", { origin: BASE }],
  [403, "POST", { origin: "https://evil.example" }],
  [200, "POST", {}],
  [200, "GET", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
];
for (const [expected, method, headers] of CSRF) {
  Deno.test(`csrf: ${method} with ${JSON.stringify(headers)} gets ${expected}`, async () => {
    const app = new App().use(csrf()).all("/", (ctx) => ctx.text("ok"));
    equal((await ask(app, "/", { method, headers })).status, expected);
  });
}

Deno.test("csrf: other origins by list or function", async () => {
  const headers = { origin: "https://friend.example" };
  for (const origin of [["https://friend.example"], (given: string) => given.endsWith("friend.example")]) {
    const app = new App().use(csrf({ origin })).post("/", (ctx) => ctx.text("ok"));
    equal((await ask(app, "/", { method: "POST", headers })).status, 200);
    equal((await ask(app, "/", { method: "POST", headers: { origin: BASE } })).status, 403);
  }
});

Deno.test("csp: the nonce of header, tags and response symbol is one, and new each time", async () => {
  const app = new App().use(csp({ useNonce: true, csp: ["img-src 'none'"] }))
    .get("/", (ctx) => ctx.render(h("body", null, h("style", null, "b{}"), h("script", null, "1"))))
    .get("/plain", (ctx) => ctx.text("plain"));
  const nonces = new Set<string>();
  for (let i = 0; i < 2; i++) {
    const response = await ask(app, "/");
    const policy = response.headers.get("content-security-policy") ?? "";
    const nonce = /script-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1] ?? "missing";
    match(policy, new RegExp(`style-src 'self' 'nonce-${nonce}'`));
    match(policy, /img-src 'none'/);
    ok(!policy.includes("img-src 'self'"), policy);
    equal(Reflect.get(response, Symbol.for("__freshNonce")), nonce);
    const html = await response.text();
    ok(html.includes(`<style nonce="${nonce}">`) && html.includes(`<script nonce="${nonce}">`), html);
    nonces.add(nonce);
  }
  equal(nonces.size, 2);
  match(
    (await ask(app, "/plain")).headers.get("content-security-policy") ?? "",
    /script-src 'self' 'unsafe-inline'/,
  );
});

Deno.test("csp: report only, with an endpoint", async () => {
  const app = new App().use(csp({ reportOnly: true, reportTo: "/reports" })).get("/", (ctx) => ctx.text(""));
  const { headers } = await ask(app, "/");
  match(headers.get("content-security-policy-report-only") ?? "", /report-uri \/reports/);
  equal(headers.get("reporting-endpoints"), 'csp-endpoint="/reports"');
});

Deno.test("trailing slashes are removed or added by redirect, query kept", async () => {
  const never = new App().use(trailingSlashes("never")).get("/a", (ctx) => ctx.text("a"));
  equal((await ask(never, "/a/?x=1")).headers.get("location"), "/a?x=1");
  equal((await ask(never, "/a")).status, 200);
  const always = new App().use(trailingSlashes("always")).get("/a/", (ctx) => ctx.text("a"));
  equal((await ask(always, "/a?x=1")).headers.get("location"), "/a/?x=1");
});
