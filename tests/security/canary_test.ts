import { ALL_REPORTS } from "@/domain/reports/definitions/all.ts";
import { REPORT_FORMATS } from "@/domain/reports/export/mod.ts";
import { readPdf } from "@/tests/helpers/pdf_reader.ts";
import { OPERATIONS } from "@/api/app.ts";
import type { z } from "zod";
import { inTenant } from "@/db/door.ts";
import { raw, sql } from "@/db/sql.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import { asSuperuser } from "@/tests/helpers/cluster.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import {
  furnish,
  kindOf,
  nameOf,
  type Organisation,
  pathOf,
  ROLE_NAMES,
} from "@/tests/helpers/organisations.ts";
import { addressOf, screens } from "@/tests/helpers/screens.ts";

const desk = await openDesk();
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
const ours = await furnish(desk, "Harbour Works");
const theirs = await furnish(desk, "Other Works");

/** What is asked for, and what must not come back: a page may say again what was typed. */
const ASKED = "zzcanaryzz";
const SECRET = "zzsecretzz";

Deno.test("what only staff may read is hidden from a requester's own SQL, by the policies alone", async () => {
  const { AGENT, REQUESTER } = ours.people;
  const tenantId = AGENT.tenant.id;
  const into = await AGENT.post("/tickets", { title: "Zebrastripes", description: "" });
  const { version, id } = (await AGENT.post("/tickets", { title: "Goes there", description: "" })).body;
  const merged = await AGENT.post(`/tickets/${id}/merge`, { version, into: into.body.id });
  assertEquals(merged.status, 200);
  const note = await AGENT.post(`/tickets/${ours.ids.ticket}/comments`, {
    body: "Between us: quartermasterly",
    visibility: "internal",
  });
  assertEquals(note.status, 201);
  const tables = await desk.look<{ name: string; hidden: string }>(
    `select tablename as name, qual as hidden from pg_policies where policyname = 'staff_only'
      and permissive = 'RESTRICTIVE' order by 1`,
  );
  assertEquals(tables.map(({ name }) => name), [
    "attachments",
    "audit_log",
    "comment_versions",
    "comments",
    "events",
    "handovers",
    "notifications",
    "outbox",
    "report_acts",
    "report_breaches",
    "report_stays",
    "report_tickets",
    "saved_report_mails",
    "saved_report_recipients",
    "saved_reports",
    "search_dropped_words",
    "search_parts",
    "search_postings",
    "search_vocabulary",
    "ticket_merges",
  ]);
  const seenBy = async (userId: string, from: string) =>
    await inTenant(
      { kind: "person", tenantId, userId },
      async ({ db }) =>
        (await db.rows<{ n: number }>(sql`select count(*)::int as n from ${raw(from)}`))[0]!.n,
    );
  const whole = ["outbox", "search_vocabulary", "ticket_merges"];
  const partly = [
    "audit_log where internal",
    "comments where visibility = 'internal'",
    "events where internal",
  ]
    .concat("search_postings where field = 2", "search_parts where internal");
  for (const from of [...whole, ...partly]) {
    const [row] = await desk.look<{ n: number }>(
      `select count(*)::int as n from ${from} ${from.includes("where") ? "and" : "where"} tenant_id = $1`,
      [tenantId],
    );
    assert(row!.n > 0, `there is nothing in ${from}`);
    assertEquals([from, await seenBy(AGENT.user.id, from)], [from, row!.n]);
    assertEquals([from, await seenBy(REQUESTER.user.id, from)], [from, 0]);
  }
  // What can't be read can't be picked out to be changed either.
  for (const change of ["update outbox set payload = '{}'", "update ticket_merges set undone_at = now()"]) {
    const changed = await inTenant(
      { kind: "person", tenantId, userId: REQUESTER.user.id },
      ({ db }) => db.run(sql`${raw(change)} where tenant_id = ${tenantId}`),
    );
    assertEquals([change, changed], [change, 0]);
  }
});

