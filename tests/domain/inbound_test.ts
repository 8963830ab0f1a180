import { readConfig } from "@/config.ts";
import { parseAddress } from "@/domain/mail/inbound/mail_address.ts";
import { classify, limitProblem, type MailEnvelope } from "@/domain/mail/inbound/classify.ts";
import { authenticate } from "@/domain/mail/inbound/authentication.ts";
import { headerValues } from "@/domain/mail/inbound/mail_head.ts";
import { parseMail } from "@/domain/mail/inbound/parse_mail.ts";
import { htmlToText, splitReply } from "@/domain/mail/inbound/split_reply.ts";
import { storedText } from "@/domain/mail/inbound/stored_text.ts";
import { replyAddress } from "@/domain/mail/reply_address.ts";
import { createSecrets } from "@/adapters/secrets.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { cpuTime } from "@/tests/helpers/cpu_time.ts";

Deno.test("bareAddress() takes what stands in the last angle brackets, in lower case, and nothing odd", () => {
  const emails: [string, string | null][] = [
    ["Ana@Example.ORG", "ana@example.org"],
    ['"boss@works.example" <eve@evil.example>', "eve@evil.example"],
    ["a <b@c.example> <d@e.example>", "d@e.example"],
    ["", null],
    ["nobody", null],
    ["a@b@c.example", null],
    ["a b@c.example", null],
    ["<a@b.example", null],
    ["a\r\nBcc: x@y.example", null],
    [`${"a".repeat(65)}@b.example`, null],
    [`a@${"b".repeat(260)}.example`, null],
  ];
  for (const [text, email] of emails) assertEquals([text, parseAddress(text)?.email ?? null], [text, email]);
});

Deno.test("partQuoted() trims what programs repeat, and keeps all where there is doubt", () => {
  const quote = "> Hello\n> there";
  const trimmed = [
    `On Mon, 3 Nov 2026 at 10:00, Desk wrote:\n${quote}`,
    `On Mon, 3 Nov 2026 at 10:00, Desk\n<desk@x.example> wrote:\n\n${quote}`,
    `Am 3.11.2026 um 10:00 schrieb Desk:\n${quote}`,
    `Le lun. 3 nov. 2026, Desk a écrit :\n${quote}`,
    "-----Original Message-----\nFrom: Desk\nHello",
    "________________________________\nFrom: Desk <d@x.example>\nSent: Monday\nTo: me\n\nHello",
    "From: Desk <d@x.example>\nSent: Monday\n\nHello",
    quote,
  ];
  for (const quoted of trimmed) {
    assertEquals(splitReply(`Thanks!\r\n\r\n${quoted}\n`), { reply: "Thanks!", quoted: quoted.trim() });
  }
  const whole = [
    "Just text",
    `On Mon, Desk wrote:\n> Which tray?\nTray 2\n> And the lid?\nOpen`,
    quote,
    "I wrote: nothing\nand more",
    "From: here to there @ noon",
  ];
  for (const text of whole) assertEquals(splitReply(text), { reply: text, quoted: "" });
});

Deno.test("CHK-35 texts made to be slow are read in no time", async () => {
  const texts = [
    ">\n".repeat(32_000),
    "On \n".repeat(16_000),
    "x\n> a\n".repeat(9_000),
    `On ${"wrote ".repeat(10_000)}`,
  ];
  const pages = [
    "<div>",
    "<blockquote>",
    "<a href='",
    "<",
    "<table><tr><td>",
    "&",
    "<!--",
    "<style>",
    "<b><i>",
  ]
    .map((part) => part.repeat(65_536 / part.length));
  for (const text of texts) {
    assert(cpuTime(() => splitReply(text)) < 100, text.slice(0, 20));
  }
  for (const page of pages) {
    assert(cpuTime(() => htmlToText(page)) < 300, page.slice(0, 20));
    const mail = new TextEncoder().encode(`From: a@b.example\r\nContent-Type: text/html\r\n\r\n${page}`);
    await parseMail(mail);
  }
});

Deno.test("cut() keeps to 64 KiB, breaks no character, and says so", () => {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  for (const text of ["x".repeat(70_000), "ä".repeat(40_000), "😀".repeat(20_000)]) {
    const kept = storedText(text, "Below");
    assert(bytes(kept) <= 65_536 && bytes(kept) > 65_000, `${bytes(kept)}`);
    assert(kept.endsWith("(The rest of this email was cut off)\n\n(Below)") && !kept.includes("\ufffd"));
  }
  assertEquals(storedText("a\0b\r\nc"), "ab\nc");
});

