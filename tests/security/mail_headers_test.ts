import { createConsoleMail } from "@/adapters/console_mail.ts";
import { createResendMail } from "@/adapters/resend_mail.ts";
import { createSmtpMail } from "@/adapters/smtp_mail.ts";
import { act } from "@/domain/cx.ts";
import { PermanentFailure } from "@/domain/jobs/outcome.ts";
import { enqueueMail } from "@/domain/messages/enqueue.ts";
import type { Mail } from "@/ports.ts";
import { configureLog } from "@/log.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { sampleMail } from "@/tests/helpers/mails.ts";
import { startResend } from "@/tests/helpers/resend.ts";
import { startSmtp } from "@/tests/helpers/smtp.ts";

/** What is put where one line, one name or one address belongs. */
const TRICKS = [
  "x\r\nBcc: evil@x.example",
  "x\nBcc: evil@x.example",
  "x\rBcc: evil@x.example",
  "x\r\n\r\n<script>body</script>",
  "x\r\n Bcc: evil@x.example",
  "x\u2028Bcc: evil@x.example",
  "x\u0085Bcc: evil@x.example",
  "x\0Bcc: evil@x.example",
  "=?utf-8?Q?x=0D=0ABcc:_evil@x.example?=",
  "evil@x.example, second@x.example",
  'x" <evil@x.example>, "y',
  "x <evil@x.example>;",
  "Group: evil@x.example;",
  "evil@x.example>\r\nRCPT TO:<evil2@x.example",
  "\\",
  '"',
  "(comment) evil@x.example",
  "é".repeat(2_000),
  "x ".repeat(2_000),
  "\u202eelpmaxe.x@live",
];

/** The head of a message: names in lower case with their values, unfolded. */
function headOf(raw: string): [name: string, value: string][] {
  const head = raw.slice(0, raw.indexOf("\r\n\r\n")).replaceAll(/\r\n[ \t]/g, " ");
  return head.split("\r\n").map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
}

const NAMES = [
  "auto-submitted",
  "content-type",
  "date",
  "from",
  "message-id",
  "mime-version",
  "subject",
  "to",
  "x-auto-response-suppress",
];

function assertPlain(raw: string, mail: Mail): void {
  const head = headOf(raw);
  assertEquals(head.map(([name]) => name).sort(), NAMES);
  const values = Object.fromEntries(head);
  assertEquals(values["to"], mail.to);
  assert(/(^|.* )<?desk@mail\.example>?$/.test(values["from"]!), values["from"]);
  // Of what stands outside of quotes and encoded words nothing is an address but ours.
  const bare = values["from"]!.replaceAll(/=\?[^?]*\?[QB]\?[^?]*\?=|"(?:[^"\\]|\\.)*"/gi, "");
  assertEquals(bare.match(/@/g)?.length, 1);
  assert(!/[\r\n\0]/.test(raw.slice(0, raw.indexOf("\r\n\r\n")).replaceAll("\r\n", "")), "a bare line break");
  assert(raw.split("\r\n").every((line) => line.length <= 998), "a line that is too long");
}

