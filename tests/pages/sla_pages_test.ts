import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { fieldError, fieldValue, PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import { passMinutes, promise } from "@/tests/helpers/sla_scene.ts";
import { forgetDefaultQueue, openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
await forgetDefaultQueue(scene.desk);
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const admin = await PageClient.signedIn(scene.admin);
const agent = await PageClient.signedIn(scene.agent);
const requester = await PageClient.signedIn(scene.requester);

Deno.test("who may look at SLAs: policies and calendars for managers, the monitor for staff", async () => {
  const statuses = async (path: string) => [
    (await admin.get(path)).status,
    (await agent.get(path)).status,
    (await requester.get(path)).status,
  ];
  for (const path of ["/admin/sla", "/admin/sla/new", "/admin/calendars", "/admin/calendars/new"]) {
    assertEquals([path, ...await statuses(path)], [path, 200, 403, 403]);
  }
  assertEquals(await statuses("/sla"), [200, 200, 403]);
});

Deno.test("calendars: made, changed by new versions, archived, and what they refuse", async (t) => {
  let path = "";
  await t.step("hours are typed as people write them, once however often they are sent", async () => {
    const form = await admin.get("/admin/calendars/new");
    assertEquals(fieldValue(form, "week.monday"), "09:00-17:00");
    const fields = {
      idempotencyKey: fieldValue(form, "idempotencyKey"),
      name: "Night desk",
      timeZone: "Europe/Vienna",
      "week.monday": "9-12:30, 13:30 – 17.30",
      "week.tuesday": "22:00-06:00",
      "week.sunday": "closed",
      holidays: "2026-12-25 Christmas Day\r\n\r\n2026-01-06",
    };
    const [made, again] = [
      await admin.post("/admin/calendars/new", fields),
      await admin.post("/admin/calendars/new", fields),
    ];
    assertEquals([made.status, made.location, again.status], [303, "/admin/calendars", 303]);
    const { items } = (await scene.admin.get("/calendars")).body;
    const found = items.filter(({ name }: { name: string }) => name === "Night desk");
    assertEquals(found.length, 1);
    assertEquals(found[0].week.monday, [{ from: "09:00", to: "12:30" }, { from: "13:30", to: "17:30" }]);
    assertEquals(found[0].week.tuesday, [{ from: "22:00", to: "06:00" }]);
    assertEquals([found[0].week.sunday, found[0].week.friday], [[], []]);
    assertEquals(found[0].holidays, [{ date: "2026-01-06", name: "" }, {
      date: "2026-12-25",
      name: "Christmas Day",
    }]);
    path = `/admin/calendars/${found[0].id}`;
  });
  await t.step("the week is drawn, over midnight on the day after", async () => {
    const form = await admin.get(path);
    const days = [...form.document.querySelectorAll(".week-bar")].map((bar) =>
      [...bar.querySelectorAll("rect")].map((rect) => [
        Number(rect.getAttribute("x")),
        Number(rect.getAttribute("width")),
      ])
    );
    assertEquals(days, [[[540, 210], [810, 240]], [[1320, 120]], [[0, 360]], [], [], [], []]);
    assert(textOf(form, "figcaption").includes("15 h 30 min"), textOf(form, "figcaption"));
    assertEquals(fieldValue(form, "holidays"), "2026-01-06\n2026-12-25 Christmas Day");
  });
  await t.step("what is wrong stands beside its field, and what was typed is kept", async () => {
    const refuse = async (fields: Record<string, string>) => {
      const answer = await admin.post(path, { version: "1", name: "Night desk", ...fields });
      assertEquals(answer.status, 422);
      return answer;
    };
    const words = await refuse({ "week.monday": "nine to five", "week.friday": "09:00-25:00" });
    assertEquals(fieldError(words, "week.monday"), "Must be times such as 09:00-12:30, 13:30-17:30");
    assertEquals(fieldValue(words, "week.monday"), "nine to five");
    const late = await refuse({ "week.friday": "09:00-25:00", "week.saturday": "00:00-08:00" });
    assertEquals(fieldError(late, "week.friday"), "Must be a time such as 17:00, up to 24:00");
    const overlap = await refuse({ "week.monday": "20:00-04:00", "week.tuesday": "03:00-05:00" });
    assertEquals(fieldError(overlap, "week.tuesday"), "Must not overlap another span");
    assert(textOf(overlap, ".form-errors").includes("Tuesday: Must not overlap"));
    const closed = await refuse({ "week.monday": "" });
    assert(textOf(closed, "#f-week-error").includes("Set business hours on at least one day"));
    const dates = await refuse({
      "week.monday": "9-17",
      holidays: "2026-12-25 Christmas\n26.12.2026 Boxing Day",
    });
    assertEquals(fieldError(dates, "holidays"), "Line 2 must begin with a date such as 2026-12-25");
    assertEquals(fieldValue(dates, "holidays"), "2026-12-25 Christmas\n26.12.2026 Boxing Day");
    const twice = await refuse({ "week.monday": "9-17", holidays: "2026-12-25 A\n2026-12-25 B" });
    assertEquals(fieldError(twice, "holidays"), "Each date can appear only once");
    const never = await refuse({ "week.monday": "9-17", holidays: "2026-02-30 Never" });
    assert(fieldError(never, "holidays").startsWith("Line 1"));
    const zone = await refuse({ timeZone: "Mars/Olympus" });
    assert(fieldError(zone, "timeZone").includes("time zone"));
  });
  await t.step("a change is a new version; a stale one shows what was typed", async () => {
    const form = await admin.get(path);
    const saved = await admin.submit(form, "form#calendar", { "week.friday": "08:00-12:00" });
    assertEquals([saved.status, saved.location], [303, "/admin/calendars"]);
    assert(
      textOf(await admin.follow(saved), "body").includes(
        "Version 2 of “Night desk” now applies to new tickets",
      ),
    );
    const stale = await admin.submit(form, "form#calendar", { name: "Nights" });
    assertEquals([stale.status, fieldValue(stale, "name"), fieldValue(stale, "version")], [
      409,
      "Nights",
      "2",
    ]);
    assert(textOf(stale, "main").includes("Someone else saved changes in the meantime"));
  });
  await t.step("one that a policy counts by isn't archived; another is, and comes back", async () => {
    const { items } = (await scene.admin.get("/sla-policies")).body;
    const used = `/admin/calendars/${items[0].calendar.id}`;
    const form = await admin.get(used);
    assert(textOf(form, "main").includes(items[0].name));
    const refused = await admin.submit(form, "form#archive");
    assertEquals(refused.status, 409);
    assert(textOf(refused, ".form-errors").includes("An SLA policy uses this calendar"));
    const gone = await admin.submit(await admin.get(path), "form#archive");
    assertEquals([gone.status, gone.location], [303, "/admin/calendars"]);
    assert(!textOf(await admin.get("/admin/calendars"), ".columns").includes("Night desk"));
    assert(textOf(await admin.get("/admin/calendars?archived=true"), ".columns").includes("Night desk"));
    const archived = await admin.get(path);
    assertEquals(archived.document.querySelector("form#calendar"), null);
    assertEquals((await admin.submit(archived, "form#archive")).status, 303);
    assert(textOf(await admin.get("/admin/calendars"), ".columns").includes("Night desk"));
  });
});

Deno.test("policies: made, narrowed, changed by new versions, archived, and what they refuse", async (t) => {
  const calendar = (await scene.admin.get("/calendars")).body.items[0];
  let path = "";
  await t.step("targets are typed as times; what is wrong stands beside them", async () => {
    const form = await admin.get("/admin/sla/new");
    const send = (fields: Record<string, string>) =>
      admin.submit(form, "form#policy", { name: "Cabling", calendarId: calendar.id, ...fields });
    const empty = await send({});
    assertEquals(empty.status, 422);
    assert(textOf(empty, "#f-targets-error").includes("Set at least one target"));
    const odd = await send({
      "targets.firstResponse.urgent": "soon",
      "targets.firstResponse.high": "2 d",
      "targets.firstResponse.low": "90",
      "targets.resolution.low": "4 h",
    });
    assertEquals(odd.status, 422);
    assertEquals(
      fieldError(odd, "targets.firstResponse.urgent"),
      "Must be a duration such as 30 min, 4 h or 1 h 30 min",
    );
    assert(fieldError(odd, "targets.firstResponse.high").startsWith("Must be in hours"));
    assert(fieldError(odd, "targets.firstResponse.low") !== "", "a bare number has no unit");
    assertEquals(fieldValue(odd, "targets.firstResponse.urgent"), "soon");
    assertEquals(fieldValue(odd, "targets.resolution.low"), "4 h");
    const longer = await send({ "targets.firstResponse.low": "5 h", "targets.resolution.low": "4 h" });
    assertEquals(
      fieldError(longer, "targets.firstResponse.low"),
      "Must not be longer than the resolution target",
    );
    const same = await send({ "targets.resolution.low": "4 h" });
    assertEquals([same.status, fieldError(same, "categoryId")], [
      409,
      "Another policy is for the same category, queue and type",
    ]);
    const made = await send({
      categoryId: scene.category,
      type: "incident",
      "targets.firstResponse.urgent": "30 minutes",
      "targets.firstResponse.high": "1:30",
      "targets.resolution.urgent": "1 h 30 min",
      "targets.resolution.high": "2.5 h",
      "targets.resolution.medium": "100h",
    });
    assertEquals([made.status, made.location], [303, "/admin/sla"]);
    const { items } = (await scene.admin.get("/sla-policies")).body;
    const policy = items.find(({ name }: { name: string }) => name === "Cabling");
    assertEquals(policy.targets, {
      firstResponse: { urgent: 30, high: 90, medium: null, low: null },
      resolution: { urgent: 90, high: 150, medium: 6000, low: null },
    });
    assertEquals([policy.category.id, policy.queue, policy.type], [scene.category, null, "incident"]);
    path = `/admin/sla/${policy.id}`;
  });
  await t.step("the list says what is promised and for whom", async () => {
    const list = await admin.get("/admin/sla");
    const card = [...list.document.querySelectorAll(".policy")].find((one) =>
      one.textContent!.includes("Cabling")
    )!.textContent!;
    for (const words of ["Category Cables · Incident", calendar.name, "1 h 30 min", "100 h", "Version 1"]) {
      assert(card.includes(words), `${words}: ${card}`);
    }
    assert(textOf(list, "main").includes("All tickets without a more specific policy"));
  });
  await t.step("a change is a new version, which open tickets follow where that is chosen", async () => {
    const rollouts = async () =>
      (await scene.desk.look<{ count: number }>(
        "select count(*)::int as count from sla_rollouts where tenant_id = $1",
        [scene.admin.tenant.id],
      ))[0]!.count;
    const form = await admin.get(path);
    assertEquals(fieldValue(form, "targets.resolution.high"), "2 h 30 min");
    assertEquals(fieldValue(form, "applyToOpen"), "false");
    const saved = await admin.submit(form, "form#policy", { "targets.resolution.high": "3 h" });
    assertEquals([saved.status, saved.location, await rollouts()], [303, "/admin/sla", 0]);
    const stale = await admin.submit(form, "form#policy", {
      "targets.resolution.high": "5 h",
      applyToOpen: "true",
    });
    assertEquals([stale.status, fieldValue(stale, "targets.resolution.high")], [409, "5 h"]);
    assertEquals([fieldValue(stale, "version"), fieldValue(stale, "applyToOpen")], ["2", "true"]);
    assert(textOf(stale, "main").includes("Someone else saved changes in the meantime"));
    const follows = await admin.submit(stale, "form#policy");
    assertEquals([follows.status, await rollouts()], [303, 1]);
    assert(textOf(await admin.follow(follows), "body").includes("open tickets switch within a minute"));
    const policy = (await scene.admin.get(`/sla-policies/${path.split("/").pop()}`)).body;
    assertEquals([policy.version, policy.targets.resolution.high], [3, 300]);
  });
  await t.step("archived it is shown, not changed, and comes back", async () => {
    const gone = await admin.submit(await admin.get(path), "form#archive");
    assertEquals([gone.status, gone.location], [303, "/admin/sla"]);
    assert(!textOf(await admin.get("/admin/sla"), ".columns").includes("Cabling"));
    const archived = await admin.get(path);
    assertEquals(archived.document.querySelector("form#policy"), null);
    assert(textOf(archived, "main").includes("Archived"));
    assertEquals((await admin.submit(archived, "form#archive")).status, 303);
    assert(textOf(await admin.get("/admin/sla"), ".columns").includes("Cabling"));
  });
});

Deno.test("the monitor: what is breached, at risk and due next, by queue, each with its clock", async (t) => {
  const { desk, other: manager } = scene;
  const worker = (await manager.invite("AGENT", "Ana Agent"))!;
  const queue = (await manager.post("/queues", { name: "Network" })).body.id;
  const agent = await PageClient.signedIn(worker);
  await t.step("where nothing runs it says what would show", async () => {
    assert(textOf(await agent.get("/sla"), ".empty").includes("No targets to monitor"));
  });
  await promise(manager, { firstResponse: 60, resolution: 480 });
  const keys: Record<string, string> = {};
  for (
    const [name, minutes, fields] of [
      ["late", 70, { queueId: queue }],
      ["near", 50, {}],
      ["fresh", 5, {}],
      ["ended", 700, {}],
    ] as const
  ) {
    const ticket = await raise(worker, { title: `The ${name} one`, ...fields });
    await passMinutes(desk, ticket.id, minutes);
    keys[name] = ticket.key;
    if (name === "late") {
      await worker.put(`/tickets/${ticket.id}/assignment`, { version: 1, assigneeId: worker.user.id });
    }
    if (name === "ended") {
      const move = { version: 1, to: "resolved", note: "Done" };
      assertEquals((await worker.post(`/tickets/${ticket.id}/transitions`, move)).status, 200);
    }
  }
  const sections = (page: Awaited<ReturnType<typeof agent.get>>) =>
    [...page.document.querySelectorAll("section.card")].map((section) =>
      [...section.querySelectorAll("tbody tr")].map((row) => row.textContent!.replaceAll(/\s+/g, " "))
    );
  await t.step("each ticket stands where it belongs; what has ended doesn't", async () => {
    const page = await agent.get("/sla");
    const [breached, near, due] = sections(page);
    assertEquals([breached!.length, near!.length, due!.length], [1, 1, 1]);
    for (
      const words of [keys.late!, "The late one", "Network", "Ana Agent", "First response", "10 min over"]
    ) {
      assert(breached![0]!.includes(words), `${words}: ${breached![0]}`);
    }
    assert(near![0]!.includes(keys.near!) && /in (9|10) min/.test(near![0]!), near![0]!);
    assert(due![0]!.includes(keys.fresh!) && /in 5[45] min/.test(due![0]!), due![0]!);
    assertEquals([...page.document.querySelectorAll(".stat-value")].map((one) => one.textContent), [
      "1",
      "1",
      "2",
    ]);
    assertEquals(page.document.querySelector("tbody time")!.getAttribute("datetime")!.length, 24);
  });
  await t.step("the lists behind the counts hold the same tickets", async () => {
    const page = await agent.get("/sla");
    for (const [i, count] of [1, 1, 2].entries()) {
      const href = page.document.querySelectorAll(".stat")[i]!.getAttribute("href")!;
      const list = await agent.get(href);
      assertEquals([list.status, list.document.querySelectorAll("tbody tr").length], [200, count]);
    }
  });
  await t.step("a queue alone, tickets without one, and what is no queue", async () => {
    const form = await agent.get("/sla");
    const network = await agent.submit(form, "form.filters", { queueId: queue });
    assertEquals(sections(network).map((rows) => rows.length), [1, 0, 0]);
    assert(network.document.querySelector(".stat")!.getAttribute("href")!.includes(`queueId=${queue}`));
    assertEquals(sections(await agent.get("/sla?queueId=none")).map((rows) => rows.length), [0, 1, 1]);
    assertEquals((await agent.get("/sla?queueId=nowhere")).status, 422);
  });
  await t.step("many are cut to ten, with the way to all of them", async () => {
    for (let i = 0; i < 12; i++) await raise(worker, { title: `Number ${i}` });
    const page = await agent.get("/sla");
    assertEquals(sections(page)[2]!.length, 10);
    assert(textOf(page, "main").includes("All 14"));
  });
  await t.step("an agent who sees some queues alone sees theirs", async () => {
    const other = (await manager.post("/queues", { name: "Elsewhere" })).body.id;
    const hidden = await raise(manager, { title: "The hidden one", queueId: other });
    await passMinutes(desk, hidden.id, 90);
    assert(textOf(await agent.get("/sla"), "main").includes("The hidden one"));
    await desk.look("update tenants set agents_see_all = false where id = $1", [manager.tenant.id]);
    assert(!textOf(await agent.get("/sla"), "main").includes("The hidden one"));
  });
});
