import assert from "node:assert/strict";
import { MAILED_KINDS, NOTIFICATION_KINDS } from "@/domain/notifications/kinds.ts";
import { openDesk, PASSWORD } from "@/tests/helpers/desk.ts";
import type { Client } from "@/tests/helpers/client.ts";

async function signInAgain(client: Client): Promise<Client> {
  const other = client.desk.client();
  const body = { email: client.user.email, password: PASSWORD, organisation: client.tenant.slug };
  other.become(await other.post("/auth/login", body, { headers: { "user-agent": "Other browser" } }));
  return other;
}

Deno.test("the own profile is read and changed by version, and keeps what isn't the person's to set", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const me = await client.get("/me");
  assert.equal(me.headers.get("etag"), '"1"');
  assert.equal((await client.patch("/me", { name: "Ada" })).status, 428);
  const changed = await client.patch("/me", {
    version: 1,
    name: "  Ada Lovelace ",
    locale: "de-AT",
    timeZone: "Europe/Vienna",
    theme: "dark",
    email: me.body.email,
    id: crypto.randomUUID(),
    tenantId: crypto.randomUUID(),
  });
  assert.equal(changed.status, 200);
  const { name, locale, timeZone, theme, version, role, email, id } = changed.body;
  assert.deepEqual([name, locale, timeZone, theme, version], [
    "Ada Lovelace",
    "de-AT",
    "Europe/Vienna",
    "dark",
    2,
  ]);
  assert.deepEqual([role, email, id], ["ADMIN", me.body.email, me.body.id]);
  for (const fields of [{ role: "REQUESTER" }, { email: "x@y.example" }]) {
    const refused = await client.patch("/me", { version: 2, ...fields });
    assert.deepEqual([refused.status, refused.body.errors[0].code], [422, "read_only"]);
  }
  const stale = await client.patch("/me", { version: 1, name: "Eve" });
  assert.equal(stale.status, 409);
  assert.deepEqual(stale.body.current, (await client.get("/me")).body);
  const staleTag = await client.patch("/me", { name: "Eve" }, { headers: { "if-match": '"1"' } });
  assert.equal(staleTag.status, 412);
  for (
    const [field, value] of [["locale", "not a locale"], ["timeZone", "Mars/Olympus"], ["theme", "pink"], [
      "name",
      "",
    ]]
  ) {
    const wrong = await client.patch("/me", { version: 2, [field!]: value });
    assert.equal(wrong.status, 422, `${field}`);
    assert.equal(wrong.body.errors[0].path, field);
  }
  const audit = await desk.look("select changes from audit_log where action = 'user.profile_changed'");
  assert.equal(audit.length, 1);
});

Deno.test("preferences have defaults, and change one by one", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const defaults = (await client.get("/me/preferences")).body.notifications;
  assert.deepEqual(Object.keys(defaults), [...NOTIFICATION_KINDS]);
  for (const kind of NOTIFICATION_KINDS) {
    assert.deepEqual(defaults[kind], { inApp: true, email: MAILED_KINDS.includes(kind) });
  }
  await client.patch("/me/preferences", { notifications: { comment_added: { email: false } } });
  const changed = await client.patch("/me/preferences", {
    notifications: { comment_added: { inApp: "off" }, ticket_queued: { email: true } },
  });
  assert.deepEqual(changed.body.notifications, {
    ...defaults,
    comment_added: { inApp: false, email: false },
    ticket_queued: { inApp: true, email: true },
  });
  assert.deepEqual((await client.get("/me/preferences")).body, changed.body);
  for (const wrong of [{ comment_added: { email: "maybe" } }, { password_reset: false }]) {
    assert.equal((await client.patch("/me/preferences", { notifications: wrong })).status, 422);
  }
});

Deno.test("CHK-19 sessions are listed and ended one by one, from the next request on", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const other = await signInAgain(client);
  const list = (await client.get("/me/sessions")).body.items;
  assert.equal(list.length, 2);
  assert.deepEqual(list.map((s: { current: boolean }) => s.current).sort(), [false, true]);
  const theirs = list.find((s: { current: boolean }) => !s.current);
  assert.equal(theirs.userAgent, "Other browser");
  assert.equal(theirs.ip, "127.0.0.1");
  assert.equal((await other.get("/me")).status, 200);
  assert.equal((await client.delete(`/me/sessions/${theirs.id}`)).status, 204);
  assert.equal((await other.get("/me")).status, 401);
  assert.equal((await client.delete(`/me/sessions/${theirs.id}`)).status, 404);
  const stranger = await desk.register("Beta");
  const own = (await stranger.get("/me/sessions")).body.items[0].id;
  assert.equal((await client.delete(`/me/sessions/${own}`)).status, 404);
  assert.equal((await stranger.get("/me")).status, 200);
});

Deno.test("CHK-19 signing out elsewhere ends all sessions but this one", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const others = [await signInAgain(client), await signInAgain(client)];
  assert.equal((await client.delete("/me/sessions")).status, 204);
  for (const other of others) assert.equal((await other.get("/me")).status, 401);
  assert.equal((await client.get("/me")).status, 200);
  const audit = await desk.look("select changes from audit_log where action = 'user.signed_out_elsewhere'");
  assert.deepEqual(audit, [{ changes: { sessions: 2 } }]);
});

Deno.test("a password change verifies the current one, ends other sessions and keeps this one", async () => {
  await using desk = await openDesk();
  const client = await desk.register("Alpha");
  const other = await signInAgain(client);
  const newPassword = "seven violet anchors sing";
  const wrong = await client.patch("/me/password", { currentPassword: "not it at all", newPassword });
  assert.equal(wrong.status, 422);
  assert.equal(wrong.body.errors[0].path, "currentPassword");
  const weak = await client.patch("/me/password", {
    currentPassword: PASSWORD,
    newPassword: "admin@alpha.example",
  });
  assert.equal(weak.body.errors[0].path, "newPassword");
  assert.equal(weak.body.errors[0].code, "personal");
  assert.equal((await other.get("/me")).status, 200);
  assert.equal((await client.patch("/me/password", { currentPassword: PASSWORD, newPassword })).status, 204);
  assert.equal((await other.get("/me")).status, 401);
  assert.equal((await client.get("/me")).status, 200);
  const login = (password: string) =>
    desk.client().post("/auth/login", { email: client.user.email, password });
  assert.equal((await login(PASSWORD)).status, 401);
  assert.equal((await login(newPassword)).status, 200);
  const nobody = await desk.client().patch("/me/password", { currentPassword: PASSWORD, newPassword });
  assert.equal(nobody.status, 401);
});
