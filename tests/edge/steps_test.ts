/** Each step of the edge by itself, and the order in which they stand. */
import { createRateLimiter } from "@/adapters/rate_limiter.ts";
import { readConfig } from "@/config.ts";
import { DomainError } from "@/domain/errors.ts";
import { unreadRequest } from "@/edge/body.ts";
import { identify } from "@/edge/identify.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { cookiesOf } from "@/edge/cookies.ts";
import { edge } from "@/edge/mod.ts";
import { check, type Exchange, runSteps, type Step } from "@/edge/step.ts";
import {
  boundAddresses,
  dropPartial,
  dropTrailingSlash,
  refuseLongAddresses,
  refuseUnreadable,
  refuseUnreadablePaths,
} from "@/edge/steps/address.ts";
import { readBodies } from "@/edge/steps/bodies.ts";
import { guardCompression } from "@/edge/steps/compression.ts";
import { countRequests, requestsUnderWay } from "@/edge/steps/count.ts";
import { dropDirectionMarks } from "@/edge/steps/direction_marks.ts";
import { answerFaults } from "@/edge/steps/faults.ts";
import { requireKnownHost } from "@/edge/steps/host.ts";
import { logRequests } from "@/edge/steps/log.ts";
import { allowMethods } from "@/edge/steps/methods.ts";
import { limitNetwork } from "@/edge/steps/network_limit.ts";
import { replaceUnrefused } from "@/edge/steps/refusals.ts";
import { requireSameOrigin } from "@/edge/steps/same_origin.ts";
import { setHeaders } from "@/edge/steps/security_headers.ts";
import { configureLog } from "@/log.ts";
import type { Services } from "@/ports.ts";
import { assert, assertEquals, assertRejects } from "@/tests/helpers/assert.ts";

const ORIGIN = "https://desk.example";
const INFO = { remoteAddr: { transport: "tcp", hostname: "192.0.2.7", port: 1 } } as Deno.ServeHandlerInfo;

/** What the edge needs of the outside world. */
function services(env: Record<string, string> = {}): Services {
  return { config: readConfig({ PUBLIC_URL: ORIGIN, ...env }), limiter: createRateLimiter() } as Services;
}

function exchangeOf(path: string, init: RequestInit = {}, env: Record<string, string> = {}): Exchange {
  const request = new Request(ORIGIN + path, init);
  return { request, path: new URL(request.url).pathname, incoming: identify(request, INFO, services(env)) };
}

const ok = () => Promise.resolve(new Response("ok"));

/** What the process logs while `work` runs. */
async function logged(work: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const lines: string[] = [];
  const { writeSync } = Deno.stderr;
  configureLog({ level: "info", format: "json" });
  Deno.stderr.writeSync = (bytes) => lines.push(new TextDecoder().decode(bytes));
  try {
    await work();
  } finally {
    Deno.stderr.writeSync = writeSync;
    configureLog({ level: "error", format: "json" });
  }
  return lines.map((line) => JSON.parse(line));
}
configureLog({ level: "error", format: "json" });

Deno.test("steps run in their order, each around those behind it, and one may answer by itself", async () => {
  const seen: string[] = [];
  const step = (name: string, answer?: Response): Step => async (_exchange, next) => {
    seen.push(name);
    const response = answer ?? await next();
    seen.push(`after ${name}`);
    return response;
  };
  const whole = await runSteps([step("a"), step("b")], exchangeOf("/"), () => new Response("app"));
  assertEquals(await whole.text(), "app");
  assertEquals(seen.splice(0), ["a", "b", "after b", "after a"]);
  const cut = await runSteps([step("a"), step("b", new Response("b")), step("c")], exchangeOf("/"), ok);
  assertEquals(await cut.text(), "b");
  assertEquals(seen, ["a", "b", "after b", "after a"]);
});

Deno.test("check: the first refusal counts, and the request goes on without its body", async () => {
  const exchange = exchangeOf("/x", { method: "POST", body: "text", headers: { cookie: "a=b" } });
  let asked = 0;
  const refuse = check(() => {
    throw new DomainError("cross_origin");
  });
  const count = check(() => void asked++);
  const answer = await runSteps([count, refuse, count], exchange, ({ request }) => {
    assertEquals([request.method, request.body, request.headers.get("cookie")], ["GET", null, "a=b"]);
    return new Response("shown");
  });
  assertEquals(await answer.text(), "shown");
  assertEquals([exchange.incoming.refusal?.code, asked], ["cross_origin", 1]);
  const fault = check(() => Promise.reject(new TypeError("a fault of ours")));
  await assertRejects(async () => await fault(exchangeOf("/"), ok), /a fault of ours/);
});

