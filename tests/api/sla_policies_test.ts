import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { added, assertProblem, openScene, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

const NINE_TO_FIVE = [{ from: "09:00", to: "17:00" }];

Deno.test("calendars", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, other } = scene;
  const manager = await admin.invite("MANAGER", "Mia Manager");
  const make = (fields: Record<string, unknown>) =>
    manager.post("/calendars", {
      name: "Shop floor",
      timeZone: "Europe/Vienna",
      week: { monday: NINE_TO_FIVE },
      ...fields,
    });

  await t.step("a new desk has one of office hours", async () => {
    const { body } = await agent.get("/calendars");
    assertEquals(body.items.length, 1);
    const [hours] = body.items;
    assertEquals([hours.name, hours.timeZone, hours.week.friday, hours.week.sunday], [
      "Office hours",
      "UTC",
      NINE_TO_FIVE,
      [],
    ]);
  });

  await t.step("a manager makes, changes and archives one, each a version with one trace", async () => {
    const left = await added(desk, async () => {
      const made = await make({
        holidays: [{ date: "2026-12-26" }, { date: "2026-12-25", name: "Christmas" }],
      });
      assertEquals([made.status, made.headers.get("etag")], [201, '"1"']);
      const path = `/calendars/${made.body.id}`;
      assertEquals(made.headers.get("location"), `/v1${path}`);
      assertEquals(made.body.holidays, [{ date: "2026-12-25", name: "Christmas" }, {
        date: "2026-12-26",
        name: "",
      }]);
      assertEquals([made.body.week.monday, made.body.week.tuesday], [NINE_TO_FIVE, []]);
      const night = { friday: [{ from: "22:00", to: "06:00" }, { from: "08:00", to: "24:00" }] };
      assertProblem(await manager.patch(path, { version: 1, week: night }), 422, "invalid");
      const edited = await manager.patch(path, {
        version: 1,
        week: { friday: [{ from: "22:00", to: "06:00" }] },
      });
      assertEquals([edited.status, edited.body.version, edited.body.week.monday], [200, 2, []]);
      assertProblem(await manager.patch(path, { version: 1, name: "x" }), 409, "stale_version");
      assertProblem(await manager.patch(path, { name: "x" }), 428, "version_required");
      assertEquals((await manager.patch(path, { version: 2, archived: true })).body.archived, true);
      assertEquals((await agent.get("/calendars")).body.items.length, 1);
      assertEquals((await agent.get("/calendars?archived=true")).body.items.length, 2);
      const versions = await desk.look<{ version: number }>(
        "select version from calendar_versions where calendar_id = $1 order by version",
        [made.body.id],
      );
      assertEquals(versions.map(({ version }) => version), [1, 2, 3]);
    });
    assertEquals(left, { audit: 3, events: 3, outbox: 0 });
  });

  await t.step("what is no business time is refused with the place", async () => {
    const path = async (fields: Record<string, unknown>) => {
      const answer = await make(fields);
      assertProblem(answer, 422, "invalid");
      return answer.body.errors[0].path;
    };
    const spans = (...list: [string, string][]) => list.map(([from, to]) => ({ from, to }));
    assertEquals(await path({ timeZone: "Mars/Base" }), "timeZone");
    assertEquals(await path({ week: {} }), "week");
    assertEquals(await path({ week: { monday: spans(["9:00", "17:00"]) } }), "week.monday.0.from");
    assertEquals(await path({ week: { monday: spans(["09:00", "24:30"]) } }), "week.monday.0.to");
    assertEquals(await path({ week: { monday: spans(["09:00", "09:00"]) } }), "week.monday.0.to");
    assertEquals(
      await path({ week: { monday: spans(["13:00", "18:00"], ["09:00", "13:01"]) } }),
      "week.monday.0",
    );
    // Sunday's night shift runs into Monday's early one.
    assertEquals(
      await path({ week: { monday: spans(["05:00", "09:00"]), sunday: spans(["22:00", "05:01"]) } }),
      "week.sunday.0",
    );
    assertEquals(await path({ holidays: [{ date: "2026-02-30" }] }), "holidays.0.date");
    assertEquals(await path({ holidays: [{ date: "2026-01-01" }, { date: "2026-01-01" }] }), "holidays");
    const fits = await make({
      name: "Nights",
      week: { monday: spans(["05:00", "09:00"], ["09:00", "24:00"]), sunday: spans(["22:00", "05:00"]) },
    });
    assertEquals(fits.status, 201);
  });

  await t.step("one that a policy counts by stays in use", async () => {
    const hours = (await agent.get("/calendars")).body.items.find(({ name }: { name: string }) =>
      name === "Office hours"
    );
    const answer = await manager.patch(`/calendars/${hours.id}`, { version: 1, archived: true });
    assertProblem(answer, 409, "conflict");
    assertEquals(answer.body.detail, 'The SLA policy "Standard" uses this calendar');
  });

  await t.step("agents read, requesters don't; another tenant's is not found", async () => {
    const { id } = (await agent.get("/calendars")).body.items[0];
    assertEquals((await agent.get(`/calendars/${id}`)).status, 200);
    assertProblem(await agent.patch(`/calendars/${id}`, { version: 1, name: "x" }), 403, "forbidden");
    assertProblem(await requester.get("/calendars"), 403, "forbidden");
    for (const unknown of [id, UNKNOWN]) {
      assertProblem(await other.get(`/calendars/${unknown}`), 404, "not_found");
    }
    assertProblem(await make({ name: "OFFICE hours" }), 409, "conflict");
  });
});

