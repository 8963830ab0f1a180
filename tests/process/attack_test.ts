import { readAccounts, readOptions } from "@/cli/attack/options.ts";
import { CannotRun } from "@/cli/attack/wire.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { flagsOf } from "@/tests/helpers/deno.ts";
import { type Front, type Holes, startFront } from "@/tests/helpers/leaking_front.ts";
import { freePort, startServer } from "@/tests/helpers/server.ts";
import { type Ended, post, program } from "./support.ts";

const server = await startServer({ env: { RATE_LIMIT_SCALE: "1000", SIGNUP: "open", LOG_LEVEL: "warn" } });
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());

async function attack(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return await program(["run", ...flagsOf("attack"), "cli/attack.ts", ...args], env);
}

interface Finding {
  method: string;
  path: string;
  role: string;
  expected: string;
  got: string;
}

Deno.test("CHK-07 CHK-08 CHK-09 CHK-11 an installation of ours withstands the attack, which says what it did and what it leaves", async () => {
  const { code, stdout, stderr } = await attack(["--url", server.url]);
  assertEquals([code, stderr], [0, []]);
  const [, probes, findings] = /^(\d[\d,]*) probes, (\d+) findings \(\d+ requests, \d+ s\)$/.exec(
    stdout.at(-1)!,
  )!;
  assertEquals(findings, "0");
  assert(Number(probes) > 1000, stdout.join("\n"));
  assert(
    /^Attacking 1\d\d operations of .* Takes about 1 to 3 minutes, at most 15$/.test(stdout[0]!),
    stdout[0],
  );
  const told = (start: string) => stdout.filter((line) => line.startsWith(start)).length;
  assertEquals([told("FOUND"), told("Left behind: The organisation")], [0, 2]);
});

/** An organisation with an admin, as somebody makes one for the attack. */
async function made(name: string): Promise<{ token: string; id: string; env: string }> {
  const [email, password] = [`admin@${name}.example`, "a quiet harbour at dawn"];
  const answer = await post(`${server.url}/v1/auth/register`, {
    organisation: name,
    name: "Ada Admin",
    email,
    password,
  });
  const { accessToken, tenant, user } = await answer.json();
  const env = JSON.stringify({ organisation: tenant.slug, ADMIN: [email, password] });
  return { token: accessToken, id: user.id, env };
}