Deno.test("identify: the id of good form is kept, and a proxy is believed only when it is trusted", () => {
  const of = (headers: Record<string, string>, env = {}) => exchangeOf("/", { headers }, env).incoming;
  assertEquals(of({ "x-request-id": "abcd1234" }).requestId, "abcd1234");
  assert(/^[0-9a-f-]{36}$/.test(of({ "x-request-id": "<script>1" }).requestId));
  assertEquals(of({ "x-forwarded-for": "198.51.100.9" }).ip, "192.0.2.7");
  assertEquals(
    of({ "x-forwarded-for": "198.51.100.9" }, { TRUSTED_PROXIES: "192.0.2.7" }).ip,
    "198.51.100.9",
  );
  assertEquals(of({ "user-agent": "a".repeat(400) }).userAgent.length, 300);
});

Deno.test("refuseLongAddresses: a page's address has at most 16 KiB; operations check their own fields", async () => {
  for (
    const [path, length, code] of [["/x?q=", 16_000], ["/x?q=", 16_400, "bad_request"], [
      "/v1/x?q=",
      16_400,
    ]] as const
  ) {
    const exchange = exchangeOf(path + "a".repeat(length));
    await refuseLongAddresses(exchange, ok);
    assertEquals(exchange.incoming.refusal?.code, code);
    assertEquals(exchange.request.url.length < 100, code !== undefined);
  }
});

Deno.test("boundAddresses: at most 30 marks in a row of a path or a query; any other address stays as it came", async () => {
  const seen = async (path: string, init: RequestInit = {}) => {
    const exchange = exchangeOf(path, init);
    await boundAddresses(exchange, ok);
    return exchange.request;
  };
  const marks = (count: number) => encodeURIComponent("\u0301".repeat(count));
  for (
    const path of ["/", "/x?q=a+b%20c&q=%2F", `/%C3%A9?q=e${marks(30)}`, "/%F0%9F%98%80/?x&=1", "/a%2Fb"]
  ) {
    assertEquals((await seen(path)).url, ORIGIN + path);
  }
  const body = { method: "POST", body: "text", headers: { cookie: "a=b" } };
  const long = await seen(`/a%2Fb${marks(40)}/c?q=e${marks(9000)}&r=1`, body);
  assertEquals(long.url, `${ORIGIN}/a%2Fb${marks(30)}/c?q=e${marks(30)}&r=1`);
  assertEquals([long.method, await long.text(), long.headers.get("cookie")], ["POST", "text", "a=b"]);
});

