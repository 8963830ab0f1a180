import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import { openDesk } from "@/tests/helpers/desk.ts";

Deno.test("CHK-31 a network that floods gets 429 on pages and /v1 alike, whoever it says it is", async () => {
  const desk = await openDesk({ RATE_LIMIT_SCALE: "0.005", CORS_ORIGINS: "https://tools.example" });
  try {
    const statuses: number[] = [];
    let last: Response | undefined;
    for (let i = 0; i < 40; i++) {
      const uuid = crypto.randomUUID();
      last = await desk.fetch(
        new Request(`http://localhost:8000${i % 2 ? "/sign-in" : "/v1/me"}`, {
          headers: { cookie: `session=${uuid}.${uuid}.${"a".repeat(43)}` },
        }),
      );
      statuses.push(last.status);
      await last.body?.cancel();
    }
    assertEquals(statuses.slice(-10), Array(10).fill(429));
    assert(Number(last!.headers.get("retry-after")) >= 1);
  } finally {
    await desk[Symbol.asyncDispose]();
  }
});

Deno.test("A program of an allowed origin may sign in, of another not", async () => {
  const desk = await openDesk({ CORS_ORIGINS: "https://tools.example" });
  try {
    const signIn = async (origin: string) => {
      const response = await desk.fetch(
        new Request("http://localhost:8000/v1/auth/login", {
          method: "POST",
          headers: { origin, "sec-fetch-site": "cross-site", "content-type": "application/json" },
          body: JSON.stringify({ email: "nobody@works.example", password: "a quiet harbour" }),
        }),
      );
      await response.body?.cancel();
      return [response.status, response.headers.get("access-control-allow-origin")];
    };
    assertEquals(await signIn("https://tools.example"), [401, "https://tools.example"]);
    assertEquals(await signIn("https://evil.example"), [403, null]);
  } finally {
    await desk[Symbol.asyncDispose]();
  }
});

Deno.test("/v1/docs lists every operation and links the document", async () => {
  const desk = await openDesk();
  try {
    const response = await desk.fetch(new Request("http://localhost:8000/v1/docs"));
    const text = await response.text();
    assertEquals(response.status, 200);
    assert(text.includes("/v1/openapi.json") && text.includes("POST /v1/tickets/{id}/comments"));
    const { body } = await desk.client().get("/openapi.json");
    assertEquals(Object.keys(body.components.securitySchemes), ["bearer", "session"]);
    const names = body.paths["/v1/tickets"].post.parameters.map(({ name }: { name: string }) => name);
    assertEquals(names, ["idempotency-key"]);
  } finally {
    await desk[Symbol.asyncDispose]();
  }
});

Deno.test("V10 made-up session cookies share the limit of their address and add no keys; a real session keeps its own", async () => {
  const desk = await openDesk({ RATE_LIMIT_SCALE: "0.05" });
  try {
    const keys = new Set<string>();
    const { limiter } = desk.services;
    const take = limiter.take.bind(limiter);
    limiter.take = (key, budget) => {
      keys.add(key);
      return take(key, budget);
    };
    const browser = await PageClient.signedIn(await desk.register());
    assertEquals((await browser.get("/home")).status, 200);
    const own = `session=${browser.cookies.get("session")}`;
    const before = keys.size;
    const ask = async (cookie: string) => {
      const response = await desk.fetch(new Request("http://localhost:8000/v1/me", { headers: { cookie } }));
      await response.body?.cancel();
      return response;
    };
    const statuses: number[] = [];
    for (let i = 0; i < 60; i++) {
      const [tenant, session] = [crypto.randomUUID(), crypto.randomUUID()];
      statuses.push((await ask(`session=${tenant}.${session}.${"A".repeat(43)}`)).status);
    }
    assertEquals(new Set(statuses.slice(6)), new Set([429]));
    assertEquals(keys.size, before);
    // The session's own id with another secret proves nothing either.
    assertEquals((await ask(own.slice(0, -1) + (own.endsWith("A") ? "B" : "A"))).status, 429);
    const mine = await ask(own);
    assertEquals([mine.status, mine.headers.get("ratelimit-policy")], [200, '"session";q=30;w=60']);
  } finally {
    await desk[Symbol.asyncDispose]();
  }
});
