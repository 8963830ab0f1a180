import type { z } from "zod";
import { OPERATIONS } from "@/api/app.ts";
import type { AnyOperation } from "@/api/operation.ts";
import { typeOf } from "@/domain/unknown_fields.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Answer } from "@/tests/helpers/client.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { bodyOf, furnish, kindOf, nameOf, pathOf } from "@/tests/helpers/organisations.ts";

const desk = await openDesk({ RESEND_WEBHOOK_SECRET: `whsec_${"A".repeat(43)}=` });
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
const ours = await furnish(desk, "Harbour Works");
const admin = ours.people.ADMIN;

/** Whoever signs it sends what that provider's next version has as well. */
const SIGNED = ["post /webhooks/resend"];

/** What is in every table: rows and the transactions that wrote them. Sessions note when they were last seen. */
async function everything(): Promise<unknown> {
  const tables = await desk.look<{ name: string }>(
    `select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind = 'r' and relname <> 'sessions' order by 1`,
  );
  const counts = tables.map(({ name }) =>
    `select '${name}' as name, count(*) as rows, coalesce(sum(xmin::text::bigint), 0)::text as writers from ${name}`
  );
  return await desk.look(counts.join(" union all ") + " order by 1");
}

function pathFor(operation: AnyOperation): string {
  const kind = kindOf(operation);
  return pathOf(operation, {
    id: kind ? ours.ids[kind] : "",
    userId: ours.ids.user,
    commentId: ours.ids.comment,
    linkId: ours.ids.link,
    deliveryId: ours.ids.delivery,
  });
}

const HEADERS = { "sec-fetch-site": "same-origin" };

async function send(operation: AnyOperation, { query = "", body }: { query?: string; body?: unknown }) {
  const method = operation.method.toUpperCase();
  const path = pathFor(operation) + query;
  if (operation.access === "user" && operation.upload) {
    const file = { name: "a.txt", content: "a", ...(body as { file?: object })?.file };
    const fields = (body as { fields?: Record<string, string> })?.fields ?? {};
    return await admin.upload(path, [file], { headers: HEADERS, fields });
  }
  const own = operation.body ? bodyOf(nameOf(operation), ours.ids) : undefined;
  const sent = body ?? own;
  return await admin.api(method, path, { headers: HEADERS, ...(sent === undefined ? {} : { body: sent }) });
}

let asked = 0;
const wrong: string[] = [];