async function read(path: string, token: string): Promise<Response> {
  return await fetch(`${server.url}/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
}

interface Organisation {
  token: string;
  id: string;
}

/** Somebody of the organisation, with the account as the attack takes it. */
async function lent({ token }: Organisation, role: string): Promise<{ token: string; account: string[] }> {
  const [email, password] = [`${role.toLowerCase()}@lent.example`, "a quiet harbour at dawn"];
  const invited = await post(`${server.url}/v1/invitations`, { email, name: "Lea Lent", role }, token);
  const { acceptUrl } = await invited.json();
  const accepted = await post(`${server.url}/v1/auth/invitations/accept`, {
    token: acceptUrl.split("/").pop(),
    name: "Lea Lent",
    password,
  });
  return { token: (await accepted.json()).accessToken, account: [email, password] };
}

// deno-lint-ignore no-explicit-any -- things have every shape
type Thing = any;

async function itemsOf(path: string, token: string): Promise<Thing[]> {
  return (await (await read(`${path}?limit=100`, token)).json()).items;
}

/** What an organisation has of its own, beside what the attack leaves archived. */
async function ownThings(token: string, agent: string): Promise<Record<string, unknown>> {
  const kept = async (path: string, by = token) =>
    (await itemsOf(path, by)).filter((one: Thing) => !one.archived)
      .map(({ name, title, version, position }: Thing) => [name ?? title, version, position]);
  return {
    calendars: await kept("/calendars"),
    policies: await kept("/sla-policies"),
    categories: await kept("/categories"),
    catalog: await kept("/catalog"),
    views: [await kept("/views"), await kept("/views", agent)],
    replies: await kept("/canned-replies", agent),
    unread: (await itemsOf("/notifications", agent)).filter((one: Thing) => one.readAt === null)
      .map((one: Thing) => one.ticket?.title).filter((title: string) => title === "Of their own"),
  };
}

/** Operations and pages at which there are holes. */
const LEAKING = [
  "/admin/audit",
  "/queues/[queue]",
  "/audit",
  "/categories/{id}",
  "/queues/{id}",
  "/tags",
  "/tickets",
  "/tickets/{id}",
  "/views",
];

/** Operations that could change what is the organisation's own. */
const TOUCHING = [
  "/calendars/{id}",
  "/sla-policies/{id}",
  "/sla-policies",
  "/catalog/order",
  "/categories/order",
  "/canned-replies",
  "/notifications/read",
  "/me/sessions",
  "/outbox/retry",
  "/outbox/{id}/retry",
];

interface Seen {
  signIns: number;
  /** Who asked to send what again. */
  retries: string[];
}

/** The holes before a server. */
function holes(ours: Organisation, theirs: Organisation, elsewhere: string, seen: Seen): Holes {
  const asOurs = { authorization: `Bearer ${ours.token}` };
  const asTheirs = { authorization: `Bearer ${theirs.token}` };
  const roles = new Map<string, string>();
  let refused = false;
  let adminCookie = "";
  const isTheirs = async (path: string) => {
    const answer = await read(path, theirs.token);
    await answer.body?.cancel();
    return answer.status === 200;
  };
  return {
    async before(request, ask) {
      const { pathname } = new URL(request.url);
      const token = request.headers.get("authorization");
      if (/^\/v1\/outbox\/.*retry$/.test(pathname)) {
        seen.retries.push(`${roles.get(token ?? "") ?? "nobody"} ${pathname}`);
      }
      if (!refused) {
        refused = true;
        return new Response("Slow down", { status: 429, headers: { "retry-after": "1" } });
      }
      // Registration is closed, so the attack can only take what it was given.
      if (pathname === "/v1/auth/register") return Response.json({ detail: "Closed" }, { status: 403 });
      if (pathname === "/v1/audit" && roles.get(token ?? "") === "REQUESTER") {
        return await ask(request, asOurs);
      }
      if (pathname === "/admin/audit") return await ask(request, { cookie: adminCookie });
      if (pathname === "/v1/tags" && token === null) return await ask(request, asOurs);
      if (pathname === "/v1/me" && token?.endsWith(".")) return await ask(request, asOurs);
      if (pathname === "/v1/views" && request.headers.has("cookie")) {
        return await ask(request, { "sec-fetch-site": "same-origin" });
      }
      return undefined;
    },
    async after(request, answer, ask) {
      const { pathname } = new URL(request.url);
      const what = `${request.method} ${pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "ID")}`;
      if (what === "POST /v1/auth/invitations/accept" || what === "POST /v1/auth/login") {
        const { accessToken, user } = await answer.clone().json();
        if (user) roles.set(`Bearer ${accessToken}`, user.role);
        // The second admin has to sign in once more.
        if (what.endsWith("login") && user?.role === "ADMIN" && ++seen.signIns === 2) {
          return Response.json({ ...await answer.json(), expiresIn: 60 });
        }
      }
      if (what === "GET /v1/tickets/ID" && answer.status === 404) return await ask(request, asTheirs);
      if (/^GET (\/v1)?\/queues\/ID$/.test(what) && answer.status === 404) {
        const isForeign = await isTheirs(pathname.replace(/^\/v1/, ""));
        return isForeign ? Response.json({ status: 403 }, { status: 403 }) : answer;
      }
      // Refused, and done all the same.
      if (what === "PATCH /v1/categories/ID" && answer.status === 404) await ask(request, asTheirs);
      if (what === "POST /v1/tickets" && answer.status === 422) {
        const { queueId } = await request.clone().json();
        if (queueId && await isTheirs(`/queues/${queueId}`)) {
          return Response.json({ status: 422, errors: [{ path: "queueId", message: "Elsewhere" }] }, {
            status: 422,
          });
        }
      }
      if (what === "GET /nowhere") {
        const headers = new Headers(answer.headers);
        headers.set("location", elsewhere);
        return new Response(answer.body, { status: 302, headers });
      }
      if (what === "GET /healthz") {
        const headers = new Headers(answer.headers);
        headers.delete("x-content-type-options");
        return new Response(answer.body, { status: answer.status, headers });
      }
      if (what === "POST /sign-in") {
        const headers = new Headers(answer.headers);
        const cookies = headers.getSetCookie();
        const isAdmin = (await request.clone().formData()).get("email") === "admin@front-works.example";
        if (isAdmin) adminCookie = cookies.find((one) => one.startsWith("session="))!.split(";")[0]!;
        headers.delete("set-cookie");
        for (const one of cookies) headers.append("set-cookie", one.replace(/HttpOnly/i, "Partitioned"));
        return new Response(answer.body, { status: answer.status, headers });
      }
      return answer;
    },
  };
}

Deno.test("CHK-07 CHK-08 CHK-09 CHK-11 holes between organisations and between roles are found, with accounts that were given, and cleaned up after", async () => {
  const [ours, theirs] = [await made("front-works"), await made("back-works")];
  // As an earlier attack leaves it.
  await post(`${server.url}/v1/categories`, { name: "Cables" }, ours.token);
  await post(`${server.url}/v1/categories`, { name: "Adapters" }, ours.token);
  for (const name of ["Spanner", "Drill"]) await post(`${server.url}/v1/catalog`, { name }, ours.token);
  const agent = await lent(ours, "AGENT");
  const { id: agentId } = await (await read("/me", agent.token)).json();
  const raised = await post(
    `${server.url}/v1/tickets`,
    { title: "Of their own", description: "" },
    ours.token,
  );
  const { id: own, version } = await raised.json();
  const assigned = await fetch(`${server.url}/v1/tickets/${own}/assignment`, {
    method: "PUT",
    headers: { "content-type": "application/json", authorization: `Bearer ${ours.token}` },
    body: JSON.stringify({ version, assigneeId: agentId }),
  });
  assertEquals(assigned.status, 200);
  const before = await ownThings(ours.token, agent.token);
  assertEquals(before.unread, ["Of their own"]);
  const seen: Seen = { signIns: 0, retries: [] };
  let led = 0;
  await using elsewhere: Front = startFront(server.url, { before: () => (led++, new Response("here")) });
  await using front = startFront(server.url, holes(ours, theirs, elsewhere.url, seen));
  const env = {
    ATTACK_A: JSON.stringify({ ...JSON.parse(ours.env), AGENT: agent.account }),
    ATTACK_B: theirs.env,
  };
  const only = [...LEAKING, ...TOUCHING].flatMap((path) => ["--only", path]);
  const { code, stdout, stderr } = await attack(["--url", front.url, "--json", ...only], env);
  const result = JSON.parse(stdout.join("\n"));
  assertEquals([code, result.error], [1, null]);
  assertEquals(result.skipped, [
    "ids of what can't be made through /v1: suppressed",
    "what would touch more than the attack made, by whoever may do it: delete /me/sessions, post /outbox/retry",
  ]);
  assertEquals(await ownThings(ours.token, agent.token), before);
  const emails = (await itemsOf("/outbox", ours.token)).map(({ id }: Thing) => id);
  const retries = seen.retries.filter((one) =>
    /^ADMIN/.test(one) && (/outbox\/retry/.test(one) || emails.some((id: string) => one.includes(id)))
  );
  assertEquals([retries, seen.retries.includes("AGENT /v1/outbox/retry")], [[], true]);
  const found = (result.findings as Finding[]).map(({ method, path, role }) => {
    const steady = path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID").replace(/cookie \w+/, "cookie");
    return `${method} ${steady} as ${role}`;
  });
  const everyRole = (what: string) =>
    ["REQUESTER", "AGENT", "MANAGER", "ADMIN"].map((role) => `${what} as ${role}`);
  const expected = [
    ...everyRole("GET /v1/tickets/{id} (id)"),
    // The ticket's words came as well.
    ...everyRole("GET /v1/tickets/ID"),
    ...everyRole("GET /v1/queues/{id} (id)").slice(1),
    ...everyRole("POST /v1/tickets (queueId)"),
    "GET /v1/categories/{id} as the other organisation's ADMIN",
    "GET /v1/audit as REQUESTER",
    ...everyRole("GET /admin/audit").slice(0, 3),
    "GET /admin/audit as nobody",
    "GET /queues/[queue] (queue) as ADMIN",
    "GET /v1/tags as nobody",
  ];
  assertEquals(expected.filter((one) => !found.includes(one)), []);
  assert(found.some((one) => one.startsWith("POST /v1/views as another site")), found.join("\n"));
  assert(found.some((one) => one.includes("a forged token (no algorithm)")), found.join("\n"));
  assert(found.includes("POST /sign-in (cookie) as anyone"), found.join("\n"));
  assert(found.includes("GET /healthz as nobody"), found.join("\n"));
  const innocent = found.filter((one) =>
    !expected.includes(one) &&
    !/another site|forged token|\/sign-in|\/healthz|the other organisation's ADMIN/.test(one)
  );
  assertEquals(innocent, []);
  assertEquals(seen.signIns, 3);
  assert(led === 0, "it went where a redirect led");
  assert(front.times[1]! - front.times[0]! >= 1000, "it didn't wait as long as it was asked to");
  assert(stderr.some((line) => line.startsWith("FOUND GET /v1/tickets/{id} (id) as ")), stderr.join("\n"));
  for (
    const { token, ids, ticket } of [
      { ...ours, ids: [ours.id, agentId], ticket: own },
      { ...theirs, ids: [theirs.id], ticket: null },
    ]
  ) {
    const { items: people } = await (await read("/users?limit=100", token)).json();
    assertEquals(
      people.filter((one: { active: boolean }) => one.active).map((one: { id: string }) => one.id).sort(),
      ids.sort(),
    );
    const { items: tickets } = await (await read("/tickets?limit=100", token)).json();
    const open = tickets.filter(({ id, status }: { id: string; status: string }) =>
      id !== ticket && !["cancelled", "closed"].includes(status)
    );
    assertEquals([tickets.length >= 2, open], [true, []]);
    assertEquals((await (await read("/webhook-endpoints", token)).json()).items, []);
    assertEquals((await (await read("/me/sessions", token)).json()).items.length, 1);
    assertEquals((await (await read("/queues", token)).json()).items.length, 1);
  }
});

Deno.test("what it can't do without is told, with exit code 2", async () => {
  const works = await made("mail-works");
  // As where emails are sent: nobody but their reader has the link.
  await using mailing = startFront(server.url, {
    async after({ url }, answer) {
      if (!url.endsWith("/v1/invitations")) return answer;
      const { acceptUrl: _, ...invitation } = await answer.json();
      return Response.json(invitation, {
        status: answer.status,
        headers: { location: answer.headers.get("location")! },
      });
    },
  });
  await using closed = startFront(server.url, {
    before: ({ url }) =>
      url.endsWith("/register") ? Response.json({ detail: "Ask somebody" }, { status: 403 }) : undefined,
  });
  const nobody = `http://localhost:${freePort()}`;
  const cases: [string[], Record<string, string>, RegExp][] = [
    [["--url", nobody], {}, /doesn't answer GET \/v1\/openapi\.json/],
    [["--url", closed.url], {}, /can't be registered \(403 Ask somebody\).*ATTACK_A/],
    [["--url", mailing.url], { ATTACK_A: works.env }, /it sends emails.*ATTACK_A/],
  ];
  const wrong = await Promise.all(cases.map(async ([args, env, told]) => {
    const { code, stderr } = await attack(args, env);
    return code === 2 && told.test(stderr.join("\n")) ? null : `${args} ${code} ${stderr.join("\n")}`;
  }));
  assertEquals(wrong.filter(Boolean), []);
  const invitations = await (await read("/invitations", works.token)).json();
  assertEquals(invitations.items.map(({ state }: { state: string }) => state), ["revoked"]);
});

Deno.test("odd arguments and accounts of an attack are refused, without a password in the message", () => {
  const told = (run: () => unknown) => {
    try {
      return run();
    } catch (error) {
      return error instanceof CannotRun ? error.message : error;
    }
  };
  const url = ["--url", "https://desk.example"];
  const arguments_: [string[], string][] = [
    [["--url", "desk.example"], "Say which installation: --url https://desk.example"],
    [["--url", "https://desk.example/v1"], "Say which installation: --url https://desk.example"],
    [["--url", "file:///etc"], "Say which installation: --url https://desk.example"],
    [[...url, "--minutes", "0"], "--minutes must be a number up to 120"],
    [[...url, "--minutes", "soon"], "--minutes must be a number up to 120"],
  ];
  for (const [args, message] of arguments_) assertEquals(told(() => readOptions(args)), message);
  assert(/--fast/.test(String(told(() => readOptions([...url, "--fast"])))));
  assertEquals(readOptions([...url, "--only", "/me", "--only", "/tags"])?.only, ["/me", "/tags"]);
  const accounts: [string, string][] = [
    ["{", "ATTACK_A must be a JSON object"],
    ["[]", "ATTACK_A must be a JSON object"],
    ['{"organisation": "a"}', 'ATTACK_A must name an "organisation" and its "ADMIN"'],
    ['{"ADMIN": ["a@b.example", "hush hush"]}', 'ATTACK_A must name an "organisation" and its "ADMIN"'],
    [
      '{"organisation": "a", "OWNER": ["a", "b"]}',
      'ATTACK_A: "OWNER" must be a role with ["address", "password"]',
    ],
    [
      '{"organisation": "a", "ADMIN": "hush"}',
      'ATTACK_A: "ADMIN" must be a role with ["address", "password"]',
    ],
  ];
  for (const [text, message] of accounts) assertEquals(told(() => readAccounts("ATTACK_A", text)), message);
  assertEquals(readAccounts("ATTACK_A", undefined), undefined);
});