Deno.test("dropDirectionMarks: pages lose marks that turn the text around them, and nothing else", async () => {
  const answer = async (type: string, body: string | null, given: Record<string, string> = {}) => {
    const headers = { "content-type": type, "x-a": "b", ...given };
    const response = new Response(body, { status: 422, headers });
    Reflect.set(response, Symbol.for("__freshNonce"), "n");
    return await dropDirectionMarks(exchangeOf("/"), () => Promise.resolve(response));
  };
  const text = "a\u202eb\u2066c\u2069\u200f\u05d0";
  const page = await answer("text/html; charset=utf-8", text);
  assertEquals([await page.text(), page.status, page.headers.get("x-a")], ["abc\u200f\u05d0", 422, "b"]);
  assertEquals(Reflect.get(page, Symbol.for("__freshNonce")), "n");
  assertEquals(await (await answer("application/json", text)).text(), text);
  assertEquals((await answer("text/html", null)).body, null);
  // What a form sends back is kept, and nothing that only looks like it.
  const out = "abc\u200f\u05d0";
  for (
    const [given, shown] of [
      [
        `${text}<textarea name="a">\n${text}\n${text}</textarea>${text}`,
        `${out}<textarea name="a">\n${text}\n${text}</textarea>${out}`,
      ],
      [
        `<input title="${text}" value="a>${text}"/>${text}`,
        `<input title="${out}" value="a>${text}"/>${out}`,
      ],
      [
        `<option value="${text}" selected>${text}</option>`,
        `<option value="${text}" selected>${out}</option>`,
      ],
      [
        `<p> value="${text}" &lt;input value="${text}"&gt;</p>`,
        `<p> value="${out}" &lt;input value="${out}"&gt;</p>`,
      ],
      [`<a title=" value=" value="${text}">${text}</a>`, `<a title=" value=" value="${out}">${out}</a>`],
      // Props of an island are text, whatever they look like; only their own end ends them.
      ...[
        `<textarea>${text}</textarea>`,
        `<input value='${text}'><input value=\\"${text}\\">`,
        `<script>${text}<textarea>${text}</textarea>`,
      ].map((prop) => [
        `<script type="module">boot("${prop}")</script><textarea>${text}</textarea>${text}`,
        `<script type="module">boot("${
          prop.replaceAll(text, out)
        }")</script><textarea>${text}</textarea>${out}`,
      ]),
      [`<script>${text}<textarea>${text}</textarea>`, `<script>${out}<textarea>${out}</textarea>`],
      [`<input data-value="${text}" value="">`, `<input data-value="${out}" value="">`],
    ] as [string, string][]
  ) {
    assertEquals(await (await answer("text/html", given)).text(), shown);
  }
  const file = await answer("text/html", text, { "content-disposition": "attachment" });
  assertEquals(await file.text(), text);
  // A body that was looked at is a stream, and cancelling a copy of it would wait for ever.
  await (await answer("application/json", text)).clone().body?.cancel();
});

Deno.test("countRequests: counts until the answer, failed ones too", async () => {
  const gate = Promise.withResolvers<Response>();
  const answers = [1, 2].map(() => countRequests(exchangeOf("/"), () => gate.promise));
  assertEquals(requestsUnderWay(), 2);
  gate.reject(new Error("failed"));
  await Promise.allSettled(answers);
  assertEquals(requestsUnderWay(), 0);
});

Deno.test("logRequests: one line with method, path without tokens, status and client", async () => {
  const id = "01940000-0000-7000-8000-000000000000";
  const exchange = exchangeOf(`/reset-password/${id}.${id}.abc?x=1`, { method: "DELETE" });
  const [line, ...more] = await logged(async () => {
    await logRequests(exchange, () => Promise.resolve(new Response(null, { status: 204 })));
  });
  assertEquals(more, []);
  assertEquals(
    [line!.message, line!.method, line!.status, line!.ip, line!.requestId],
    ["request", "DELETE", 204, "192.0.2.7", exchange.incoming.requestId],
  );
  assert(!`${line!.path}`.includes("abc") && `${line!.path}`.startsWith("/reset-password/"), `${line!.path}`);
});

Deno.test("setHeaders: every answer gets them, one with fixed headers and a file's too", async () => {
  const of = async (response: Response, path = "/x", env = {}) => {
    const exchange = exchangeOf(path, {}, env);
    const { headers } = await setHeaders(exchange, () => Promise.resolve(response));
    assertEquals(headers.get("x-request-id"), exchange.incoming.requestId);
    assertEquals(headers.get("x-content-type-options"), "nosniff");
    return headers;
  };
  const moved = await of(Response.redirect(`${ORIGIN}/there`, 303));
  assertEquals(moved.get("location"), `${ORIGIN}/there`);
  assertEquals(moved.get("strict-transport-security"), "max-age=31536000; includeSubDomains");
  const file = await of(new Response("", { headers: { "content-disposition": "attachment" } }));
  assert(file.get("content-security-policy")!.includes("sandbox"));
  assertEquals((await of(Response.json({}), "/v1/me")).get("cache-control"), "no-store");
  const page = new Response("", { headers: { "content-type": "text/html; charset=utf-8" } });
  assertEquals((await of(page)).get("cache-control"), "no-store");
  const plain = await of(new Response(""), "/x", { PUBLIC_URL: "http://desk.example" });
  assertEquals(plain.get("strict-transport-security"), null);
});

