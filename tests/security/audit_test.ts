import pg from "pg";
import { clientConfig } from "@/db/connect.ts";
import { auditMac } from "@/domain/audit/mac.ts";
import { leastUuid7, timeOfUuid7, uuid7 } from "@/domain/shared/uuid7.ts";
import { sealAudits } from "@/jobs/seal_audit.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { DOOR_SECRET, targetOf } from "@/tests/helpers/cluster.ts";
import type { Desk } from "@/tests/helpers/desk.ts";
import { NEVER } from "@/tests/helpers/jobs.ts";
import { openScene, raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

interface Found {
  ok: boolean;
  rows: number;
  seals: number;
  failures: { reason: string; id: string; at: string | null }[];
  head: { number: number; mac: string } | null;
}

/** Verifies the whole log, part by part. */
async function verify(admin: Client): Promise<Found> {
  const found: Found = { ok: true, rows: 0, seals: 0, failures: [], head: null };
  for (let cursor = "";;) {
    const { status, body } = await admin.get(
      `/audit/verify${cursor && `?cursor=${encodeURIComponent(cursor)}`}`,
    );
    assertEquals(status, 200);
    found.ok &&= body.ok;
    found.rows += body.rows;
    found.seals += body.seals;
    found.failures.push(...body.failures);
    found.head = body.head;
    if (body.nextCursor === null) return found;
    cursor = body.nextCursor;
  }
}

/** An id as it would have been made ten minutes before. */
function aged(id: string): string {
  return leastUuid7(timeOfUuid7(id) - 600_000).slice(0, 13) + id.slice(13);
}

/** Makes what was written ten minutes older, signed as of then: the last minute waits for its seal. */
async function older(desk: Desk): Promise<void> {
  const rows = await desk.look<Record<string, string>>(
    "select * from audit_log where at > now() - interval '5 minutes'",
  );
  for (const row of rows) {
    const at = new Date(Date.parse(row.at as unknown as string) - 600_000).toISOString();
    const id = aged(row.id!);
    const signed = auditMac(desk.services, {
      id,
      tenantId: row.tenant_id!,
      at,
      actorId: row.actor_id ?? null,
      action: row.action!,
      entity: row.entity!,
      entityId: row.entity_id!,
      internal: row.internal as unknown as boolean,
      changes: row.changes,
      requestId: row.request_id!,
      ip: row.ip!,
    });
    await desk.look("update audit_log set id = $4, at = $2, mac = $3 where id = $1", [
      row.id,
      at,
      signed,
      id,
    ]);
  }
}

Deno.test("CHK-36 the application can't change, delete or truncate the audit log or its seals", async () => {
  await using scene = await openScene();
  const { desk, admin } = scene;
  await older(desk);
  await sealAudits(desk.request(), NEVER);
  const client = new pg.Client(
    clientConfig(targetOf(desk.cluster, desk.database), { user: "servicehub_app" }),
  );
  await client.connect();
  try {
    for (
      const statement of [
        "update audit_log set action = 'x'",
        "update audit_log set mac = 'x'",
        "delete from audit_log",
        "truncate audit_log",
        "truncate audit_log cascade",
        "update audit_seals set mac = 'x'",
        "delete from audit_seals",
        "truncate audit_seals",
        "alter table audit_log disable row level security",
        "drop table audit_log",
      ]
    ) {
      await client.query("begin");
      await client.query("select enter_system(open_door($1, $2))", [DOOR_SECRET, admin.tenant.id]);
      const { rows } = await client.query("select count(*)::int as n from audit_log");
      assert(rows[0].n > 0);
      const code = await client.query(statement).then(() => "done", (error) => error.code);
      assertEquals([statement, code], [statement, "42501"]);
      await client.query("rollback");
    }
  } finally {
    await client.end();
  }
  assertEquals((await verify(admin)).ok, true);
});

Deno.test("CHK-36 a flipped, added or removed row is detected", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, other } = scene;
  const ticket = await raise(requester, { title: "Ünïcode — “quotes” \\ and / 1e3", tags: ["b", "a"] });
  await agent.patch(`/tickets/${ticket.id}`, { version: 1, priority: "urgent", title: "Other", tags: [] });
  await agent.post(`/tickets/${ticket.id}/comments`, { body: "Note", visibility: "internal" });
  await admin.patch("/tenant", { version: 1, reopenDays: 3, agentsSeeAll: false });

  await t.step("all that was written is as it was written, sealed or not", async () => {
    const [{ n }] = await desk.look<{ n: number }>(
      "select count(*) as n from audit_log where tenant_id = $1",
      [
        admin.tenant.id,
      ],
    ) as [{ n: number }];
    const before = await verify(admin);
    assertEquals([before.ok, before.rows, before.seals, before.head], [true, n, 0, null]);
    assertEquals(await sealAudits(desk.request(), NEVER), 0);
    await older(desk);
    assertEquals(await sealAudits(desk.request(), NEVER), 2);
    assertEquals(await sealAudits(desk.request(), NEVER), 0);
    const after = await verify(admin);
    assertEquals([after.ok, after.rows, after.seals, after.head?.number], [true, n, 1, 1]);
    assertEquals((await verify(other)).ok, true);
  });

  const [row] = await desk.look<{ id: string }>(
    "select id from audit_log where action = 'ticket.edited' and entity_id = $1",
    [ticket.id],
  );
  const id = row!.id;
  const flips = {
    at: "at + interval '1 millisecond'",
    actor_id: "(select id from users where email like 'ana%')",
    action: "'ticket.viewed'",
    entity: "'user'",
    entity_id: "uuidv7()",
    internal: "not internal",
    changes: "jsonb_set(changes, '{priority,to}', '\"low\"')",
    request_id: "'other'",
    ip: "'10.0.0.1'",
    mac: "''",
  };
  for (const [column, value] of Object.entries(flips)) {
    await t.step(`a change of ${column}`, async () => {
      const flipped = `update audit_log set ${column} = ${
        column === "actor_id" ? `$2` : value
      } where id = $1`;
      const [was] = await desk.look(`select ${column}::text as v from audit_log where id = $1`, [id]);
      await desk.look(flipped, column === "actor_id" ? [id, requester.user.id] : [id]);
      const { ok, failures } = await verify(admin);
      assertEquals([ok, failures.map(({ reason, id }) => [reason, id])], [false, [["changed", id]]]);
      const type =
        { at: "timestamptz", actor_id: "uuid", entity_id: "uuid", internal: "boolean", changes: "jsonb" }[
          column
        ] ?? "text";
      await desk.look(`update audit_log set ${column} = $2::text::${type} where id = $1`, [id, was!.v]);
      assertEquals((await verify(admin)).ok, true);
    });
  }

  await t.step("a row that the desk never wrote, and the copy of one", async () => {
    await desk.look(
      `insert into audit_log (tenant_id, action, entity, entity_id) values ($1, 'user.promoted', 'user', $2)`,
      [admin.tenant.id, UNKNOWN],
    );
    await desk.look(
      `insert into audit_log select (a).* from (select jsonb_populate_record(a, jsonb_build_object('id', uuidv7())) as a
        from audit_log a where id = $1) x`,
      [id],
    );
    const { ok, failures } = await verify(admin);
    assertEquals([ok, failures.length, failures.every(({ reason }) => reason === "changed")], [
      false,
      2,
      true,
    ]);
    await desk.look("delete from audit_log where id = any($1)", [failures.map((failure) => failure.id)]);
    assertEquals((await verify(admin)).ok, true);
  });

  await t.step("a row that is gone", async () => {
    await desk.look("create table kept as select * from audit_log where id = $1", [id]);
    await desk.look("delete from audit_log where id = $1", [id]);
    const { ok, failures } = await verify(admin);
    assertEquals([ok, failures], [false, [{ reason: "removed", id, at: null }]]);
    await desk.look("insert into audit_log select * from kept");
    assertEquals((await verify(admin)).ok, true);
  });

  await t.step("a seal that was changed, made again without the row, or taken out", async () => {
    for (const title of ["One", "Two"]) {
      await raise(requester, { title });
      await older(desk);
      await sealAudits(desk.request(), NEVER);
    }
    assertEquals((await verify(admin)).head?.number, 3);
    await desk.look("create table seals as select * from audit_seals");
    const restore = async () => {
      await desk.look("delete from audit_seals");
      await desk.look("insert into audit_seals select * from seals");
      assertEquals((await verify(admin)).ok, true);
    };
    const mine = `tenant_id = '${admin.tenant.id}'`;
    await desk.look(`update audit_seals set ids = array_remove(ids, $1) where ${mine} and number = 1`, [id]);
    assertEquals((await verify(admin)).failures.map(({ reason, id }) => [reason, id]), [[
      "seal_changed",
      "1",
    ]]);
    await restore();
    await desk.look(`update audit_seals set mac = 'x' where ${mine} and number = 2`);
    assertEquals((await verify(admin)).failures.map(({ reason, id }) => [reason, id]), [
      ["seal_changed", "2"],
      ["seal_changed", "3"],
    ]);
    await restore();
    await desk.look(`delete from audit_seals where ${mine} and number = 2`);
    assertEquals((await verify(admin)).failures.map(({ reason, id }) => [reason, id]), [[
      "seal_removed",
      "2",
    ]]);
    await restore();
  });

  await t.step("a cut end is seen by who noted the seal that was the last", async () => {
    const { head } = await verify(admin);
    await desk.look("delete from audit_seals where number = 3 and tenant_id = $1", [admin.tenant.id]);
    const after = await verify(admin);
    assert(after.head!.number < head!.number && after.head!.mac !== head!.mac);
  });
});

