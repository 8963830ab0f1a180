/** Reports of the demo's organisation, the numbers against the tickets behind them, and what can't be asked. */
import { join, sql } from "@/db/sql.ts";
import { ensureDemo } from "@/cli/demo/ensure.ts";
import { DEMO_PASSWORD, DEMO_PEOPLE } from "@/cli/demo/people.ts";
import { act, type UserCx } from "@/domain/cx.ts";
import { ALL_REPORTS } from "@/domain/reports/definitions/all.ts";
import type { Report } from "@/domain/reports/definitions/report.ts";
import { membersOf } from "@/domain/reports/members.ts";
import { ReportQuery } from "@/domain/reports/model/parameters.ts";
import type { ReportResult } from "@/domain/reports/model/types.ts";
import { checkRequest } from "@/domain/reports/request.ts";
import { runReport } from "@/domain/reports/run.ts";
import { parse } from "@/domain/validation.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { openDesk } from "@/tests/helpers/desk.ts";

const desk = await openDesk();
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
await ensureDemo(desk.services);

async function signedIn(role: string): Promise<Client> {
  const { email } = DEMO_PEOPLE.find((person) => person.role === role)!;
  const client = desk.client();
  client.become(await client.post("/auth/login", { email, password: DEMO_PASSWORD }));
  return client;
}
const [manager, agent, requester] = await Promise.all(["MANAGER", "AGENT", "REQUESTER"].map(signedIn)) as [
  Client,
  Client,
  Client,
];
// The whole history at once: more than a report makes by itself before it is read.
while (!(await manager.get("/reports/volume")).body.complete);

/** One transaction a report: the database ends those that take long. */
function asManager<T>(fn: (cx: UserCx) => Promise<T>): Promise<T> {
  return act(desk.request(), { kind: "system", tenantId: manager.tenant.id }, (cx) =>
    fn({
      ...cx,
      actor: { ...manager.user, locale: "en", timeZone: "UTC", theme: "system", queueIds: [] },
    } as UserCx));
}

/** Of every number in tickets, what the report says and how many tickets its list has; of others whether any. */
async function againstLists(cx: UserCx, report: Report, query: ReportQuery): Promise<string[]> {
  const [result, request] = [
    await runReport(cx, report.name, query),
    await checkRequest(cx, report.name, query),
  ];
  const told = [...result.rows, result.total].flatMap((row) =>
    report.measures.flatMap((measure) => {
      if (measure.kind === "share") return [];
      const key = row === result.total ? undefined : row.key;
      const members = membersOf(cx, request, measure, key)!;
      return [{ row, measure, members, linked: row.links[measure.name] !== undefined }];
    })
  );
  if (told.length === 0) return [];
  const counts = await cx.db.rows<{ n: number }>(
    sql`${
      join(
        told.map(({ members }, i) => sql`select ${i}::integer as i, count(*) as n from (${members}) m`),
        " union all ",
      )
    }
      order by i`,
    { rare: true },
  );
  return told.flatMap(({ row, measure, linked }, i) => {
    const { n } = counts[i]!;
    const value = row.values[measure.name];
    const fits = measure.kind === "count"
      ? value === n && linked === n > 0
      : linked === (n > 0 && Boolean(value));
    return fits
      ? []
      : [`${report.name} by ${result.by.name}, ${row.label}: ${measure.name} ${value}, ${n} tickets`];
  });
}

Deno.test("each number of every report, by whatever it can be, has exactly as many tickets behind it", async () => {
  const { queueId, assigneeId, categoryId, tag } = await someIds();
  const asked = [
    { period: "last-365-days", interval: "month", timeZone: "Australia/Lord_Howe", queueId },
    { period: "last-30-days", assigneeId, priority: ["high", "medium"] },
    { period: "last-90-days", interval: "month", categoryId, type: "incident", tag },
  ];
  const wrong: string[] = [];
  let rows = 0;
  for (const report of ALL_REPORTS) {
    for (const by of report.dimensions) {
      for (const query of asked) {
        wrong.push(
          ...await asManager(async (cx) => {
            rows++;
            return await againstLists(cx, report, parse(ReportQuery, { by, ...query }));
          }),
        );
      }
    }
  }
  assertEquals(wrong, []);
  assert(rows > 180, `${rows} reports`);
});

async function someIds() {
  const [row] = await desk.look<Record<"queueId" | "assigneeId" | "categoryId" | "tag", string>>(`select
    mode() within group (order by queue_id) as "queueId", mode() within group (order by assignee_id) as "assigneeId",
    mode() within group (order by category_id) as "categoryId",
    (select mode() within group (order by tag) from ticket_tags) as tag from tickets`);
  return row!;
}

