import { latestRun, nextRun, type Schedule } from "@/domain/reports/saved/schedule.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import { added, assertProblem, openScene, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const { desk, admin, agent, requester, other } = scene;
const manager = await admin.invite("MANAGER", "Mia Manager");
const at = ({ id }: { id: string }) => `/saved-reports/${id}`;

Deno.test("saved reports: kept with their filters, shared, changed and deleted by those who may", async (t) => {
  const query = { period: "last-week", priority: "urgent", queueId: [scene.queue], interval: "" };
  const made = await agent.post("/saved-reports", { name: "Weekly", report: "volume", query });
  await t.step("a report is its owner's until it is shared, and a named period stays relative", async () => {
    assertEquals([made.status, made.headers.get("location")], [201, `/v1${at(made.body)}`]);
    assertEquals(made.body.query, { period: "last-week", priority: ["urgent"], queueId: [scene.queue] });
    assertEquals([made.body.report, made.body.shared, made.body.editable, made.body.schedule], [
      "volume",
      false,
      true,
      null,
    ]);
    assertEquals((await agent.get(at(made.body))).body, made.body);
    assertProblem(await admin.get(at(made.body)), 404, "not_found");
    assertEquals((await admin.get("/saved-reports")).body.items, []);
  });
  await t.step("shared, the help desk sees it, managers may change it, and agents may not", async () => {
    const shared = await agent.patch(at(made.body), { version: 1, shared: true });
    assertEquals([shared.status, shared.body.version], [200, 2]);
    const colleague = await admin.invite("AGENT", "Carl Colleague");
    assertEquals((await colleague.get(at(made.body))).body.editable, false);
    assertProblem(await colleague.patch(at(made.body), { version: 2, name: "x" }), 403, "forbidden");
    assertProblem(await colleague.delete(at(made.body)), 403, "forbidden");
    const edited = await manager.patch(at(made.body), { version: 2, query: { period: "last-month" } });
    assertEquals([edited.status, edited.body.query], [200, { period: "last-month" }]);
    const taken = await manager.patch(at(made.body), { version: 3, shared: false });
    assertEquals([taken.status, taken.body.shared, taken.body.version], [200, false, 4]);
    assertProblem(await manager.get(at(made.body)), 404, "not_found");
  });
  await t.step("CHK-11 requesters are told that there is no such thing, whatever they ask", async () => {
    await agent.patch(at(made.body), { version: 4, shared: true });
    for (
      const answer of [
        await requester.get("/saved-reports"),
        await requester.get(at(made.body)),
        await requester.post("/saved-reports", { odd: 1 }),
        await requester.patch(at(made.body), { version: 5, name: "x" }),
        await requester.delete(at(made.body)),
        await requester.post(`${at(made.body)}/send`, { odd: 1 }),
      ]
    ) assertProblem(answer, 404, "not_found");
  });
  await t.step("CHK-07 another organisation's answers as an unknown one", async () => {
    for (const path of [at(made.body), at({ id: UNKNOWN })]) {
      assertProblem(await other.get(path), 404, "not_found");
      assertProblem(await other.patch(path, { version: 1, name: "x" }), 404, "not_found");
      assertProblem(await other.delete(path), 404, "not_found");
    }
  });
  await t.step("a name is taken once by each person, a stale version is refused", async () => {
    const again = await agent.post("/saved-reports", { name: "weekly", report: "sla", query: {} });
    assertProblem(again, 409, "conflict");
    assertEquals(again.body.errors[0].path, "name");
    assertEquals(
      (await admin.post("/saved-reports", { name: "Weekly", report: "sla", query: {} })).status,
      201,
    );
    const stale = await agent.patch(at(made.body), { version: 1, name: "y" });
    assertProblem(stale, 409, "stale_version");
    assertEquals(stale.body.current.name, "Weekly");
    const header = await agent.patch(at(made.body), { name: "y" }, { headers: { "if-match": '"1"' } });
    assertProblem(header, 412, "precondition_failed");
  });
  await t.step("what can't be is refused with where it is", async () => {
    const cases: [Record<string, unknown>, string][] = [
      [{ report: "weather" }, "report"],
      [{ query: { period: "last-decade" } }, "query.period"],
      [{ query: { period: "today", from: "2026-01-01" } }, "query.period"],
      [{ query: { from: "2026-02-01", to: "2026-01-01" } }, "query.to"],
      [{ query: { odd: "1" } }, "query.odd"],
      [{ schedule: { every: "week", hour: 8 } }, "schedule.weekday"],
      [{ schedule: { every: "day", hour: 8, day: 3 } }, "schedule.day"],
      [{ schedule: { every: "month", hour: 8, day: 29 } }, "schedule.day"],
      [{ schedule: { every: "day", hour: 24 } }, "schedule.hour"],
      [{ schedule: { every: "day", hour: "" } }, "schedule.hour"],
      [{ schedule: { every: "day", hour: null } }, "schedule.hour"],
      [{ query: { queueId: [UNKNOWN] } }, "query.queueId"],
      [{ query: { by: "item" }, report: "sla" }, "query.by"],
      [{ schedule: { every: "day", hour: 8 }, recipientIds: [] }, "recipientIds"],
      [{ recipientIds: [UNKNOWN] }, "recipientIds"],
      [{ recipientIds: [requester.user.id], shared: true }, "recipientIds"],
      [{ recipientIds: [other.user.id], shared: true }, "recipientIds"],
      [{ recipientIds: [agent.user.id] }, "recipientIds"],
    ];
    for (const [fields, path] of cases) {
      const answer = await manager.post("/saved-reports", {
        name: "Odd",
        report: "volume",
        query: {},
        ...fields,
      });
      assertProblem(answer, 422, "invalid");
      assertEquals([answer.body.errors[0].path, fields], [path, fields]);
    }
  });
  await t.step("what changes nothing is recorded nowhere; a deletion is", async () => {
    const same = () => agent.patch(at(made.body), { version: 5, name: "Weekly" });
    assertEquals(await added(desk, same), { audit: 0, events: 0, outbox: 0 });
    const gone = () => agent.delete(at(made.body));
    assertEquals(await added(desk, gone), { audit: 1, events: 1, outbox: 0 });
    assertProblem(await agent.get(at(made.body)), 404, "not_found");
  });
  await t.step(
    "filters that an earlier version wrote break nothing, and are theirs to save again",
    async () => {
      const { body } = await agent.post("/saved-reports", { name: "Old", report: "volume", query: {} });
      await desk.look("update saved_reports set query = $2 where id = $1", [body.id, {
        period: "last-decade",
      }]);
      const listed = (await agent.get("/saved-reports")).body.items.find(({ id }: { id: string }) =>
        id === body.id
      );
      assertEquals([listed.outdated, listed.query], [true, {}]);
      const saved = await agent.patch(at(body), { version: 1, query: {} });
      assertEquals([saved.status, saved.body.outdated, saved.body.version], [200, false, 2]);
    },
  );
  await t.step("a person keeps a limited number", async () => {
    await desk.look(
      `insert into saved_reports (tenant_id, owner_id, name, report, query)
        select tenant_id, id, 'Many ' || n, 'volume', '{}' from users, generate_series(1, 200) n where id = $1`,
      [manager.user.id],
    );
    assertProblem(
      await manager.post("/saved-reports", { name: "More", report: "sla", query: {} }),
      409,
      "conflict",
    );
    const first = await manager.get("/saved-reports?limit=60");
    const rest = await manager.get(`/saved-reports?limit=60&cursor=${first.body.nextCursor}`);
    assert(first.body.items.length === 60 && rest.body.items.length > 0, "pages follow one another");
    await desk.look("delete from saved_reports where name like 'Many %'");
  });
});