Deno.test("guardCompression: what another site asks for as a signed-in person isn't compressed", async () => {
  const of = async (headers: Record<string, string>) => {
    const response = new Response("page", { headers: { "cache-control": "no-store" } });
    const guarded = await guardCompression(exchangeOf("/x", { headers }), () => Promise.resolve(response));
    return guarded.headers.get("cache-control");
  };
  const cookie = "session=x";
  assertEquals(await of({ cookie, "sec-fetch-site": "cross-site" }), "no-store, no-transform");
  assertEquals(await of({ cookie, "sec-fetch-site": "same-site" }), "no-store, no-transform");
  for (const site of ["same-origin", "none"]) {
    assertEquals(await of({ cookie, "sec-fetch-site": site }), "no-store");
  }
  assertEquals(await of({ cookie }), "no-store");
  assertEquals(await of({ "sec-fetch-site": "cross-site" }), "no-store");
});

Deno.test("answerFaults: what nobody caught is 500 without a word of it, and logged", async () => {
  let response: Response | undefined;
  const [line] = await logged(async () => {
    response = await answerFaults(exchangeOf("/"), () => Promise.reject(new Error("secret detail")));
  });
  assertEquals(response?.status, 500);
  assert(!(await response!.text()).includes("secret"));
  assertEquals([line!.level, line!.message], ["error", "Request failed outside the app"]);
});

Deno.test("refuseUnreadable: an address that can't be read is 400, and the app isn't asked", async () => {
  const { incoming, request } = exchangeOf("/");
  const response = await refuseUnreadable({ request, incoming, path: "" }, () => {
    throw new Error("the app was asked");
  });
  assertEquals(response.status, 400);
  assertEquals(await (await refuseUnreadable(exchangeOf("/x"), ok)).text(), "ok");
});

Deno.test("refuseUnreadablePaths: a path that can't be decoded is refused, and the app gets one that can", async () => {
  const wrong: [path: string, shown: string][] = [
    ["/%", "/"],
    ["/tickets/%E0%A4%A", "/"],
    ["/tickets/%ff?x=1", "/"],
    ["/v1/tickets/%", "/v1"],
  ];
  for (const [path, shown] of wrong) {
    const exchange = exchangeOf(path, { method: "POST", body: "x", headers: { cookie: "a=b" } });
    assertEquals([path, await refusalBy(refuseUnreadablePaths, exchange)], [path, "bad_request"]);
    const { method, url, headers, body } = exchange.request;
    assertEquals([method, url, headers.get("cookie"), body], ["GET", ORIGIN + shown, "a=b", null]);
  }
  for (const path of ["/", "/tickets/a%2Fb%40c", "/?x=%", "/caf%C3%A9"]) {
    const exchange = exchangeOf(path);
    assertEquals(await refusalBy(refuseUnreadablePaths, exchange), undefined);
    assertEquals(exchange.request.url, ORIGIN + path);
  }
});

Deno.test("dropTrailingSlash: a page has one address, to which the other leads for good", async () => {
  const led: [from: string, to: string][] = [
    ["/tickets/", "/tickets"],
    ["/tickets/INC-1/?view=source&x=%20", "/tickets/INC-1?view=source&x=%20"],
    ["/healthz///", "/healthz"],
    ["//evil.example/", "/evil.example"],
    ["/\\evil.example/", "/evil.example"],
    ["//", "/"],
  ];
  for (const [from, to] of led) {
    const response = await dropTrailingSlash(exchangeOf(from, { method: "POST" }), ok);
    assertEquals([from, response.status, response.headers.get("location")], [from, 308, to]);
  }
  for (const path of ["/", "/?x=/", "/tickets", "/v1/", "/v1/tickets/"]) {
    assertEquals([path, (await dropTrailingSlash(exchangeOf(path), ok)).status], [path, 200]);
  }
});

Deno.test("dropPartial: a page is whole, whatever the query asks for", async () => {
  const led: [from: string, to: string][] = [
    ["/tickets?fresh-partial", "/tickets"],
    ["/tickets?fresh-partial=", "/tickets"],
    ["/tickets?fresh-partial=true&fresh-partial=1", "/tickets"],
    ["/tickets?fresh%2Dpartial=false&view=a%20b", "/tickets?view=a+b"],
    ["/tickets?q=fresh-partial&fresh-partial=x&page=2", "/tickets?q=fresh-partial&page=2"],
    ["//evil.example?fresh-partial", "/evil.example"],
  ];
  for (const [from, to] of led) {
    const response = await dropPartial(exchangeOf(from, { method: "POST" }), ok);
    assertEquals([from, response.status, response.headers.get("location")], [from, 308, to]);
  }
  for (const path of ["/", "/tickets?q=fresh-partial", "/tickets?Fresh-Partial=1", "/v1/me?fresh-partial"]) {
    assertEquals([path, (await dropPartial(exchangeOf(path), ok)).status], [path, 200]);
  }
});

