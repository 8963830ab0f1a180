import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { fieldError, fieldValue, PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

Deno.test("the organisation's settings are shown, saved, and refused beside the field", async () => {
  await using scene = await openScene();
  const { admin } = scene;
  const browser = await PageClient.signedIn(admin);
  const page = await browser.get("/admin/organisation");
  assertEquals([page.status, textOf(page, "h1")], [200, "Organisation"]);
  assertEquals(fieldValue(page, "slug"), admin.tenant.slug);
  assertEquals([fieldValue(page, "reopenDays"), fieldValue(page, "attachmentQuotaMib")], ["14", ""]);

  const saved = await browser.submit(page, "#organisation", {
    name: "Harbour & Sons",
    reopenDays: "30",
    attachmentQuotaMib: "512",
    timeZone: "Europe/Vienna",
  });
  assertEquals([saved.status, saved.location], [303, "/admin/organisation"]);
  const after = await browser.follow(saved);
  assertEquals(textOf(after, ".flash-region"), "Settings saved");
  assertEquals(textOf(after, ".brand-org"), "Harbour & Sons");
  const { name, reopenDays, attachmentQuotaMib, timeZone, agentsSeeAll, version } =
    (await admin.get("/tenant")).body;
  assertEquals([name, reopenDays, attachmentQuotaMib, timeZone, agentsSeeAll, version], [
    "Harbour & Sons",
    30,
    512,
    "Europe/Vienna",
    true,
    2,
  ]);

  // A box that isn't ticked sends nothing, and is off by that.
  const { agentsSeeAll: _, ...rest } = Object.fromEntries(
    [
      "name",
      "reopenDays",
      "autoCloseDays",
      "commentEditMinutes",
      "locale",
      "timeZone",
      "version",
      "agentsSeeAll",
    ]
      .map((field) => [field, fieldValue(after, field)]),
  );
  const off = await browser.post("/admin/organisation", { ...rest, attachmentQuotaMib: "" });
  assertEquals(off.status, 303);
  const { body } = await admin.get("/tenant");
  assertEquals([body.agentsSeeAll, body.attachmentQuotaMib], [false, null]);

  const bad = await browser.submit(await browser.get("/admin/organisation"), "#organisation", {
    name: "",
    autoCloseDays: "-1",
    reopenDays: "",
  });
  assertEquals(bad.status, 422);
  assertEquals([fieldValue(bad, "name"), fieldError(bad, "name")], ["", "Must not be empty"]);
  assertEquals([fieldValue(bad, "autoCloseDays"), fieldError(bad, "autoCloseDays")], [
    "-1",
    "Must be a whole number from 0 to 365",
  ]);
  assert(fieldError(bad, "reopenDays") !== "");
  assertEquals((await admin.get("/tenant")).body.name, "Harbour & Sons");

  const stale = await browser.submit(page, "#organisation", { name: "Typed before" });
  assertEquals([stale.status, fieldValue(stale, "name")], [409, "Typed before"]);
  assert(textOf(stale, ".form-errors").includes("Someone else changed this in the meantime"));
  assertEquals((await browser.submit(stale, "#organisation")).status, 303);
  assertEquals((await admin.get("/tenant")).body.name, "Typed before");
});

Deno.test("the audit page filters, shows from and to, and verifies", async () => {
  await using scene = await openScene();
  const { desk, admin, agent, requester } = scene;
  const ticket = await raise(requester);
  const long = "A title that is much longer than what is easily read beside another in one line";
  await agent.patch(`/tickets/${ticket.id}`, { version: 1, priority: "urgent", title: long });
  const browser = await PageClient.signedIn(admin);
  const page = await browser.get("/admin/audit");
  assertEquals([page.status, textOf(page, "h1")], [200, "Audit"]);
  assert(page.document.querySelectorAll(".audit-entry").length > 5);
  const actions = [...page.document.querySelectorAll("select[name=action] option")].map((o) =>
    o.getAttribute("value")
  );
  assert(actions.includes("ticket.edited") && actions.includes("tenant.registered"));

  const filtered = await browser.submit(page, ".audit-filters", {
    actor: agent.user.email,
    action: "ticket.edited",
    from: new Date().toISOString().slice(0, 10),
    to: new Date().toISOString().slice(0, 10),
  });
  assertEquals(filtered.document.querySelectorAll(".audit-entry").length, 1);
  assertEquals(textOf(filtered, ".audit-what"), `Ana Agent Ticket: edited ${ticket.key}`);
  assertEquals(textOf(filtered, ".change-line"), "mediumurgent");
  assertEquals(textOf(filtered, ".change-texts .change-to"), `After:${long}`);
  assertEquals(fieldValue(filtered, "actor"), agent.user.email);

  const before = await browser.get("/admin/audit?to=2020-01-01");
  assertEquals(textOf(before, ".empty h2"), "No matching entries");
  for (const query of ["from=2026-99-99", "entity=planet", "cursor=AAAA.B"]) {
    const bad = await browser.get(`/admin/audit?${query}`);
    assertEquals([query, bad.status], [query, 422]);
    assert(textOf(bad, ".form-errors") !== "");
  }

  const good = await browser.get("/admin/audit/verify");
  assertEquals(textOf(good, ".banner"), "The audit log is intact: no entry was changed, added or removed");
  await desk.look("update audit_log set ip = '10.0.0.1' where action = 'ticket.edited'");
  const [row] = await desk.look("select id from audit_log where action = 'ticket.edited'");
  const flipped = await browser.get("/admin/audit/verify");
  assertEquals(textOf(flipped, ".banner"), "The audit log is not intact: 1 problem found");
  assertEquals(textOf(flipped, ".failures code"), row!.id);

  // A log of several parts: what a part found counts until the last.
  await desk.look(
    `insert into audit_log (tenant_id, action, entity, entity_id, at)
      select tenant_id, 'ticket.forged', 'ticket', uuidv7(), now() from audit_log, generate_series(1, 5100)
      where action = 'ticket.edited'`,
  );
  const part = await browser.get("/admin/audit/verify");
  assert(/: 49\d\d problems found so far$/.test(textOf(part, ".banner")), textOf(part, ".banner"));
  assertEquals(part.document.querySelectorAll(".failures li").length, 100);
  const on = await browser.get(part.document.querySelector("main .button-primary")!.getAttribute("href")!);
  assert(textOf(on, ".banner").endsWith(": 5101 problems found"), textOf(on, ".banner"));
});

Deno.test("administration lists what a role may open, and each leads to a page that opens", async () => {
  await using scene = await openScene();
  const manager = await scene.admin.invite("MANAGER", "Mia Manager");
  for (const client of [scene.admin, manager]) {
    const browser = await PageClient.signedIn(client);
    const page = await browser.get("/admin");
    assertEquals(page.status, 200);
    const links = [...page.document.querySelectorAll(".place a")].map((a) => a.getAttribute("href")!);
    const nav = [...page.document.querySelectorAll(".sidebar .nav-link")].map((a) => a.getAttribute("href")!);
    for (const href of links) {
      assertEquals([href, (await browser.get(href)).status], [href, 200]);
      assert(nav.includes(href), href);
    }
  }
  assertEquals((await (await PageClient.signedIn(scene.agent)).get("/admin")).status, 403);
});
