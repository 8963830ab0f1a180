import assert from "node:assert/strict";
import { fieldError, fieldValue, PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import { NOTIFICATION_KINDS, STAFF_KINDS } from "@/domain/notifications/kinds.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { openDesk, PASSWORD } from "@/tests/helpers/desk.ts";
import { deviceName } from "@/routes/(app)/profile/(_data)/device_name.ts";

const NEW_PASSWORD = "seven violet anchors sing";

const me = async (client: Client) => (await client.get("/me")).body;

Deno.test("the profile page shows the person as they are, and saves what they change", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const browser = await PageClient.signedIn(client);
  const page = await browser.get("/profile");
  assert.equal(page.status, 200);
  assert.equal(textOf(page, "h1"), "Profile and security");
  assert.equal(fieldValue(page, "name"), "Ada Admin");
  assert.equal(fieldValue(page, "email"), client.user.email);
  assert.equal(fieldValue(page, "timeZone"), "UTC");
  assert.equal(fieldValue(page, "theme"), "system");
  const changes = { name: " Ada Lovelace ", locale: "de-AT", timeZone: "Europe/Vienna", theme: "dark" };
  const saved = await browser.submit(page, "#profile", changes);
  assert.deepEqual([saved.status, saved.location], [303, "/profile"]);
  const after = await browser.follow(saved);
  assert.equal(textOf(after, ".flash-region"), "Profile saved");
  assert.equal(after.document.documentElement.getAttribute("data-theme"), "dark");
  const { name, locale, timeZone, theme, version } = await me(client);
  assert.deepEqual([name, locale, timeZone, theme, version], [
    "Ada Lovelace",
    "de-AT",
    "Europe/Vienna",
    "dark",
    2,
  ]);
  for (const field of ["name", "locale", "timeZone", "theme"] as const) {
    assert.equal(fieldValue(after, field), { ...changes, name: "Ada Lovelace" }[field]);
  }
});

Deno.test("a refused profile keeps what was typed, with the error beside the field, and changes nothing", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const browser = await PageClient.signedIn(client);
  const page = await browser.get("/profile");
  const bad = await browser.submit(page, "#profile", { name: "x".repeat(121), timeZone: "Mars/Olympus" });
  assert.equal(bad.status, 422);
  assert.equal(fieldValue(bad, "name"), "x".repeat(121));
  assert.equal(fieldError(bad, "name"), "Must have at most 120 characters");
  assert.ok(bad.document.querySelector("[name=name]")!.hasAttribute("autofocus"));
  assert.equal(fieldValue(bad, "timeZone"), "Mars/Olympus");
  assert.equal(fieldError(bad, "timeZone"), "Must be a time zone such as Europe/Vienna");
  assert.equal(fieldError(bad, "locale"), "");
  assert.equal((await me(client)).version, 1);
  const nowhere = await browser.submit(page, "#profile", { locale: "no_where at all" });
  assert.deepEqual([nowhere.status, fieldValue(nowhere, "locale")], [422, "no_where at all"]);
  const mended = await browser.submit(bad, "#profile", { name: "Ada", timeZone: "Asia/Tokyo" });
  assert.equal(mended.status, 303);
});

Deno.test("a profile that changed in another window is not overwritten unseen: 409, then it saves", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const browser = await PageClient.signedIn(client);
  const page = await browser.get("/profile");
  await client.patch("/me", { version: 1, locale: "fr-FR" });
  const stale = await browser.submit(page, "#profile", { name: "Ada Lovelace" });
  assert.equal(stale.status, 409);
  assert.equal(textOf(stale, ".form-errors"), "Someone else changed this in the meantime");
  assert.equal(fieldValue(stale, "name"), "Ada Lovelace");
  assert.equal((await me(client)).name, "Ada Admin");
  const again = await browser.submit(stale, "#profile", { locale: "fr-FR" });
  assert.equal(again.status, 303);
  const { name, locale } = await me(client);
  assert.deepEqual([name, locale], ["Ada Lovelace", "fr-FR"]);
});

