import type { MeasureInfo } from "@/domain/reports/model/types.ts";
import { formatValue } from "@/domain/reports/model/wording.ts";
import { fewAtOnce } from "@/domain/shared/few_at_once.ts";
import { assert, assertEquals, assertRejects } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { readPdf, tagsOf } from "@/tests/helpers/pdf_reader.ts";
import { makeTickets } from "@/tests/helpers/many_tickets.ts";
import { assertProblem, openScene, raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const { desk, admin, agent, requester, stranger, other, queue, category } = scene;

/** Reads RFC 4180 strictly: what isn't quoted by its rules throws. */
function records(csv: string): string[][] {
  assert(csv.startsWith("\ufeff"), "no BOM");
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  cell.lastIndex = 1;
  while (cell.lastIndex < csv.length) {
    const at = cell.lastIndex;
    const found = cell.exec(csv);
    if (!found) throw new Error(`Not RFC 4180 at ${at}: ${csv.slice(at, at + 60)}`);
    row.push(found[1]?.replaceAll('""', '"') ?? found[2]!);
    if (found[3] === "\r\n") rows.push(row), row = [];
  }
  assertEquals(row, []);
  return rows;
}

async function csv(client: Client, query: string): Promise<string[][]> {
  const answer = await client.get(`/tickets/export?${query}`);
  assertEquals([answer.status, answer.type.split(";")[0]], [200, "text/csv"]);
  // Reading a text drops the mark that it begins with.
  return records(`\ufeff${answer.text}`);
}

async function json(client: Client, query: string): Promise<Record<string, unknown>[]> {
  const answer = await client.get(`/tickets/export?format=json&${query}`);
  assertEquals([answer.status, answer.type], [200, "application/json"]);
  return answer.body.items;
}

const column = (rows: string[][], at = 0) => rows.slice(1).map((row) => row[at]!);

Deno.test("ticket exports: a list's tickets, as CSV and JSON", async (t) => {
  const first = await raise(requester, { title: 'Screen, 24"', categoryId: category, tags: ["b", "a"] });
  const second = await raise(stranger, { title: "Two\u2028lines", queueId: undefined });
  const third = await raise(agent, { title: "Ünïcödé ✓", queueId: queue });

  await t.step("the usual columns, dates in the zone that the header names", async () => {
    const rows = await csv(agent, "sort=created&timeZone=Asia/Kolkata");
    assertEquals(
      rows[0]!.join(),
      "Key,Title,Type,Status,Priority,Category,Queue,Requester,Assignee,Tags,Source," +
        "Created (Asia/Kolkata),Updated (Asia/Kolkata),Resolved (Asia/Kolkata),Closed (Asia/Kolkata)," +
        "First response,First response due (Asia/Kolkata),Resolution,Resolution due (Asia/Kolkata)",
    );
    assertEquals(column(rows), [first.key, second.key, third.key]);
    assertEquals(
      rows[1]!.slice(1, 11),
      [
        ...[
          'Screen, 24"',
          "Incident",
          "New",
          "Medium",
          "Cables",
          "Network",
          "Rob Requester",
          "",
          "a, b",
          "api",
        ],
      ],
    );
    const created = rows[1]![11]!;
    assert(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:30$/.test(created), created);
    assertEquals(Math.floor(Date.parse(first.createdAt) / 1000), Date.parse(created) / 1000);
    assertEquals(rows[3]![1], "Ünïcödé ✓");
  });

  await t.step("bytes: UTF-8 with its mark, a file name, never cached, never shown as a page", async () => {
    const response = await desk.fetch(
      new Request(`${desk.config.PUBLIC_URL}/v1/tickets/export`, {
        headers: { authorization: `Bearer ${agent.token}` },
      }),
    );
    const bytes = new Uint8Array(await response.arrayBuffer());
    assertEquals([...bytes.slice(0, 3)], [0xef, 0xbb, 0xbf]);
    assert(
      /^attachment; filename="servicehub-tickets-\d{4}-\d\d-\d\d\.csv"/.test(
        response.headers.get("content-disposition")!,
      ),
    );
    assertEquals(response.headers.get("cache-control"), "no-store");
    assert(response.headers.get("content-security-policy")!.includes("sandbox"));
  });

  await t.step("chosen columns in their order; in JSON the API's own values", async () => {
    const rows = await csv(agent, "sort=created&columns=number,key,requesterEmail");
    assertEquals(rows.slice(0, 2), [["Number", "Key", "Requester email"], [
      String(first.number),
      first.key,
      requester.user.email,
    ]]);
    const [item] = await json(agent, "sort=created&columns=tags,status&columns=createdAt,needsReply,queueId");
    assertEquals(item, {
      tags: ["a", "b"],
      status: "new",
      createdAt: first.createdAt,
      needsReply: true,
      queueId: queue,
    });
    assertEquals(await json(agent, "q=nothingofthatname&columns=key"), []);
  });

  await t.step("every filter and order as the list has them, and a view", async () => {
    const queries = ["sort=-updated", "sort=due", `queueId=${queue}`, `requesterId=${stranger.user.id}`]
      .concat("q=screen", `q=${third.key}`, "tag=a&sort=-created", "updatedAfter=2020-01-01T00:00:00Z");
    for (const query of queries) {
      for (const client of [agent, requester]) {
        const { body } = await client.get(`/tickets?${query}&limit=100`);
        const listed = body.items.map(({ key }: { key: string }) => key);
        assertEquals([query, column(await csv(client, `${query}&columns=key`))], [query, listed]);
      }
    }
    const filter = { requesterId: stranger.user.id };
    const view = await agent.post("/views", { name: "Hers", filter, sort: "created" });
    assertEquals(column(await csv(agent, `view=${view.body.id}`)), [second.key]);
    assertEquals(column(await csv(agent, `view=${view.body.id}&requesterId=`)), [
      ...[first.key, second.key, third.key],
    ]);
    assertProblem(await requester.get(`/tickets/export?view=${view.body.id}`), 422, "invalid");
  });

  await t.step("the page's menu downloads what the list shows", async () => {
    const browser = await PageClient.signedIn(agent);
    const page = await browser.get("/tickets?q=screen&status=new");
    const form = page.document.querySelector('form[action="/tickets/export"]')!;
    const hidden = [...form.querySelectorAll('input[type="hidden"]')].map((input) =>
      `${input.getAttribute("name")}=${input.getAttribute("value")}`
    );
    assertEquals(hidden.sort(), ["q=screen", "status=new"]);
    const ticked = [...form.querySelectorAll("input[checked]")].map((input) => input.getAttribute("value"));
    assertEquals(ticked.slice(0, 2), ["key", "title"]);
    const file = await browser.get(`/tickets/export?${hidden.join("&")}&columns=key&format=csv`);
    assertEquals([file.status, column(records(`\ufeff${file.html}`))], [200, [first.key]]);
    const wrong = await browser.get("/tickets/export?columns=nope");
    assertEquals(wrong.status, 422);
    assertEquals((await new PageClient(desk).get("/tickets/export")).status, 303);
    const views = (await browser.get("/views")).document.querySelector('a[href^="/tickets/export?"]');
    assertEquals(column(records(`\ufeff${(await browser.get(views!.getAttribute("href")!)).html}`)), [
      second.key,
    ]);
  });
});

Deno.test("ticket exports: what is refused", async () => {
  const wrong: [query: string, path: string][] = [
    ["columns=key,nope", "columns"],
    ["columns=__proto__", "columns"],
    ["format=xlsx", "format"],
    ["timeZone=Mars/Base", "timeZone"],
    ["limit=5", "limit"],
    ["cursor=x", "cursor"],
    ["status=lost", "status.0"],
    [`view=${UNKNOWN}`, "view"],
  ];
  for (const [query, path] of wrong) {
    const answer = await agent.get(`/tickets/export?${query}`);
    assertProblem(answer, 422, "invalid");
    assertEquals([query, answer.body.errors[0].path], [query, path]);
  }
  const { body } = await agent.get("/tickets/export?columns=nope");
  assert(body.errors[0].message.includes("key, title, type, status"), body.errors[0].message);
  assertEquals((await desk.client().get("/tickets/export")).status, 401);
});

Deno.test("CHK-26 no text of a ticket becomes a formula, and numbers stay numbers", async () => {
  const starts = ["=", "+", "-", "@", "＝", "＋", "－", "＠"];
  const raised = [];
  for (const start of starts) {
    raised.push(await raise(requester, { title: `${start}SUM(A1:A9)`, tags: ["=x"] }));
  }
  // Written past the form, which trims: rows of before, or of an import.
  const odd = ["\t=1", "\r=1", "\n=1", " =1", "\u200b=1", "\u00a0@x", "-5"];
  for (const title of odd) {
    const { id } = await raise(requester, { title: "odd" });
    await desk.look("update tickets set title = $2 where id = $1", [id, title]);
  }
  const rows = await csv(requester, "sort=created&columns=title,tags,number");
  const titles = column(rows).slice(-starts.length - odd.length);
  assertEquals(titles, [...starts.map((start) => `'${start}SUM(A1:A9)`), ...odd.map((title) => `'${title}`)]);
  assertEquals(column(rows, 1).at(-odd.length - 1), "'=x");
  assertEquals(column(rows, 2).at(-odd.length - 1), String(raised.at(-1).number));
});

Deno.test("CHK-09 an export has what the list shows its reader, and nothing of anybody else", async () => {
  await raise(other, { title: "zzforeignzz" });
  const hers = await raise(stranger, { title: "zzherszz" });
  await agent.post(`/tickets/${hers.id}/comments`, { body: "zznotezz", visibility: "internal" });
  const all = "key,title,requester,assignee,id,queue,category,tags,firstResponseState";
  for (const format of ["csv", "json"]) {
    for (const client of [admin, agent, requester]) {
      const { text } = await client.get(`/tickets/export?format=${format}&columns=${all}`);
      assert(!text.includes("zzforeignzz") && !text.includes("zznotezz"), client.user.name);
      assertEquals(text.includes("zzherszz"), client !== requester);
    }
    const mine = await requester.get(`/tickets/export?format=${format}&requesterId=${stranger.user.id}`);
    assert(!mine.text.includes("zzherszz"));
    const foreign = await agent.get(`/tickets/export?format=${format}&requesterId=${other.user.id}`);
    assert(!foreign.text.includes("zz"));
  }
  for (const name of ["requesterEmail", "assigneeEmail"]) {
    const answer = await requester.get(`/tickets/export?columns=${name}`);
    assertProblem(answer, 422, "invalid");
    assert(!answer.body.errors[0].message.split("Choose")[1]!.includes(name));
    assertEquals((await agent.get(`/tickets/export?columns=${name}`)).status, 200);
  }
  // An agent who is confined to other queues sees the list's part of it.
  await desk.look("update tenants set agents_see_all = false where id = $1", [admin.tenant.id]);
  const { body } = await agent.get("/tickets?limit=100&sort=created");
  const listed = body.items.map(({ key }: { key: string }) => key);
  assertEquals(column(await csv(agent, "sort=created&columns=key")), listed);
  assertEquals(column(await csv(admin, "columns=key")).length > listed.length, true);
  await desk.look("update tenants set agents_see_all = true where id = $1", [admin.tenant.id]);
});

Deno.test("CHK-26 a report has the same numbers in every format, and no name in it becomes a formula", async () => {
  const named = await admin.post("/queues", { name: "=HYPERLINK(1)" });
  await raise(agent, { title: "In a queue with a name", queueId: named.body.id });
  const path = "/reports/queues?period=last-7-days";
  const { body: result } = await agent.get(path);
  const row = result.rows.find(({ key }: { key: string }) => key === named.body.id);
  const numbers = result.measures.map(({ name }: { name: string }) => row.values[name] ?? "").map(String);
  const file = await agent.get(`${path}&format=csv`);
  assertEquals([file.status, file.type.split(";")[0]], [200, "text/csv"]);
  const rows = records(`\ufeff${file.text}`);
  assertEquals(rows.find(([key]) => key === named.body.id), [named.body.id, "'=HYPERLINK(1)", ...numbers]);
  assertEquals(rows.length, result.rows.length + 1);
  const response = await desk.fetch(
    new Request(`${desk.config.PUBLIC_URL}/v1${path}&format=pdf`, {
      headers: { authorization: `Bearer ${agent.token}` },
    }),
  );
  assertEquals([response.status, response.headers.get("content-type")], [200, "application/pdf"]);
  const pdf = readPdf(await response.bytes());
  const cells = tagsOf(pdf.document, "TR").map(({ tags }) => tags.map(({ text }) => text.trim()));
  const said = cells.filter(([name]) => name === "=HYPERLINK(1)").flatMap((row) => row.slice(1));
  const shown = result.measures.map(({ name, unit }: MeasureInfo) => formatValue(row.values[name], unit));
  assertEquals(said, shown);
  for (const format of ["json", "csv", "pdf"]) {
    assertEquals((await requester.get(`${path}&format=${format}`)).status >= 403, true);
    assert(!(await other.get(`${path}&format=${format}`)).text.includes("HYPERLINK"));
  }
  assertProblem(await agent.get(`${path}&format=xlsx`), 422, "invalid");
});

/** Begins a download. `next` gives its next piece, null at the end. */
async function open(client: Client, query: string) {
  const response = await desk.fetch(
    new Request(`${desk.config.PUBLIC_URL}/v1/tickets/export?${query}`, {
      headers: { authorization: `Bearer ${client.token}` },
    }),
  );
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  const next = async () => {
    const { done, value } = await reader.read();
    return done ? null : decoder.decode(value, { stream: true });
  };
  return { next, cancel: () => reader.cancel() };
}

/** When the product last asked the database for something. */
async function lastAsked(): Promise<string> {
  const [row] = await desk.look<{ at: string }>(
    `select max(query_start)::text as at from pg_stat_activity
      where datname = current_database() and usename = 'servicehub_app'`,
  );
  return row!.at;
}

Deno.test("ticket exports: however many download, few of them read at once, in turn", async () => {
  const inTurn = fewAtOnce(2);
  let [running, most] = [0, 0];
  const order: number[] = [];
  const work = Array.from({ length: 7 }, (_, i) =>
    inTurn(async () => {
      most = Math.max(most, ++running);
      order.push(i);
      await new Promise((done) => setTimeout(done));
      running--;
      if (i === 3) throw new Error("failed");
      return i;
    }));
  const done = await Promise.allSettled(work);
  assertEquals([most, order.join(), done.filter(({ status }) => status === "rejected").length], [
    2,
    "0,1,2,3,4,5,6",
    1,
  ]);
  const files = await Promise.all(Array.from({ length: 8 }, () => csv(agent, "columns=id")));
  for (const rows of files) assertEquals(rows, files[0]!);
});

Deno.test("ticket exports: a download in batches", async (t) => {
  const reader = await admin.invite("AGENT", "Rea Reader");
  const many = await makeTickets(desk, { many: 1300, requester: stranger, queue });
  await t.step(
    "has each ticket once, in the order of its beginning, whatever changes meanwhile",
    async () => {
      const [moved, resolved, last] = [many[0]!, many[1]!, many[1290]!];
      const file = await open(reader, `queueId=${queue}&status=open&sort=-updated&columns=id`);
      let text = (await file.next())! + (await file.next())!;
      const { version } = (await agent.get(`/tickets/${moved}`)).body;
      await agent.patch(`/tickets/${moved}`, { version, title: "Moved to the top of the list" });
      await desk.look("update tickets set status = 'resolved', resolved_at = now() where id = $1", [
        resolved,
      ]);
      await raise(agent, { title: "Came later", queueId: queue });
      for (let part = await file.next(); part !== null; part = await file.next()) text += part;
      const ids = text.split("\r\n").slice(1, -1);
      assertEquals(ids.length, 1299);
      assertEquals(new Set(ids), new Set(many.filter((id) => id !== resolved)));
      assert(ids.includes(moved) && ids.includes(last));
    },
  );
  await t.step("nothing is read ahead of its reader, nor after it has gone", async () => {
    const file = await open(reader, `queueId=${queue}&columns=id`);
    await file.next();
    await file.next();
    const before = await lastAsked();
    await new Promise((done) => setTimeout(done, 300));
    assertEquals(await lastAsked(), before);
    await file.next();
    const after = await lastAsked();
    assert(after > before);
    await file.cancel();
    await new Promise((done) => setTimeout(done, 300));
    assertEquals(await lastAsked(), after);
  });
  await t.step(
    "who loses sight of tickets gets no more of them; who is signed out gets nothing more",
    async () => {
      const blinded = await open(reader, `queueId=${queue}&columns=id`);
      await blinded.next();
      assert((await blinded.next())!.length > 1000);
      await desk.look("update tenants set agents_see_all = false where id = $1", [admin.tenant.id]);
      assertEquals(await blinded.next(), null);
      await desk.look("update tenants set agents_see_all = true where id = $1", [admin.tenant.id]);
      const broken = await open(reader, `queueId=${queue}&columns=id`);
      await broken.next();
      assert((await broken.next())!.length > 1000);
      await desk.look("update sessions set ended_at = now() where user_id = $1", [reader.user.id]);
      await assertRejects(broken.next, /Sign in/);
    },
  );
});
