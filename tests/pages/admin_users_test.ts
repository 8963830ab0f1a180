import assert from "node:assert/strict";
import {
  fieldError,
  fieldValue,
  type PageAnswer,
  PageClient,
  textOf,
} from "@/tests/helpers/browser_client.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { openDesk, PASSWORD } from "@/tests/helpers/desk.ts";

const INVITATIONS = "/admin/users/invitations";

const user = async (admin: Client, id: string) => (await admin.get(`/users/${id}`)).body;

const names = (page: PageAnswer) =>
  Array.from(page.document.querySelectorAll("tbody .row-link"), (link) => link.textContent);

const link = (page: PageAnswer) => page.document.querySelector("#accept-url")?.getAttribute("value") ?? "";

Deno.test("people are listed, searched, filtered and paged", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  for (const name of ["Ben Bee", "Cara Anders", "Dora Dee"]) await admin.invite("AGENT", name);
  await desk.register("Beta");
  const browser = await PageClient.signedIn(admin);
  const page = await browser.get("/admin/users");
  assert.equal(page.status, 200);
  assert.deepEqual(names(page), ["Ada Admin", "Ben Bee", "Cara Anders", "Dora Dee"]);
  assert.equal(page.document.querySelector(".nav-link[aria-current=page]")!.textContent!.trim(), "People");
  const found = await browser.submit(page, "form[action='/admin/users']", { q: "an", role: "AGENT" });
  assert.deepEqual(names(found), ["Cara Anders"]);
  assert.deepEqual([fieldValue(found, "role"), fieldValue(found, "active")], ["AGENT", ""]);
  const nobody = await browser.get("/admin/users?q=zz");
  assert.deepEqual([nobody.status, textOf(nobody, ".empty h2")], [200, "No people found"]);
  const seen: (string | null)[] = [];
  for (let path: string | undefined = "/admin/users?limit=3"; path;) {
    const part: PageAnswer = await browser.get(path);
    assert.equal(part.status, 200);
    seen.push(...names(part));
    const links = [...part.document.querySelectorAll(".pager-links a")];
    path = links.find((a) => a.textContent!.includes("Next"))?.getAttribute("href") ?? undefined;
  }
  assert.deepEqual(seen, names(page));
  const wrong = await browser.get("/admin/users?role=OWNER&cursor=forged");
  assert.equal(wrong.status, 422);
  assert.notEqual(textOf(wrong, ".form-errors"), "");
});

Deno.test("only admins see people; others get 403, strangers sign in, foreign people are unknown", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const stranger = await desk.register("Beta");
  for (const role of ["REQUESTER", "AGENT", "MANAGER"]) {
    const browser = await PageClient.signedIn(await admin.invite(role, `The ${role.toLowerCase()}`));
    for (const path of ["/admin/users", `/admin/users/${admin.user.id}`, INVITATIONS]) {
      assert.equal((await browser.get(path)).status, 403, `${role} ${path}`);
    }
    const take = await browser.post(`/admin/users/${admin.user.id}`, { version: "1", active: "false" });
    assert.equal(take.status, 403, role);
    const invite = await browser.post(INVITATIONS, { email: "n@alpha.example", role: "ADMIN" });
    assert.equal(invite.status, 403, role);
    assert.equal(invite.document.querySelector("#accept-url"), null);
    const revoke = await browser.post(`${INVITATIONS}/${crypto.randomUUID()}/revocation`);
    assert.equal(revoke.status, 403, role);
  }
  assert.equal((await user(admin, admin.user.id)).active, true);
  const browser = await PageClient.signedIn(admin);
  for (const id of [stranger.user.id, crypto.randomUUID(), "nobody"]) {
    const path = `/admin/users/${id}`;
    assert.equal((await browser.get(path)).status, 404, path);
    assert.equal((await browser.post(path, { version: "1", role: "AGENT" })).status, 404, path);
  }
  assert.equal((await new PageClient(desk).get("/admin/users")).location, "/sign-in?next=%2Fadmin%2Fusers");
});

