import type { z } from "zod";
import { OPERATIONS } from "@/api/app.ts";
import type { AnyOperation } from "@/api/operation.ts";
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
  type RoleName,
} from "@/tests/helpers/organisations.ts";

const desk = await openDesk({ RESEND_WEBHOOK_SECRET: `whsec_${"A".repeat(43)}=` });
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
const ours = await furnish(desk, "Harbour Works");
const theirs = await furnish(desk, "Other Works");
const UNKNOWN = "01940000-0000-7000-8000-000000000000";

/** Who may do what: R requester, A agent, M manager, D admin; "public" needs no one. */
const MATRIX: Record<string, string> = {
  "post /auth/register": "public",
  "post /auth/login": "public",
  "post /auth/refresh": "public",
  "post /auth/logout": "public",
  "post /auth/password/forgot": "public",
  "post /auth/password/reset": "public",
  "post /auth/organisations/find": "public",
  "post /auth/invitations/accept": "public",
  "get /me": "RAMD",
  "patch /me": "RAMD",
  "get /me/preferences": "RAMD",
  "patch /me/preferences": "RAMD",
  "post /me/email-confirmation": "RAMD",
  "get /me/sessions": "RAMD",
  "delete /me/sessions": "RAMD",
  "delete /me/sessions/{id}": "RAMD",
  // Hashes between two transactions of its own, so it is declared public; it asks who is there all the same.
  "patch /me/password": "RAMD",
  "get /users": "D",
  "get /users/{id}": "D",
  "patch /users/{id}": "D",
  "get /users/{id}/responsibilities": "D",
  "get /invitations": "D",
  "post /invitations": "D",
  "get /invitations/{id}": "D",
  "delete /invitations/{id}": "D",
  "get /search": "RAMD",
  "get /tickets": "RAMD",
  "post /tickets": "RAMD",
  "get /tickets/counts": "RAMD",
  "post /tickets/bulk": "AMD",
  "get /views": "RAMD",
  "post /views": "RAMD",
  "get /views/{id}": "RAMD",
  "patch /views/{id}": "RAMD",
  "delete /views/{id}": "RAMD",
  "get /tickets/{id}": "RAMD",
  "patch /tickets/{id}": "RAMD",
  "post /tickets/{id}/transitions": "RAMD",
  "put /tickets/{id}/assignment": "AMD",
  "get /tickets/{id}/timeline": "RAMD",
  "get /tickets/{id}/sla": "RAMD",
  "get /tickets/{id}/watchers": "RAMD",
  // Everybody for themselves; the sweep's requester for colleagues too.
  "post /tickets/{id}/watchers": "RAMD",
  "put /tickets/{id}/watchers/{userId}": "RAMD",
  "delete /tickets/{id}/watchers/{userId}": "RAMD",
  "get /tickets/{id}/links": "RAMD",
  "post /tickets/{id}/links": "AMD",
  // Of a ticket that isn't there; a requester who sees the ticket is refused.
  "delete /tickets/{id}/links/{linkId}": "RAMD",
  "post /tickets/{id}/merge": "AMD",
  "post /tickets/{id}/unmerge": "AMD",
  "get /tickets/{id}/rating": "RAMD",
  "put /tickets/{id}/rating": "R",
  "get /tags": "AMD",
  "get /suppressed-addresses": "D",
  "delete /suppressed-addresses/{id}": "D",
  "get /inbound-mails": "D",
  "post /webhooks/resend": "public",
  "get /tickets/{id}/comments": "RAMD",
  "post /tickets/{id}/comments": "RAMD",
  "get /tickets/{id}/comments/{commentId}": "RAMD",
  // The sweep's comment is the requester's: who wrote it mends it, and nobody else.
  "patch /tickets/{id}/comments/{commentId}": "R",
  "get /tickets/{id}/comments/{commentId}/history": "RAMD",
  "get /tickets/{id}/mentions": "RAMD",
  "get /tickets/{id}/attachments": "RAMD",
  "post /tickets/{id}/attachments": "RAMD",
  "post /attachments": "RAMD",
  "get /attachments/{id}": "RAMD",
  "delete /attachments/{id}": "RAMD",
  "get /attachments/{id}/content": "RAMD",
  "post /tickets/{id}/comments/preview": "RAMD",
  "get /canned-replies": "AMD",
  "post /canned-replies": "AMD",
  "get /canned-replies/{id}": "AMD",
  // The sweep's is the desk's.
  "patch /canned-replies/{id}": "MD",
  "get /macros": "AMD",
  "post /macros": "MD",
  "get /macros/{id}": "AMD",
  "patch /macros/{id}": "MD",
  "post /tickets/{id}/macro": "AMD",
  "get /queues": "AMD",
  "post /queues": "MD",
  "get /queues/{id}": "AMD",
  "patch /queues/{id}": "MD",
  "put /queues/{id}/members/{userId}": "MD",
  "patch /queues/{id}/members/{userId}": "AMD",
  "delete /queues/{id}/members/{userId}": "MD",
  "get /calendars": "AMD",
  "post /calendars": "MD",
  "get /calendars/{id}": "AMD",
  "patch /calendars/{id}": "MD",
  "get /sla-policies": "AMD",
  "post /sla-policies": "MD",
  "get /sla-policies/{id}": "AMD",
  "patch /sla-policies/{id}": "MD",
  "get /catalog": "RAMD",
  "post /catalog": "MD",
  "get /catalog/{id}": "RAMD",
  "patch /catalog/{id}": "MD",
  "put /catalog/order": "MD",
  "post /catalog/{id}/requests": "RAMD",
  "get /tickets/{id}/request": "RAMD",
  "put /categories/order": "MD",
  "get /categories": "RAMD",
  "post /categories": "MD",
  "get /categories/{id}": "AMD",
  "patch /categories/{id}": "MD",
  "get /notifications": "RAMD",
  "post /notifications/read": "RAMD",
  "get /events": "RAMD",
  "get /tickets/{id}/presence": "AMD",
  "post /tickets/{id}/presence": "AMD",
  "delete /tickets/{id}/presence": "AMD",
  "get /tenant": "D",
  "patch /tenant": "D",
  "get /webhook-endpoints": "D",
  "post /webhook-endpoints": "D",
  "get /webhook-endpoints/{id}": "D",
  "patch /webhook-endpoints/{id}": "D",
  "delete /webhook-endpoints/{id}": "D",
  "post /webhook-endpoints/{id}/rotate-secret": "D",
  "post /webhook-endpoints/{id}/test": "D",
  "get /webhook-endpoints/{id}/deliveries": "D",
  "get /webhook-endpoints/{id}/deliveries/{deliveryId}": "D",
  "post /webhook-endpoints/{id}/deliveries/{deliveryId}/redeliver": "D",
  "get /outbox": "D",
  "get /outbox/stats": "D",
  "post /outbox/retry": "D",
  "get /outbox/{id}": "D",
  "post /outbox/{id}/retry": "D",
  "get /storage": "D",
  "get /audit": "D",
  "get /audit/verify": "D",
};

