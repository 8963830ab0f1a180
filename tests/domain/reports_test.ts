/** Reports as clients ask for them: the list behind a number, what can't be asked, and who sees what. */
import { ALL_REPORTS } from "@/domain/reports/definitions/all.ts";
import type { Interval } from "@/domain/reports/model/names.ts";
import {
  choosePeriod,
  comparedIntervals,
  comparedUntil,
  intervalsOf,
  type Period,
} from "@/domain/reports/model/period.ts";
import type { ReportResult } from "@/domain/reports/model/types.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { furnish } from "@/tests/helpers/organisations.ts";

const desk = await openDesk();
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
const { people } = await furnish(desk, "Harbour Works");
const { ADMIN: admin, MANAGER: manager, AGENT: agent, REQUESTER: requester } = people;
const [home, far] = await Promise.all(
  ["Near", "Far"].map(async (name) => (await admin.post("/queues", { name })).body.id as string),
) as [string, string];
for (let i = 0; i < 30; i++) {
  const queueId = i % 3 === 0 ? far : home;
  const { status } = await admin.post("/tickets", { title: `Lamp ${i}`, description: "", queueId });
  assertEquals(status, 201);
}

Deno.test("the list of a number is paged, has the same tickets, and what a link says is what its report said", async () => {
  const report: ReportResult = (await manager.get("/reports/queues?by=queue&period=last-90-days")).body;
  assert(report.rows.length > 1 && report.complete);
  const [row] = report.rows;
  const link = row!.links.arrived!.replace(/^\/v1/, "");
  const ids = new Set<string>();
  let cursor: string | null = "";
  while (cursor !== null) {
    const { status, body } = await manager.get(
      `${link}&limit=7${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
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
      ["?interval=day&from=2024-01-01&to=2026-01-01", "interval"],
      ["?queue=x", "queue"],
      ["?part=comments", "part"],
      ["?part=comments&format=csv", "part"],
      ["?part=comments&format=pdf", "part"],
      ["?part=colours&format=csv", "part"],
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

Deno.test("the JSON of the API is that of the page's file, with links of its own", async () => {
  const path = "/reports/queues?by=queue&period=last-90-days&compare=previous";
  const browser = await PageClient.signedIn(manager);
  const file = JSON.parse((await browser.get(path.replace("?", "/export?format=json&"))).html);
  const answer = (await manager.get(path)).body;
  const links = (text: string) => text.replaceAll('"/v1/reports/', '"/reports/');
  const asked = { ...answer, madeAt: file.madeAt };
  assertEquals(JSON.parse(links(JSON.stringify(asked))), file);
  assert(answer.total.links.arrived.startsWith("/v1/reports/queues/tickets?"), answer.total.links.arrived);
  assert(file.total.links.arrived.startsWith("/reports/queues/tickets?"), file.total.links.arrived);
  const refused = await browser.get(path.replace("?", "/export?format=csv&part=comments&"));
  assertEquals([refused.status, refused.location], [303, path]);
});

Deno.test("the form of a report keeps every filter, names it, and keeps the period of a refused address", async (t) => {
  const browser = await PageClient.signedIn(manager);
  /** The address that its form leads to as it stands, or changed. */
  const sent = async (query: string, changes: Record<string, string | string[]> = {}) => {
    const page = await browser.get(`/reports/volume?${query}`);
    const form = page.document.querySelector("form.report-filters")!;
    form.setAttribute("action", "/reports/volume");
    const { location } = await browser.submit(page, "form.report-filters", changes);
    const chips = [...page.document.querySelectorAll(".chip")].map((chip) => ({
      text: chip.textContent!.trim(),
      without: new URLSearchParams(chip.getAttribute("href")!),
    }));
    return { page, search: new URL(location!, "http://x").searchParams, chips };
  };
  await t.step("what is archived or deactivated, and all tags", async () => {
    const [{ body: queue }, { body: category }, left] = await Promise.all([
      admin.post("/queues", { name: "Old queue" }),
      admin.post("/categories", { name: "Old category" }),
      admin.invite("AGENT", "Lea Left"),
    ]);
    for (const [path, { id, version }] of [["queues", queue], ["categories", category]] as const) {
      const { status } = await admin.patch(`/${path}/${id}`, { version, archived: true });
      assertEquals([path, status], [path, 200]);
    }
    await desk.look("update users set deactivated_at = now() where id = $1", [left.user.id]);
    const filters = {
      queueId: [home, queue.id.toUpperCase()],
      assigneeId: [left.user.id],
      categoryId: [category.id],
      priority: ["high"],
      tag: ["vpn", "printer", "lamp"],
    };
    const query = new URLSearchParams(
      Object.entries(filters).flatMap(([name, values]) => values.map((value) => [name, value])),
    );
    const { page, search, chips } = await sent(`${query}&period=last-week`, { compare: "year" });
    assertEquals(page.status, 200);
    assertEquals(
      Object.fromEntries(Object.keys(filters).map((name) => [name, search.getAll(name)])),
      { ...filters, queueId: [home, queue.id] },
    );
    assertEquals([search.get("period"), search.get("compare"), search.has("from")], [
      "last-week",
      "year",
      false,
    ]);
    assertEquals(chips.map(({ text }) => text), [
      ...["Queue: Near", "Queue: Old queue", "Agent: Lea Left", "Category: Old category", "Priority: High"],
      ...["Tag: vpn", "Tag: printer", "Tag: lamp"],
    ]);
    assertEquals(chips[1]!.without.getAll("queueId"), [home]);
    const again = await sent(`${query}`, { tag: ["wifi", "printer", "lamp"] });
    assertEquals(again.search.getAll("tag"), ["wifi", "printer", "lamp"]);
    const unknown = await sent(`queueId=${crypto.randomUUID()}`);
    assertEquals([unknown.page.status, unknown.chips[0]!.text], [422, "Queue: Unknown"]);
  });
  await t.step("the period, where another field or a day was wrong", async () => {
    const wrong = "by=colour";
    const days = ({ search }: { search: URLSearchParams }) =>
      ["period", "from", "to"].map((name) => search.get(name));
    assertEquals(days(await sent(`period=last-quarter&${wrong}`, { by: "queue" })), [
      "last-quarter",
      null,
      null,
    ]);
    assertEquals(days(await sent(wrong, { by: "queue" })), ["last-30-days", null, null]);
    const range = "from=2026-03-02&to=2026-03-05";
    assertEquals(days(await sent(`${range}&${wrong}`, { by: "queue" })), [null, "2026-03-02", "2026-03-05"]);
    const turned = "from=2026-03-05&to=2026-03-02";
    assertEquals(days(await sent(turned, { to: "2026-03-09" })), [null, "2026-03-05", "2026-03-09"]);
    assertEquals(days(await sent(turned, { period: "last-week" })), ["last-week", null, null]);
    assertEquals(days(await sent("from=2026-02-30", { period: "last-week" })), ["last-week", null, null]);
  });
});

Deno.test("the page of a report says how it is sorted, what its numbers mean, and why there are none", async () => {
  const browser = await PageClient.signedIn(manager);
  const page = async (query: string, name = "volume") => {
    const answer = await browser.get(`/reports/${name}?${query}`);
    assertEquals([query, answer.status], [query, 200]);
    return answer;
  };
  const order = async (query: string, name?: string) =>
    [...(await page(query, name)).document.querySelectorAll("th[aria-sort]")].map((th) =>
      `${th.querySelector("a")!.firstChild!.textContent} ${th.getAttribute("aria-sort")}`
    );
  assertEquals(await order("by=queue"), ["Created descending"]);
  assertEquals(await order("by=priority"), ["Priority descending"]);
  assertEquals(await order("by=queue&sort=resolved"), ["Resolved ascending"]);
  assertEquals(await order("period=today"), ["Day ascending"]);
  const shown = await page("period=today&by=queue");
  const volume = ALL_REPORTS.find(({ name }) => name === "volume")!;
  assertEquals(
    [...shown.document.querySelectorAll(".report-meanings dl > div")].map((one) => one.textContent),
    volume.measures.map(({ label, help }) => label + help),
  );
  assert(textOf(shown, "main").includes("This period is still under way. These are the numbers so far."));
  assert(textOf(shown, "tfoot th").endsWith("so far"), textOf(shown, "tfoot th"));
  const over = await page("period=last-year&by=queue&compare=previous");
  assert(!/so far|under way/.test(textOf(over, "main")), "a period that is over");
  for (
    const [query, title] of [
      ["from=2001-01-01&to=2001-03-31&interval=week", "Nothing happened in this period"],
      ["from=2001-01-01&to=2001-03-31&by=agent", "Nothing happened in this period"],
      ["from=2099-01-01&to=2099-01-31", "This period hasn't begun"],
      ["from=2099-01-01&to=2099-01-31&by=queue&compare=year", "This period hasn't begun"],
    ] as const
  ) {
    const empty = await page(query);
    assertEquals(
      [query, textOf(empty, ".empty h2"), empty.document.querySelectorAll("table, figure").length],
      [
        query,
        title,
        0,
      ],
    );
  }
});

Deno.test("CHK-11 a requester finds no reports; an agent sees those of the tickets that they may see", async () => {
  for (
    const path of ["/reports", "/reports/volume", "/reports/luck", "/reports/volume/tickets?measure=created"]
  ) {
    assertEquals([path, (await requester.get(path)).status], [path, 404]);
  }
  const created = async (who: Client): Promise<Record<string, number>> => {
    const { rows }: ReportResult = (await who.get("/reports/volume?by=queue")).body;
    return Object.fromEntries(rows.map(({ key, values }) => [key, values.created!]));
  };
  const whole = await created(manager);
  assertEquals([whole[home], whole[far], await created(agent)], [20, 10, whole]);
  await admin.put(`/queues/${home}/members/${agent.user.id}`, {});
  const { version } = (await admin.get("/tenant")).body;
  assertEquals((await admin.patch("/tenant", { agentsSeeAll: false, version })).status, 200);
  const own = await created(agent);
  assertEquals([own[home], own[far]], [20, undefined]);
  const { total }: ReportResult = (await agent.get("/reports/volume?by=queue")).body;
  const list = await agent.get(`${total.links.created!.replace("/v1", "")}&limit=1`);
  assertEquals(list.body.count, total.values.created);
  // Asking for a queue by name shows no more of it.
  const asked: ReportResult = (await agent.get(`/reports/volume?queueId=${far}`)).body;
  assertEquals(asked.total.values.created, 0);
});

Deno.test("the tickets of a number are those that one may see now, whatever the facts still say", async () => {
  const [moved] = (await admin.get(`/tickets?queueId=${home}&limit=1`)).body.items;
  assertEquals((await agent.get(`/reports/volume/tickets?queueId=${home}`)).status, 200);
  // The facts aren't made anew until the change counts as one.
  await desk.look("update report_progress set changed_at = 'infinity'");
  const { status } = await admin.put(`/tickets/${moved.id}/assignment`, {
    version: moved.version,
    assigneeId: null,
    queueId: far,
  });
  assertEquals(status, 200);
  const { items } = (await agent.get(`/reports/volume/tickets?queueId=${home}&limit=100`)).body;
  assert(items.length > 10 && !items.some(({ id }: { id: string }) => id === moved.id));
  await desk.look("update report_progress set changed_at = '-infinity'");
});

Deno.test("rows are compared with the same days earlier, and a period under way as far as it has come", () => {
  const zone = "Europe/Vienna";
  const quarter = choosePeriod({ from: "2026-07-01", to: "2026-09-30" }, zone, "2026-11-30T12:00:00Z");
  const days = (period: Period, interval: Interval, kind: "previous" | "year") =>
    comparedIntervals(period, { kind, intervals: intervalsOf(period, interval, zone), timeZone: zone })
      .map((one) => one && `${one.from} ${one.to}`);
  assertEquals(days(quarter, "month", "previous"), [
    "2026-03-31 2026-04-30",
    "2026-05-01 2026-05-31",
    "2026-06-01 2026-06-30",
  ]);
  const leap = choosePeriod({ from: "2028-02-27", to: "2028-03-01" }, zone, "2028-03-02T12:00:00Z");
  assertEquals(days(leap, "day", "year"), [
    "2027-02-27 2027-02-27",
    null,
    "2027-02-28 2027-02-28",
    "2027-03-01 2027-03-01",
  ]);
  const after = choosePeriod({ from: "2029-02-27", to: "2029-03-01" }, zone, "2029-03-02T12:00:00Z");
  assertEquals(days(after, "day", "year"), [
    "2028-02-27 2028-02-27",
    "2028-02-28 2028-02-29",
    "2028-03-01 2028-03-01",
  ]);
  // On the wall clock: noon in winter is noon in summer.
  const month = choosePeriod({ period: "this-month" }, zone, "2026-03-31T10:00:00Z");
  assertEquals(comparedUntil(month, "previous", zone, "2026-03-31T10:00:00Z"), "2026-02-28T11:00:00.000Z");
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
