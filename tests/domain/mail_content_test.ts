import assert from "node:assert/strict";
import { act } from "@/domain/cx.ts";
import { htmlToText, splitReply } from "@/domain/mail/inbound/split_reply.ts";
import { enqueueMail } from "@/domain/messages/enqueue.ts";
import { REPLY_LINE } from "@/domain/mail/render/mail_content.ts";
import { isReplyMac, readReplyAddress } from "@/domain/mail/reply_address.ts";
import { MAIL_TEMPLATES, sampleMail } from "@/domain/mail/samples.ts";
import type { Mail } from "@/ports.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import { type Desk, openDesk } from "@/tests/helpers/desk.ts";

/** The mails that leave while jobs are done. */
async function mailsOf(desk: Desk): Promise<Mail[]> {
  const sent: Mail[] = [];
  const { mail } = desk.services;
  const send: typeof mail.send = (message) => {
    sent.push(message);
    return mail.send(message);
  };
  assert.equal((await drainJobs({ ...desk.services, mail: { ...mail, send } })).failed, 0);
  return sent;
}

/** The text that a reader of the HTML part sees, in one line. */
function seen(html: string): string {
  const body = html.slice(html.indexOf("<body")).replaceAll(/<[^>]+>/g, " ");
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', amp: "&" };
  return body.replaceAll(/&(lt|gt|quot|amp);/g, (_, name) => entities[name]!).replaceAll(/\s+/g, " ");
}

