import { plainName } from "@/domain/mail/plain_name.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import { Client } from "@/tests/helpers/client.ts";
import { type Desk, openDesk, PASSWORD } from "@/tests/helpers/desk.ts";
import { mailComes, PROVIDER_SECRET } from "@/tests/helpers/provider_events.ts";
import { type ResendServer, startResend } from "@/tests/helpers/resend.ts";

const EVIL = "URGENT: invoice 4711 overdue, pay at http://evil.example/pay today";
const WORDS = /URGENT|invoice|4711|evil|pay/i;
const VICTIM = "victim@bank.example";

interface Scene {
  provider: ResendServer;
  desk: Desk;
  /** The mails that left to an address, whole, in the order in which they were asked for. */
  to(email: string): Promise<string[]>;
}

/** A desk that sends and receives through Resend. */
async function scene(): Promise<Scene & AsyncDisposable> {
  const provider = await startResend();
  const desk = await openDesk({
    ...provider.env,
    RESEND_WEBHOOK_SECRET: PROVIDER_SECRET,
    INBOUND_DOMAIN: "in.example",
    MAIL_FROM: "Our desks <desk@mail.example>",
  });
  return {
    provider,
    desk,
    async to(email) {
      await drainJobs(desk.services);
      return provider.asked.filter(({ body }) => String(body["to"]) === email).map(({ body }) =>
        JSON.stringify(body)
      );
    },
    async [Symbol.asyncDispose]() {
      await desk[Symbol.asyncDispose]();
      await provider[Symbol.asyncDispose]();
    },
  };
}

async function register(desk: Desk, { organisation = "Harbour Works", name = "Ada Admin", email = VICTIM }) {
  const client = new Client(desk);
  client.become(await client.post("/auth/register", { organisation, name, email, password: PASSWORD }));
  return client;
}

const prove = (desk: Desk, { id }: { id: string }) =>
  desk.look("update users set email_verified_at = now() where id = $1", [id]);

async function accept(admin: Client): Promise<number> {
  const { version } = (await admin.get("/tenant")).body;
  return (await admin.patch("/tenant", { version, inboundUnknown: "accept" })).status;
}

Deno.test("V5 the mail to confirm an address has none of the words of whoever registered with it", async () => {
  await using at = await scene();
  await register(at.desk, { organisation: EVIL, name: EVIL });
  const [mail, ...more] = await at.to(VICTIM);
  assertEquals(more, []);
  assert(!WORDS.test(mail!), mail!);
  assert(mail!.includes('"from":"\\"Our desks\\" <desk@mail.example>"'), mail!);
  assert(mail!.includes('"subject":"Confirm your email address"'), mail!);
  assert(/\/confirm-email\/[\w.-]{80}/.test(mail!), mail!);
});

Deno.test("V5 an admin who hasn't confirmed their address neither invites nor accepts mail of strangers", async () => {
  await using at = await scene();
  const admin = await register(at.desk, {});
  assertEquals(await accept(admin), 403);
  const page = await PageClient.signedIn(admin);
  const settings = (await admin.get("/tenant")).body;
  const form = { ...settings, agentsSeeAll: "on", attachmentQuotaMib: "", inboundUnknown: "accept" };
  const fields = Object.fromEntries(Object.entries(form).map(([key, value]) => [key, String(value)]));
  const { id: _i, slug: _s, createdAt: _c, updatedAt: _u, ...allowed } = fields;
  const sent = await page.post("/admin/organisation", allowed);
  assertEquals(sent.status, 403);
  assertEquals((await admin.get("/tenant")).body.inboundUnknown, "reject");
  assertEquals((await admin.post("/invitations", { email: "ben@x.example", role: "AGENT" })).status, 403);
  // Other settings are theirs.
  assertEquals((await admin.patch("/tenant", { version: settings.version, reopenDays: 7 })).status, 200);
  await prove(at.desk, admin.user);
  assertEquals(await accept(admin), 200);
  assertEquals((await admin.post("/invitations", { email: "ben@x.example", role: "AGENT" })).status, 201);
});