Deno.test("CHK-36 a log of many parts is verified part by part, under writers who don't wait", async () => {
  await using scene = await openScene();
  const { desk, admin, agent, requester } = scene;
  const ticket = await raise(requester);
  const at = new Date(Date.now() - 600_000).toISOString();
  const made = Array.from({ length: 11_000 }, (_, i) => {
    const content = {
      id: aged(uuid7()),
      tenantId: admin.tenant.id,
      at,
      actorId: admin.user.id,
      action: "ticket.edited",
      entity: "ticket",
      entityId: ticket.id,
      internal: false,
      changes: { turn: i, b: { d: 1, c: [true, null] } },
      requestId: "many",
      ip: "127.0.0.1",
    };
    return { ...content, mac: auditMac(desk.services, content) };
  });
  await desk.look(
    `insert into audit_log (tenant_id, id, at, actor_id, action, entity, entity_id, changes, request_id, ip, mac)
      select r."tenantId", r.id, r.at, r."actorId", r.action, r.entity, r."entityId", r.changes, r."requestId", r.ip, r.mac
      from jsonb_to_recordset($1::jsonb) as r("tenantId" uuid, id uuid, at timestamptz, "actorId" uuid, action text,
        entity text, "entityId" uuid, changes jsonb, "requestId" text, ip text, mac text)`,
    [JSON.stringify(made)],
  );
  const [, , ...writes] = await Promise.all([
    sealAudits(desk.request(), NEVER),
    sealAudits(desk.request(), NEVER),
    ...Array.from(
      { length: 20 },
      (_, i) => agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: `Reply ${i}` }),
    ),
  ]);
  assertEquals(writes.filter(({ status }) => status !== 201).length, 0);
  const found = await verify(admin);
  assertEquals([found.ok, found.seals], [true, 3]);
  assert(found.rows >= 11_020, `${found.rows} rows`);
  await desk.look("update audit_log set ip = '10.0.0.1' where id = any($1)", [[
    made[10]!.id,
    made[10_900]!.id,
  ]]);
  assertEquals((await verify(admin)).failures.map(({ id }) => id), [made[10]!.id, made[10_900]!.id]);
  for (const cursor of ["x", "r:x", "s:AAAA.BBBB"]) {
    assertEquals((await admin.get(`/audit/verify?cursor=${cursor}`)).status, 422);
  }
});