Deno.test("saved reports: who gets them by whose schedule", async (t) => {
  const schedule = { every: "week", weekday: "monday", hour: 8 };
  const saved = { report: "volume", query: { period: "last-week" }, shared: true };
  await t.step("whoever schedules a report gets it, unless others are named", async () => {
    const made = await agent.post("/saved-reports", { ...saved, name: "Mine", shared: false, schedule });
    assertEquals(made.body.recipients, [{ id: agent.user.id, name: "Ana Agent" }]);
    assertEquals(new Date(made.body.nextRunAt).getUTCDay(), 1);
    const [row] = await desk.look<{ zone: string }>("select zone from saved_reports where id = $1", [
      made.body.id,
    ]);
    assertEquals(row!.zone, "UTC");
    const off = await agent.patch(at(made.body), { version: 1, schedule: null });
    assertEquals([off.body.schedule, off.body.nextRunAt], [null, null]);
  });
  await t.step("agents schedule for themselves alone, managers for staff who may see it", async () => {
    const recipientIds = [agent.user.id, manager.user.id].sort();
    assertProblem(
      await agent.post("/saved-reports", { ...saved, name: "Others", schedule, recipientIds }),
      403,
      "forbidden",
    );
    const made = await manager.post("/saved-reports", { ...saved, name: "Team", schedule, recipientIds });
    assertEquals(made.body.recipients.map(({ name }: { name: string }) => name), [
      "Ana Agent",
      "Mia Manager",
    ]);
    const hidden = await manager.patch(at(made.body), { version: 1, shared: false });
    assertProblem(hidden, 422, "invalid");
    assertEquals(hidden.body.errors[0].path, "recipientIds");
    const alone = await manager.patch(at(made.body), {
      version: 1,
      shared: false,
      recipientIds: [manager.user.id],
    });
    assertEquals([alone.status, alone.body.recipients.length], [200, 1]);
  });
});

