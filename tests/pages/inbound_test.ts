import { replyAddress } from "@/domain/mail/reply_address.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { mailComes, PROVIDER_SECRET } from "@/tests/helpers/provider_events.ts";
import { startResend } from "@/tests/helpers/resend.ts";

const provider = await startResend();
const desk = await openDesk({
  ...provider.env,
  MAIL_TRANSPORT: "console",
  RESEND_WEBHOOK_SECRET: PROVIDER_SECRET,
  INBOUND_DOMAIN: "in.example",
});
Deno.test.afterAll(async () => {
  await desk[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});
const admin = await desk.register();
const rita = await admin.invite("REQUESTER", "Rita Requester");
const browser = await PageClient.signedIn(admin);

Deno.test("the organisation's page shows the address for new tickets and keeps who may write to it", async () => {
  const page = await browser.get("/admin/organisation");
  assert(page.html.includes("harbour-works@in.example"), page.html);
  const version = page.document.querySelector("input[name=version]")!.getAttribute("value")!;
  const bad = await browser.post("/admin/organisation", { version, inboundUnknown: "perhaps" });
  assertEquals(bad.status, 422);
  const good = await browser.post("/admin/organisation", {
    version,
    inboundUnknown: "accept",
    agentsSeeAll: "on",
  });
  assertEquals(good.status, 303);
  assertEquals((await admin.get("/tenant")).body.inboundUnknown, "accept");
});

Deno.test("a ticket's page says what came by mail, and folds what it quotes", async () => {
  const { body: ticket } = await rita.post("/tickets", { title: "Folded", description: "Tray 2" });
  const to = replyAddress(desk.services, {
    tenantId: rita.tenant.id,
    ticketId: ticket.id,
    userId: rita.user.id,
  });
  const text = "It is <b>better</b>\n\nOn Mon, 3 Nov 2026, Desk wrote:\n> <script>hit()</script> old";
  await mailComes(desk, provider, { from: rita.user.email, to, text });
  await mailComes(desk, provider, { from: "Mallory <m@evil.example>", to, text: "Let me in" });
  const { document } = await browser.get(`/tickets/${ticket.key}`);
  const [, reply, note] = document.querySelectorAll(".comment");
  assertEquals(reply!.querySelector(".by-mail")!.textContent, "By email");
  assertEquals(reply!.querySelector("details summary")!.textContent, "Show quoted text");
  assert(reply!.querySelector("details pre")!.textContent.includes("<script>hit()</script> old"));
  assert(!reply!.querySelector("details")!.hasAttribute("open"));
  assertEquals(note!.querySelector(".by-mail")!.textContent, "By email, sender not verified");
  assert(note!.classList.contains("comment-internal"));
  const own = await (await PageClient.signedIn(rita)).get(`/tickets/${ticket.key}`);
  assert(!own.html.includes("Let me in") && !own.html.includes("evil.example"));
});

Deno.test("admins see which mails came and what became of them, by outcome too", async () => {
  await mailComes(desk, provider, {
    to: "harbour-works@in.example",
    from: rita.user.email,
    subject: "Opened one",
  });
  await mailComes(desk, provider, {
    to: "harbour-works@in.example",
    from: rita.user.email,
    subject: "Away",
    headers: { "Auto-Submitted": "auto-replied" },
  });
  const all = await browser.get("/admin/received-mail");
  assert(all.html.includes("Opened one") && all.html.includes("sent automatically"), all.html);
  const ignored = await browser.get("/admin/received-mail?outcome=ignored");
  assert(ignored.html.includes("Away") && !ignored.html.includes("Opened one"));
  assertEquals((await browser.get("/admin/received-mail?outcome=odd")).status, 200);
  const { items } = (await admin.get("/inbound-mails?outcome=ignored")).body;
  assertEquals(items.map((mail: { subject: string }) => mail.subject), ["Away"]);
  assertEquals((await admin.get("/inbound-mails?outcome=odd")).status, 422);
  const [first, second] = [
    await admin.get("/inbound-mails?limit=1"),
    await admin.get("/inbound-mails?limit=50"),
  ];
  const next = await admin.get(`/inbound-mails?limit=1&cursor=${encodeURIComponent(first.body.nextCursor)}`);
  assertEquals(
    [first.body.items[0].id, next.body.items[0].id],
    second.body.items.slice(0, 2).map((m: { id: string }) => m.id),
  );
});

Deno.test("an admin lifts a suppression on its page, twice without harm", async () => {
  const empty = await browser.get("/admin/suppressed-addresses");
  assert(empty.html.includes("No suppressed addresses"));
  const [row] = await desk.look<{ id: string }>(
    `insert into suppressed_addresses (tenant_id, email_key, reason, detail) values ($1, 'gone@works.example', 'bounce',
      'No such user') returning id`,
    [admin.tenant.id],
  );
  const page = await browser.get("/admin/suppressed-addresses");
  const words = (html: { document: Document }) => html.document.querySelector("main")!.textContent;
  assert(words(page).includes("No such user"), words(page));
  for (let i = 0; i < 2; i++) {
    const lifted = await browser.post(`/admin/suppressed-addresses/${row!.id}/lifting`, {});
    assertEquals([lifted.status, lifted.headers.get("location")], [303, "/admin/suppressed-addresses"]);
  }
  assert(!words(await browser.get("/admin/suppressed-addresses")).includes("No such user"));
});