function expectRefusal(what: string, answer: Answer, path: string, meant?: string): void {
  asked++;
  const error = answer.body?.errors?.find((one: { path: string }) => one.path === path);
  const right = answer.status === 422 && error &&
    (meant === undefined || error.message.includes(`"${meant}"`));
  if (!right) wrong.push(`${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
}

function shapeOf(schema: z.ZodType | undefined): Record<string, z.ZodType> {
  const def = schema && typeOf(schema);
  return def?.type === "object" ? def.shape as Record<string, z.ZodType> : {};
}

/** The name with one letter too many, in a way that no other name of the operation has. */
function misspelt(name: string): string {
  const at = Math.ceil(name.length / 2);
  return name.slice(0, at) + name[at - 1] + name.slice(at);
}

/** A value of the wrong type for a field; none for a field that takes anything. */
function wrongFor(schema: z.ZodType, candidates: unknown[]): unknown {
  return candidates.find((value) => !schema.safeParse(value).success);
}

/** Every object in a body, by its path. Records have keys of their own. */
function* objectsIn(schema: z.ZodType, value: unknown, path: string[] = []): Generator<string[]> {
  const def = typeOf(schema) as unknown as {
    type: string;
    shape: Record<string, z.ZodType>;
    element: z.ZodType;
  };
  if (def.type === "object" && typeof value === "object" && value !== null) {
    yield path;
    for (const [name, one] of Object.entries(value)) {
      if (def.shape[name]) yield* objectsIn(def.shape[name], one, [...path, name]);
    }
  }
  if (def.type === "array" && Array.isArray(value)) {
    for (const [i, one] of value.entries()) yield* objectsIn(def.element, one, [...path, String(i)]);
  }
}

function withField(body: unknown, path: string[], name: string, value: unknown): unknown {
  const copy = structuredClone(body) as Record<string, unknown>;
  const target = path.reduce<Record<string, unknown>>(
    (at, part) => at[part] as Record<string, unknown>,
    copy,
  );
  target[name] = value;
  return copy;
}

/** Where a field is refused: the field itself, or something below it. */
function pathOfError({ body }: Answer, field: string): string {
  const errors: { path: string }[] = body.errors ?? [];
  return errors.find(({ path }) => path === field || path.startsWith(`${field}.`))?.path ?? field;
}

async function sweepQuery(operation: AnyOperation): Promise<void> {
  const name = nameOf(operation);
  expectRefusal(`${name} ?zzz`, await send(operation, { query: "?zzz=1" }), "zzz");
  for (const [field, schema] of Object.entries(shapeOf(operation.query))) {
    const typo = misspelt(field);
    expectRefusal(`${name} ?${typo}`, await send(operation, { query: `?${typo}=1` }), typo, field);
    const list = `${field}[]`;
    const answer = await send(operation, { query: `?${encodeURIComponent(list)}=1` });
    expectRefusal(`${name} ?${list}`, answer, list, field);
    const bad = wrongFor(schema, ["§", ["1", "2"], "x".repeat(5000)]) as string | string[] | undefined;
    if (bad === undefined) continue;
    const query = [bad].flat().map((one) => `${field}=${encodeURIComponent(one)}`).join("&");
    const refused = await send(operation, { query: `?${query}` });
    expectRefusal(`${name} ?${query.slice(0, 40)}`, refused, pathOfError(refused, field));
  }
}

async function sweepBody(operation: AnyOperation): Promise<void> {
  const name = nameOf(operation);
  const own = operation.body ? bodyOf(name, ours.ids) : {};
  const schema = operation.body;
  if (!schema) {
    expectRefusal(`${name} zzz`, await send(operation, { body: { zzz: 1 } }), "zzz");
    return;
  }
  for (const path of objectsIn(schema, own)) {
    const at = [...path, "zzz"].join(".");
    expectRefusal(`${name} ${at}`, await send(operation, { body: withField(own, path, "zzz", 1) }), at);
  }
  for (const [field, one] of Object.entries(shapeOf(schema))) {
    const typo = misspelt(field);
    expectRefusal(
      `${name} ${typo}`,
      await send(operation, { body: withField(own, [], typo, 1) }),
      typo,
      field,
    );
    const bad = wrongFor(one, [7, { odd: 1 }, [{}], "§"]);
    if (bad === undefined) continue;
    const answer = await send(operation, { body: withField(own, [], field, bad) });
    expectRefusal(`${name} ${field}=${JSON.stringify(bad)}`, answer, pathOfError(answer, field));
  }
  expectRefusal(`${name} []`, await send(operation, { body: [] }), "");
}

async function sweepUpload(operation: AnyOperation): Promise<void> {
  const name = nameOf(operation);
  const fields = (operation as { upload: { fields: z.ZodType } }).upload.fields;
  expectRefusal(`${name} zzz`, await send(operation, { body: { fields: { zzz: "1" } } }), "zzz");
  expectRefusal(
    `${name} file zzz`,
    await send(operation, { body: { file: { field: "zzz" } } }),
    "zzz",
    "file",
  );
  expectRefusal(
    `${name} files`,
    await send(operation, { body: { file: { field: "files" } } }),
    "files",
    "file",
  );
  for (const field of Object.keys(shapeOf(fields))) {
    const typo = misspelt(field);
    const answer = await send(operation, { body: { fields: { [typo]: "internal" } } });
    expectRefusal(`${name} ${typo}`, answer, typo, field);
    expectRefusal(`${name} ${field}=§`, await send(operation, { body: { fields: { [field]: "§" } } }), field);
  }
}

Deno.test("every operation refuses what it doesn't know, what is misspelt, and the wrong type, and changes nothing", async () => {
  // Whoever reads a report has the facts made of what changed before.
  await admin.get("/reports/volume");
  const before = await everything();
  for (const operation of OPERATIONS) {
    if (SIGNED.includes(nameOf(operation))) continue;
    await sweepQuery(operation);
    if (operation.access === "user" && operation.upload) await sweepUpload(operation);
    else if (operation.method !== "get") await sweepBody(operation);
    else {
      const answer = await admin.get(pathFor(operation), { headers: { "content-length": "12" } });
      expectRefusal(`${nameOf(operation)} with a body`, answer, "");
    }
  }
  assertEquals(wrong, []);
  assert(asked > 3 * OPERATIONS.length, `only ${asked} requests`);
  assertEquals(await everything(), before);
});

const ticketPath = `/tickets/${ours.ids.ticket}`;

Deno.test("what other products call a note isn't published", async () => {
  const spelt = [{ internal: true }, { public: false }, { private: true }, { jsdPublic: false }, {
    visiblity: "internal",
  }];
  for (const fields of spelt) {
    const answer = await ours.people.AGENT.post(`${ticketPath}/comments`, { body: "Psst", ...fields });
    assertEquals(answer.status, 422);
    const [error] = answer.body.errors;
    assertEquals([error.path, error.message], [
      Object.keys(fields)[0],
      'Unknown field. Did you mean "visibility"?',
    ]);
    const uploaded = await ours.people.AGENT.upload(`${ticketPath}/attachments`, [{
      name: "a",
      content: "a",
    }], {
      fields: { [Object.keys(fields)[0]!]: "true", visibility: "internal" },
    });
    assertEquals(uploaded.status, 422);
  }
  const silent = await ours.people.AGENT.post(`${ticketPath}/comments`, { body: "Psst" });
  assertEquals([silent.status, silent.body.errors[0].path], [422, "visibility"]);
});

Deno.test("a refusal names the operation that does it", async () => {
  const agent = ours.people.AGENT;
  const made = await agent.post("/tickets", {
    title: "All at once",
    description: "",
    status: "open",
    assigneeId: agent.user.id,
    priority: "urgent",
  });
  assertEquals(made.status, 422);
  assertEquals(made.body.errors.map(({ path }: { path: string }) => path), [
    "status",
    "assigneeId",
    "priority",
  ]);
  assert(made.body.errors[0].message.includes("/transitions"), made.text);
  assert(made.body.errors[1].message.includes("/assignment"), made.text);
});

Deno.test("SEC-11 a resource sent back as it was read changes nothing; what can only be read is refused when it differs", async () => {
  const agent = ours.people.AGENT;
  for (
    const path of [
      ticketPath,
      "/me",
      `/views/${ours.ids.view}`,
      `/saved-reports/${ours.ids.savedReport}`,
      `/catalog/${ours.ids.item}`,
      "/tenant",
      `/calendars/${ours.ids.calendar}`,
      `/sla-policies/${ours.ids.slaPolicy}`,
      `/macros/${ours.ids.macro}`,
      `/queues/${ours.ids.queue}`,
      `/categories/${ours.ids.category}`,
      `/canned-replies/${ours.ids.canned_reply}`,
      `/users/${ours.ids.user}`,
      `/webhook-endpoints/${ours.ids.webhook}`,
    ]
  ) {
    const read = await admin.get(path);
    const sent = await admin.patch(path, read.body);
    assertEquals([path, sent.status, sent.body], [path, 200, read.body]);
  }
  const { body: ticket } = await agent.get(ticketPath);
  const of = (fields: object) => agent.patch(ticketPath, { ...ticket, ...fields });
  const closed = await of({ status: "closed" });
  assertEquals([closed.status, closed.body.errors], [422, [{
    path: "status",
    code: "read_only",
    message: "Can't be changed here. Use POST /v1/tickets/{id}/transitions",
  }]]);
  const moved = await of({ queue: { id: ours.ids.queue, name: "Network" } });
  assertEquals([moved.status, moved.body.errors[0].message], [
    422,
    `Can't be changed here. Send "queueId" instead`,
  ]);
  for (
    const [path, field, value] of [
      ["/me", "email", "x@y.example"],
      ["/me", "role", "REQUESTER"],
      ["/tenant", "slug", "elsewhere"],
      [`/users/${ours.ids.user}`, "timeZone", "Europe/Vienna"],
      [`/canned-replies/${ours.ids.canned_reply}`, "shared", false],
    ] as const
  ) {
    const read = await admin.get(path);
    assert(read.body[field] !== value);
    const sent = await admin.patch(path, { ...read.body, [field]: value });
    assertEquals([path, sent.status, sent.body.errors?.[0].code], [path, 422, "read_only"]);
    assertEquals(sent.body.errors[0].path, field);
  }
  assertEquals((await of({ tenantId: "x", slaBreachAt: null, updatedBy: "y" })).body, ticket);
  // Somebody else's change comes first.
  assertEquals((await agent.patch(ticketPath, { version: ticket.version, title: "Changed" })).status, 200);
  const stale = await of({ status: "closed" });
  assertEquals([stale.status, stale.body.current.title], [409, "Changed"]);
});