Deno.test("CHK-42 classify() decides by signed address and policy", () => {
  const services = {
    config: readConfig({ INBOUND_DOMAIN: "in.example", MAIL_FROM: "Desk <desk@mail.example>" }),
    secrets: createSecrets("k".repeat(43)),
  };
  const [tenantId, ticketId, userId, other] = Array.from({ length: 4 }, () => crypto.randomUUID());
  const to = (id = userId!) =>
    replyAddress(services, { tenantId: tenantId!, ticketId: ticketId!, userId: id });
  const known = { id: userId!, active: true, known: true };
  const verdict = (mail: Partial<MailEnvelope>) =>
    classify(services, {
      tenantId: tenantId!,
      sender: "ana@works.example",
      recipient: "works@in.example",
      senderUser: null,
      participantIds: [userId!],
      receivedAt: new Date().toISOString(),
      ticketEndedAt: null,
      unknownSenders: "accept",
      recentFromSender: { authenticated: 0, opened: 0, noted: 0 },
      recentFromUnknown: 0,
      ...mail,
    }).as;
  assertEquals(verdict({ senderUser: known, recipient: to() }), "reply");
  assertEquals(
    verdict({
      senderUser: known,
      recipient: to().toUpperCase(),
      unknownSenders: "reject",
      recentFromSender: { authenticated: 1_000, opened: 1_000, noted: 1_000 },
    }),
    "reply",
  );
  assertEquals(verdict({ recipient: to() }), "note");
  assertEquals(verdict({ recipient: to(), unknownSenders: "reject" }), "refused");
  assertEquals(
    verdict({ senderUser: { ...known, id: other! }, recipient: to(), unknownSenders: "reject" }),
    "refused",
  );
  assertEquals(verdict({ recipient: to(other), senderUser: known }), "refused");
  assertEquals(verdict({ senderUser: { ...known, active: false }, recipient: to() }), "refused");
  assertEquals(verdict({ senderUser: known, unknownSenders: "reject" }), "ticket");
  assertEquals(verdict({ senderUser: { ...known, known: false }, unknownSenders: "reject" }), "refused");
  assertEquals(verdict({ unknownSenders: "reject" }), "refused");
  for (const sender of ["x@in.example", "desk@mail.example"]) assertEquals(verdict({ sender }), "ignored");
});

Deno.test("V14 limitProblem() counts by themselves what the mail server vouched for, and notes", () => {
  const known = { id: crypto.randomUUID(), active: true, known: true };
  const isOver = (
    senderUser: MailEnvelope["senderUser"],
    recent: Partial<MailEnvelope["recentFromSender"]>,
    { vouched = false, as = "ticket" as "ticket" | "note", recentFromUnknown = 0 } = {},
  ) => {
    const recentFromSender = { authenticated: 0, opened: 0, noted: 0, ...recent };
    return limitProblem({ senderUser, recentFromSender, recentFromUnknown }, { vouched, as }) !== null;
  };
  for (const [user, most] of [[known, 30], [null, 5], [{ ...known, known: false }, 5]] as const) {
    assertEquals([isOver(user, { opened: most - 1 }), isOver(user, { opened: most })], [false, true]);
    assertEquals(isOver(user, { opened: 1_000, noted: 1_000 }, { vouched: true }), false);
    assertEquals(isOver(user, { authenticated: 1_000 }), false);
    assertEquals(isOver(user, { authenticated: most }, { vouched: true }), true);
    assertEquals(isOver(user, { noted: most }, { as: "note" }), true);
  }
  assertEquals([isOver(known, { noted: 1_000 }), isOver(known, { opened: 1_000 }, { as: "note" })], [
    false,
    false,
  ]);
  // Of strangers all count together (CHK-42).
  assertEquals([isOver(null, { opened: 2, noted: 3 }), isOver(null, { opened: 2, noted: 2 })], [true, false]);
  assertEquals(isOver(null, {}, { recentFromUnknown: 100 }), true);
  assertEquals(isOver(known, {}, { recentFromUnknown: 100 }), false);
});