Deno.test("CHK-36 what is taken in from elsewhere is sealed too, however long ago it happened", async () => {
  await using scene = await openScene();
  const { desk, admin } = scene;
  await older(desk);
  await sealAudits(desk.request(), NEVER);
  const [row] = await desk.look<{ id: string }>("select id from audit_log where tenant_id = $1 limit 1", [
    admin.tenant.id,
  ]);
  const id = aged(uuid7());
  await desk.look(
    `insert into audit_log (tenant_id, id, at, actor_id, action, entity, entity_id, changes, request_id, ip, mac)
      select tenant_id, $2, at - interval '90 days', actor_id, action, entity, entity_id, changes, request_id, ip, mac
      from audit_log where id = $1`,
    [row!.id, id],
  );
  assertEquals(await sealAudits(desk.request(), NEVER), 1);
  const [seal] = await desk.look<{ ids: string[] }>(
    "select ids from audit_seals where tenant_id = $1 order by number desc limit 1",
    [admin.tenant.id],
  );
  assertEquals(seal!.ids, [id]);
});

Deno.test("ids that are made here are in order, of version 7, and each is another", () => {
  const ids = Array.from({ length: 20_000 }, () => uuid7());
  assertEquals(new Set(ids).size, ids.length);
  assertEquals([...ids].sort(), ids);
  for (const id of ids) {
    assert(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id), id);
  }
  const ms = parseInt(ids.at(-1)!.slice(0, 13).replace("-", ""), 16);
  assert(Math.abs(ms - Date.now()) < 2_000);
});