const LETTER: Record<RoleName, string> = { REQUESTER: "R", AGENT: "A", MANAGER: "M", ADMIN: "D" };

async function call(client: Client, operation: AnyOperation, path: string, body?: unknown): Promise<Answer> {
  const method = operation.method.toUpperCase();
  return await client.api(
    method,
    path,
    operation.body ? { body: body ?? bodyOf(nameOf(operation), ours.ids) } : {},
  );
}

Deno.test("CHK-11 the matrix names every operation, and no other", () => {
  assertEquals(Object.keys(MATRIX).sort(), [...BY_NAME.keys()].sort());
});

Deno.test("CHK-11 each role may do what the matrix says, and nobody else", async () => {
  const wrong: string[] = [];
  for (const [name, who] of Object.entries(MATRIX)) {
    if (who === "public") continue;
    const operation = BY_NAME.get(name)!;
    const kind = kindOf(operation);
    const nobody = desk.client();
    const path = pathOf(operation, {
      id: kind ? ours.ids[kind] : "",
      userId: ours.ids.user,
      commentId: ours.ids.comment,
      linkId: ours.ids.link,
      deliveryId: ours.ids.delivery,
    });
    const anonymous = await call(nobody, operation, path);
    if (anonymous.status !== 401) wrong.push(`${name} anonymous: ${anonymous.status}`);
    for (const role of ROLE_NAMES) {
      // What would end a session or change the person is asked for something that isn't there.
      const spared = /sessions|^patch \/users|^delete/.test(name);
      const asked = spared ? pathOf(operation, { id: UNKNOWN, userId: UNKNOWN }) : path;
      const { status } = await call(ours.people[role], operation, asked);
      const may = who.includes(LETTER[role]);
      if (may ? status === 401 || status === 403 || status >= 500 : status !== 403) {
        wrong.push(`${name} ${role}: ${status}`);
      }
    }
  }
  assertEquals(wrong, []);
});

