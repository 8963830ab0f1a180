import type { z } from "zod";
import { OPERATIONS } from "@/api/app.ts";
import type { AnyOperation } from "@/api/operation.ts";
import { isSpared, roleFault, ROLES_OF } from "@/cli/attack/roles.ts";
import { BODY_IDS, idsFor, KIND_OF_FIELD, placesIn } from "@/cli/attack/things.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Answer, Client } from "@/tests/helpers/client.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import {
  bodyOf,
  BY_NAME,
  furnish,
  kindOf,
  nameOf,
  pathOf,
  ROLE_NAMES,
} from "@/tests/helpers/organisations.ts";

const desk = await openDesk({ RESEND_WEBHOOK_SECRET: `whsec_${"A".repeat(43)}=` });
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
const ours = await furnish(desk, "Harbour Works");
const theirs = await furnish(desk, "Other Works");
const UNKNOWN = "01940000-0000-7000-8000-000000000000";

async function call(client: Client, operation: AnyOperation, path: string, body?: unknown): Promise<Answer> {
  const method = operation.method.toUpperCase();
  return await client.api(
    method,
    path,
    operation.body ? { body: body ?? bodyOf(nameOf(operation), ours.ids) } : {},
  );
}

Deno.test("CHK-11 the matrix names every operation, and no other", () => {
  assertEquals(Object.keys(ROLES_OF).sort(), [...BY_NAME.keys()].sort());
});