Deno.test("notifications are chosen box by box; what is no choice is refused beside its box", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const browser = await PageClient.signedIn(client);
  const first = await browser.get("/profile");
  assert.equal(
    first.document.querySelectorAll("#notifications [type=checkbox]").length,
    NOTIFICATION_KINDS.length * 2,
  );
  const saved = await browser.post("/profile/preferences", {
    "notifications.comment_added.email": "on",
    "notifications.mentioned.inApp": "on",
  });
  assert.deepEqual([saved.status, saved.location], [303, "/profile"]);
  const off = { inApp: false, email: false };
  const { notifications } = (await client.get("/me/preferences")).body;
  assert.deepEqual(notifications, {
    ...Object.fromEntries(NOTIFICATION_KINDS.map((kind) => [kind, off])),
    comment_added: { inApp: false, email: true },
    mentioned: { inApp: true, email: false },
  });
  const page = await browser.follow(saved);
  const boxes = [...page.document.querySelectorAll("#notifications [checked]")];
  assert.deepEqual(boxes.map((box) => box.getAttribute("name")), [
    "notifications.mentioned.inApp",
    "notifications.comment_added.email",
  ]);
  const bad = await browser.post("/profile/preferences", {
    "notifications.ticket_created.email": "on",
    "notifications.ticket_assigned.email": "maybe",
  });
  assert.equal(bad.status, 422);
  assert.notEqual(fieldError(bad, "notifications.ticket_assigned.email"), "");
  assert.equal(fieldError(bad, "notifications.ticket_created.email"), "");
  assert.ok(
    bad.document.querySelector("[name='notifications.ticket_created.email']")!.hasAttribute("checked"),
  );
  assert.deepEqual((await client.get("/me/preferences")).body, { notifications });
});

Deno.test("a requester is asked about what they can be told of, and nothing else", async () => {
  await using desk = await openDesk();
  const client = await (await desk.register("Alpha")).invite("REQUESTER", "Rob Requester");
  const page = await (await PageClient.signedIn(client)).get("/profile");
  const names = [...page.document.querySelectorAll("#notifications [type=checkbox]")]
    .map((box) => box.getAttribute("name")!.split(".")[1]);
  assert.deepEqual([...new Set(names)], NOTIFICATION_KINDS.filter((kind) => !STAFF_KINDS.includes(kind)));
});

Deno.test("the password changes for who knows the current one; no password comes back in a page", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const browser = await PageClient.signedIn(client);
  const page = await browser.get("/profile");
  const wrong = await browser.submit(page, "#password", {
    currentPassword: "not it at all",
    newPassword: NEW_PASSWORD,
  });
  assert.equal(wrong.status, 422);
  assert.equal(fieldError(wrong, "currentPassword"), "Is not your current password");
  assert.ok(!wrong.html.includes("not it at all") && !wrong.html.includes(NEW_PASSWORD));
  const weak = await browser.submit(page, "#password", { currentPassword: PASSWORD, newPassword: "short" });
  assert.equal(weak.status, 422);
  assert.notEqual(fieldError(weak, "newPassword"), "");
  assert.equal((await client.get("/me")).status, 200);
  const changed = await browser.submit(page, "#password", {
    currentPassword: PASSWORD,
    newPassword: NEW_PASSWORD,
  });
  assert.deepEqual([changed.status, changed.location], [303, "/profile"]);
  assert.equal((await browser.get("/profile")).status, 200);
  assert.equal((await client.get("/me")).status, 401);
  const fresh = new PageClient(desk);
  const who = { email: client.user.email, organisation: client.tenant.slug };
  await assert.rejects(() => fresh.signIn({ ...who, password: PASSWORD }));
  await fresh.signIn({ ...who, password: NEW_PASSWORD });
});