/** A row of the log by itself, signed as the process of today signs it. */
function rowOf(admin: Client, changes: Record<string, unknown>) {
  return {
    id: uuid7(),
    tenantId: admin.tenant.id,
    at: new Date(Date.now() - 600_000).toISOString(),
    actorId: admin.user.id,
    action: "user.changed",
    entity: "user",
    entityId: admin.user.id,
    internal: false,
    changes,
    requestId: "by-hand",
    ip: "127.0.0.1",
  };
}

async function insertRow(
  desk: Desk,
  { changes, ...row }: ReturnType<typeof rowOf>,
  mac: string,
): Promise<void> {
  await desk.look(
    `insert into audit_log (tenant_id, id, at, actor_id, action, entity, entity_id, internal, changes, request_id, ip, mac)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [row.tenantId, row.id, row.at, row.actorId, row.action, row.entity, row.entityId, row.internal]
      .concat(JSON.stringify(changes) as never, row.requestId, row.ip, mac),
  );
}

/** Pairs that other forms of signing, or readers of JSON, take for one another. */
const ALIKE: Record<string, [was: string, altered: string]> = {
  "an object and the list of its entries": [
    `{"role": ["AGENT", "ADMIN"], "active": [true, false]}`,
    `[["active", [true, false]], ["role", ["AGENT", "ADMIN"]]]`,
  ],
  "the same further in": [
    `{"role": {"from": "AGENT", "to": "ADMIN"}}`,
    `{"role": [["from", "AGENT"], ["to", "ADMIN"]]}`,
  ],
  "an empty object and an empty list": [`{"filter": {}}`, `{"filter": []}`],
  "a number and its text": [`{"days": 3}`, `{"days": "3"}`],
  "numbers that are one to a double": [`{"days": 1}`, `{"days": 1.00000000000000000001}`],
  "integers past 2^53": [`{"n": 9007199254740992}`, `{"n": 9007199254740993}`],
  "a number that is no double": [`{"n": 0}`, `{"n": ${"1" + "0".repeat(400)}}`],
  "a fraction and all of its digits": [`{"n": 0.1}`, `{"n": 0.1000000000000000055511151231257827}`],
  "letters that look the same": [`{"name": "\\u00e9"}`, `{"name": "e\\u0301"}`],
  "null and nothing": [`{"name": null}`, `{}`],
};

Deno.test("V13 CHK-36 no other content has a row's signature: lists for objects, digits, accents", async (t) => {
  await using scene = await openScene();
  const { desk, admin } = scene;
  for (const [what, [was, altered]] of Object.entries(ALIKE)) {
    await t.step(what, async () => {
      const row = rowOf(admin, JSON.parse(was));
      await insertRow(desk, row, auditMac(desk.services, row));
      assertEquals((await verify(admin)).ok, true);
      await desk.look("update audit_log set changes = $2::text::jsonb where id = $1", [row.id, altered]);
      assertEquals((await verify(admin)).failures.map(({ reason, id }) => [reason, id]), [[
        "changed",
        row.id,
      ]]);
      await desk.look("delete from audit_log where id = $1", [row.id]);
    });
  }
});

Deno.test("V13 values at the edges of RFC 8785 are verified as they were written", async () => {
  await using scene = await openScene();
  const { desk, admin } = scene;
  const changes = {
    // Sorted by UTF-16 units: the emoji stands before the ligature, though its code point is greater.
    "\u20ac": "Euro",
    "\r": "Return",
    "\ufb33": "Hebrew",
    "1": "One",
    "\ud83d\ude00": "Smiley",
    "\u0080": "Control",
    "\u00f6": "o",
    "__proto__x": 1,
    "": "empty",
    numbers: [
      333333333.33333329,
      1e30,
      4.5,
      2e-3,
      1e-27,
      -0,
      1e21,
      5e-324,
      1.7976931348623157e308,
      -9007199254740991,
      1.0,
    ],
    text: '\u20ac$\u000f\nA\'\u0042"\\\\"/\u2028\u2029',
    literals: [null, true, false, {}, [], [[]], [{}]],
  };
  const row = rowOf(admin, changes);
  await insertRow(desk, row, auditMac(desk.services, row));
  assertEquals((await verify(admin)).ok, true);
  const other = { ...row, changes: Object.fromEntries(Object.entries(changes).reverse()) };
  assertEquals(auditMac(desk.services, other), auditMac(desk.services, row));
});

Deno.test("V13 rows of before are verified in the form that they were signed in, and stay what they were", async () => {
  await using scene = await openScene();
  const { desk, admin } = scene;
  const row = rowOf(admin, { role: { from: "AGENT", to: "ADMIN" }, active: [true, false] });
  const { tenantId, id, at, actorId, action, entity, entityId, internal, requestId, ip } = row;
  const entries = [["active", [true, false]], ["role", [["from", "AGENT"], ["to", "ADMIN"]]]];
  const mac = desk.services.secrets.sign(
    "audit",
    JSON.stringify([
      "row",
      tenantId,
      id,
      at,
      actorId,
      action,
      entity,
      entityId,
      internal,
      entries,
      requestId,
      ip,
    ]),
  );
  await insertRow(desk, row, mac);
  assertEquals((await verify(admin)).ok, true);
  for (
    const flip of [
      `changes = '${JSON.stringify(entries)}'`,
      `changes = jsonb_set(changes, '{role,to}', '"MANAGER"')`,
      `mac = '2:' || mac`,
    ]
  ) {
    await desk.look(`update audit_log set ${flip} where id = $1`, [id]);
    const found = (await verify(admin)).failures.map(({ reason, id }) => [reason, id]);
    assertEquals([flip, found], [flip, [["changed", id]]]);
    await desk.look("update audit_log set changes = $2, mac = $3 where id = $1", [
      id,
      JSON.stringify(row.changes),
      mac,
    ]);
  }
  // A new row can't be passed off as an old one.
  const [fresh] = await desk.look<{ id: string }>("select id from audit_log where mac like '2:%' limit 1");
  await desk.look("update audit_log set mac = substr(mac, 3) where id = $1", [fresh!.id]);
  assertEquals((await verify(admin)).failures.map(({ id }) => id), [fresh!.id]);
});
