import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { App, type Context, createDefine, HttpError, page } from "fresh";
import { asset } from "fresh/runtime";

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

Deno.test("a middleware affects only what is registered after it; the first is the outermost", async () => {
  const app = new App()
    .get("/before", (ctx) => ctx.text("before"))
    .use(mark("outer"), mark("inner"))
    .get("/after", (ctx) => ctx.text("after"));
  equal((await ask(app, "/before")).headers.get("x-mark"), null);
  equal((await ask(app, "/after")).headers.get("x-mark"), "inner, outer");
});

Deno.test("methods: GET, all, HEAD from GET, 405, OPTIONS", async () => {
  const app = new App()
    .get("/x", (ctx) => ctx.text("get"))
    .all("/all", (ctx) => ctx.text(ctx.req.method));
  deepEqual(await textOf(app, "/x"), [200, "get"]);
  deepEqual(await textOf(app, "/x", { method: "HEAD" }), [200, ""]);
  deepEqual(await textOf(app, "/x", { method: "DELETE" }), [405, "Method Not Allowed"]);
  deepEqual(await textOf(app, "/all", { method: "PATCH" }), [200, "PATCH"]);
  const options = await ask(app, "/x", { method: "OPTIONS" });
  deepEqual([options.status, options.headers.get("allow")], [204, "GET"]);
});

Deno.test("exact paths win over patterns; of two patterns the one that was added first", async () => {
  const app = new App()
    .get("/t/:id", (ctx) => ctx.text(`${ctx.route} ${ctx.params.id}`))
    .get("/t/*", (ctx) => ctx.text("rest"))
    .get("/t/new", (ctx) => ctx.text("new"));
  deepEqual(await textOf(app, "/t/new"), [200, "new"]);
  deepEqual(await textOf(app, "/t/7"), [200, "/t/:id 7"]);
  deepEqual(await textOf(app, "/t/7/more"), [200, "rest"]);
});

Deno.test("the first answer for a path is the one that counts", async () => {
  const app = new App().get("/x", (ctx) => ctx.text("one")).get("/x", (ctx) => ctx.text("two"));
  deepEqual(await textOf(app, "/x"), [200, "one"]);
});

Deno.test("an exact path is found with and without a slash at its end, a pattern is not", async () => {
  const app = new App().get("/x", (ctx) => ctx.text("x")).get("/t/:id", (ctx) => ctx.text("t"));
  deepEqual(await textOf(app, "/x/"), [200, "x"]);
  equal((await ask(app, "/t/1/")).status, 404);
});

Deno.test("params are decoded, but for encoded delimiters; what can't be decoded is thrown", async () => {
  const app = new App().get("/t/:id", (ctx) => ctx.text(ctx.params.id ?? ""));
  deepEqual(await textOf(app, "/t/a%20b%C3%A9"), [200, "a bé"]);
  deepEqual(await textOf(app, "/t/a%2Fb%40c"), [200, "a%2Fb%40c"]);
  for (const path of ["/t/%", "/t/%E0%A4%A"]) await rejects(ask(app, path), URIError);
});

Deno.test("steps of a route may be chained; slashes of the path are collapsed", async () => {
  const app = new App().get("/chain", mark("one"), (ctx) => ctx.text("two"));
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
    .get("/", (ctx) => Response.json({ seen: ctx.state.seen, address: ctx.info.remoteAddr }));
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
    .get("/b", (ctx) => ctx.redirect("//evil.example/x", 303))
    .get("/c", (ctx) => ctx.redirect("/c//d#e//f", 307))
    .get("/d", (ctx) => ctx.redirect("/d//e#f//g?h//i"));
  const a = await ask(app, "/a");
  deepEqual([a.status, a.headers.get("location")], [302, "/b?x=//y"]);
  const b = await ask(app, "/b");
  deepEqual([b.status, b.headers.get("location")], [303, "/evil.example/x"]);
  const c = await ask(app, "/c");
  deepEqual([c.status, c.headers.get("location")], [307, "/c/d#e//f"]);
  equal((await ask(app, "/d")).headers.get("location"), "/d/e#f/g?h//i");
});

Deno.test("a redirect of a partial page leads to a partial page", async () => {
  const app = new App().get("/a", (ctx) => ctx.redirect(ctx.url.searchParams.get("to") ?? "/"));
  for (
    const [to, location] of [
      ["/b", "/b?fresh-partial=true"],
      ["/b%3Fx=1%23top", "/b?x=1&fresh-partial=true#top"],
      ["https://other.example/", "https://other.example/?fresh-partial=true"],
    ]
  ) {
    equal((await ask(app, `/a?to=${to}&fresh-partial`)).headers.get("location"), location);
  }
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

Deno.test("errors and unknown addresses skip what root middlewares do after next", async () => {
  const app = new App().use(mark("root"))
    .get("/boom", () => {
      throw new HttpError(409);
    });
  equal((await ask(app, "/boom")).headers.get("x-mark"), null);
  equal((await ask(app, "/none")).headers.get("x-mark"), null);
});

Deno.test("a handler's result carries data, status and headers", () => {
  const { data, status, headers } = page({ a: 1 }, { status: 422, headers: { "x-a": "1" } });
  deepEqual([data, status, headers], [{ a: 1 }, 422, { "x-a": "1" }]);
  deepEqual({ ...page({ a: 1 }) }.data, { a: 1 });
});

Deno.test("assets get the build's id in their address, once", () => {
  match(asset("/site.css"), /^\/site\.css\?__frsh_c=\w+$/);
  match(asset("/site.css?a=1#top"), /^\/site\.css\?a=1&__frsh_c=\w+#top$/);
  for (
    const path of [asset("/site.css"), "//other.example/x.css", "site.css", "https://other.example/x.css"]
  ) {
    equal(asset(path), path);
  }
});