Deno.test("saved reports: the time of a schedule, over changes of the clocks", () => {
  const daily: Schedule = { every: "day", hour: 8 };
  const night: Schedule = { every: "day", hour: 2 };
  const monday: Schedule = { every: "week", weekday: "monday", hour: 0 };
  const last: Schedule = { every: "month", day: "last", hour: 23 };
  const first: Schedule = { every: "month", day: 1, hour: 8 };
  const table: [Schedule, string, string, string][] = [
    [daily, "UTC", "2026-11-30T07:59:59.999Z", "2026-11-30T08:00:00.000Z"],
    [daily, "UTC", "2026-11-30T08:00:00.000Z", "2026-12-01T08:00:00.000Z"],
    [daily, "Europe/Berlin", "2026-03-28T08:00:00Z", "2026-03-29T06:00:00.000Z"],
    // 02:00 to 03:00 don't exist on 29 March 2026 in Berlin, and come twice on 25 October.
    [night, "Europe/Berlin", "2026-03-28T01:00:00Z", "2026-03-29T01:00:00.000Z"],
    [night, "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00.000Z"],
    [night, "Europe/Berlin", "2026-10-24T00:00:00Z", "2026-10-25T00:00:00.000Z"],
    [night, "Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-26T01:00:00.000Z"],
    // Half an hour of change; a midnight that isn't there; a whole day that isn't.
    [night, "Australia/Lord_Howe", "2026-10-03T12:00:00Z", "2026-10-03T15:30:00.000Z"],
    [{ every: "day", hour: 0 }, "Africa/Cairo", "2026-04-23T12:00:00Z", "2026-04-23T22:00:00.000Z"],
    [daily, "Pacific/Apia", "2011-12-29T18:00:00Z", "2011-12-30T18:00:00.000Z"],
    [daily, "Pacific/Apia", "2011-12-30T18:00:00Z", "2011-12-31T18:00:00.000Z"],
    [monday, "America/New_York", "2026-11-30T05:00:00Z", "2026-12-07T05:00:00.000Z"],
    [monday, "Asia/Kathmandu", "2026-11-29T18:14:59Z", "2026-11-29T18:15:00.000Z"],
    [last, "UTC", "2028-02-01T00:00:00Z", "2028-02-29T23:00:00.000Z"],
    [last, "UTC", "2026-12-31T23:00:00Z", "2027-01-31T23:00:00.000Z"],
    [first, "Europe/Berlin", "2026-12-01T07:00:00Z", "2027-01-01T07:00:00.000Z"],
  ];
  for (const [schedule, zone, after, expected] of table) {
    assertEquals([schedule, zone, after, nextRun(schedule, zone, after)], [schedule, zone, after, expected]);
    assertEquals(latestRun(schedule, zone, expected), expected);
  }
  // Over two years each day has exactly one, whatever the clocks do, and the next of one is the one after it.
  for (const zone of ["Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo"]) {
    for (const hour of [0, 1, 2, 3, 23]) {
      const days = new Set<string>();
      let run = "2026-01-01T12:00:00.000Z";
      for (let i = 0; i < 730; i++) {
        const next = nextRun({ every: "day", hour }, zone, run);
        assert(next > run);
        days.add(Temporal.Instant.from(next).toZonedDateTimeISO(zone).toPlainDate().toString());
        run = next;
      }
      assertEquals([zone, hour, days.size], [zone, hour, 730]);
    }
  }
});

