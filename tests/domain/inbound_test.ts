import { readConfig } from "@/config.ts";
import { bareAddress } from "@/domain/mail/inbound/addresses.ts";
import {
  judge,
  MOST_KNOWN,
  MOST_UNKNOWN,
  MOST_UNKNOWN_TO_ONE,
  type Received,
} from "@/domain/mail/inbound/classify.ts";
import { readMail } from "@/domain/mail/inbound/read_mail.ts";
import { partQuoted, textOfHtml } from "@/domain/mail/inbound/text.ts";
import { cut } from "@/domain/mail/inbound/wording.ts";
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
  for (const [text, email] of emails) assertEquals([text, bareAddress(text)?.email ?? null], [text, email]);
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
    assertEquals(partQuoted(`Thanks!\r\n\r\n${quoted}\n`), { said: "Thanks!", quoted: quoted.trim() });
  }
  const whole = [
    "Just text",
    `On Mon, Desk wrote:\n> Which tray?\nTray 2\n> And the lid?\nOpen`,
    quote,
    "I wrote: nothing\nand more",
    "From: here to there @ noon",
  ];
  for (const text of whole) assertEquals(partQuoted(text), { said: text, quoted: "" });
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
    assert(cpuTime(() => partQuoted(text)) < 100, text.slice(0, 20));
  }
  for (const page of pages) {
    assert(cpuTime(() => textOfHtml(page)) < 300, page.slice(0, 20));
    const mail = new TextEncoder().encode(`From: a@b.example\r\nContent-Type: text/html\r\n\r\n${page}`);
    await readMail(mail);
  }
});

Deno.test("cut() keeps to 64 KiB, breaks no character, and says so", () => {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  for (const text of ["x".repeat(70_000), "ä".repeat(40_000), "😀".repeat(20_000)]) {
    const kept = cut(text, "Below");
    assert(bytes(kept) <= 65_536 && bytes(kept) > 65_000, `${bytes(kept)}`);
    assert(kept.endsWith("(The rest of this e-mail was cut off)\n\n(Below)") && !kept.includes("\ufffd"));
  }
  assertEquals(cut("a\0b\r\nc"), "ab\nc");
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
  const verdict = (mail: Partial<Received>) =>
    judge(services, {
      tenantId: tenantId!,
      sender: "ana@works.example",
      recipient: "works@in.example",
      person: null,
      people: [userId!],
      unknown: "accept",
      before: 0,
      unknownBefore: 0,
      ...mail,
    }).as;
  assertEquals(verdict({ person: known, recipient: to() }), "reply");
  assertEquals(
    verdict({ person: known, recipient: to().toUpperCase(), unknown: "reject", before: 1_000 }),
    "reply",
  );
  assertEquals(verdict({ recipient: to() }), "note");
  assertEquals(verdict({ recipient: to(), unknown: "reject" }), "refused");
  assertEquals(verdict({ person: { ...known, id: other! }, recipient: to(), unknown: "reject" }), "refused");
  assertEquals(verdict({ recipient: to(other), person: known }), "refused");
  assertEquals(verdict({ person: { ...known, active: false }, recipient: to() }), "refused");
  assertEquals(verdict({ person: known, unknown: "reject" }), "ticket");
  assertEquals(verdict({ person: { ...known, known: false }, unknown: "reject" }), "refused");
  assertEquals(verdict({ unknown: "reject" }), "refused");
  assertEquals(verdict({ before: MOST_UNKNOWN - 1 }), "ticket");
  assertEquals(verdict({ before: MOST_UNKNOWN }), "refused");
  assertEquals(verdict({ person: { ...known, known: false }, before: MOST_UNKNOWN }), "refused");
  assertEquals(verdict({ person: known, before: MOST_KNOWN - 1 }), "ticket");
  assertEquals(verdict({ person: known, before: MOST_KNOWN }), "refused");
  assertEquals(verdict({ unknownBefore: MOST_UNKNOWN_TO_ONE }), "refused");
  assertEquals(verdict({ person: known, unknownBefore: MOST_UNKNOWN_TO_ONE }), "ticket");
  for (const sender of ["x@in.example", "desk@mail.example"]) assertEquals(verdict({ sender }), "ignored");
});
