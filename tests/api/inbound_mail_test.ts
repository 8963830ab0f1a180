import { Buffer } from "node:buffer";
import { processMail } from "@/domain/mail/inbound/process_mail.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import { replyAddress } from "@/domain/mail/reply_address.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { png } from "@/tests/helpers/files.ts";
import { mailComes, PROVIDER_SECRET, sendEvent, type TestMail } from "@/tests/helpers/provider_events.ts";
import { startResend } from "@/tests/helpers/resend.ts";

const provider = await startResend();
const desk = await openDesk({
  ...provider.env,
  MAIL_TRANSPORT: "console",
  RESEND_WEBHOOK_SECRET: PROVIDER_SECRET,
  INBOUND_DOMAIN: "in.example",
  INBOUND_AUTHSERV_ID: "mx.example",
});
Deno.test.afterAll(async () => {
  await desk[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});
const admin = await desk.register("Harbour Works");
const [rita, ari] = [
  await admin.invite("REQUESTER", "Rita Requester"),
  await admin.invite("AGENT", "Ari Agent"),
];
const other = await desk.register("Other Works");
const TO = "harbour-works@in.example";

const comes = async (mail: TestMail & { id?: string }) => (await mailComes(desk, provider, mail))!;
const ticketOf = async (client: Client, title = "Printer jams") =>
  (await client.post("/tickets", { title, description: "Tray 2" })).body;
const replyTo = (ticketId: string, person: Client) =>
  replyAddress(desk.services, { tenantId: person.tenant.id, ticketId, userId: person.user.id });
const from = (person: Client) => `${person.user.name} <${person.user.email}>`;
const commentsOf = async (ticketId: string) =>
  (await ari.get(`/tickets/${ticketId}/comments?limit=100`)).body.items;
const policy = async (inboundUnknown: string) => {
  const { version } = (await admin.get("/tenant")).body;
  const answer = await admin.patch("/tenant", { version, inboundUnknown });
  assertEquals([answer.status, answer.body.inboundUnknown], [200, inboundUnknown]);
};

Deno.test("a mail of one of our people to the organisation's address becomes their ticket", async () => {
  const made = await comes({
    from: from(rita),
    to: TO,
    subject: "Kein Papier – grüß Gott",
    text: "Tray 2\r\nis empty",
    headers: { "Authentication-Results": "mx.example; dmarc=pass header.from=harbour-works.example" },
  });
  assertEquals([made.outcome, made.verified], ["opened", true]);
  const ticket = (await rita.get(`/tickets/${made.ticketId}`)).body;
  assertEquals(
    [ticket.title, ticket.description, ticket.source, ticket.requester.id, ticket.status],
    ["Kein Papier – grüß Gott", "Tray 2\nis empty", "email", rita.user.id, "new"],
  );
  const audit = await desk.look(
    "select 1 from audit_log where entity_id = $1 and action = 'ticket.created'",
    [ticket.id],
  );
  assertEquals(audit.length, 1);
});

Deno.test("CHK-42 a reply with the person's own signed address becomes their public comment, quotes folded", async () => {
  const ticket = await ticketOf(rita);
  const text =
    "It works again.\r\n\r\nOn Mon, 3 Nov 2026 at 10:00, Harbour Works\r\n<desk@mail.example> wrote:\r\n> Tray 2?\r\n> Yes";
  const made = await comes({ from: from(rita), to: replyTo(ticket.id, rita), text });
  assertEquals([made.outcome, made.verified, made.ticketId], ["commented", true, ticket.id]);
  const [comment] = await commentsOf(ticket.id);
  assertEquals(
    [comment.author.id, comment.visibility, comment.body, comment.via],
    [rita.user.id, "public", "It works again.", "email"],
  );
  assert(comment.quoted.includes("> Tray 2?"), comment.quoted);
  const page = await desk.look(
    "select changes from audit_log where entity_id = $1 and action = 'ticket.commented'",
    [ticket.id],
  );
  assertEquals(page.length, 1);
});

Deno.test("replies by mail move tickets as replies on the page do", async () => {
  const ticket = await ticketOf(rita, "Moves");
  const state = async () => (await ari.get(`/tickets/${ticket.id}`)).body;
  const move = async (body: Record<string, unknown>) =>
    assertEquals(
      (await ari.post(`/tickets/${ticket.id}/transitions`, { version: (await state()).version, ...body }))
        .status,
      200,
    );
  const reply = async () =>
    await comes({ from: from(rita), to: replyTo(ticket.id, rita), text: "Still jams" });
  await move({ to: "pending", reason: "requester" });
  await reply();
  assertEquals((await state()).status, "open");
  await move({ to: "resolved", note: "Done" });
  await reply();
  assertEquals((await state()).status, "open");
  await move({ to: "resolved", note: "Done again" });
  await desk.look(
    "update tickets set status = 'closed', closed_at = now() - interval '100 days', resolved_at = now() - interval '100 days' where id = $1",
    [ticket.id],
  );
  const late = await reply();
  assertEquals(late.outcome, "opened");
  const followUp = (await rita.get(`/tickets/${late.ticketId}`)).body;
  assertEquals([followUp.title, followUp.source, followUp.description], [
    "Follow-up: Moves",
    "email",
    "Still jams",
  ]);
});

Deno.test("the same mail twice, by event, by the provider's id or by Message-ID, has one effect", async () => {
  const ticket = await ticketOf(rita, "Once");
  const mail = {
    from: from(rita),
    to: replyTo(ticket.id, rita),
    text: "Once",
    messageId: "<once@mail.example.org>",
  };
  await comes({ ...mail, id: "first" });
  await mailComes(desk, provider, { ...mail, id: "first" });
  await mailComes(desk, provider, { ...mail, id: "second" });
  assertEquals((await commentsOf(ticket.id)).length, 1);
});

Deno.test("CHK-42 a ticket's number, its Message-IDs and another ticket's address thread nothing", async () => {
  const [ticket, second] = [await ticketOf(rita, "Numbered"), await ticketOf(rita, "Second")];
  const thread = `<ticket-${ticket.id}@mail.example>`;
  const numbered = await comes({
    from: from(rita),
    to: TO,
    subject: `Re: [${ticket.key}] Numbered`,
    headers: { "In-Reply-To": thread, References: thread },
    text: "By number",
  });
  assertEquals(numbered.outcome, "opened");
  assert(numbered.ticketId !== ticket.id);
  assertEquals((await commentsOf(ticket.id)).length, 0);
  const address = replyTo(ticket.id, rita);
  const forged = [
    // The ticket of one address with the code of another, and codes that are nobody's.
    replyTo(second.id, rita).slice(0, 50) + address.slice(50),
    address.slice(0, 50) + "0".repeat(12) + "@in.example",
    // Of a person who isn't in it.
    replyTo(ticket.id, other),
    replyTo(crypto.randomUUID(), rita),
  ];
  for (const to of forged) {
    const made = await comes({ from: from(rita), to, text: "Forged" });
    assertEquals([to, made.outcome], [to, "refused"]);
  }
  assertEquals((await commentsOf(ticket.id)).length + (await commentsOf(second.id)).length, 0);
});

Deno.test("CHK-42 by default somebody else's mail is refused, kept as a record, and adds nobody to the ticket", async () => {
  const ticket = await ticketOf(rita, "Strangers");
  const before = await desk.look("select 1 from users");
  const reply = await comes({
    from: "Mallory <mallory@evil.example>",
    to: replyTo(ticket.id, rita),
    text: "Hi",
  });
  const fresh = await comes({ from: "Mallory <mallory@evil.example>", to: TO, text: "Hi" });
  for (const made of [reply, fresh]) assertEquals([made.outcome, made.ticketId], ["refused", null]);
  assert(reply.reason !== null && fresh.reason !== null);
  assertEquals((await desk.look("select 1 from users")).length, before.length);
  assertEquals((await commentsOf(ticket.id)).length, 0);
  // Nothing of a mail that is refused by its addresses is fetched.
  assertEquals(provider.fetched.length, new Set(provider.fetched).size);
});

Deno.test("CHK-42 where the organisation accepts them, strangers' replies are flagged notes without any sight of the ticket", async () => {
  await policy("accept");
  try {
    const ticket = await ticketOf(rita, "Passed on");
    const noted = await comes({
      from: "Mallory <mallory@evil.example>",
      to: replyTo(ticket.id, rita),
      text: "I am the boss",
      files: [{ name: "a.txt", type: "text/plain", content: "a" }],
    });
    assertEquals([noted.outcome, noted.verified], ["noted", false]);
    const [note] = await commentsOf(ticket.id);
    assertEquals([note.visibility, note.via, note.author.name], ["internal", "email_unverified", "Mallory"]);
    assert(note.body.includes("mallory@evil.example") && note.body.includes("left out"), note.body);
    assertEquals((await rita.get(`/tickets/${ticket.id}/comments`)).body.items, []);
    const people = await desk.look<{ user_id: string }>(
      "select user_id from ticket_participants where ticket_id = $1",
      [ticket.id],
    );
    assertEquals(people.map((row) => row.user_id), [rita.user.id]);
    // A code that nobody of the ticket has is refused all the same.
    const forged = await comes({
      from: "Mallory <mallory@evil.example>",
      to: replyTo(ticket.id, other),
      text: "x",
    });
    assertEquals(forged.outcome, "refused");
    const opened = await comes({
      from: '"Nora, New" <nora@elsewhere.example>',
      to: TO,
      text: "My screen is black",
    });
    assertEquals([opened.outcome, opened.verified], ["opened", false]);
    const [nora] = await desk.look<{ role: string; name: string; email_verified_at: string | null }>(
      "select role, name, email_verified_at from users where email = 'nora@elsewhere.example'",
    );
    assertEquals(nora, { role: "REQUESTER", name: "Nora, New", email_verified_at: null });
    const signIn = await desk.client().post("/auth/login", {
      email: "nora@elsewhere.example",
      password: "!",
      organisation: "harbour-works",
    });
    assertEquals(signIn.status, 401);
  } finally {
    await policy("reject");
  }
});

Deno.test("CHK-42 an unknown address gets five mails an hour through, over all organisations together", async () => {
  const ofOther = (await other.get("/tenant")).body;
  await other.patch("/tenant", { version: ofOther.version, inboundUnknown: "accept" });
  await policy("accept");
  try {
    const outcomes: string[] = [];
    for (let i = 0; i < 8; i++) {
      const to = i % 2 ? TO : "other-works@in.example";
      outcomes.push((await comes({ from: "flood@evil.example", to, text: `Mail ${i}` })).outcome);
    }
    assertEquals(outcomes, [...Array(5).fill("opened"), ...Array(3).fill("refused")]);
    // Who proves who they are isn't counted so.
    const ticket = await ticketOf(rita, "Many");
    for (let i = 0; i < 7; i++) {
      assertEquals(
        (await comes({ from: from(rita), to: replyTo(ticket.id, rita), text: `Reply ${i}` })).outcome,
        "commented",
      );
    }
  } finally {
    await policy("reject");
  }
});

Deno.test("CHK-42 nothing is opened, said or answered for what machines send", async () => {
  const ticket = await ticketOf(rita, "Loops");
  const mails = async () =>
    (await desk.look("select 1 from outbox where recipient = $1", [rita.user.email])).length;
  const before = await mails();
  const machines: TestMail[] = [
    { to: TO, headers: { "Auto-Submitted": "auto-replied" } },
    { to: TO, headers: { "Auto-Submitted": "auto-generated; x=y" } },
    { to: TO, headers: { Precedence: "bulk" } },
    { to: TO, headers: { "X-Loop": "desk" } },
    { to: TO, headers: { "List-Id": "<all.example.org>" } },
    { to: TO, headers: { "X-Autoreply": "yes" } },
    { to: TO, headers: { "Return-Path": "<>" } },
    { to: replyTo(ticket.id, rita), headers: { "Auto-Submitted": "auto-replied" }, text: "I am away" },
  ];
  for (const mail of machines) {
    const made = await comes({ from: from(rita), ...mail });
    assertEquals([mail.headers, made.outcome, made.ticketId], [mail.headers, "ignored", null]);
  }
  for (const sender of ["desk@mail.example", "anybody@in.example", replyTo(ticket.id, rita)]) {
    assertEquals((await comes({ from: sender, to: replyTo(ticket.id, rita) })).outcome, "ignored");
  }
  // "no" is what a person's program may say.
  assertEquals(
    (await comes({ from: from(rita), to: TO, headers: { "Auto-Submitted": "no" } })).outcome,
    "opened",
  );
  assertEquals((await commentsOf(ticket.id)).length, 0);
  assertEquals(await mails() - before, 1);
});

Deno.test("a From that the receiving server found forged, two of them, or another than was told, opens nothing", async () => {
  const results = "mx.example; spf=fail; dkim=none; dmarc=fail header.from=harbour-works.example";
  const forged = await comes({ from: from(rita), to: TO, headers: { "Authentication-Results": results } });
  assertEquals(forged.outcome, "refused");
  const passed = {
    "Authentication-Results": "mx.example; dmarc=pass\r\nAuthentication-Results: evil; dmarc=fail",
  };
  assertEquals((await comes({ from: from(rita), to: TO, headers: passed })).outcome, "opened");
  const two = `From: ${from(rita)}, boss@harbour-works.example\r\nTo: ${TO}\r\nSubject: x\r\n\r\nhi`;
  assertEquals((await comes({ from: from(rita), to: TO, raw: two })).outcome, "refused");
  const differs = `From: boss@harbour-works.example\r\nTo: ${TO}\r\nSubject: x\r\n\r\nhi`;
  assertEquals((await comes({ from: from(rita), to: TO, raw: differs })).outcome, "refused");
});

Deno.test("V8 a From that fails the mail server's check becomes a note for staff, whatever address it is sent to", async () => {
  const ticket = await ticketOf(rita, "Forged replies");
  await ari.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Which one?" });
  const failed = { "Authentication-Results": "mx.example; spf=fail; dmarc=fail header.from=x.example" };
  for (const person of [rita, ari, admin]) {
    await admin.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Yes" });
    const made = await comes({
      from: from(person),
      to: replyTo(ticket.id, person),
      text: "Please give Mallory access",
      headers: failed,
      files: [{ name: "a.txt", type: "text/plain", content: "a" }],
    });
    assertEquals([made.outcome, made.verified], ["noted", false]);
    assert(made.reason?.startsWith("The sender's address failed"), `${made.reason}`);
    const note = (await commentsOf(ticket.id)).find(({ id }: { id: string }) => id === made.commentId);
    assertEquals([note.visibility, note.via], ["internal", "email_unverified"]);
    assert(note.body.startsWith(`Email from ${person.user.email}:`), note.body);
  }
  const bodies = (await rita.get(`/tickets/${ticket.id}/comments`)).text;
  assert(!bodies.includes("Mallory"), bodies);
  // What the sender writes on top counts for nothing.
  const topped = {
    "Authentication-Results": `evil.example; dmarc=pass\r\nAuthentication-Results: mx.example; dmarc=fail`,
  };
  const made = await comes({ from: from(rita), to: replyTo(ticket.id, rita), text: "x", headers: topped });
  assertEquals(made.outcome, "noted");
  assertEquals((await comes({ from: from(rita), to: TO, headers: topped })).outcome, "refused");
});

Deno.test("V8 verified means that the mail server vouched for the sender, or that they had the reply address", async () => {
  const verifiedOf = async (headers: Record<string, string>, to = TO) => {
    const made = await comes({ from: from(ari), to, headers, text: "Hi" });
    return made.verified;
  };
  const ticket = await ticketOf(ari, "Vouched for");
  assertEquals(await verifiedOf({}), false);
  assertEquals(await verifiedOf({ "Authentication-Results": "evil.example; dmarc=pass" }), false);
  assertEquals(await verifiedOf({ "Authentication-Results": "mx.example; dmarc=pass" }), true);
  assertEquals(await verifiedOf({}, replyTo(ticket.id, ari)), true);
});

Deno.test("V8 an expired reply address loses nothing: a note while the ticket is open, a new ticket after its end", async () => {
  const ticket = await ticketOf(rita, "Expiring");
  const of = { tenantId: rita.tenant.id, ticketId: ticket.id, userId: rita.user.id };
  const old = replyAddress(desk.services, of, Date.now() - 190 * 86_400_000);
  const noted = await comes({ from: from(rita), to: old, text: "Still there?" });
  assertEquals([noted.outcome, noted.ticketId, noted.reason], [
    "noted",
    ticket.id,
    "The reply address has expired",
  ]);
  await desk.look(
    `update tickets set status = 'closed', closed_at = now() - interval '181 days',
      resolved_at = now() - interval '181 days' where id = $1`,
    [ticket.id],
  );
  const opened = await comes({ from: from(rita), to: replyTo(ticket.id, rita), subject: "Re: Expiring" });
  assertEquals([opened.outcome, opened.reason], ["opened", "The reply address has expired"]);
  assert(opened.ticketId !== ticket.id);
  assertEquals((await rita.get(`/tickets/${opened.ticketId}`)).body.title, "Re: Expiring");
});

Deno.test("V14 forged and refused mails don't use up a person's own", async () => {
  const pia = await admin.invite("REQUESTER", "Pia Patient");
  const failed = { "Authentication-Results": "mx.example; dmarc=fail" };
  const passed = { "Authentication-Results": "mx.example; dmarc=pass" };
  const send = async (headers: Record<string, string>, total: number) => {
    const outcomes = new Set<string>();
    for (let i = 0; i < total; i++) {
      outcomes.add((await comes({ from: from(pia), to: TO, headers, subject: `${i}` })).outcome);
    }
    return [...outcomes];
  };
  assertEquals(await send(failed, 31), ["refused"]);
  assertEquals(await send({}, 1), ["opened"]);
  // Where nothing is said of the sender they count, but not against mails that are vouched for.
  assertEquals(await send({}, 31), ["opened", "refused"]);
  assertEquals(await send(passed, 2), ["opened"]);
  // A signature of the sender's domain vouches for them as well.
  const signed = "mx.example; dkim=pass header.d=harbour-works.example; dmarc=none";
  assertEquals(await send({ "Authentication-Results": signed }, 1), ["opened"]);
});

Deno.test("V14 whoever forges From to somebody's reply address makes notes, and uses up nothing of theirs", async () => {
  const una = await admin.invite("REQUESTER", "Una Unmoved");
  const ticket = await ticketOf(una, "Passed on");
  const to = replyTo(ticket.id, una);
  const forged = { "Authentication-Results": "mx.example; dmarc=fail" };
  const outcomes = [];
  for (let i = 0; i < 32; i++) {
    outcomes.push((await comes({ from: from(una), to, headers: forged, text: `${i}` })).outcome);
  }
  assertEquals(outcomes, [...Array(30).fill("noted"), "refused", "refused"]);
  assertEquals((await comes({ from: from(una), to: TO, text: "Mine" })).outcome, "opened");
  assertEquals((await comes({ from: from(una), to, text: "Mine" })).outcome, "commented");
});

Deno.test("files of a mail are looked at as uploads are; what may not be kept is named", async () => {
  const ticket = await ticketOf(rita, "Files");
  await comes({
    from: from(rita),
    to: replyTo(ticket.id, rita),
    text: "See this",
    files: [
      { name: "shot.png", type: "image/png", content: png(4, 4) },
      { name: "run.exe", type: "application/octet-stream", content: "MZ\0\0" },
      { name: "fake.png", type: "image/png", content: "no picture" },
      { name: "../../etc/notes.txt", type: "text/plain", content: "notes" },
    ],
  });
  const [comment] = await commentsOf(ticket.id);
  const { items } = (await rita.get(`/tickets/${ticket.id}/attachments`)).body;
  // deno-lint-ignore no-explicit-any -- the resource as JSON
  assertEquals(items.map((item: any) => [item.name, item.commentId === comment.id]), [["shot.png", true], [
    "notes.txt",
    true,
  ]]);
  assert(comment.body.includes("run.exe") && comment.body.includes("fake.png"), comment.body);
  const got = await rita.api("GET", `/attachments/${items[0].id}/content`);
  assertEquals([got.status, got.type], [200, "image/png"]);
});

Deno.test("a mail in HTML alone is read as text; its scripts and pictures are gone", async () => {
  const html = `<style>p{color:red}</style><p>Hello&nbsp;<b>you</b></p><script>alert(1)</script>
    <img src="https://spy.example/x.png"><a href="javascript:alert(1)">press</a>
    <div class="gmail_quote">On Mon, 3 Nov 2026 at 10:00, Desk &lt;d@x.example&gt; wrote:<blockquote>Old</blockquote></div>`;
  const ticket = await ticketOf(rita, "HTML");
  await comes({ from: from(rita), to: replyTo(ticket.id, rita), html });
  const [comment] = await commentsOf(ticket.id);
  assert(comment.body.startsWith("Hello\u00a0you") || comment.body.startsWith("Hello you"), comment.body);
  for (const gone of ["alert(1)</", "spy.example", "color", "Old"]) {
    assert(!comment.body.includes(gone), comment.body);
  }
  assert(comment.quoted.includes("> Old"), comment.quoted);
});

Deno.test("bombs are refused in no time: many parts, deep parts, long headers, long texts", async () => {
  const bea = await admin.invite("REQUESTER", "Bea Bomb");
  const head = `From: ${from(bea)}\r\nTo: ${TO}\r\nSubject: x\r\nMIME-Version: 1.0\r\n`;
  const parts = (n: number) =>
    Array.from({ length: n }, () => "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n").join("");
  let deep = "Content-Type: text/plain\r\n\r\nx";
  for (let i = 0; i < 2_000; i++) {
    deep = `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n${deep}\r\n--b${i}--`;
  }
  const bombs: [string, string][] = [
    ["refused", `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts(50_000)}--b--`],
    ["refused", `${head}${deep}`],
    ["refused", `${head}${"X-Long: a\r\n".repeat(100_000)}\r\nx`],
    ["opened", `${head}\r\n${"word ".repeat(400_000)}`],
    ["opened", `${head}Content-Type: text/html\r\n\r\n${"<div>".repeat(300_000)}x`],
  ];
  for (const [outcome, raw] of bombs) {
    const started = performance.now();
    const made = await comes({ from: from(bea), to: TO, raw });
    assertEquals([raw.length, made.outcome], [raw.length, outcome]);
    assert(performance.now() - started < 5_000, `${raw.length} bytes took ${performance.now() - started} ms`);
  }
});

Deno.test("staff's answer to a mail about an internal note stays internal; to others it is public", async () => {
  const ticket = await ticketOf(rita, "Inside");
  const [mail] = await desk.look<{ id: string }>(
    `insert into outbox (tenant_id, recipient, template, payload) values ($1, $2, 'note_added',
      jsonb_build_object('internal', true, 'ticketId', $3::text, 'key', $4::text, 'title', 'Inside')) returning id`,
    [ari.tenant.id, ari.user.email, ticket.id, ticket.key],
  );
  const to = replyTo(ticket.id, ari);
  await comes({
    from: from(ari),
    to,
    text: "A secret",
    headers: { "In-Reply-To": `<${mail!.id}@mail.example>` },
  });
  await comes({ from: from(ari), to, text: "Hello Rita" });
  const said = (await commentsOf(ticket.id)).map((
    one: { body: string; visibility: string },
  ) => [one.body, one.visibility]);
  assertEquals(said, [["A secret", "internal"], ["Hello Rita", "public"]]);
});

Deno.test("who may not see the ticket any more, or is deactivated, says nothing by mail", async () => {
  const ticket = await ticketOf(ari, "Private");
  const wanda = await admin.invite("REQUESTER", "Wanda Watcher");
  const address = replyTo(ticket.id, wanda);
  assertEquals((await comes({ from: from(wanda), to: address, text: "x" })).outcome, "refused");
  const { version } = (await admin.get(`/users/${wanda.user.id}`)).body;
  await admin.patch(`/users/${wanda.user.id}`, { version, active: false });
  assertEquals((await comes({ from: from(wanda), to: address, text: "x" })).outcome, "refused");
  assertEquals((await comes({ from: from(wanda), to: TO, text: "x" })).outcome, "refused");
  assertEquals((await commentsOf(ticket.id)).length, 0);
});

/** Who has been told what of a ticket, as `name: kind`. */
const toldOf = async (ticketId: string) => {
  const rows = await desk.look<{ line: string }>(
    `select u.name || ': ' || n.kind as line from notifications n join users u on u.id = n.user_id
      where n.ticket_id = $1 order by 1`,
    [ticketId],
  );
  return rows.map(({ line }) => line);
};

Deno.test("case 29 answers to a merged ticket's last mail land in the other, or where one doesn't see that in a follow-up", async () => {
  const merged = async (keepRequester: boolean) => {
    const [into, from] = [
      await ticketOf(admin, "The one that stays"),
      await ticketOf(rita, "The one that goes"),
    ];
    await admin.put(`/tickets/${from.id}/assignment`, { version: 1, assigneeId: ari.user.id });
    await ari.post(`/tickets/${from.id}/comments`, { visibility: "public", body: "Which tray?" });
    await ari.post(`/tickets/${from.id}/comments`, { visibility: "internal", body: "Old tray" });
    const { version } = (await ari.get(`/tickets/${from.id}`)).body;
    const done = await ari.post(`/tickets/${from.id}/merge`, { version, into: into.id, keepRequester });
    assertEquals(done.status, 200);
    return { into, from };
  };
  const said = async (ticketId: string) =>
    (await commentsOf(ticketId)).map(({ body }: { body: string }) => body);

  const kept = await merged(true);
  for (const person of [rita, ari]) {
    const made = await comes({
      from: from(person),
      to: replyTo(kept.from.id, person),
      text: `From ${person.user.name}`,
    });
    assertEquals([made.outcome, made.ticketId], ["commented", kept.into.id]);
  }
  assertEquals((await said(kept.into.id)).slice(-2), ["From Rita Requester", "From Ari Agent"]);
  assertEquals(await said(kept.from.id), []);

  const left = await merged(false);
  const byAri = await comes({ from: from(ari), to: replyTo(left.from.id, ari), text: "From Ari" });
  assertEquals([byAri.outcome, byAri.ticketId], ["commented", left.into.id]);
  const byRita = await comes({ from: from(rita), to: replyTo(left.from.id, rita), text: "Tray 3" });
  assertEquals(byRita.outcome, "opened");
  assert(![left.into.id, left.from.id].includes(byRita.ticketId!), `${byRita.ticketId}`);
  const followUp = (await rita.get(`/tickets/${byRita.ticketId}`)).body;
  assert(followUp.description.includes("Tray 3"), followUp.description);
  const again = await comes({ from: from(rita), to: replyTo(left.from.id, rita), text: "Tray 4" });
  assertEquals([again.outcome, again.ticketId], ["commented", followUp.id]);
  assert(!(await said(left.into.id)).join().match(/Tray [34]/));
  assertEquals(await said(left.from.id), []);
  assertEquals((await rita.get(`/tickets/${left.into.id}`)).status, 404);
  // The note stays one wherever it is.
  const notes = (await commentsOf(left.into.id)).filter(({ body }: { body: string }) => body === "Old tray");
  assertEquals(notes.map(({ visibility }: { visibility: string }) => visibility), ["internal"]);
});

Deno.test("case 31 whoever lost a ticket says nothing there by the last mail they got; what others say reaches somebody", async () => {
  const payroll = (await admin.post("/queues", { name: "Payroll" })).body.id;
  const [bo, cem, dora] = [
    await admin.invite("AGENT", "Bo Becomes", [payroll]),
    await admin.invite("AGENT", "Cem Ceases", [payroll]),
    await admin.invite("AGENT", "Dora Departs", [payroll]),
  ];
  const wes = await admin.invite("REQUESTER", "Wes Watches");
  const ticket = (await admin.post("/tickets", {
    title: "Wrong pay",
    description: "",
    queueId: payroll,
    requesterId: rita.user.id,
  })).body;
  for (const { user } of [bo, cem, dora, wes]) {
    await admin.put(`/tickets/${ticket.id}/watchers/${user.id}`);
  }
  const settings = (await admin.get("/tenant")).body;
  await admin.patch("/tenant", { version: settings.version, agentsSeeAll: false });
  const change = async (person: Client, fields: object) => {
    const { version } = (await admin.get(`/users/${person.user.id}`)).body;
    const answer = await admin.patch(`/users/${person.user.id}`, { version, ...fields });
    assertEquals(answer.status, 200);
  };
  await admin.delete(`/queues/${payroll}/members/${dora.user.id}`);
  await admin.delete(`/tickets/${ticket.id}/watchers/${wes.user.id}`);
  await change(bo, { role: "REQUESTER" });
  await change(cem, { active: false });
  await desk.look("delete from notifications");
  await desk.look("delete from outbox");
  for (const person of [bo, cem, dora, wes]) {
    const made = await comes({ from: from(person), to: replyTo(ticket.id, person), text: "Still here" });
    assertEquals([person.user.name, made.outcome, made.ticketId], [person.user.name, "refused", null]);
  }
  assertEquals((await admin.get(`/tickets/${ticket.id}/comments`)).body.items, []);
  assertEquals(await toldOf(ticket.id), []);
  // Nobody works there any more, and the queue is archived.
  const queue = (await admin.get(`/queues/${payroll}`)).body;
  const archived = await admin.patch(`/queues/${payroll}`, { version: queue.version, archived: true });
  assertEquals(archived.status, 200);
  const answered = await comes({ from: from(rita), to: replyTo(ticket.id, rita), text: "And my pay?" });
  assertEquals([answered.outcome, answered.ticketId], ["commented", ticket.id]);
  // Who raised it for her follows it; so does nobody else any more.
  assertEquals(await toldOf(ticket.id), ["Ada Admin: comment_added"]);
  await admin.delete(`/tickets/${ticket.id}/watchers/me`);
  await desk.look("delete from notifications");
  assertEquals(
    (await comes({ from: from(rita), to: replyTo(ticket.id, rita), text: "Anybody?" })).outcome,
    "commented",
  );
  assertEquals(await toldOf(ticket.id), ["Ada Admin: ticket_queued"]);
  const after = (await admin.get("/tenant")).body;
  await admin.patch("/tenant", { version: after.version, agentsSeeAll: true });
});

Deno.test("case 31 inviting whoever is known by an email alone says what to do", async () => {
  await policy("accept");
  try {
    const made = await comes({ from: "Nell New <nell@elsewhere.example>", to: TO, text: "Hello" });
    assertEquals(made.outcome, "opened");
    const invited = await admin.post("/invitations", { email: "nell@elsewhere.example", role: "AGENT" });
    assertEquals([invited.status, invited.body.errors?.[0].path], [422, "email"]);
    assert(invited.body.errors[0].message.includes("Change the role"), invited.text);
  } finally {
    await policy("reject");
  }
});

Deno.test("a provider that is down or slow loses no mail: it is fetched again", async () => {
  const lena = await admin.invite("REQUESTER", "Lena Later");
  provider.moods.push({ status: 503 });
  const id = crypto.randomUUID();
  const waiting = await comes({ id, from: from(lena), to: TO, subject: "Later" });
  assertEquals(waiting.outcome, "waiting");
  await desk.look("update jobs set run_at = now() where id = $1", [waiting.id]);
  await mailComes(desk, provider, { id, from: from(lena), to: TO, subject: "Later" });
  const [row] = await desk.look<{ outcome: string }>("select outcome from inbound_mails where id = $1", [
    waiting.id,
  ]);
  assertEquals(row!.outcome, "opened");
  provider.moods.push({ status: 404 });
  const gone = await comes({ from: from(lena), to: TO });
  assertEquals([gone.outcome, gone.reason], ["refused", "Resend answered 404 when asked for a mail"]);
});

Deno.test("a mail that two workers take at once, and again later, is said once", async () => {
  const tess = await admin.invite("REQUESTER", "Tess Twice");
  const ticket = await ticketOf(tess, "Twice");
  const mail = { id: crypto.randomUUID(), from: from(tess), to: replyTo(ticket.id, tess), text: "Once only" };
  await mailComes(desk, provider, { ...mail, drain: false });
  const [job] = await desk.look<{ id: string }>("select id from inbound_mails where provider_id = $1", [
    mail.id,
  ]);
  const given = {
    tenantId: tess.tenant.id,
    id: job!.id,
    kind: "inbound",
    lease: 1,
    attempts: 1,
    maxAttempts: 9,
    lost: 0,
  };
  const take = () => processMail(desk.request(), given, { signal: AbortSignal.timeout(30_000) });
  const notes = (await Promise.all([take(), take(), take()])).map(({ note }) => note ?? "said").sort();
  assertEquals(notes, ["Already processed", "Already processed", "said"]);
  assertEquals((await take()).note, "Already processed");
  assertEquals((await commentsOf(ticket.id)).length, 1);
});

Deno.test("CHK-29 line breaks in a mail's names and subject add no header and no recipient to what is sent", async () => {
  await policy("accept");
  try {
    const word = (text: string) => `=?utf-8?B?${Buffer.from(text).toString("base64")}?=`;
    const name = "Eve\r\nBcc: victim@x.example";
    const made = await comes({
      from: `${word(name)} <eve@elsewhere.example>`,
      to: TO,
      subject: "Hi\r\nBcc: victim@x.example\r\n\r\nInjected",
      text: "x",
    });
    assertEquals(made.outcome, "opened");
    const ticket = (await ari.get(`/tickets/${made.ticketId}`)).body;
    assertEquals(ticket.title, "Hi Bcc: victim@x.example Injected");
    assertEquals(ticket.requester.name, "Eve Bcc: victim@x.example");
    // To an address that is proved, mails say whose ticket it is and what it is called.
    await desk.look("update users set email_verified_at = now() where email = 'eve@elsewhere.example'");
    await ari.post(`/tickets/${made.ticketId}/comments`, { visibility: "public", body: "Answer" });
    const { version } = (await ari.get(`/tickets/${made.ticketId}`)).body;
    const assigned = await admin.put(`/tickets/${made.ticketId}/assignment`, {
      version,
      assigneeId: ari.user.id,
    });
    assertEquals(assigned.status, 200);
    await drainJobs(desk.services);
    let seen = 0;
    for await (const file of Deno.readDir(`${desk.config.DATA_DIR}/mail`)) {
      const text = await Deno.readTextFile(`${desk.config.DATA_DIR}/mail/${file.name}`);
      const head = text.split(/\r?\n\r?\n/)[0]!;
      if (!/victim/.test(head)) continue;
      seen++;
      assert(!/^(bcc|cc):/im.test(head), head);
      assertEquals([...head.matchAll(/^to:/gim)].length, 1);
      assert(!/^to:.*victim/im.test(head), head);
    }
    assert(seen >= 2, `${seen} mails tell of it`);
  } finally {
    await policy("reject");
  }
});

Deno.test("nothing goes to a suppressed address, and it does again once that is lifted", async () => {
  const bounced = await admin.invite("REQUESTER", "Bo Bounced");
  await desk.look(
    "insert into suppressed_addresses (tenant_id, email_key, reason) values ($1, lower($2), 'bounce')",
    [admin.tenant.id, bounced.user.email],
  );
  const noteOf = async (title: string) => {
    await bounced.post("/tickets", { title, description: "" });
    await drainJobs(desk.services);
    const [row] = await desk.look<{ state: string; last_error: string | null }>(
      `select j.state, j.last_error from outbox o join jobs j on j.tenant_id = o.tenant_id and j.id = o.id
        where o.payload ->> 'title' = $1`,
      [title],
    );
    return row!;
  };
  const skipped = await noteOf("Not told");
  assert(skipped.state === "done" && skipped.last_error?.includes("suppressed"), JSON.stringify(skipped));
  const { items } = (await admin.get("/suppressed-addresses")).body;
  assertEquals((await admin.delete(`/suppressed-addresses/${items[0].id}`)).status, 204);
  assertEquals((await noteOf("Told")).last_error, null);
});

Deno.test("a mail that another mailbox passes on to us is for whom the server was told", async () => {
  const pat = await admin.invite("REQUESTER", "Pat Passed");
  const mail = { from: from(pat), to: "help@harbour-works.example", receivedFor: [TO], subject: "Passed on" };
  const made = await comes(mail);
  assertEquals(made.outcome, "opened");
});

Deno.test("mails to nobody here, and of senders that can't be read, leave nothing", async () => {
  const count = async () => (await desk.look("select 1 from inbound_mails")).length;
  const before = await count();
  const strange = [
    { from: from(rita), to: "nobody-here@in.example" },
    { from: from(rita), to: "harbour-works@elsewhere.example" },
    {
      from: from(rita),
      to: replyAddress(desk.services, {
        tenantId: crypto.randomUUID(),
        ticketId: crypto.randomUUID(),
        userId: rita.user.id,
      }),
    },
    { from: "no address at all", to: TO },
    { from: '"rita@harbour-works.example" <>', to: TO },
  ];
  for (const mail of strange) await mailComes(desk, provider, { ...mail, drain: false });
  assertEquals(await count(), before);
  assertEquals(
    (await sendEvent(desk, { type: "email.received", data: { email_id: "../x", from: "a", to: [] } })).status,
    422,
  );
});