Deno.test("CHK-19 a role is changed by its form, and holds from the next request", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const ben = await admin.invite("AGENT", "Ben Bee");
  const browser = await PageClient.signedIn(admin);
  const path = `/admin/users/${ben.user.id}`;
  const page = await browser.get(path);
  assert.deepEqual([page.status, textOf(page, "h1"), fieldValue(page, "role")], [200, "Ben Bee", "AGENT"]);
  const bad = await browser.submit(page, "#role", { role: "OWNER" });
  assert.equal(bad.status, 422);
  assert.notEqual(fieldError(bad, "role"), "");
  const theirs = await PageClient.signedIn(ben);
  assert.equal((await theirs.get("/admin/users")).status, 403);
  const saved = await browser.submit(page, "#role", { role: "ADMIN" });
  assert.deepEqual([saved.status, saved.location], [303, path]);
  assert.equal(textOf(await browser.follow(saved), ".flash-region"), "The role of Ben Bee has changed");
  assert.equal((await theirs.get("/admin/users")).status, 200);
  const stale = await browser.submit(page, "#role", { role: "REQUESTER" });
  assert.equal(stale.status, 409);
  assert.equal(textOf(stale, ".form-errors"), "Someone else changed this in the meantime");
  assert.equal(fieldValue(stale, "role"), "REQUESTER");
  assert.equal((await user(admin, ben.user.id)).role, "ADMIN");
  const own = await theirs.submit(await theirs.get(path), "#role", { role: "AGENT" });
  assert.deepEqual([own.status, own.location], [303, "/home"]);
  assert.equal((await theirs.follow(own)).status, 200);
});

Deno.test("CHK-19 a person is deactivated in a second step, signed out at once, and let in again", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const ben = await admin.invite("AGENT", "Ben Bee");
  const theirs = await PageClient.signedIn(ben);
  const browser = await PageClient.signedIn(admin);
  const path = `/admin/users/${ben.user.id}`;
  const page = await browser.get(path);
  assert.equal(page.document.querySelector("#deactivate")!.closest("details")!.hasAttribute("open"), false);
  const off = await browser.submit(page, "#deactivate");
  assert.deepEqual([off.status, off.location], [303, path]);
  assert.equal((await theirs.get("/home")).location, "/sign-in?next=%2Fhome");
  await assert.rejects(() => PageClient.signedIn(ben));
  const after = await browser.follow(off);
  assert.match(textOf(after, ".page-heading"), /Deactivated/);
  assert.equal(after.document.querySelector("#deactivate"), null);
  assert.deepEqual(names(await browser.get("/admin/users?active=false")), ["Ben Bee"]);
  const on = await browser.submit(after, "#reactivate");
  assert.equal(textOf(await browser.follow(on), ".flash-region"), "Ben Bee can sign in again");
  await PageClient.signedIn(ben);
});

Deno.test("the last administrator keeps the role, and has no button to deactivate themself", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const browser = await PageClient.signedIn(admin);
  const page = await browser.get(`/admin/users/${admin.user.id}`);
  assert.equal(page.document.querySelector("#deactivate"), null);
  const refused = await browser.submit(page, "#role", { role: "AGENT" });
  assert.equal(refused.status, 409);
  assert.match(textOf(refused, ".form-errors"), /last active administrator/);
  assert.equal((await user(admin, admin.user.id)).role, "ADMIN");
});

Deno.test("an invitation's link is in the answer to its form alone, works, and is stored nowhere", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const browser = await PageClient.signedIn(admin);
  const page = await browser.get(INVITATIONS);
  assert.equal(page.status, 200);
  assert.equal(textOf(page, ".empty h2"), "No pending invitations");
  const queue = page.document.querySelector("[name=queueIds]")!.getAttribute("value")!;
  const fields = { email: "ben@alpha.example", name: "Ben", role: "AGENT", queueIds: [queue] };
  const invited = await browser.submit(page, "#invite", fields);
  assert.deepEqual([invited.status, invited.location], [201, null]);
  assert.match(link(invited), /^http:\/\/localhost:8000\/accept-invitation\/[\w.-]+$/);
  assert.equal(invited.headers.get("cache-control"), "no-store");
  assert.ok(![...browser.cookies.values()].some((value) => value.includes("accept-invitation")));
  assert.match(textOf(invited, "tbody"), /ben@alpha\.example/);
  const later = await browser.get(INVITATIONS);
  assert.ok(!later.html.includes("accept-invitation/"));
  assert.match(textOf(later, "tbody"), /ben@alpha\.example/);
  const secret = link(invited).split(".").pop()!;
  const tables = await desk.look<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  for (const { name } of tables) {
    const [row] = await desk.look<{ count: number }>(
      `select count(*) from ${name} t where t::text like '%' || $1 || '%'`,
      [secret],
    );
    assert.equal(row!.count, 0, name);
  }
  const visitor = new PageClient(desk);
  const accept = await visitor.get(new URL(link(invited)).pathname);
  const joined = await visitor.submit(accept, "form", { name: "Ben Bär", password: PASSWORD });
  assert.deepEqual([joined.status, joined.location], [303, "/home"]);
  const [queued] = (await admin.get("/users?q=ben")).body.items;
  assert.deepEqual([queued.role, queued.queues.map((q: { id: string }) => q.id)], ["AGENT", [queue]]);
});