Deno.test("saved reports: pages keep, schedule, preview, send and delete one without scripts", async (t) => {
  const browser = await PageClient.signedIn(manager);
  const search = "period=last-month&priority=urgent&priority=high&interval=week";
  let path = "";
  await t.step("the form that stands on a report keeps its address", async () => {
    const kept = await browser.post("/reports/saved", { name: "Urgent ones", report: "volume", search });
    assertEquals(kept.status, 303);
    path = kept.location!;
    const { body } = await manager.get(path.replace("/reports/saved", "/saved-reports"));
    assertEquals(body.query, { period: "last-month", priority: ["urgent", "high"], interval: "week" });
    const again = await browser.post("/reports/saved", { name: "urgent ones", report: "volume", search });
    assertEquals([again.status, textOf(again, ".form-errors")], [409, "This name is already in use"]);
    assertEquals(again.document.querySelector('[name="search"]')!.getAttribute("value"), search);
    const odd = await browser.post("/reports/saved", { name: "Odd", report: "volume", search: "by=nothing" });
    assertEquals(odd.status, 422);
  });
  await t.step("its page changes period, schedule and recipients, and keeps its other filters", async () => {
    const page = await browser.get(path);
    assert(page.document.querySelectorAll('[name="recipientIds"]').length >= 3, "all staff can be chosen");
    const sent = await browser.submit(page, "#saved-report", {
      "query.period": "last-week",
      "schedule.every": "week",
      "schedule.weekday": "friday",
      "schedule.hour": "17",
      shared: "on",
      recipientIds: [agent.user.id, manager.user.id],
    });
    assertEquals([sent.status, sent.location], [303, path]);
    const { body } = await manager.get(path.replace("/reports/saved", "/saved-reports"));
    assertEquals(body.schedule, { every: "week", hour: 17, weekday: "friday" });
    assertEquals(body.query, {
      period: "last-week",
      priority: ["urgent", "high"],
      interval: "week",
    });
    assertEquals(body.recipients.length, 2);
    const idle = await browser.submit(await browser.get(path), "#saved-report", {});
    assertEquals([
      idle.status,
      (await manager.get(path.replace("/reports/saved", "/saved-reports"))).body.version,
    ], [
      303,
      body.version,
    ]);
    const nobody = await browser.submit(await browser.get(path), "#saved-report", { recipientIds: [] });
    assertEquals([nobody.status, textOf(nobody, "#f-recipientIds-error")], [
      422,
      "Select at least one person",
    ]);
    const stale = await browser.post(path, { version: "1", name: "Later" });
    assertEquals(stale.status, 409);
  });
  await t.step("the preview is the email of now, and sending says what became of it", async () => {
    const preview = await browser.get(`${path}?preview=email`);
    assert(textOf(preview, "#preview").includes("Urgent ones: "), preview.html);
    const sent = await browser.post(`${path}/sending`, { to: "recipients" });
    assertEquals([sent.status, sent.location], [303, path]);
    const after = await browser.follow(sent);
    const main = textOf(after, "main");
    assert(main.includes("Last sending") && main.includes("On its way"), main);
    const list = await browser.get("/reports/saved");
    assert(textOf(list, "main").includes("Every Friday at 17:00"), textOf(list, "main"));
  });
  await t.step("agents see it and can send it to themselves; requesters find nothing", async () => {
    const reader = await PageClient.signedIn(agent);
    const seen = await reader.get(path);
    assertEquals([seen.status, seen.document.querySelector("#saved-report")], [200, null]);
    const outside = await PageClient.signedIn(requester);
    for (const asked of ["/reports/saved", path]) assertEquals((await outside.get(asked)).status, 404);
    assertEquals((await outside.post("/reports/saved", { odd: "1" })).status, 404);
  });
  await t.step("deleted, it is gone", async () => {
    assertEquals((await browser.post(`${path}/deletion`)).location, "/reports/saved");
    assertEquals((await browser.get(path)).status, 404);
  });
});