/** Writes the canary into every text of every row of a tenant, as far as the table takes it. @returns which columns */
async function plant(tenantId: string): Promise<string[]> {
  return await asSuperuser(desk.cluster, desk.database, async (client) => {
    const { rows: columns } = await client.query<{ tab: string; col: string; type: string }>(
      `select c.table_name as tab, c.column_name as col, c.data_type as type from information_schema.columns c
       join pg_class k on k.relname = c.table_name and k.relnamespace = 'public'::regnamespace and k.relkind = 'r'
       where c.table_schema = 'public' and c.is_generated = 'NEVER' and c.data_type in ('text', 'jsonb')
         and exists (select 1 from information_schema.columns t
           where t.table_schema = 'public' and t.table_name = c.table_name and t.column_name = 'tenant_id')
       order by 1, 2`,
    );
    const planted: string[] = [];
    await client.query("begin");
    for (const { tab, col, type } of columns) {
      const value = type === "jsonb"
        ? `case when jsonb_typeof(${col}) = 'object' then ${col} || '{"canary": "${ASKED} ${SECRET}"}' else ${col} end`
        : `coalesce(${col}, '') || ' ${ASKED} ${SECRET}'`;
      await client.query("savepoint one");
      try {
        const { rowCount } = await client.query(
          `update ${tab} set ${col} = ${value} where tenant_id = $1`,
          [tenantId],
        );
        if (rowCount) planted.push(`${tab}.${col}`);
      } catch {
        // A list of values, a limit or a key stands against it.
        await client.query("rollback to savepoint one");
      }
    }
    await client.query(`update tenants set name = name || ' ${ASKED} ${SECRET}' where id = $1`, [tenantId]);
    await client.query("commit");
    return planted;
  });
}

const planted = await plant(theirs.people.ADMIN.tenant.id);

Deno.test("CHK-09 the canary is in what the other tenant wrote, and that tenant finds it", async () => {
  for (
    const column of ["tickets.title", "tickets.description", "users.name", "queues.name", "audit_log.changes"]
  ) {
    assert(planted.includes(column), column);
  }
  assert(planted.length >= 12, planted.join(", "));
  const found = await theirs.people.ADMIN.get(`/search?q=${ASKED}`);
  assert(found.text.includes(SECRET), found.text);
});

/** Every address that an operation has for somebody who is curious: own and foreign things, with and without the word. */
function pathsOf(operation: (typeof OPERATIONS)[number], { ids }: Organisation): string[] {
  const kind = kindOf(operation);
  const path = pathOf(operation, { id: kind ? ids[kind] : "", userId: ids.user });
  const fields = Object.keys((operation.query as z.ZodObject | undefined)?.shape ?? {});
  const words = fields.filter((field) => /^(q|tag|name)$/.test(field)).map((field) =>
    `${path}?${field}=${ASKED}`
  );
  const foreign = fields.filter((field) => /Id$/.test(field)).map((field) =>
    `${path}?${field}=${theirs.ids.user}`
  );
  return [path, ...words, ...foreign];
}

Deno.test("CHK-09 no operation that reads gives a byte of the other tenant", async () => {
  const leaks: string[] = [];
  let asked = 0;
  for (const operation of OPERATIONS.filter(({ method }) => method === "get")) {
    const paths = [
      ...pathsOf(operation, ours),
      ...(operation.path.includes("{") ? pathsOf(operation, theirs) : []),
    ];
    for (const path of new Set(paths)) {
      for (const role of ROLE_NAMES) {
        const answer = await ours.people[role].api("GET", path, { headers: { accept: "application/json" } });
        asked++;
        const heads = JSON.stringify([...answer.headers]);
        if (answer.status >= 500) leaks.push(`${nameOf(operation)}: ${answer.status}`);
        if (answer.text.includes(SECRET) || heads.includes(SECRET)) leaks.push(`${role} ${path}`);
      }
    }
  }
  assertEquals(leaks, []);
  assert(asked >= 100, `${asked} requests`);
});