Deno.test("CHK-11 each role may do what the matrix says, and nobody else", async () => {
  const wrong: string[] = [];
  for (const [name, who] of Object.entries(ROLES_OF)) {
    if (who === "public") continue;
    const operation = BY_NAME.get(name)!;
    const nobody = desk.client();
    const path = pathOf(operation, idsFor(operation, ours.ids));
    const anonymous = await call(nobody, operation, path);
    if (anonymous.status !== 401) wrong.push(`${name} anonymous: ${anonymous.status}`);
    for (const role of ROLE_NAMES) {
      const asked = isSpared(name) ? pathOf(operation, { id: UNKNOWN, userId: UNKNOWN }) : path;
      const { status } = await call(ours.people[role], operation, asked);
      if (roleFault(role, name, status)) wrong.push(`${name} ${role}: ${status}`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("CHK-07 foreign ids answer like unknown ids", async () => {
  const wrong: string[] = [];
  let asked = 0;
  for (const operation of OPERATIONS) {
    for (const place of placesIn(operation)) {
      const right = idsFor(operation, ours.ids);
      const foreign = idsFor(operation, theirs.ids);
      const foreignId = foreign[place];
      const answers: string[] = [];
      for (const id of [foreignId, UNKNOWN]) {
        const answer = await call(ours.people.ADMIN, operation, pathOf(operation, { ...right, [place]: id }));
        asked++;
        if (answer.status !== 404) wrong.push(`${nameOf(operation)} ${place}: ${answer.status}`);
        answers.push(answer.text.replaceAll(id, "ID").replace(answer.body?.requestId ?? "-", "REQUEST"));
      }
      if (answers[0] !== answers[1]) wrong.push(`${nameOf(operation)} ${place}: ${answers.join(" | ")}`);
    }
  }
  assertEquals(wrong, []);
  assert(asked >= 30);
});

Deno.test("CHK-08 the table names every field of a body that takes an id", () => {
  const found: Record<string, string[]> = {};
  for (const [name, { body }] of BY_NAME) {
    const fields = Object.keys((body as z.ZodObject | undefined)?.shape ?? {}).filter((field) =>
      /Ids?$/.test(field)
    );
    if (fields.length > 0) found[name] = fields.sort();
  }
  assertEquals(
    found,
    BODY_IDS,
  );
});

Deno.test("CHK-08 foreign ids in bodies are refused with the text of unknown ones, and change nothing", async () => {
  const wrong: string[] = [];
  for (const [name, fields] of Object.entries(BODY_IDS)) {
    const operation = BY_NAME.get(name)!;
    const of = kindOf(operation);
    for (const field of fields) {
      const texts: string[] = [];
      for (const id of [theirs.ids[KIND_OF_FIELD[field]!], UNKNOWN]) {
        const raised = await ours.people.ADMIN.post("/tickets", { title: "Fresh", description: "" });
        const path = pathOf(operation, {
          id: of === "ticket" ? raised.body.id : of ? ours.ids[of] : "",
          userId: "",
        });
        const current = of && of !== "ticket" ? await ours.people.ADMIN.get(path) : raised;
        const version = { version: current.body.version };
        const value = field.endsWith("Ids") ? [id] : id;
        const body = { ...bodyOf(name, ours.ids) as object, ...version, [field]: value };
        const answer = await call(ours.people.ADMIN, operation, path, body);
        if (answer.status !== 422) wrong.push(`${name} ${field}: ${answer.status} ${answer.text}`);
        texts.push(JSON.stringify(answer.body.errors));
        if (of === "ticket") {
          const after = await ours.people.ADMIN.get(`/tickets/${raised.body.id}`);
          assertEquals(after.body.version, raised.body.version);
        }
      }
      if (texts[0] !== texts[1]) wrong.push(`${name} ${field}: ${texts.join(" | ")}`);
    }
  }
  assertEquals(wrong, []);
});

function isProblem(answer: Answer): boolean {
  const { body, status } = answer;
  return answer.type === "application/problem+json" && body.status === status &&
    /^\/problems\/\w+$/.test(body.type) &&
    typeof body.title === "string" && body.requestId === answer.headers.get("x-request-id") &&
    !/\bat \S+:\d+|select |insert |update |node_modules|\.ts\b/i.test(answer.text);
}

Deno.test("CHK-38 every refusal under /v1 is problem+json without stack or SQL", async () => {
  const wrong: string[] = [];
  let refusals = 0;
  const admin = ours.people.ADMIN;
  const check = (what: string, answer: Answer, status?: number) => {
    if (status !== undefined && answer.status !== status) {
      wrong.push(`${what}: ${answer.status}, not ${status}`);
    }
    if (answer.status < 400) return;
    refusals++;
    if (!isProblem(answer)) wrong.push(`${what}: ${answer.status} ${answer.type} ${answer.text}`);
  };
  for (const operation of OPERATIONS) {
    const name = nameOf(operation);
    const path = pathOf(operation, { id: UNKNOWN, userId: UNKNOWN });
    const method = operation.method.toUpperCase();
    // Whoever signs has no token, and no body is looked at before its signature.
    const signed = operation.access === "public" && operation.signed;
    const or = (status: number) => signed ? 401 : status;
    check(
      `${name} forged token`,
      await desk.client().api(method, path, { headers: { authorization: "Bearer x.y.z" } }),
      401,
    );
    if (!operation.body) continue;
    check(`${name} no JSON`, await admin.api(method, path, { body: "{" }), or(400));
    check(
      `${name} other type`,
      await admin.api(method, path, { body: "a=1", headers: { "content-type": "text/plain" } }),
      or(415),
    );
    check(
      `${name} wrong types`,
      await admin.api(method, path, {
        body: { title: 7, name: [], email: {}, body: 1, to: 3, version: "x" },
      }),
    );
    check(`${name} an array`, await admin.api(method, path, { body: [] }));
  }
  check("unknown path", await admin.get("/nothing/here"), 404);
  check("unknown method", await admin.api("PUT", "/tickets"), 405);
  check("the root", await admin.get(""), 404);
  check("unknown filter value", await admin.get("/tickets?status=odd"), 422);
  check("too many", await admin.get("/tickets?limit=101"), 422);
  check("bad cursor", await admin.get("/tickets?cursor=AAAA"), 422);
  assertEquals(wrong, []);
  assert(refusals > 100, `${refusals} refusals`);
});

Deno.test("CHK-33 a body over the limit is 413, also when its length isn't told", async () => {
  const admin = ours.people.ADMIN;
  const big = JSON.stringify({ title: "x", description: "y".repeat(600 * 1024) });
  assertEquals((await admin.api("POST", "/tickets", { body: big })).status, 413);
  const chunk = new TextEncoder().encode(" ".repeat(64 * 1024));
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      if (sent++ < 1000) controller.enqueue(chunk);
      else controller.close();
    },
  });
  const response = await desk.fetch(
    new Request(`${desk.config.PUBLIC_URL}/v1/tickets`, {
      method: "POST",
      headers: { authorization: `Bearer ${admin.token}`, "content-type": "application/json" },
      body: endless,
    }),
  );
  assertEquals(response.status, 413);
  assert(sent < 50, `read ${sent} chunks`);
});

Deno.test("CHK-33 JSON deeper than 32 is 400, and __proto__ and constructor do nothing", async () => {
  const admin = ours.people.ADMIN;
  const nested = `{"title":"x","a":${"[".repeat(40)}${"]".repeat(40)}}`;
  assertEquals((await admin.api("POST", "/tickets", { body: nested })).status, 400);
  const brackets = { title: "[".repeat(60), description: '{"{"{"'.repeat(20) };
  assertEquals((await admin.api("POST", "/tickets", { body: brackets })).status, 201);
  const polluting =
    `{"title":"x","description":"","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}`;
  assertEquals((await admin.api("POST", "/tickets", { body: polluting })).status, 422);
  assertEquals(({} as Record<string, unknown>).polluted, undefined);
});

Deno.test("The OpenAPI document names every operation", async () => {
  const { status, body } = await desk.client().get("/openapi.json");
  assertEquals(status, 200);
  assertEquals(body.openapi, "3.1.0");
  const named = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => `${method} ${path.replace("/v1", "")}`)
  );
  assertEquals(named.sort(), [...BY_NAME.keys()].sort());
});
