import assert from "node:assert/strict";
import { createSmtpMail } from "@/adapters/smtp_mail.ts";
import { readConfig } from "@/config.ts";
import { PermanentFailure } from "@/domain/jobs/outcome.ts";
import { sampleMail } from "@/tests/helpers/mails.ts";
import { type SmtpServer, startSmtp } from "@/tests/helpers/smtp.ts";

function transportTo(server: SmtpServer, SMTP_URL = server.env.SMTP_URL!, options = {}) {
  const mail = createSmtpMail({ SMTP_URL, MAIL_FROM: server.env.MAIL_FROM! }, options);
  return { ...mail, [Symbol.dispose]: () => mail.close() };
}

Deno.test("a mail server gets each mail once, signed in, over connections that are used again", async () => {
  await using server = await startSmtp();
  using transport = transportTo(server);
  const mails = Array.from({ length: 40 }, (_, i) => sampleMail({ to: `ana${i}@x.example` }));
  const sent = await Promise.all(mails.map((mail) => transport.send(mail)));
  assert.ok(sent.every(({ providerId }) => /^Q\d+$/.test(providerId!)), JSON.stringify(sent[0]));
  // What the server tells of a mail is read after its answer.
  for (let i = 0; i < 200 && server.taken.length < mails.length; i++) {
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.deepEqual(server.taken.map(({ to }) => to[0]).sort(), mails.map(({ to }) => to).sort());
  assert.ok(
    server.taken.every(({ to, from, user }) =>
      to.length === 1 && from === "desk@mail.example" && user === "desk"
    ),
  );
  const connections = new Set(server.taken.map(({ session }) => session)).size;
  assert.ok(connections <= 8, `${connections} connections for 40 mails`);
});

Deno.test("a refusal for good ends the mail, one for now doesn't, and the next mail goes its way", async () => {
  await using server = await startSmtp();
  using transport = transportTo(server);
  const sending = (to: string) => transport.send(sampleMail({ to }));
  await assert.rejects(
    sending("never@x.example"),
    (error) => error instanceof PermanentFailure && /No such user/.test(error.message),
  );
  await assert.rejects(
    sending("full@x.example"),
    (error) => error instanceof PermanentFailure && /Mailbox is full/.test(error.message),
  );
  await assert.rejects(
    sending("later@x.example"),
    (error) => !(error instanceof PermanentFailure) && /Mailbox is busy/.test((error as Error).message),
  );
  await assert.rejects(sending("cut@x.example"), (error) => !(error instanceof PermanentFailure));
  assert.ok((await sending("ana@x.example")).providerId);
});

Deno.test("wrong credentials end no mail: the operator mends them; they stand in no message", async () => {
  await using server = await startSmtp();
  using transport = transportTo(server, `smtp://desk:planted-canary@127.0.0.1:${server.port}`);
  await assert.rejects(
    transport.send(sampleMail({})),
    (error) => !(error instanceof PermanentFailure) && !/canary/.test((error as Error).message),
  );
  assert.deepEqual(server.taken, []);
});

Deno.test("a server that can't be reached, or can't prove who it is, gets nothing and ends no mail", async () => {
  await using server = await startSmtp({ tls: true });
  using stranger = transportTo(server);
  const refused = (error: unknown) => !(error instanceof PermanentFailure);
  await assert.rejects(stranger.send(sampleMail({})), refused);
  using nobody = transportTo(server, "smtp://127.0.0.1:1");
  await assert.rejects(nobody.send(sampleMail({})), refused);
  assert.deepEqual([server.passwords, server.taken], [[], []]);
});

Deno.test("a password goes to another machine encrypted or not at all", async () => {
  await using server = await startSmtp();
  // The same address, written so that it isn't known for this machine's.
  using transport = transportTo(
    server,
    `smtp://desk:${encodeURIComponent("p@ss:word")}@2130706433:${server.port}`,
  );
  await assert.rejects(
    transport.send(sampleMail({})),
    (error) => !(error instanceof PermanentFailure) && /certificate|STARTTLS/.test((error as Error).message),
  );
  assert.deepEqual([server.passwords, server.taken], [[], []]);
  using here = transportTo(server);
  await here.send(sampleMail({}));
  assert.deepEqual(server.passwords, ["p@ss:word"]);
});

Deno.test("a mail whose time ran out while others held all connections is not sent late", async () => {
  await using server = await startSmtp();
  using transport = transportTo(server, server.env.SMTP_URL, { timeoutMs: 2_000 });
  const slow = Array.from({ length: 8 }, () => transport.send(sampleMail({ to: "hang@x.example" })));
  const late = transport.send(sampleMail({ to: "late@x.example" }), { signal: AbortSignal.abort() });
  const all = await Promise.allSettled([...slow, late]);
  assert.deepEqual(all.map(({ status }) => status), Array(9).fill("rejected"));
  assert.deepEqual(server.taken, []);
});

Deno.test("each way of sending needs its settings, and a wrong one is named without its value", () => {
  const wrong = (env: Record<string, string>): string => {
    try {
      readConfig(env);
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };
  assert.match(wrong({ MAIL_TRANSPORT: "smtp" }), /SMTP_URL: needed with MAIL_TRANSPORT=smtp/);
  assert.match(wrong({ MAIL_TRANSPORT: "resend" }), /RESEND_API_KEY: needed with MAIL_TRANSPORT=resend/);
  const typed = wrong({
    MAIL_TRANSPORT: "smtp",
    SMTP_URL: "http://desk:canary@mail.example",
    MAIL_FROM: "nobody",
  });
  assert.match(typed, /SMTP_URL: must start with smtp/);
  assert.match(typed, /MAIL_FROM: must be an address/);
  assert.doesNotMatch(typed, /canary/);
  assert.match(wrong({ INBOUND_DOMAIN: "not a domain" }), /INBOUND_DOMAIN: must be a domain/);
  for (const MAIL_FROM of ["a@b.example", "Desk <a@b.example>", "Désk, the <a+b@b.example>"]) {
    assert.equal(wrong({ MAIL_FROM }), "");
  }
  for (const MAIL_FROM of ["<>", "a@b, c@d", "A <a@b>, B <c@d>", "x\r\nBcc: a@b.example"]) {
    assert.match(wrong({ MAIL_FROM }), /MAIL_FROM/, MAIL_FROM);
  }
});