Deno.test("cookiesOf: what is no cookie is left out, and no header throws", () => {
  const headers: [header: string | undefined, cookies: Record<string, string>][] = [
    [undefined, {}],
    ["", {}],
    ["=x", {}],
    [";", {}],
    ["a=1;", { a: "1" }],
    ["=x; a=1;; b=2=3; =y", { a: "1", b: "2=3" }],
    ["  a=1;b = 2", { a: "1", b: " 2" }],
    ["flag; a=1", { flag: "", a: "1" }],
    ["__proto__=x", JSON.parse('{"__proto__":"x"}')],
  ];
  for (const [header, cookies] of headers) {
    const init = header === undefined ? {} : { headers: { cookie: header } };
    assertEquals({ ...cookiesOf(new Request(ORIGIN, init)) }, { ...cookies });
  }
});

/** The code of the refusal that a check gives, if any. */
async function refusalBy(step: Step, exchange: Exchange): Promise<string | undefined> {
  await step(exchange, ok);
  return exchange.incoming.refusal?.code;
}

Deno.test("limitNetwork: a network has one budget, whatever its clients are", async () => {
  const shared = services({ RATE_LIMIT_SCALE: "0.0005" });
  const take = async (hostname: string) => {
    const request = new Request(ORIGIN);
    const info = { remoteAddr: { transport: "tcp", hostname, port: 1 } } as Deno.ServeHandlerInfo;
    const incoming = identify(request, info, shared);
    return [await refusalBy(limitNetwork, { request, path: "/", incoming }), incoming.refusal?.message];
  };
  for (let i = 0; i < 3; i++) assertEquals(await take("2001:db8::1"), [undefined, undefined]);
  assertEquals(await take("2001:db8::2"), ["rate_limited", "Try again in 60 seconds"]);
  assertEquals(await take("2001:db8:1::1"), [undefined, undefined]);
});

Deno.test("allowMethods: refuses what nothing here answers", async () => {
  for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    assertEquals(await refusalBy(allowMethods, exchangeOf("/", { method })), undefined);
  }
  for (const method of ["PROPFIND", "PURGE", "get2"]) {
    assertEquals(await refusalBy(allowMethods, exchangeOf("/", { method })), "method_not_allowed");
  }
});

Deno.test("requireSameOrigin: an unsafe request of a browser comes from our pages or carries a token", async () => {
  const env = { CORS_ORIGINS: "https://app.example" };
  const of = (path: string, headers: Record<string, string>, method = "POST") =>
    refusalBy(requireSameOrigin, exchangeOf(path, { method, headers }, env));
  const cookie = "session=x";
  assertEquals(await of("/theme", { cookie }), "cross_origin");
  assertEquals(await of("/theme", { cookie }, "GET"), undefined);
  assertEquals(await of("/theme", { cookie, "sec-fetch-site": "same-site" }), "cross_origin");
  assertEquals(await of("/theme", { cookie, "sec-fetch-site": "same-origin" }), undefined);
  assertEquals(await of("/theme", { cookie, origin: ORIGIN }), undefined);
  assertEquals(await of("/theme", { cookie, authorization: "Bearer x" }), "cross_origin");
  assertEquals(await of("/theme", {}), undefined);
  assertEquals(await of("/v1/tickets", { cookie, authorization: "Bearer x" }), undefined);
  assertEquals(await of("/v1/auth/login", { origin: "https://app.example" }), undefined);
  assertEquals(await of("/v1/auth/login", { origin: "https://app.example", cookie }), "cross_origin");
  assertEquals(await of("/v1/webhooks/resend", { cookie }), undefined);
});

