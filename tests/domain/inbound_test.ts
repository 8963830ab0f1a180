import { readConfig } from "@/config.ts";
import { parseAddress } from "@/domain/mail/inbound/mail_address.ts";
import {
  classify,
  type MailEnvelope,
  MAX_PER_KNOWN_SENDER,
  MAX_PER_UNKNOWN_SENDER,
  MAX_UNKNOWN_PER_TENANT,
} from "@/domain/mail/inbound/classify.ts";
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

Deno.test("CHK-42 judge() decides by signed address and policy, and counts what nothing vouches for", () => {
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
      unknownSenders: "accept",
      recentFromSender: 0,
      recentFromUnknown: 0,
      ...mail,
    }).as;
  assertEquals(verdict({ senderUser: known, recipient: to() }), "reply");
  assertEquals(
    verdict({
      senderUser: known,
      recipient: to().toUpperCase(),
      unknownSenders: "reject",
      recentFromSender: 1_000,
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
  assertEquals(verdict({ recentFromSender: MAX_PER_UNKNOWN_SENDER - 1 }), "ticket");
  assertEquals(verdict({ recentFromSender: MAX_PER_UNKNOWN_SENDER }), "refused");
  assertEquals(
    verdict({ senderUser: { ...known, known: false }, recentFromSender: MAX_PER_UNKNOWN_SENDER }),
    "refused",
  );
  assertEquals(verdict({ senderUser: known, recentFromSender: MAX_PER_KNOWN_SENDER - 1 }), "ticket");
  assertEquals(verdict({ senderUser: known, recentFromSender: MAX_PER_KNOWN_SENDER }), "refused");
  assertEquals(verdict({ recentFromUnknown: MAX_UNKNOWN_PER_TENANT }), "refused");
  assertEquals(verdict({ senderUser: known, recentFromUnknown: MAX_UNKNOWN_PER_TENANT }), "ticket");
  for (const sender of ["x@in.example", "desk@mail.example"]) assertEquals(verdict({ sender }), "ignored");
});