Deno.test("a form that is sent again invites once and shows the same link, until it was used", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const browser = await PageClient.signedIn(admin);
  const page = await browser.get(INVITATIONS);
  const fields = { email: "ben@alpha.example", role: "AGENT" };
  const answers = await Promise.all([1, 2].map(() => browser.submit(page, "#invite", fields)));
  assert.deepEqual(answers.map(({ status }) => status), [201, 201]);
  const [first, second] = answers as [PageAnswer, PageAnswer];
  assert.notEqual(link(first), "");
  assert.equal(link(second), link(first));
  assert.deepEqual(await desk.look("select count(*) from invitations"), [{ count: 1 }]);
  assert.deepEqual(await desk.look("select count(*) from outbox where template = 'invitation'"), [{
    count: 1,
  }]);
  const other = await browser.submit(page, "#invite", { ...fields, email: "cara@alpha.example" });
  assert.equal(other.status, 422);
  assert.equal(fieldValue(other, "email"), "cara@alpha.example");
  assert.equal((await browser.submit(other, "#invite")).status, 201);
  const visitor = new PageClient(desk);
  const accept = await visitor.get(new URL(link(first)).pathname);
  await visitor.submit(accept, "form", { name: "Ben", password: PASSWORD });
  const late = await browser.submit(page, "#invite", fields);
  assert.deepEqual([late.status, link(late)], [201, ""]);
  assert.match(textOf(late, ".banner"), /was accepted in the meantime/);
});

Deno.test("a refused invitation keeps what was typed, with the errors beside the fields", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const browser = await PageClient.signedIn(admin);
  const page = await browser.get(INVITATIONS);
  const queue = page.document.querySelector("[name=queueIds]")!.getAttribute("value")!;
  const typed = { email: "not an address", name: "Ben", role: "MANAGER", queueIds: [queue] };
  const bad = await browser.submit(page, "#invite", typed);
  assert.equal(bad.status, 422);
  assert.equal(fieldError(bad, "email"), "Must be an email address");
  assert.deepEqual(
    ["email", "name", "role"].map((name) => fieldValue(bad, name)),
    ["not an address", "Ben", "MANAGER"],
  );
  assert.ok(bad.document.querySelector(`[value="${queue}"]`)!.hasAttribute("checked"));
  const member = await browser.submit(page, "#invite", { email: admin.user.email });
  assert.ok(fieldError(member, "email").startsWith("Ada Admin is already an administrator. Change the role"));
  const requester = await browser.submit(bad, "#invite", { email: "n@alpha.example", role: "REQUESTER" });
  assert.equal(fieldError(requester, "queueIds"), "Requesters can't be members of queues");
  const garbled = await browser.submit(page, "#invite", { email: "n@alpha.example", queueIds: ["x", queue] });
  assert.deepEqual([garbled.status, fieldError(garbled, "queueIds")], [422, "Must be an id"]);
  assert.deepEqual(await desk.look("select count(*) from invitations"), [{ count: 0 }]);
  for (let i = 0; i < 3; i++) await admin.post("/invitations", { email: "n@alpha.example", role: "AGENT" });
  const often = await browser.submit(page, "#invite", { email: "n@alpha.example" });
  assert.equal(often.status, 429);
  assert.equal(often.headers.get("retry-after"), "3600");
  assert.match(textOf(often, ".form-errors"), /three times within an hour/);
});

Deno.test("an invitation is revoked, and revoking twice is no error; where mail delivers no link is shown", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const browser = await PageClient.signedIn(admin);
  const fields = { email: "ben@alpha.example", role: "AGENT" };
  const invited = await browser.submit(await browser.get(INVITATIONS), "#invite", fields);
  const list = await browser.get(INVITATIONS);
  for (
    const told of [
      "Invitation revoked. Its link no longer works",
      "That invitation was no longer open",
    ]
  ) {
    const revoked = await browser.submit(list, "td form");
    assert.deepEqual([revoked.status, revoked.location], [303, INVITATIONS]);
    assert.equal(textOf(await browser.follow(revoked), ".flash-region"), told);
  }
  assert.equal((await new PageClient(desk).get(new URL(link(invited)).pathname)).status, 404);
  desk.services.mail = { ...desk.services.mail, delivers: true };
  await desk.look("update users set email_verified_at = now()");
  const page = await browser.get(INVITATIONS);
  for (let i = 0; i < 2; i++) {
    const mailed = await browser.submit(page, "#invite", fields);
    assert.deepEqual([mailed.status, mailed.html.includes("accept-invitation/")], [201, false]);
    assert.match(textOf(mailed, ".banner"), /on its way by email/);
  }
});