Deno.test("every mail is one message as text and as HTML, loads nothing, and suits light and dark screens", async () => {
  await using desk = await openDesk();
  for (const template of MAIL_TEMPLATES) {
    const { subject, text, html } = sampleMail(desk.services, template);
    assert.doesNotMatch(
      html,
      /<(?:img|link|script|iframe|object|video|form|input)\b|\burl\(|@import|\bsrc=/i,
      template,
    );
    assert.match(html, /^<!doctype html>\n<html lang="en">/);
    assert.match(html, /<meta name="color-scheme" content="light dark"\/?>/);
    assert.match(html, /prefers-color-scheme: dark/);
    assert.ok(
      subject.length > 0 && !/undefined|null|\[object/.test(subject + text + html),
      `${template}: ${text}`,
    );
    const words = seen(html);
    const said = text.split("\n").map((line) => line.replace(/^> /, "").trim())
      .filter((line) => line && !/^--|^https?:|:$/.test(line));
    // Figures and what is beside a label stand in cells of their own.
    const cells = said.flatMap((line) => line.split(/ · |^(Ticket|Due|Report|Period|Before|Priority): /));
    for (const cell of cells.filter(Boolean)) {
      assert.ok(words.includes(cell!), `${template}: "${cell}" is not in ${words}`);
    }
    const links = text.match(/^https?:\S+$/gm) ?? [];
    const plain = html.replaceAll("&amp;", "&");
    for (const link of links) assert.ok(plain.includes(`href="${link}"`), `${template}: ${link}`);
  }
});

Deno.test("CHK-42 mails of a ticket stand in its thread and can be answered; notes and figures can't", async () => {
  await using desk = await openDesk({
    INBOUND_DOMAIN: "in.desk.example",
    MAIL_FROM: "Desk <desk@Mail.example>",
  });
  const admin = await desk.register("Harbour Works");
  const ana = await admin.invite("REQUESTER", "Ana Silva");
  const ben = await admin.invite("AGENT", "Ben Bee");
  await mailsOf(desk);
  const ticket = (await ana.post("/tickets", { title: "Printer smokes", description: "" })).body;
  await admin.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Is it hot?" });
  const assigned = await admin.get(`/tickets/${ticket.id}`);
  await admin.put(`/tickets/${ticket.id}/assignment`, {
    assigneeId: ben.user.id,
    version: assigned.body.version,
  });
  await admin.post(`/tickets/${ticket.id}/comments`, { body: "Smells, too", visibility: "internal" });
  const mails = await mailsOf(desk);
  const ids = await desk.look<{ id: string; template: string }>("select id, template from outbox");
  const templateOf = new Map(ids.map(({ id, template }) => [id, template]));
  const toAna = mails.filter(({ to }) => to === ana.user.email);
  assert.deepEqual(toAna.map(({ subject }) => subject), [
    `[${ticket.key}] Printer smokes`,
    `Re: [${ticket.key}] Printer smokes`,
  ]);
  for (const mail of mails) {
    assert.equal(mail.messageId, `<${mail.id}@mail.example>`);
    assert.equal(mail.thread, `<ticket-${ticket.id}@mail.example>`);
    assert.equal(mail.fromName, "Harbour Works");
    const note = templateOf.get(mail.id) === "note_added";
    assert.equal(mail.replyTo === undefined, note, mail.subject);
    assert.equal(mail.text.includes(REPLY_LINE), !note);
    assert.equal(mail.html.includes(REPLY_LINE), !note);
    if (note) continue;
    const who = mail.to === ana.user.email ? ana : ben;
    const claim = readReplyAddress(mail.replyTo!)!;
    assert.deepEqual([claim.tenantId, claim.ticketId], [admin.tenant.id, ticket.id]);
    const of = { tenantId: admin.tenant.id, ticketId: ticket.id };
    assert.ok(isReplyMac(desk.services, { ...of, userId: who.user.id }, claim));
    assert.ok(!isReplyMac(desk.services, { ...of, userId: admin.user.id }, claim));
  }
  assert.ok(mails.some(({ id }) => templateOf.get(id) === "note_added"));
});

Deno.test("without a domain that receives mail nothing speaks of answering", async () => {
  await using desk = await openDesk();
  const admin = await desk.register();
  const ana = await admin.invite("REQUESTER", "Ana Silva");
  await ana.post("/tickets", { title: "Printer smokes", description: "" });
  const mails = await mailsOf(desk);
  const mail = mails.find(({ to, thread }) => to === ana.user.email && thread)!;
  assert.equal(mail.replyTo, undefined);
  assert.ok(!mail.text.includes(REPLY_LINE) && !mail.html.includes(REPLY_LINE));
  const raw = await Deno.readTextFile(`${desk.config.DATA_DIR}/mail/${mail.id}.eml`);
  assert.match(raw, new RegExp(`^Message-ID: <${mail.id}@localhost>\r$`, "m"));
  assert.match(raw, new RegExp(`^References: ${mail.thread}\r$`, "m"));
  assert.match(raw, new RegExp(`^In-Reply-To: ${mail.thread}\r$`, "m"));
  assert.match(raw, /^Auto-Submitted: auto-generated\r$/m);
  assert.match(raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
  assert.match(raw, /^List-Unsubscribe:\s+<http:\/\/localhost:8000\/unsubscribe\/[\w.-]+>\r$/m);
  assert.match(raw, /^From: Harbour Works <servicehub@localhost>\r$/m);
  assert.doesNotMatch(raw, /^Reply-To:/m);
});

Deno.test("a mail says times as its reader does; a mail that always comes has no way to turn it off", async () => {
  await using desk = await openDesk();
  const admin = await desk.register();
  await desk.look("update users set locale = 'de', time_zone = 'Asia/Tokyo'");
  await desk.look("update tenants set locale = 'en-GB', time_zone = 'America/New_York'");
  await admin.post("/auth/password/forgot", { email: admin.user.email });
  await admin.post("/invitations", { email: "new@x.example", role: "AGENT" });
  await desk.look("update password_resets set expires_at = '2030-06-01T12:30:00Z'");
  await desk.look("update invitations set expires_at = '2030-06-01T12:30:00Z'");
  const mails = await mailsOf(desk);
  const [reset, invitation] = [admin.user.email, "new@x.example"].map((email) =>
    mails.find(({ to }) => to === email)!
  );
  assert.match(reset!.text, /expires on 01\.06\.2030, 21:30 \(Asia\/Tokyo\)/);
  assert.match(invitation!.text, /expires on 1 Jun 2030, 08:30 \(America\/New_York\)/);
  for (const mail of [reset!, invitation!]) {
    assert.equal(mail.unsubscribeUrl, undefined);
    assert.doesNotMatch(mail.html + mail.text, /unsubscribe/i);
  }
});

Deno.test("a mail about an SLA says when it is due by now", async () => {
  await using desk = await openDesk();
  const admin = await desk.register();
  const ticket = (await admin.post("/tickets", { title: "Printer", description: "" })).body;
  await desk.look("delete from jobs");
  await desk.look("update sla_clocks set due_at = '2030-06-01T12:30:00Z' where metric = 'resolution'");
  await desk.look("update users set locale = 'en-GB', time_zone = 'UTC'");
  await act(desk.request(), { kind: "system", tenantId: admin.tenant.id }, (cx) =>
    enqueueMail(cx, {
      to: admin.user.email,
      template: "sla_breached",
      payload: { key: ticket.key, ticketId: ticket.id, title: "Printer", metric: "resolution" },
    }));
  const [mail] = await mailsOf(desk);
  assert.match(mail!.text, /^Due: 1 Jun 2030, 12:30 \(UTC\)$/m);
  assert.equal(mail!.subject, `SLA breached: [${ticket.key}] Printer`);
});

Deno.test("an answer ends at the line that asks to reply above it, whatever the mail program writes before", async () => {
  await using desk = await openDesk();
  const { text, html } = sampleMail(desk.services, "comment_added");
  for (const repeated of [text, htmlToText(html)]) {
    const { reply: said, quoted } = splitReply(`Thank you, it works!\n\n${repeated}`);
    assert.equal(said, "Thank you, it works!");
    assert.ok(quoted.includes("Emi Tanaka commented on INC-1042"), quoted);
  }
});