Deno.test("V8 classify() lets a reply address end on its date, or so long after its ticket, and loses no mail", () => {
  const services = {
    config: readConfig({ INBOUND_DOMAIN: "in.example", REPLY_ADDRESS_DAYS: "30" }),
    secrets: createSecrets("k".repeat(43)),
  };
  const [tenantId, ticketId, userId] = Array.from({ length: 3 }, () => crypto.randomUUID()) as [
    string,
    string,
    string,
  ];
  const DAY = 86_400_000;
  const ago = (days: number) => Date.now() - days * DAY;
  const verdict = ({ made = 0, ended = null, user = userId as string | null, unknown = "reject" }: {
    made?: number;
    ended?: number | null;
    user?: string | null;
    unknown?: "reject" | "accept";
  }) =>
    classify(services, {
      tenantId,
      sender: "ana@works.example",
      recipient: replyAddress(services, { tenantId, ticketId, userId }, ago(made)),
      receivedAt: new Date().toISOString(),
      senderUser: user ? { id: user, active: true, known: false } : null,
      participantIds: [userId],
      ticketEndedAt: ended === null ? null : new Date(ago(ended)).toISOString(),
      unknownSenders: unknown,
      recentFromSender: { authenticated: 0, opened: 0, noted: 0 },
      recentFromUnknown: 0,
    }).as;
  for (const made of [0, 7, 22, 30]) assertEquals([made, verdict({ made })], [made, "reply"]);
  for (const made of [38, 100, 3000]) assertEquals([made, verdict({ made })], [made, "note"]);
  assertEquals([verdict({ ended: 29 }), verdict({ ended: 31 })], ["reply", "ticket"]);
  assertEquals(verdict({ made: 60, ended: 40 }), "ticket");
  // Somebody else's, passed on.
  assertEquals(verdict({ made: 60, user: null }), "refused");
  assertEquals(verdict({ made: 60, user: null, unknown: "accept" }), "note");
  const address = replyAddress(services, { tenantId, ticketId, userId });
  const later = replyAddress(services, { tenantId, ticketId, userId }, Date.now() + 300 * DAY);
  const forged = address.slice(0, 50) + later.slice(50, 52) + address.slice(52);
  const { as } = classify(services, {
    tenantId,
    sender: "ana@works.example",
    recipient: forged,
    receivedAt: new Date().toISOString(),
    senderUser: { id: userId, active: true, known: true },
    participantIds: [userId],
    ticketEndedAt: null,
    unknownSenders: "accept",
    recentFromSender: { authenticated: 0, opened: 0, noted: 0 },
    recentFromUnknown: 0,
  });
  assertEquals(["the date is signed", as], ["the date is signed", "refused"]);
});

Deno.test("V8 authenticate() takes the receiving server's word for a sender, and anybody's against one", () => {
  const ours = ["mx.example"];
  const cases: [string[], string][] = [
    [[], "none"],
    [["mx.example; spf=pass; dmarc=pass header.from=a.example"], "pass"],
    [["MX.example 1; dmarc=FAIL (p=none) header.from=a.example"], "fail"],
    [["mx.example; dmarc/1=pass"], "pass"],
    [["mx.example; dmarc / 1 = fail"], "fail"],
    [["mx.example; dkim=pass"], "none"],
    [["mx.example; none"], "none"],
    // Written by the sender.
    [["evil.example; dmarc=pass"], "none"],
    [["evil.example; dmarc=pass", "mx.example; dmarc=fail"], "fail"],
    [["evil.example; dmarc=fail", "mx.example; dmarc=pass"], "pass"],
    [["mx.example; dmarc=pass", "mx.example; dmarc=fail"], "fail"],
    [["mx.example; spf=none", "mx.example; dmarc=pass"], "none"],
    [["evil.example; dmarc=pass", "relay.example; dmarc=fail"], "fail"],
    [["mx.example; spf=none helo=x; dmarc=pass; dmarc=none"], "none"],
    // In comments and quoted strings, where a server repeats the sender's words.
    [['mx.example; spf=pass smtp.mailfrom="x; dmarc=pass"@a.example'], "none"],
    [["mx.example; spf=pass (x; dmarc=pass (y; dmarc=pass))"], "none"],
    [['mx.example; spf=pass smtp.helo="\\"; dmarc=pass; x="\\""; dmarc=fail'], "fail"],
    [["mx.example (x); dmarc\r\n =\r\n fail"], "fail"],
    [["mx.example.evil.example; dmarc=pass"], "none"],
    [["x=mx.example; dmarc=pass"], "none"],
    // What the sender opens and leaves open hides nothing against them, and nothing for them counts.
    [['mx.example; spf=none helo=x"y; dmarc=fail'], "fail"],
    [["mx.example; spf=none helo=x(y; dmarc=fail header.from=a.example"], "fail"],
    [["mx.example; spf=none helo=x(y; dmarc=pass"], "none"],
    [['mx.example; dmarc=pass; spf=none helo=x"y'], "none"],
    [[`mx.example; ${"dkim=none header.i=@x.example; ".repeat(2_000)}dmarc=fail`], "fail"],
  ];
  for (const [headers, expected] of cases) {
    assertEquals([headers, authenticate(headers, ours, undefined).dmarc], [headers, expected]);
  }
  const long = `mx.example; ${'"('.repeat(200_000)}`;
  assert(cpuTime(() => authenticate([long, long], ours, "a.example")) < 100);
});

