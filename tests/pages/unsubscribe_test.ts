import assert from "node:assert/strict";
import { unsubscribeUrl } from "@/domain/mail/unsubscribe_link.ts";
import { PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import { openDesk } from "@/tests/helpers/desk.ts";

const ONE_CLICK = { "content-type": "application/x-www-form-urlencoded" };

Deno.test("the link of a mail asks first; its button, or a mail program's one click, turns that kind off alone", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Harbour Works");
  const ana = await admin.invite("REQUESTER", "Ana Silva");
  const of = { tenantId: admin.tenant.id, userId: ana.user.id };
  const path = (kind: "comment_added" | "ticket_resolved") =>
    new URL(unsubscribeUrl(desk.services, { ...of, kind })).pathname;
  const wants = async () => {
    const { notifications } = (await ana.get("/me/preferences")).body;
    return [
      notifications.comment_added.email,
      notifications.ticket_resolved.email,
      notifications.comment_added.inApp,
    ];
  };
  const audits = () =>
    desk.look("select actor_id, changes from audit_log where action = 'user.preferences_changed'");
  const nobody = new PageClient(desk);
  for (let i = 0; i < 2; i++) {
    const asked = await nobody.get(path("comment_added"));
    assert.equal(asked.status, 200);
    assert.equal(
      textOf(asked, ".auth-head p"),
      "Harbour Works emails you when someone replies to a ticket you're involved in. " +
        "You'll still see it in the help desk.",
    );
  }
  assert.deepEqual(await wants(), [true, true, true], "opening it changes nothing");
  // As a mail program does it: from nowhere, without a cookie.
  for (let i = 0; i < 2; i++) {
    const clicked = await desk.fetch(
      new Request(`http://localhost:8000${path("comment_added")}`, {
        method: "POST",
        headers: ONE_CLICK,
        body: "List-Unsubscribe=One-Click",
      }),
    );
    assert.equal(clicked.status, 200);
    const text = await clicked.text();
    assert.match(text, /These emails are off/);
    assert.match(text, /Harbour Works no longer emails you <strong>when someone replies to a ticket/);
  }
  assert.deepEqual(await wants(), [false, true, true]);
  const pressed = await nobody.post(path("ticket_resolved"), {});
  assert.equal(pressed.status, 200);
  assert.deepEqual(await wants(), [false, false, true]);
  const rows = await audits();
  assert.equal(rows.length, 2, "once each, however often it is clicked");
  assert.ok(rows.every((row) => row["actor_id"] === ana.user.id));
});

Deno.test("a link that was not made here turns nothing off, and says so", async () => {
  await using desk = await openDesk();
  const admin = await desk.register();
  const ana = await admin.invite("REQUESTER", "Ana Silva");
  const of = { tenantId: admin.tenant.id, userId: ana.user.id, kind: "comment_added" as const };
  const good = new URL(unsubscribeUrl(desk.services, of)).pathname;
  const token = good.split("/").at(-1)!;
  const [tenantId, userId, kind, mac] = token.split(".") as [string, string, string, string];
  const forged = [
    "x",
    "0-0-0",
    token.slice(0, -1),
    `${token}x`,
    `${token}.x`,
    [tenantId, admin.user.id, kind, mac].join("."),
    [tenantId, userId, "ticket_resolved", mac].join("."),
    [tenantId, userId, "constructor", mac].join("."),
    [crypto.randomUUID(), userId, kind, mac].join("."),
    [tenantId, userId, kind, desk.services.secrets.sign("invitation", [tenantId, userId, kind].join("."))]
      .join("."),
  ];
  const nobody = new PageClient(desk);
  for (const each of forged) {
    for (
      const answer of [
        await nobody.get(`/unsubscribe/${each}`),
        await nobody.post(`/unsubscribe/${each}`, {}),
      ]
    ) {
      assert.equal(answer.status, 404, each);
      assert.match(answer.html, /This link can&#39;t be used|This link can't be used/);
    }
  }
  assert.equal((await ana.get("/me/preferences")).body.notifications.comment_added.email, true);
  await admin.patch(`/users/${ana.user.id}`, { version: 1, active: false });
  assert.equal((await nobody.get(good)).status, 404, "nor one of somebody who is gone");
});

Deno.test("the mails are shown in development alone, with a policy that lets nothing run or load", async () => {
  {
    await using desk = await openDesk();
    const nobody = new PageClient(desk);
    for (const path of ["/dev/mails", "/dev/mails/comment_added", "/dev/mails/nothing"]) {
      assert.equal((await nobody.get(path)).status, 404, path);
    }
  }
  await using desk = await openDesk({ DEV_PAGES: "on" });
  const nobody = new PageClient(desk);
  const list = await nobody.get("/dev/mails");
  assert.equal(list.status, 200);
  const paths = [...list.html.matchAll(/href="(\/dev\/mails\/[\w?=&;]+)"/g)].map(([, path]) => path!);
  assert.ok(paths.length >= 34, `${paths.length} parts`);
  for (const path of paths) {
    const answer = await desk.fetch(new Request(`http://localhost:8000${path.replaceAll("&amp;", "&")}`));
    assert.equal(answer.status, 200, path);
    assert.match(
      answer.headers.get("content-security-policy")!,
      /^style-src 'unsafe-inline'; default-src 'none'; sandbox;/,
    );
    await answer.body?.cancel();
  }
  assert.equal((await nobody.get("/dev/mails/constructor")).status, 404);
});