interface BodySchema {
  properties: Record<string, { readOnly?: boolean }>;
  patternProperties: Record<string, { readOnly?: boolean }>;
  additionalProperties: unknown;
}

/** Whether the document lets the body of an operation have a field. */
function isDocumented(schema: BodySchema, name: string): boolean {
  return Object.hasOwn(schema.properties, name) || schema.additionalProperties !== false ||
    Object.keys(schema.patternProperties).some((pattern) => new RegExp(pattern).test(name));
}

/** Every object in a schema that has fields, by its path. */
function* objectSchemas(schema: unknown, path = ""): Generator<[string, BodySchema]> {
  if (typeof schema !== "object" || schema === null) return;
  const { type, properties } = schema as { type?: unknown; properties?: object };
  if ([type].flat().includes("object") && properties) yield [path, schema as BodySchema];
  for (const [name, inner] of Object.entries(schema)) yield* objectSchemas(inner, `${path}.${name}`);
}

/** The server's, and what is near them and means something. */
const NAMES = [
  ...["id", "key", "number", "version", "source", "tenant", "tenantId", "tenant_id", "organisationId"],
  ...["authorId", "author_id", "actor", "createdBy", "updated_by", "createdAt", "created_at", "updatedAt"],
  ...["resolvedAt", "closedAt", "archivedAt", "allowedTransitions", "sla", "slaDueAt", "sla_breach_at"],
  ...["ownerId", "owner_id", "dueAt", "due_at", "targetMinutes", "breachedAt", "elapsedMinutes"],
  ...["slack", "slaPolicyId", "ids", "name", "title", "TENANTID", "queue", "role", "status", "zzz"],
];