Deno.test("the list of a number is paged, has the same tickets, and what a link says is what its report said", async () => {
  const report: ReportResult = (await manager.get("/reports/queues?by=queue&period=last-90-days")).body;
  assert(report.rows.length > 3 && report.complete);
  const [row] = report.rows;
  const link = row!.links.arrived!.replace(/^\/v1/, "");
  const ids = new Set<string>();
  let cursor: string | null = "";
  while (cursor !== null) {
    const { status, body } = await manager.get(
      `${link}&limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    assertEquals([status, body.count], [200, row!.values.arrived]);
    for (const { id } of body.items) ids.add(id);
    cursor = body.nextCursor;
  }
  assertEquals(ids.size, row!.values.arrived);
});

Deno.test("what a report can't be asked for is refused with what it can, beside the field", async () => {
  const about = async (query: string, name = "volume") => {
    const { status, body } = await manager.get(`/reports/${name}${query}`);
    assertEquals([query, status], [query, 422]);
    return body.errors.map((error: { path: string }) => error.path).join();
  };
  for (
    const [query, path] of [
      ["?period=fortnight", "period"],
      ["?from=2026-02-30", "from"],
      ["?from=2026-03-02&to=2026-03-01", "to"],
      ["?from=2020-01-01&to=2025-01-01", "to"],
      ["?to=2026-03-01", "from"],
      ["?period=today&from=2026-03-01", "period"],
      ["?by=colour", "by"],
      ["?by=policy", "by"],
      ["?sort=beauty", "sort"],
      ["?timeZone=Mars/Base", "timeZone"],
      [`?queueId=${crypto.randomUUID()}`, "queueId"],
      [`?assigneeId=${crypto.randomUUID()}`, "assigneeId"],
      [`?categoryId=${crypto.randomUUID()}`, "categoryId"],
      ["?queue=x", "queue"],
    ] as const
  ) {
    assertEquals(await about(query), path);
  }
  const unknown = await manager.get("/reports/luck");
  assertEquals([unknown.status, unknown.body.errors[0].path], [422, "name"]);
  assert(unknown.body.errors[0].message.includes("first-response"));
  assertEquals(await about("?measure=luck", "volume/tickets"), "measure");
  assertEquals(await about("?measure=created&key=2020-01-01", "volume/tickets"), "key");
  const odd = await manager.get("/reports/queues/tickets?measure=arrived&key=luck");
  assertEquals([odd.status, odd.body.count], [200, 0]);
  // Five years to the day, and a period that hasn't begun.
  assertEquals((await manager.get("/reports/backlog?from=2021-12-01&to=2026-11-30")).status, 200);
  const future = (await manager.get("/reports/sla?from=2090-01-01&to=2090-01-31")).body;
  assertEquals([future.rows, future.total.values.replyMet, future.total.values.replyAttainment], [
    [],
    0,
    null,
  ]);
});

Deno.test("CHK-11 a requester finds no reports; an agent sees those of the queues that they may see", async () => {
  for (
    const path of ["/reports", "/reports/volume", "/reports/luck", "/reports/volume/tickets?measure=created"]
  ) {
    assertEquals([path, (await requester.get(path)).status], [path, 404]);
  }
  const whole: ReportResult = (await agent.get("/reports/volume?period=last-90-days")).body;
  const { version } = (await (await signedIn("ADMIN")).get("/tenant")).body;
  const admin = await signedIn("ADMIN");
  assertEquals((await admin.patch("/tenant", { agentsSeeAll: false, version })).status, 200);
  const own: ReportResult = (await agent.get("/reports/volume?by=queue&period=last-90-days")).body;
  assert(own.total.values.created! < whole.total.values.created! && own.total.values.created! > 0);
  const list = await agent.get(`${own.total.links.created!.replace("/v1", "")}&limit=1`);
  assertEquals(list.body.count, own.total.values.created);
  const [{ n }] = await desk.look<{ n: number }>(
    `select count(*) as n from tickets t where t.merged_into is null and t.created_at > now() - interval '89 days'
      and t.created_at < now() and (t.queue_id is null or t.assignee_id = $1
      or t.queue_id in (select queue_id from queue_members where user_id = $1)
      or exists (select from ticket_participants p where p.ticket_id = t.id and p.user_id = $1))`,
    [agent.user.id],
  ) as [{ n: number }];
  // The period begins with a day, so it has some hours more.
  assert(
    own.total.values.created! >= n && own.total.values.created! < n + 100,
    `${own.total.values.created} of ${n}`,
  );
});

Deno.test("docs/reports.md says of every measure what it counts, in the report's own words", async () => {
  const doc = (await Deno.readTextFile(new URL("../../docs/reports.md", import.meta.url))).replaceAll(
    /\s+/g,
    " ",
  );
  const missing = ALL_REPORTS.flatMap(({ name, title, question, measures }) => [
    ...[title, question, `\`${name}\``].filter((text) => !doc.includes(text)),
    ...measures.flatMap((measure) => [measure.label, `\`${measure.name}\``, measure.help]).filter((text) =>
      !doc.includes(text)
    ),
  ]);
  assertEquals(missing, []);
});