function pdfText({ pages, metadata, info }: ReturnType<typeof readPdf>): string {
  return JSON.stringify([pages, metadata, Object.values(info).map(String)]);
}

Deno.test("CHK-09, CHK-11 no report in any format gives a byte of the other tenant, or anything to a requester", async () => {
  const wrong: string[] = [];
  for (const { name } of ALL_REPORTS) {
    for (const format of REPORT_FORMATS) {
      for (const role of ROLE_NAMES) {
        const path = `/v1/reports/${name}?format=${format}`;
        const authorization = `Bearer ${ours.people[role].token}`;
        const answer = await desk.fetch(
          new Request(`http://localhost:8000${path}`, { headers: { authorization } }),
        );
        const bytes = new Uint8Array(await answer.arrayBuffer());
        const text = format === "pdf" && answer.status === 200
          ? pdfText(readPdf(bytes))
          : new TextDecoder().decode(bytes);
        if (answer.status !== (role === "REQUESTER" ? 404 : 200)) {
          wrong.push(`${role} ${path}: ${answer.status}`);
        }
        if (text.includes(SECRET)) wrong.push(`${role} ${path}: theirs`);
      }
      const foreign = await ours.people.AGENT.get(
        `/reports/${name}?format=${format}&queueId=${theirs.ids.queue}`,
      );
      const unknown = await ours.people.AGENT.get(
        `/reports/${name}?format=${format}&queueId=${crypto.randomUUID()}`,
      );
      assertEquals([foreign.status, foreign.body.errors], [422, unknown.body.errors]);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("CHK-09 no page shows a byte of the other tenant", async () => {
  const leaks: string[] = [];
  let asked = 0;
  const values = async ({ people, ids }: Organisation) => ({
    ...ids,
    key: (await people.REQUESTER.get(`/tickets/${ids.ticket}`)).body.key as string,
    id: ids.user,
    file: ids.attachment,
    reply: ids.canned_reply,
    policy: ids.slaPolicy,
    report: "volume",
    saved: ids.savedReport,
    endpoint: ids.webhook,
    slug: people.ADMIN.tenant.slug,
    token: "0-0-0",
    path: "nowhere",
    template: "welcome",
  });
  const [own, foreign] = [await values(ours), {
    ...await values(theirs),
    slug: ours.people.ADMIN.tenant.slug,
  }];
  const all = (await screens()).filter(({ methods }) => methods.has("GET"));
  for (const role of ROLE_NAMES) {
    const browser = await PageClient.signedIn(ours.people[role]);
    for (const screen of all) {
      const address = addressOf(screen, own);
      const addresses = [
        address,
        `${address}?q=${ASKED}`,
        addressOf(screen, { ...foreign, key: theirs.ids.ticket }),
      ];
      for (const path of new Set(addresses)) {
        const answer = await browser.get(path);
        asked++;
        if (answer.status >= 500) leaks.push(`${role} ${path}: ${answer.status}`);
        if (answer.html.includes(SECRET)) leaks.push(`${role} ${path}`);
      }
    }
  }
  assertEquals(leaks, []);
  assert(asked >= 100, `${asked} pages`);
});

Deno.test("CHK-09 counts of the other tenant's things are nothing", async () => {
  const before = await ours.people.ADMIN.get("/tickets/counts");
  for (let i = 0; i < 3; i++) {
    await theirs.people.ADMIN.post("/tickets", { title: ASKED, description: ASKED });
  }
  assertEquals((await ours.people.ADMIN.get("/tickets/counts")).body, before.body);
  assertEquals((await ours.people.ADMIN.get(`/tickets/counts?q=${ASKED}`)).body.matching, {
    count: 0,
    capped: false,
  });
  assertEquals((await ours.people.ADMIN.get(`/search?q=${ASKED}`)).body.tickets, []);
});