Deno.test("SEC-11 the document tells of every body which fields are taken, and that is so", async () => {
  const { body: document } = await desk.client().get("/openapi.json");
  const differing: string[] = [];
  let bodies = 0;
  let ignored = 0;
  for (const operation of OPERATIONS) {
    const content = document.paths[`/v1${operation.path}`][operation.method].requestBody?.content;
    if (!content || SIGNED.includes(nameOf(operation))) continue;
    const schema = (Object.values(content)[0] as { schema: BodySchema }).schema;
    bodies++;
    for (const [path, { additionalProperties }] of objectSchemas(schema)) {
      if (additionalProperties !== false) differing.push(`${nameOf(operation)}${path} is open`);
    }
    const changes = operation.method === "patch" || operation.method === "put";
    const read = changes ? (await admin.get(pathFor(operation))).body ?? {} : {};
    const own = (operation.body && bodyOf(nameOf(operation), ours.ids) || {}) as Record<string, unknown>;
    const names = [...new Set([...NAMES, ...Object.keys(read)])].filter((name) => !Object.hasOwn(own, name));
    // A few at a time: a refusal names twenty. One is unknown always, so nothing is done.
    for (let at = 0; at < names.length; at += 10) {
      const some = names.slice(at, at + 10);
      const fields = Object.fromEntries(
        some.map((name) => [name, Object.hasOwn(read, name) ? read[name] : "x"]),
      );
      const isUpload = operation.access === "user" && operation.upload;
      const body = { ...fields, zzz2: "x" };
      const answer = await send(operation, { body: isUpload ? { fields: body } : { ...own, ...body } });
      if (answer.status !== 422) differing.push(`${nameOf(operation)}: ${answer.status} ${answer.text}`);
      const refused: string[] = (answer.body.errors ?? [])
        .filter(({ code }: { code: string }) => code === "unknown_field" || code === "read_only")
        .map(({ path }: { path: string }) => path);
      for (const name of some) {
        const taken = !refused.includes(name);
        if (taken !== isDocumented(schema, name)) {
          differing.push(`${nameOf(operation)} ${name}: ${taken ? "taken" : "refused"}`);
        }
        if (taken && !Object.hasOwn(schema.properties, name)) ignored++;
      }
    }
  }
  assertEquals(differing, []);
  assert(bodies > 50 && ignored > 10 * bodies, `${bodies} bodies, ${ignored} fields ignored`);
});

Deno.test("SEC-11 an owner or a due time, which the server doesn't own, is refused", async () => {
  const agent = ours.people.AGENT;
  const ticket = { title: "Due on Friday", description: "" };
  for (
    const [fields, message] of [
      [{ ownerId: agent.user.id }, "Unknown field. Use PUT /v1/tickets/{id}/assignment"],
      [{ assignee_id: agent.user.id }, "Unknown field. Use PUT /v1/tickets/{id}/assignment"],
      [{ dueAt: "2030-01-01T00:00:00Z" }, ""],
      [{ due_at: "2030-01-01T00:00:00Z" }, ""],
      [{ targetMinutes: 5 }, ""],
      [{ slaPolicyId: ours.ids.slaPolicy }, ""],
    ] as const
  ) {
    const answer = await agent.post("/tickets", { ...ticket, ...fields });
    assertEquals([answer.status, answer.body.errors?.[0].path], [422, Object.keys(fields)[0]]);
    if (message) assertEquals(answer.body.errors[0].message, message);
  }
  const sent = await agent.post("/tickets", { ...ticket, tenant_id: "x", slaDueAt: "x", createdBy: "x" });
  assertEquals(sent.status, 201);
});

Deno.test("a change is compared with what its own path reads", async () => {
  const answer = await admin.put("/catalog/order", { ids: [ours.ids.item], name: "Hammer" });
  assertEquals([answer.status, answer.body.errors[0].path], [422, "name"]);
});

Deno.test("a flood of unknown fields is answered in short", async () => {
  const body = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`${"x".repeat(10)}${i}`, 1]));
  const answer = await admin.post("/tickets", body);
  assertEquals(answer.status, 422);
  assert(answer.text.length < 10_000, `${answer.text.length} characters`);
});