Deno.test("readBodies: a body is read whole under a limit, a form with files when it is asked for", async () => {
  const plain = exchangeOf("/x", { method: "POST", body: "a=b" });
  assertEquals(await refusalBy(readBodies, plain), undefined);
  assertEquals(await plain.request.text(), "a=b");
  const long = exchangeOf("/x", { method: "POST", body: "a".repeat(512 * 1024 + 1) });
  assertEquals(await refusalBy(readBodies, long), "too_large");

  const form = new FormData();
  form.set("title", "Printer");
  const multipart = exchangeOf("/x", { method: "POST", body: form });
  const original = multipart.request;
  assertEquals(await refusalBy(readBodies, multipart), undefined);
  assertEquals(original.bodyUsed, false);
  assertEquals(unreadRequest(multipart.request), original);
  assertEquals((await multipart.request.formData()).get("title"), "Printer");
  form.set("title", "a".repeat(512 * 1024));
  const longForm = exchangeOf("/x", { method: "POST", body: form });
  assertEquals(await refusalBy(readBodies, longForm), undefined);
  const error = await longForm.request.formData().catch((error: unknown) => error);
  assert(error instanceof DomainError && error.code === "too_large", `${error}`);
});

Deno.test("replaceUnrefused: what answers a refused request as if nothing were wrong is replaced", async () => {
  const refused = () => {
    const exchange = exchangeOf("/styles.css");
    exchange.incoming.refusal = new DomainError("method_not_allowed");
    return exchange;
  };
  const replaced = await replaceUnrefused(refused(), ok);
  assertEquals(replaced.status, 405);
  assertEquals(replaced.headers.get("allow"), "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  const page = await replaceUnrefused(
    refused(),
    () => Promise.resolve(new Response("page", { status: 405 })),
  );
  assertEquals(await page.text(), "page");
  assertEquals((await replaceUnrefused(exchangeOf("/"), ok)).status, 200);
});

Deno.test("requireKnownHost: on this machine no name but its own is answered (DNS rebinding)", async () => {
  const refused = async (url: string, env: Record<string, string>, init: RequestInit = {}) => {
    const request = new Request(url, init);
    const incoming = identify(request, INFO, services(env));
    await requireKnownHost({ request, path: new URL(url).pathname, incoming }, ok);
    return incoming.refusal?.status;
  };
  const local = { PUBLIC_URL: "http://localhost:8000" };
  for (
    const host of ["localhost:8000", "127.0.0.1:8000", "127.8.9.1", "[::1]:8000", "192.0.2.7", "LOCALHOST"]
  ) {
    assertEquals([host, await refused(`http://${host}/v1/me`, local)], [host, undefined]);
  }
  const headers = { origin: "http://evil.example:8000", "sec-fetch-site": "same-origin" };
  for (
    const host of [
      "evil.example:8000",
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "evil",
      "localhost.",
    ]
  ) {
    for (const method of ["GET", "POST", "HEAD"]) {
      const status = await refused(`http://${host}/v1/auth/login`, local, { method, headers });
      assertEquals([host, status], [host, 400]);
    }
    assertEquals(await refused(`http://${host}/healthz`, local), undefined);
  }
  assertEquals(await refused("http://evil.example/", { PUBLIC_URL: "http://127.0.0.1:8000" }), 400);
  // Elsewhere PUBLIC_URL is what an Origin is compared with, and a proxy may ask by a name of its own.
  assertEquals(await refused("http://servicehub:8000/v1/me", {}), undefined);
});

Deno.test("the edge: refusals reach the app with the request, and every answer is logged with its headers", async () => {
  const answers: (string | undefined)[] = [];
  const handler = edge(services(), (request) => {
    const { refusal } = incomingOf(request);
    answers.push(refusal?.code);
    if (new URL(request.url).pathname === "/fault") throw new Error("fault");
    return new Response("page", { status: refusal?.status ?? 200 });
  });
  const lines = await logged(async () => {
    const post = { method: "POST", body: "x", headers: { cookie: "a=b" } };
    for (const [path, init] of [["/", {}], ["/", post], ["/fault", {}]] as const) {
      const response = await handler(new Request(ORIGIN + path, init), INFO);
      assertEquals(response.headers.get("x-frame-options"), "DENY");
      await response.body?.cancel();
    }
    // What a Host header of nonsense gives.
    const broken = Object.defineProperty(new Request(ORIGIN), "url", { value: "http://a b/" });
    const response = await handler(broken, INFO);
    assertEquals([response.status, response.headers.get("x-frame-options")], [400, "DENY"]);
  });
  assertEquals(answers, [undefined, "cross_origin", undefined]);
  assertEquals(
    lines.filter(({ message }) => message === "request").map(({ status }) => status),
    [200, 403, 500, 400],
  );
});