Deno.test("SLA policies", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, other, queue, category } = scene;
  const calendarId = (await admin.get("/calendars")).body.items[0].id;
  const targets = { firstResponse: { high: 30, urgent: 15 }, resolution: { high: 240 } };
  const make = (fields: Record<string, unknown> = {}) =>
    admin.post("/sla-policies", { name: "Network", calendarId, queueId: queue, targets, ...fields });

  await t.step("are made for some tickets, changed in versions, and archived", async () => {
    const left = await added(desk, async () => {
      const made = await make();
      assertEquals([made.status, made.body.queue, made.body.category, made.body.type], [
        201,
        { id: queue, name: "Network" },
        null,
        null,
      ]);
      assertEquals(made.body.targets, {
        firstResponse: { low: null, medium: null, high: 30, urgent: 15 },
        resolution: { low: null, medium: null, high: 240, urgent: null },
      });
      const path = `/sla-policies/${made.body.id}`;
      const edited = await admin.patch(path, {
        version: 1,
        categoryId: category,
        queueId: null,
        type: "incident",
      });
      assertEquals([edited.body.queue, edited.body.category.name, edited.body.type, edited.body.version], [
        null,
        "Cables",
        "incident",
        2,
      ]);
      assertEquals((await admin.get(path)).headers.get("etag"), '"2"');
      assertEquals((await admin.patch(path, { version: 2, archived: true })).body.archived, true);
    });
    assertEquals(left, { audit: 3, events: 3, outbox: 0 });
  });

  await t.step("two in use are never for the same tickets, nor of one name", async () => {
    const again = await make({ name: "Default", queueId: null });
    assertProblem(again, 409, "conflict");
    assertEquals(again.body.errors[0].path, "categoryId");
    assertEquals((await make({ name: "standard" })).body.errors[0].path, "name");
    const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => make({ name: `At once ${i}` })));
    assertEquals(answers.map(({ status }) => status).sort(), [201, 409, 409, 409, 409, 409]);
  });

  await t.step("promises are minutes that make sense", async () => {
    const path = async (targets: unknown) => {
      const answer = await make({ name: "New", type: "incident", targets });
      assertProblem(answer, 422, "invalid");
      return answer.body.errors[0].path;
    };
    assertEquals(await path({ firstResponse: {}, resolution: {} }), "targets");
    assertEquals(await path({ firstResponse: { low: 0 }, resolution: {} }), "targets.firstResponse.low");
    assertEquals(await path({ firstResponse: {}, resolution: { low: 1.5 } }), "targets.resolution.low");
    assertEquals(await path({ firstResponse: {}, resolution: { low: 525_601 } }), "targets.resolution.low");
    assertEquals(
      await path({ firstResponse: { low: 60 }, resolution: { low: 59 } }),
      "targets.firstResponse.low",
    );
  });

  await t.step("CHK-08 what they refer to is the tenant's own and in use", async () => {
    const theirs = (await other.get("/calendars")).body.items[0].id;
    for (const id of [theirs, UNKNOWN]) {
      const answer = await make({ name: "New", calendarId: id, type: "incident" });
      assertEquals([answer.status, answer.body.errors[0].path], [422, "calendarId"]);
    }
    const gone =
      (await admin.post("/calendars", { name: "Gone", timeZone: "UTC", week: { monday: NINE_TO_FIVE } }))
        .body;
    await admin.patch(`/calendars/${gone.id}`, { version: 1, archived: true });
    assertEquals((await make({ name: "New", calendarId: gone.id, type: "incident" })).status, 422);
  });

  await t.step("everybody of the staff reads them, managers change them", async () => {
    const { items } = (await agent.get("/sla-policies?limit=1")).body;
    assertEquals(items.length, 1);
    assertProblem(
      await agent.patch(`/sla-policies/${items[0].id}`, { version: 1, name: "x" }),
      403,
      "forbidden",
    );
    assertProblem(await other.get(`/sla-policies/${items[0].id}`), 404, "not_found");
    assert(
      (await agent.get("/sla-policies?archived=true")).body.items.length >
        (await agent.get("/sla-policies")).body.items.length,
    );
  });
});