Deno.test("V14 authenticate() takes a signature of the sender's own domain where there is no DMARC policy", () => {
  const cases: [string[], boolean][] = [
    [["mx.example; dmarc=pass"], true],
    [["mx.example; dkim=pass header.i=@a.example"], true],
    [["mx.example; dkim=pass header.d=a.example header.s=one; dmarc=none"], true],
    [["mx.example; dkim=fail header.d=b.example; dkim=pass header.d=A.example; spf=fail"], true],
    [["mx.example; dkim=pass header.i=ana@a.example header.b=x"], true],
    [["mx.example; dkim=fail header.i=@a.example"], false],
    [["mx.example; dkim=pass header.i=@b.example"], false],
    [["mx.example; dkim=pass header.i=@a.example.evil.example"], false],
    [["mx.example; dkim=pass header.i=a.example@evil.example"], false],
    [['mx.example; dkim=pass header.i="@a.example "@evil.example'], false],
    [["mx.example; dkim=pass (header.d=a.example) header.d=evil.example"], false],
    [["mx.example; dkim=pass reason=header.d=a.example header.d=evil.example"], false],
    [["mx.example; dkim=pass header.d=a.example; dmarc=fail"], false],
    [["mx.example; dkim=pass header.d=a.example; dmarc=temperror"], false],
    [["mx.example; spf=pass smtp.mailfrom=a.example"], false],
    [["evil.example; dkim=pass header.d=a.example"], false],
    [["mx.example; dkim=none", "mx.example; dkim=pass header.d=a.example"], false],
  ];
  for (const [headers, expected] of cases) {
    assertEquals([headers, authenticate(headers, ["mx.example"], "a.example").vouched], [headers, expected]);
  }
});

Deno.test("V8 the results of Amazon SES, by which Resend receives, are read by the setting's default", () => {
  const { INBOUND_AUTHSERV_ID: servers } = readConfig({});
  const received = (results: string, below = "") =>
    new TextEncoder().encode(
      `Return-Path: <ana.agent@works.example>
Received: from mail-qt1-f178.works.example (mail-qt1-f178.works.example [192.0.2.178])
 by inbound-smtp.us-east-1.amazonaws.com with SMTP id 8i6cr4aeu15skb2lb71a0qo4ts7a8mbou5nfpgg1
 for desk@in.example;
 Sat, 26 Apr 2025 16:24:59 +0000 (UTC)
X-SES-Spam-Verdict: PASS
X-SES-Virus-Verdict: PASS
Received-SPF: pass (spfCheck: domain of works.example designates 192.0.2.178 as permitted sender) client-ip=192.0.2.178; envelope-from=ana.agent@works.example; helo=mail-qt1-f178.works.example;
${results}
X-SES-RECEIPT: AEFBQUFBQUFBQUFGQWpOcCtRU3V4
X-SES-DKIM-SIGNATURE: a=rsa-sha256; q=dns/txt; d=amazonses.com; t=1745684699; v=1; h=From:To;
${below}From: Ana Agent <ana.agent@works.example>
Subject: Tray 2

dmarc=fail`.replaceAll("\n", "\r\n"),
    );
  const spf = "spf=pass (spfCheck: domain of works.example designates 192.0.2.178 as permitted sender) " +
    "client-ip=192.0.2.178; envelope-from=ana.agent@works.example; helo=mail-qt1-f178.works.example;";
  const read = (raw: Uint8Array) =>
    authenticate(headerValues(raw, "authentication-results")!, servers, "works.example");
  const pass = `Authentication-Results: amazonses.com;\n ${spf}\n dkim=pass header.i=@works.example;\n ` +
    "dkim=pass header.i=@amazonses.com;\n dmarc=pass header.from=works.example;";
  assertEquals(read(received(pass)), { dmarc: "pass", vouched: true });
  assertEquals(read(received(pass.toUpperCase())), { dmarc: "pass", vouched: true });
  const fail = pass.replace("dmarc=pass", "dmarc=fail");
  const forged = "Authentication-Results: amazonses.com; dmarc=pass header.from=works.example\n";
  assertEquals(read(received(fail, forged)), { dmarc: "fail", vouched: false });
  const none =
    `Authentication-Results: amazonses.com;\n\t${spf}\n\tdkim=none;\n\tdmarc=none header.from=works.example;`;
  assertEquals(read(received(none, forged)), { dmarc: "none", vouched: false });
  const signed = `authentication-RESULTS: amazonses.com;\n ${spf}\n dkim=pass header.i=@works.example;`;
  assertEquals(read(received(signed)), { dmarc: "none", vouched: true });
});