Deno.test("V5 until an admin has confirmed, nothing but links to prove an address goes to an unproved one", async () => {
  await using at = await scene();
  const admin = await register(at.desk, { organisation: EVIL, name: EVIL });
  // As set before mail was configured.
  await at.desk.look("update tenants set inbound_unknown = 'accept'");
  await admin.post("/tickets", { title: EVIL, description: EVIL });
  for (const sender of ["one@elsewhere.example", "two@elsewhere.example"]) {
    const mail = { from: sender, to: `${admin.tenant.slug}@in.example`, subject: EVIL, text: EVIL };
    assertEquals((await mailComes(at.desk, at.provider, mail))!.outcome, "opened");
    assertEquals(await at.to(sender), []);
  }
  const change = { currentPassword: PASSWORD, newPassword: "seven violet anchors sing" };
  assertEquals((await admin.patch("/me/password", change)).status, 204);
  const mails = await at.to(VICTIM);
  assertEquals(mails.length, 1);
  const skipped = await at.desk.look<{ note: string }>(
    "select distinct last_error as note from jobs where last_error is not null and kind = 'email'",
  );
  assertEquals(skipped.map(({ note }) => note), [
    "Not sent: no administrator has confirmed their email address",
  ]);
});

Deno.test("V5 an acknowledgement to an unproved sender quotes nothing, and three a day are the most", async () => {
  await using at = await scene();
  const admin = await register(at.desk, { email: "ada@harbour-works.example" });
  await prove(at.desk, admin.user);
  assertEquals(await accept(admin), 200);
  let ticketId = "";
  for (let i = 0; i < 5; i++) {
    const mail = { from: `"${EVIL}" <${VICTIM}>`, to: "harbour-works@in.example", subject: EVIL, text: EVIL };
    ticketId = (await mailComes(at.desk, at.provider, mail))!.ticketId!;
  }
  const mails = await at.to(VICTIM);
  assertEquals(mails.length, 3);
  for (const mail of mails) assert(!WORDS.test(mail) && mail.includes("We received your request"), mail);
  // An agent's answer is what they were waiting for, without what the first mail called it.
  await admin.post(`/tickets/${ticketId}/comments`, { body: "Which printer is it?", visibility: "public" });
  const { version } = (await admin.get(`/tickets/${ticketId}`)).body;
  await admin.post(`/tickets/${ticketId}/transitions`, { version, to: "resolved", note: "Spam" });
  const all = await at.to(VICTIM);
  assertEquals(all.length, 5);
  assert(all[3]!.includes("Which printer is it?"), all[3]!);
  for (const mail of all) assert(!WORDS.test(mail), mail);
});

Deno.test("V5 names in an invitation are told as they are, or not at all where they hold a link or are long", async () => {
  await using at = await scene();
  const admin = await register(at.desk, { email: "ada@harbour-works.example" });
  await prove(at.desk, admin.user);
  await admin.post("/invitations", { email: VICTIM, role: "AGENT" });
  const [plain] = await at.to(VICTIM);
  assert(plain!.includes("Ada Admin invited you to the Harbour Works help desk"), plain!);
  const evil = await register(at.desk, { organisation: EVIL, name: EVIL, email: "evil@evil-mail.example" });
  await prove(at.desk, evil.user);
  assertEquals((await evil.post("/invitations", { email: VICTIM, role: "AGENT" })).status, 201);
  const [, mail] = await at.to(VICTIM);
  assert(!WORDS.test(mail!), mail!);
  assert(mail!.includes("An administrator invited you to a help desk"), mail!);
});

Deno.test("V5 plainName() takes names of people and organisations, and nothing that leads anywhere", () => {
  for (
    const name of [
      "Ana López",
      "Müller & Söhne GmbH",
      "株式会社",
      "O'Reilly’s",
      "Dr. J. Smith",
      "Iberia S.A.",
      "Studio 54",
    ]
  ) {
    assertEquals(plainName(name), name);
  }
  const refused = [
    "pay at evil.example now",
    "http://evil.example",
    "hxxps evil.example/pay",
    "www evil example",
    "ask boss@bank.example",
    "evil\u200b.example",
    "Call +43 660 1234567",
    "a".repeat(41),
    "t.co",
    "bit。ly",
    "ev1l．example",
    "\u200b",
    "x <y>",
  ];
  for (const name of refused) assertEquals([name, plainName(name)], [name, null]);
});