Deno.test("CHK-19 sessions are ended one by one, or all but this one, from the next request on", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const browser = await PageClient.signedIn(client);
  const others = [await PageClient.signedIn(client), await PageClient.signedIn(client)];
  const page = await browser.get("/profile");
  assert.equal(page.document.querySelectorAll("tbody tr:has(form)").length, 4);
  assert.equal(page.document.querySelectorAll("tbody form[action='/sign-out']").length, 1);
  const [session] = await desk.look<{ id: string }>("select id from sessions order by id desc limit 1");
  const one = { session: session!.id };
  const ended = await browser.post("/profile/sign-outs", one);
  assert.deepEqual([ended.status, ended.location], [303, "/profile"]);
  assert.equal(textOf(await browser.follow(ended), ".flash-region"), "Device signed out");
  const signedIn = await Promise.all(others.map(async (other) => (await other.get("/profile")).status));
  assert.deepEqual(signedIn.sort(), [200, 303]);
  const again = await browser.post("/profile/sign-outs", one);
  assert.equal(textOf(await browser.follow(again), ".flash-region"), "That device was already signed out");
  const all = await browser.submit(await browser.get("/profile"), "#sign-out-elsewhere");
  assert.equal(textOf(await browser.follow(all), ".flash-region"), "2 other devices signed out");
  for (const other of others) {
    assert.equal((await other.get("/profile")).location, "/sign-in?next=%2Fprofile");
  }
  assert.equal((await client.get("/me")).status, 401);
  const last = await browser.get("/profile");
  assert.equal(last.document.querySelectorAll("tbody tr:has(form)").length, 1);
  assert.equal(last.document.querySelector("#sign-out-elsewhere"), null);
  assert.equal((await browser.post("/profile/sign-outs", { session: "nonsense" })).status, 422);
});

Deno.test("another organisation's session can't be ended", async () => {
  await using desk = await openDesk();
  const browser = await PageClient.signedIn(await desk.register("Alpha"));
  const stranger = await desk.register("Beta");
  const session = (await stranger.get("/me/sessions")).body.items[0].id;
  const answer = await browser.post("/profile/sign-outs", { session });
  assert.equal(textOf(await browser.follow(answer), ".flash-region"), "That device was already signed out");
  assert.equal((await stranger.get("/me")).status, 200);
});

Deno.test("the theme is kept in a cookie, and in the profile of who is signed in", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const visitor = new PageClient(desk);
  const chosen = await visitor.post("/theme", { theme: "light", returnTo: "/sign-in" });
  assert.deepEqual([chosen.status, chosen.location], [303, "/sign-in"]);
  assert.equal(visitor.cookies.get("theme"), "light");
  const html = async (client: PageClient, path: string) => (await client.get(path)).document.documentElement;
  assert.equal((await html(visitor, "/sign-in")).getAttribute("data-theme"), "light");
  const browser = await PageClient.signedIn(client);
  const menu = await browser.submit(await browser.get("/profile"), "form[action='/theme']");
  assert.equal(menu.status, 422, "no button was pressed");
  const dark = await browser.post("/theme", { theme: "dark", returnTo: "/profile?x=1" });
  assert.equal(dark.location, "/profile?x=1");
  assert.equal((await me(client)).theme, "dark");
  assert.equal((await html(browser, "/profile")).getAttribute("data-theme"), "dark");
  const both = await Promise.all(
    ["light", "system"].map((theme) => browser.post("/theme", { theme, returnTo: "/home" })),
  );
  assert.deepEqual(both.map(({ status }) => status), [303, 303]);
  for (
    const returnTo of ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
  ) {
    assert.equal((await browser.post("/theme", { theme: "dark", returnTo })).location, "/home", returnTo);
  }
  assert.equal((await browser.post("/theme", { theme: "pink", returnTo: "/home" })).status, 422);
});

Deno.test("forms of the profile that are opened as an address lead to the page; strangers sign in first", async () => {
  await using desk = await openDesk();
  const browser = await PageClient.signedIn(await desk.register("Alpha"));
  for (const path of ["/profile/password", "/profile/preferences", "/profile/sign-outs"]) {
    assert.equal((await browser.get(path)).location, "/profile", path);
    assert.equal((await new PageClient(desk).post(path)).location, "/sign-in", path);
  }
  assert.equal((await new PageClient(desk).get("/profile")).location, "/sign-in?next=%2Fprofile");
});

Deno.test("devices are named as people know them", () => {
  const chrome =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36";
  const names = {
    [chrome]: "Chrome on Linux",
    [`${chrome} Edg/131.0`]: "Edge on Linux",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0": "Firefox on Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1":
      "Safari on iPhone",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15":
      "Safari on macOS",
    "curl/8.5.0": "curl",
    "Deno/2.9.6": "Deno/2.9.6",
    "": "Unknown device",
  };
  for (const [userAgent, name] of Object.entries(names)) assert.equal(deviceName(userAgent), name);
});