Deno.test("CHK-07 foreign ids answer like unknown ids", async () => {
  const wrong: string[] = [];
  let asked = 0;
  for (const operation of OPERATIONS) {
    const kind = kindOf(operation);
    if (!kind) continue;
    const places = (["id", "userId", "commentId", "linkId", "deliveryId"] as const).filter((p) =>
      operation.path.includes(`{${p}}`)
    );
    for (const place of places) {
      const right = {
        id: ours.ids[kind],
        userId: ours.ids.user,
        commentId: ours.ids.comment,
        linkId: ours.ids.link,
        deliveryId: ours.ids.delivery,
      };
      const foreign = {
        id: theirs.ids[kind],
        userId: theirs.ids.user,
        commentId: theirs.ids.comment,
        linkId: theirs.ids.link,
        deliveryId: theirs.ids.delivery,
      };
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

/** Fields of bodies that take ids, with an operation's own body around them. */
const ID_FIELDS: Record<string, { fields: string[]; kind: Record<string, string> }> = {
  "post /tickets": {
    fields: ["attachmentIds", "categoryId", "queueId", "requesterId"],
    kind: {
      attachmentIds: theirs.ids.attachment,
      categoryId: theirs.ids.category,
      queueId: theirs.ids.queue,
      requesterId: theirs.ids.user,
    },
  },
  "post /tickets/{id}/comments": {
    fields: ["attachmentIds"],
    kind: { attachmentIds: theirs.ids.attachment },
  },
  "post /tickets/{id}/links": { fields: ["ticketId"], kind: { ticketId: theirs.ids.ticket } },
  "patch /tickets/{id}": {
    fields: ["categoryId", "queueId"],
    kind: { categoryId: theirs.ids.category, queueId: theirs.ids.queue },
  },
  "put /tickets/{id}/assignment": {
    fields: ["assigneeId", "queueId"],
    kind: { assigneeId: theirs.ids.user, queueId: theirs.ids.queue },
  },
  "post /tickets/{id}/macro": { fields: ["macroId"], kind: { macroId: theirs.ids.macro } },
  "post /sla-policies": {
    fields: ["calendarId", "categoryId", "queueId"],
    kind: { calendarId: theirs.ids.calendar, categoryId: theirs.ids.category, queueId: theirs.ids.queue },
  },
  "patch /sla-policies/{id}": {
    fields: ["calendarId", "categoryId", "queueId"],
    kind: { calendarId: theirs.ids.calendar, categoryId: theirs.ids.category, queueId: theirs.ids.queue },
  },
  "post /catalog": {
    fields: ["categoryId", "queueId"],
    kind: { categoryId: theirs.ids.category, queueId: theirs.ids.queue },
  },
  "patch /catalog/{id}": {
    fields: ["categoryId", "queueId"],
    kind: { categoryId: theirs.ids.category, queueId: theirs.ids.queue },
  },
  "put /categories/order": { fields: ["parentId"], kind: { parentId: theirs.ids.category } },
  "post /categories": {
    fields: ["parentId", "queueId"],
    kind: { parentId: theirs.ids.category, queueId: theirs.ids.queue },
  },
  "patch /categories/{id}": {
    fields: ["parentId", "queueId"],
    kind: { parentId: theirs.ids.category, queueId: theirs.ids.queue },
  },
  "post /notifications/read": { fields: ["ticketId"], kind: { ticketId: theirs.ids.ticket } },
  "patch /tenant": { fields: ["defaultQueueId"], kind: { defaultQueueId: theirs.ids.queue } },
  "post /invitations": { fields: ["queueIds"], kind: { queueIds: theirs.ids.queue } },
};

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
    Object.fromEntries(Object.entries(ID_FIELDS).map(([name, { fields }]) => [name, fields])),
  );
});

Deno.test("CHK-08 foreign ids in bodies are refused with the text of unknown ones, and change nothing", async () => {
  const wrong: string[] = [];
  for (const [name, { fields, kind }] of Object.entries(ID_FIELDS)) {
    const operation = BY_NAME.get(name)!;
    const of = kindOf(operation);
    for (const field of fields) {
      const texts: string[] = [];
      for (const id of [kind[field]!, UNKNOWN]) {
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