Deno.test("CHK-29 tricks in names and subjects add no header, recipient or body, over SMTP, in files, to Resend", async () => {
  await using smtp = await startSmtp();
  await using resend = await startResend();
  configureLog({ level: "error", format: "json" });
  const folder = await Deno.makeTempDir();
  const MAIL_FROM = smtp.env.MAIL_FROM!;
  const server = createSmtpMail({ SMTP_URL: smtp.env.SMTP_URL!, MAIL_FROM });
  const files = createConsoleMail({ DATA_DIR: folder, MAIL_FROM });
  const api = createResendMail({
    RESEND_API_KEY: "re_test",
    RESEND_BASE_URL: resend.env.RESEND_BASE_URL!,
    MAIL_FROM,
  });
  try {
    for (const trick of TRICKS) {
      const mail = sampleMail({ fromName: trick, subject: trick, text: trick, html: trick });
      const before = smtp.taken.length;
      await Promise.all([server, files, api].map((transport) => transport.send(mail)));
      while (smtp.taken.length === before) await new Promise((done) => setTimeout(done, 5));
      const taken = smtp.taken.at(-1)!;
      assertEquals(taken.to, [mail.to]);
      assertEquals(taken.from, "desk@mail.example");
      assertPlain(taken.raw, mail);
      assertPlain(await Deno.readTextFile(`${folder}/mail/${mail.id}.eml`), mail);
      const { body } = resend.asked.at(-1)!;
      assertEquals(body["to"], [mail.to]);
      assertEquals(Object.keys(body["headers"] as object).sort(), [
        "Auto-Submitted",
        "Message-ID",
        "X-Auto-Response-Suppress",
      ]);
      const from = String(body["from"]);
      assert(/^("[^"<>\\\p{Cc}]*" )?<?desk@mail\.example>?$/u.test(from), from);
      assert(!/[\p{Cc}\u2028\u2029\u202e]/u.test(String(body["subject"])), String(body["subject"]));
    }
    assertEquals(smtp.taken.length, TRICKS.length);
  } finally {
    server.close();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("CHK-29 what isn't one plain address gets no mail, and is not tried again", async () => {
  await using smtp = await startSmtp();
  await using resend = await startResend();
  const MAIL_FROM = smtp.env.MAIL_FROM!;
  const server = createSmtpMail({ SMTP_URL: smtp.env.SMTP_URL!, MAIL_FROM });
  const api = createResendMail({
    RESEND_API_KEY: "re_test",
    RESEND_BASE_URL: resend.env.RESEND_BASE_URL!,
    MAIL_FROM,
  });
  try {
    for (
      const to of [...TRICKS, "", "@", "a@", "@b", "a b@x.example", "a@x.example\r\nDATA", '"a b"@x.example']
    ) {
      for (const transport of [server, api]) {
        const error = await transport.send(sampleMail({ to })).then(() => null, (thrown) => thrown);
        assert(error instanceof PermanentFailure, `${JSON.stringify(to)}: ${error}`);
      }
    }
    assertEquals([smtp.taken.length, resend.asked.length], [0, 0]);
  } finally {
    server.close();
  }
});

Deno.test("CHK-29 tricks in what the product stores leave it as plain text, to one recipient", async () => {
  await using smtp = await startSmtp();
  await using desk = await openDesk(smtp.env);
  const { tenant, user } = await desk.register();
  await desk.look("delete from jobs");
  // An address that nobody has proved gets no words of others.
  await desk.look("update users set email_verified_at = now()");
  for (const trick of TRICKS.filter((each) => !each.includes("\0"))) {
    await desk.look("update tenants set name = $1 where id = $2", [trick.slice(0, 120), tenant.id]);
    await act(desk.request(), { kind: "system", tenantId: tenant.id }, (cx) =>
      enqueueMail(cx, {
        to: user.email,
        template: "comment_added",
        payload: {
          key: "INC-1001",
          ticketId: crypto.randomUUID(),
          title: trick,
          actorName: trick,
          excerpt: trick,
        },
      }));
    const before = smtp.taken.length;
    assertEquals(await drainJobs(desk.services), { done: 1, skipped: 0, failed: 0 });
    while (smtp.taken.length === before) await new Promise((done) => setTimeout(done, 5));
    const { to, raw } = smtp.taken.at(-1)!;
    assertEquals(to, [user.email]);
    const names = new Set(headOf(raw).map(([name]) => name));
    assert(!names.has("bcc") && !names.has("cc"), raw);
    for (const name of names) {
      assert(
        [...NAMES, "in-reply-to", "references", "reply-to", "list-unsubscribe", "list-unsubscribe-post"]
          .includes(name),
        name,
      );
    }
  }
});
