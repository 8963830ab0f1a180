import assert from "node:assert/strict";
import type { Mail } from "@/ports.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import { type Desk, openDesk } from "@/tests/helpers/desk.ts";

/** A desk whose mail reaches people, as far as it knows. */
function delivering(desk: Desk): Mail[] {
  const sent: Mail[] = [];
  const { mail } = desk.services;
  desk.services.mail = {
    ...mail,
    delivers: true,
    send(message) {
      sent.push(message);
      return mail.send(message);
    },
  };
  return sent;
}

const linkIn = (mail: Mail) => /\/confirm-email\/[\w.-]+/.exec(mail.text)![0];
const isConfirmed = async (desk: Desk) =>
  (await desk.look("select email_verified_at is not null as yes from users order by id"))[0]!["yes"];

Deno.test("who registers where mail leaves gets a link; opening it changes nothing, its button confirms once", async () => {
  await using desk = await openDesk();
  const sent = delivering(desk);
  const admin = await desk.register();
  await drainJobs(desk.services);
  const [mail] = sent as [Mail];
  assert.equal(mail.to, admin.user.email);
  assert.equal(mail.unsubscribeUrl, undefined);
  const nobody = new PageClient(desk);
  for (let i = 0; i < 2; i++) assert.equal((await nobody.get(linkIn(mail))).status, 200);
  assert.equal(await isConfirmed(desk), false);
  const browser = await PageClient.signedIn(admin);
  assert.match((await browser.get("/profile")).html, /action="\/profile\/confirmation"/);
  // Before it is tried: what needs a confirmed address says so, with the way to the link.
  for (
    const [path, purpose] of [
      ["/admin/users/invitations", "To invite people, confirm"],
      ["/admin/organisation", "To accept emails from unknown senders, confirm"],
    ] as const
  ) {
    const { html } = await browser.get(path);
    assert.match(html, /action="\/profile\/confirmation"/);
    assert(html.includes(purpose) && html.includes(admin.user.email), path);
  }
  const settings = (await admin.get("/tenant")).body;
  for (
    const refused of [
      await admin.post("/invitations", { email: "ben@x.example", role: "AGENT" }),
      await admin.patch("/tenant", { version: settings.version, inboundUnknown: "accept" }),
    ]
  ) {
    assert.equal(refused.status, 403);
    assert.match(
      refused.body.detail,
      /^Confirm that \S+@\S+ is your address first: .*POST \/v1\/me\/email-confirmation/,
    );
  }
  const clicks = await Promise.all([1, 2, 3].map(() => nobody.post(linkIn(mail), {})));
  assert.deepEqual(clicks.map(({ status }) => status).sort(), [200, 404, 404]);
  assert.equal(await isConfirmed(desk), true);
  assert.equal((await nobody.get(linkIn(mail))).status, 404);
  for (const path of ["/profile", "/admin/users/invitations", "/admin/organisation"]) {
    assert.doesNotMatch((await browser.get(path)).html, /profile\/confirmation/);
  }
  assert.equal((await admin.post("/invitations", { email: "ben@x.example", role: "AGENT" })).status, 201);
  const rows = await desk.look(
    "select action from audit_log where action like 'user.%confirm%' order by at, id",
  );
  assert.deepEqual(rows.map((row) => row["action"]), ["user.confirmation_sent", "user.email_confirmed"]);
});

Deno.test("a link is sent again after a pause; the earlier one, a forged or an expired one confirm nothing", async () => {
  await using desk = await openDesk();
  const sent = delivering(desk);
  const admin = await desk.register();
  const browser = await PageClient.signedIn(admin);
  for (let i = 0; i < 3; i++) {
    const asked = await browser.post("/profile/confirmation", {});
    assert.deepEqual([asked.status, asked.location], [303, "/profile"]);
    assert.equal((await admin.post("/me/email-confirmation", {})).status, 204);
  }
  await drainJobs(desk.services);
  assert.equal(sent.length, 1, "one is on its way");
  await desk.look("update users set confirmation_sent_at = confirmation_sent_at - interval '11 minutes'");
  assert.equal((await admin.post("/me/email-confirmation", {})).status, 204);
  await drainJobs(desk.services);
  assert.equal(sent.length, 2);
  const [first, second] = sent.map(linkIn) as [string, string];
  const nobody = new PageClient(desk);
  const other = await desk.register("Other Works");
  const forged = [
    first,
    second.slice(0, -1),
    `${second}x`,
    second.replace(admin.user.id, other.user.id),
    second.replace(admin.tenant.id, other.tenant.id),
    "/confirm-email/x",
    "/confirm-email/0-0-0",
  ];
  for (const link of forged) {
    assert.equal((await nobody.get(link)).status, 404, link);
    assert.equal((await nobody.post(link, {})).status, 404, link);
  }
  await desk.look("update users set email = 'changed@x.example' where id = $1", [admin.user.id]);
  assert.equal((await nobody.post(second, {})).status, 404, "of another address by now");
  await desk.look("update users set email = $2 where id = $1", [admin.user.id, admin.user.email]);
  await desk.look("update users set confirmation_sent_at = confirmation_sent_at - interval '73 hours'");
  assert.equal((await nobody.post(second, {})).status, 404, "expired");
  assert.equal(await isConfirmed(desk), false);
});

Deno.test("where no mail leaves nobody is asked to confirm anything", async () => {
  await using desk = await openDesk();
  const admin = await desk.register();
  assert.deepEqual(await desk.look("select id from outbox"), []);
  const browser = await PageClient.signedIn(admin);
  assert.doesNotMatch((await browser.get("/profile")).html, /profile\/confirmation/);
});
