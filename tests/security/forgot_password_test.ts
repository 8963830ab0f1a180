import type { Mail } from "@/ports.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import { Client } from "@/tests/helpers/client.ts";
import { type Desk, openDesk, PASSWORD } from "@/tests/helpers/desk.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";

const VICTIM = "victim@bank.example";

/** The mails of a desk whose mail reaches people, as far as it knows. */
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

/** Organisations that somebody registers with the victim's address, before or after the victim joins theirs. */
async function decoys(desk: Desk, total: number): Promise<void> {
  for (let i = 0; i < total; i++) {
    const body = { organisation: `Decoy ${i}`, name: "Eve", email: VICTIM, password: PASSWORD };
    assertEquals((await desk.client().post("/auth/register", body)).status, 201);
  }
}

/** The victim joins an organisation by its mailed invitation. */
async function join(desk: Desk, sent: Mail[], organisation: string): Promise<Client> {
  const admin = await desk.register(organisation);
  await desk.look("update users set email_verified_at = now() where id = $1", [admin.user.id]);
  assertEquals((await admin.post("/invitations", { email: VICTIM, role: "REQUESTER" })).status, 201);
  await drainJobs(desk.services);
  const link = /accept-invitation\/([\w.-]+)/;
  const token = link.exec(sent.findLast(({ text }) => link.test(text))!.text)![1];
  const victim = new Client(desk);
  victim.become(
    await victim.post("/auth/invitations/accept", { token, name: "Vic Tim", password: PASSWORD }),
  );
  return victim;
}

const forgot = (desk: Desk, organisation?: string) =>
  desk.client().post("/auth/password/forgot", { email: VICTIM, organisation });

/** Where links were made just now. */
const resetsIn = (desk: Desk) =>
  desk.look<{ slug: string }>(
    `select distinct t.slug from password_resets r join tenants t on t.id = r.tenant_id
      where r.created_at > now() - interval '1 hour' order by 1`,
  ).then((rows) => rows.map(({ slug }) => slug));

Deno.test("V6 organisations that others register with an address keep nothing from its owner", async () => {
  await using desk = await openDesk();
  const sent = delivering(desk);
  await decoys(desk, 45);
  await join(desk, sent, "Northwind Logistics");
  await drainJobs(desk.services);
  sent.length = 0;

  assertEquals((await forgot(desk, "northwind-logistics")).status, 202);
  assertEquals(await resetsIn(desk), ["northwind-logistics"]);
  await desk.look("update password_resets set created_at = created_at - interval '61 minutes'");
  assertEquals((await forgot(desk)).status, 202);
  assertEquals(await resetsIn(desk), ["northwind-logistics"]);
  assertEquals((await desk.client().post("/auth/organisations/find", { email: VICTIM })).status, 202);
  await drainJobs(desk.services);
  assertEquals(sent.map(({ subject }) => subject).sort(), [
    "Reset your Northwind Logistics password",
    "Reset your Northwind Logistics password",
    "Your help desks",
  ]);
  assert(sent.some(({ text }) => text.includes("/o/northwind-logistics/sign-in")));
  for (const { text, fromName } of sent) assert(!/decoy/i.test(text + fromName), text);
});

Deno.test("V6 who proved an address in several organisations gets one mail; every one of them is in it", async () => {
  await using desk = await openDesk();
  const sent = delivering(desk);
  const names = Array.from({ length: 23 }, (_, i) => `Works ${String(i + 10)}`);
  for (const name of names) await join(desk, sent, name);
  await decoys(desk, 5);
  await drainJobs(desk.services);
  sent.length = 0;
  await forgot(desk);
  await desk.client().post("/auth/organisations/find", { email: VICTIM });
  await drainJobs(desk.services);
  assertEquals(sent.length, 2);
  for (const name of names) {
    for (const { text } of sent) assert(text.includes(`${name}:\n`), `${name} in ${text}`);
  }
  const links = sent.find(({ subject }) => subject === "Reset your password")!;
  assertEquals([...links.text.matchAll(/\/reset-password\//g)].length, names.length);
});

Deno.test("V6 who hasn't confirmed their address gets a link where they name the organisation, in the page too", async () => {
  await using desk = await openDesk();
  const sent = delivering(desk);
  await decoys(desk, 2);
  await drainJobs(desk.services);
  sent.length = 0;
  const page = new PageClient(desk);
  assert((await page.get("/forgot-password")).html.includes('name="organisation"'));
  assertEquals((await page.post("/forgot-password", { email: VICTIM, organisation: "" })).status, 303);
  assertEquals(await resetsIn(desk), []);
  assertEquals((await page.post("/forgot-password", { email: VICTIM, organisation: "Decoy-1" })).status, 303);
  assertEquals(await resetsIn(desk), ["decoy-1"]);
  await drainJobs(desk.services);
  assertEquals(sent.map(({ subject }) => subject), ["Reset your password"]);
  assert(!/decoy|\beve\b/i.test(sent[0]!.text + sent[0]!.fromName), sent[0]!.text);
});

Deno.test("a stranger who asks for links all the time keeps nobody from a link that works", async () => {
  await using desk = await openDesk();
  const sent = delivering(desk);
  const { user } = await desk.register("Alpha");
  await desk.look("update users set email_verified_at = now()");
  await drainJobs(desk.services);
  sent.length = 0;
  const ask = () => desk.client().post("/auth/password/forgot", { email: user.email });
  const shift = (minutes: number) =>
    desk.look(
      `update password_resets set created_at = created_at - make_interval(mins => $1),
        expires_at = expires_at - make_interval(mins => $1)`,
      [minutes],
    );
  // Two hours in which a link is asked for every five minutes, by anybody.
  for (let minutes = 0; minutes < 120; minutes += 5) {
    for (let i = 0; i < 2; i++) assertEquals((await ask()).status, 202);
    const [usable] = await desk.look<{ left: number }>(
      "select max(extract(epoch from expires_at - now()))::int / 60 as left from password_resets",
    );
    assert(usable!.left >= 19, `the newest link works for ${usable!.left} more minutes`);
    await shift(5);
  }
  await drainJobs(desk.services);
  assert(sent.length <= 16, `${sent.length} mails within two hours`);
  const token = /reset-password\/([\w.-]+)/.exec(sent.at(-1)!.text)![1];
  const password = "seven violet anchors sing";
  assertEquals((await desk.client().post("/auth/password/reset", { token, password })).status, 204);
});
