/** Saved reports by mail, over a real mail server. */
import { simpleParser } from "mailparser";
import { createConsoleMail } from "@/adapters/console_mail.ts";
import { createResendMail } from "@/adapters/resend_mail.ts";
import { createSmtpMail } from "@/adapters/smtp_mail.ts";
import { act } from "@/domain/cx.ts";
import { composeReportMail } from "@/domain/mail/templates/report_mail.ts";
import type { ReportResult } from "@/domain/reports/model/types.ts";
import { sendDueReports } from "@/domain/reports/saved/run_due.ts";
import { sendAllDueReports } from "@/jobs/send_reports.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { drainJobs, NEVER } from "@/tests/helpers/jobs.ts";
import { sampleMail } from "@/tests/helpers/mails.ts";
import { readPdf } from "@/tests/helpers/pdf_reader.ts";
import { volume } from "@/tests/helpers/report_results.ts";
import { startResend } from "@/tests/helpers/resend.ts";
import { startSmtp, type Taken } from "@/tests/helpers/smtp.ts";
import { added, assertProblem, openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const smtp = await startSmtp();
const scene = await openScene();
Deno.test.afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await smtp[Symbol.asyncDispose]();
});
const { desk, admin, agent, requester, other } = scene;
const manager = await admin.invite("MANAGER", "Mia Manager");
const [gone, demoted, late] = await Promise.all(
  ["Gia Gone", "Dan Demoted", "Lea Late"].map((name) => admin.invite("AGENT", name)),
);
/** The agent is in this queue alone. */
const elsewhere = (await admin.post("/queues", { name: "Elsewhere" })).body.id;
await admin.put(`/queues/${elsewhere}/members/${agent.user.id}`);
for (const queueId of [scene.queue, scene.queue, elsewhere]) await raise(admin, { queueId });

await desk.look("update users set email_verified_at = now()");
await drainJobs(desk.services);
desk.services.mail = createSmtpMail({ SMTP_URL: smtp.env.SMTP_URL!, MAIL_FROM: smtp.env.MAIL_FROM! });

const at = ({ id }: { id: string }) => `/saved-reports/${id}`;
const run = () => sendAllDueReports(desk.request(), NEVER);
const due = (id: string, ago = "1 minute") =>
  desk.look("update saved_reports set next_run_at = now() - $2::interval where id = $1", [id, ago]);

/** Everything that the server took while `work` ran and mails were sent, by two workers at once. */
async function mailsOf(work: () => Promise<unknown>): Promise<Taken[]> {
  const before = smtp.taken.length;
  await work();
  const [one, two] = await Promise.all([drainJobs(desk.services), drainJobs(desk.services)]);
  const sent = one.done + two.done;
  for (let i = 0; i < 100 && smtp.taken.length < before + sent; i++) {
    await new Promise((done) => setTimeout(done, 50));
  }
  return smtp.taken.slice(before);
}

async function scheduled(name: string, recipients: Client[], fields: Record<string, unknown> = {}) {
  const made = await manager.post("/saved-reports", {
    name,
    report: "volume",
    query: { period: "last-week" },
    shared: true,
    schedule: { every: "day", hour: 8 },
    recipientIds: recipients.map(({ user }) => user.id),
    ...fields,
  });
  assertEquals([made.status, name], [201, name]);
  return made.body;
}

const resultOf = async (saved: { id: string }) => {
  const { lastResult } = (await manager.get(at(saved))).body;
  // deno-lint-ignore no-explicit-any -- an answer of /v1
  return lastResult.people.map(({ person, state, leftOut }: any) => [person.name, state, leftOut]);
};

Deno.test("REL-07 a report that is due is mailed to each once, by two processes at once, and its next time comes", async () => {
  const saved = await scheduled("Volume of the week", [agent, manager]);
  await due(saved.id);
  const mails = await mailsOf(() => Promise.all([run(), run(), run()]));
  assertEquals(mails.flatMap(({ to }) => to).sort(), [agent.user.email, manager.user.email].sort());
  const after = (await manager.get(at(saved))).body;
  assertEquals([after.lastResult.scheduled, after.version], [true, 1]);
  assertEquals(await resultOf(saved), [["Ana Agent", "sent", null], ["Mia Manager", "sent", null]]);
  assert(Date.parse(after.nextRunAt) > Date.now(), after.nextRunAt);
  assertEquals(await mailsOf(run), []);
  const [entry] = await desk.look<{ actor_id: string | null; changes: Record<string, unknown> }>(
    "select actor_id, changes from audit_log where action = 'saved_report.sent' and entity_id = $1",
    [saved.id],
  );
  assertEquals([entry!.actor_id, entry!.changes.scheduled], [null, true]);
});

Deno.test("REL-02 what dies before it is done has sent nothing, and the next run sends it once", async () => {
  const saved = await scheduled("In spite of a crash", [manager]);
  await due(saved.id);
  const died = act(desk.request(), { kind: "system", tenantId: admin.tenant.id }, async (cx) => {
    assertEquals((await sendDueReports(cx)).done, 1);
    throw new Error("The process ended");
  });
  assertEquals(await died.catch((error) => error.message), "The process ended");
  const untouched = (await manager.get(at(saved))).body;
  assertEquals([untouched.lastResult, Date.parse(untouched.nextRunAt) < Date.now()], [null, true]);
  const mails = await mailsOf(run);
  assertEquals(mails.flatMap(({ to }) => to), [manager.user.email]);
  // A message that is sent again is the same one, about the same days.
  const [job] = await desk.look<{ id: string }>(
    `update jobs set state = 'ready', run_at = now(), finished_at = null from outbox o
      where o.tenant_id = jobs.tenant_id and o.id = jobs.id and o.payload ->> 'savedReportId' = $1 returning jobs.id`,
    [saved.id],
  );
  const [again] = await mailsOf(() => Promise.resolve());
  const idOf = ({ raw }: Taken) => /^Message-ID: <([^@>]+)@/im.exec(raw)![1];
  assertEquals([idOf(mails[0]!), idOf(again!)], [job!.id, job!.id]);
  const subjectOf = async ({ raw }: Taken) => (await simpleParser(raw)).subject;
  assertEquals(await subjectOf(again!), await subjectOf(mails[0]!));
});

Deno.test("whoever may no longer see a report is left out, silently and for managers to see", async () => {
  const saved = await scheduled("For the team", [manager, gone!, demoted!, late!]);
  const change = async (client: Client, fields: Record<string, unknown>) => {
    const { version } = (await admin.get(`/users/${client.user.id}`)).body;
    assertEquals((await admin.patch(`/users/${client.user.id}`, { version, ...fields })).status, 200);
  };
  await change(gone!, { active: false });
  await change(demoted!, { role: "REQUESTER" });
  await drainJobs(desk.services);
  await due(saved.id);
  const mails = await mailsOf(async () => {
    await run();
    // Between the time that it was due and the sending.
    await change(late!, { role: "REQUESTER" });
  });
  assertEquals(mails.flatMap(({ to }) => to), [manager.user.email]);
  assertEquals(await resultOf(saved), [
    ["Dan Demoted", null, "not_staff"],
    ["Gia Gone", null, "deactivated"],
    ["Lea Late", "skipped", null],
    ["Mia Manager", "sent", null],
  ]);
});

Deno.test("after a long stop one mail is sent, about the latest time and no other", async () => {
  const saved = await scheduled("Every first", [manager], {
    query: { period: "last-month" },
    schedule: { every: "month", day: 1, hour: 0 },
  });
  await due(saved.id, "100 days");
  const mails = await mailsOf(async () => {
    await run();
    await run();
  });
  assertEquals(mails.length, 1);
  const first = Temporal.Now.plainDateISO("UTC").with({ day: 1 });
  const [{ payload }] = await desk.look<{ payload: { from: string; to: string } }>(
    "select payload from outbox where payload ->> 'savedReportId' = $1",
    [saved.id],
  ) as [{ payload: { from: string; to: string } }];
  assertEquals([payload.from, payload.to], [
    first.subtract({ months: 1 }).toString(),
    first.subtract({ days: 1 }).toString(),
  ]);
  assertEquals((await manager.get(at(saved))).body.nextRunAt, `${first.add({ months: 1 })}T00:00:00.000Z`);
});

Deno.test("the organisation's new zone moves the next time, and sends nothing", async () => {
  const saved = await scheduled("In another zone", [manager]);
  await desk.look("update tenants set time_zone = 'Asia/Tokyo' where id = $1", [admin.tenant.id]);
  assertEquals(await mailsOf(run), []);
  const { nextRunAt } = (await manager.get(at(saved))).body;
  assertEquals(nextRunAt.slice(11), "23:00:00.000Z");
  await desk.look("update tenants set time_zone = 'UTC' where id = $1", [admin.tenant.id]);
  await run();
});

Deno.test("the mail: figures, the period that was due, a way to stop it, and nothing in its payload but ids and days", async () => {
  const saved = await scheduled("Numbers for me", [agent]);
  await due(saved.id);
  const [mail] = await mailsOf(async () => {
    await run();
    await manager.patch(at(saved), { version: 1, query: { period: "today" } });
  });
  const [row] = await desk.look<{ payload: Record<string, string> }>(
    "select payload from outbox where payload ->> 'savedReportId' = $1",
    [saved.id],
  );
  const { from, to } = row!.payload;
  assertEquals(Object.keys(row!.payload).sort(), ["from", "savedReportId", "to", "userId"]);
  const read = await simpleParser(mail!.raw);
  const days = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" })
    .formatRange(new Date(from!), new Date(to!));
  assertEquals(read.subject, `Numbers for me: ${days}`);
  assert(read.text!.includes(`/reports/volume?from=${from}&to=${to}&compare=previous`), read.text);
  const unfolded = mail!.raw.replaceAll(/\r\n[ \t]+/g, "");
  const stop = /^List-Unsubscribe: ?<([^>]+)>/im.exec(unfolded)![1]!;
  const click = () => desk.fetch(new Request(stop, { method: "POST", body: new URLSearchParams() }));
  const versionBefore = (await manager.get(at(saved))).body.version;
  for (let i = 0; i < 2; i++) {
    const answer = await click();
    assertEquals(answer.status, 200);
    assert((await answer.text()).includes("no longer emails you"));
  }
  const after = (await manager.get(at(saved))).body;
  assertEquals([after.recipients, after.version], [[], versionBefore + 1]);
  await due(saved.id);
  assertEquals(await mailsOf(run), []);
});

Deno.test("the figures and files of each mail are of the tickets that its recipient may see", async () => {
  await desk.look("update tenants set agents_see_all = false where id = $1", [admin.tenant.id]);
  const saved = await scheduled("=Today, by all", [agent, manager], {
    query: { period: "today", by: "queue" },
    schedule: { every: "day", hour: 0 },
  });
  await due(saved.id);
  const mails = await mailsOf(run);
  const readBy = async (client: Client) =>
    await simpleParser(mails.find(({ to }) => to.includes(client.user.email))!.raw);
  const [all, own] = [await readBy(manager), await readBy(agent)];
  assert(all.text!.includes("Created: 3, compared with 0 in the period before."), all.text);
  assert(/^Created · 3 · 0 · –$/m.test(all.text!), all.text);
  assert(own.text!.includes("Created: 1, compared with 0 in the period before."), own.text);
  assert(/<th[^>]*scope="row"[^>]*>Created<\/th><td[^>]*>3<\/td>/.test(all.html as string), String(all.html));
  const day = Temporal.Now.plainDateISO("UTC").toString();
  const csv = (mail: typeof all) => mail.attachments.find(({ contentType }) => contentType === "text/csv")!;
  assertEquals(csv(all).filename, `servicehub-volume-${day}-${day}.csv`);
  const rows = (mail: typeof all) => csv(mail).content.toString("utf8").trim().split("\r\n").slice(1);
  assertEquals(rows(all).map((row) => row.split(",").slice(1, 3).join(" ")).sort(), [
    "Elsewhere 1",
    "Network 2",
  ]);
  assertEquals(rows(own).length, 1);
  const pdf = (mail: typeof all) =>
    mail.attachments.find(({ contentType }) => contentType === "application/pdf")!;
  const textOf = ({ content }: { content: Uint8Array }) =>
    readPdf(content).pages.map(({ text }) => text).join("\n");
  assertEquals(pdf(all).filename, `servicehub-volume-${day}-${day}.pdf`);
  assert(textOf(pdf(all)).includes("Network"), "the PDF can be read");
  assert(!textOf(pdf(own)).includes("Network"), "the agent's PDF names no other queue");
  assert(
    !own.attachments.some(({ content }) => content.includes("Network")),
    "the agent's files name no other queue",
  );
  await desk.look("update tenants set agents_see_all = true where id = $1", [admin.tenant.id]);
});

Deno.test("a mail says what its figures are compared with, and whether their period is over", async () => {
  const [saved] = (await manager.get("/saved-reports?limit=1")).body.items;
  const mailOf = (kind: "previous" | "year", more: Partial<ReportResult> = {}) => {
    const result = volume();
    const comparison = { ...result.filters.comparison!, kind };
    return composeReportMail({ services: desk.services, reader: { locale: "en" } }, {
      saved,
      result: { ...result, filters: { ...result.filters, comparison }, ...more },
      search: new URLSearchParams(),
      zone: "UTC",
      subscribed: false,
    });
  };
  const [first, progress] = mailOf("year").paragraphs;
  assertEquals(first!.split("\n")[0], "Created: 496, compared with 502 a year before (−1%).");
  assert(/^This period is still under way\. These are the numbers so far\./.test(progress!), progress);
  assertEquals(mailOf("year").table!.columns, ["This period", "A year before", "Change"]);
  assertEquals(mailOf("year").details!.map(({ label }) => label).slice(0, 3), [
    "Report",
    "Period",
    "A year before",
  ]);
  const over = mailOf("previous", { partial: false });
  assertEquals(over.paragraphs.length, 1);
  assert(over.paragraphs[0]!.startsWith("Created: 496, compared with 502 in the period before (−1%)."));
  assertEquals(over.table!.columns, ["This period", "Before", "Change"]);
  const { total } = volume();
  const same = mailOf("year", { total: { ...total, previous: total.values } });
  assert(same.paragraphs[0]!.startsWith("Created: 496, as a year before."), same.paragraphs[0]);
});

Deno.test("a mail's files come whole by every transport", async () => {
  await using resend = await startResend();
  const folder = await Deno.makeTempDir();
  const content = crypto.getRandomValues(new Uint8Array(60_000));
  const mail = sampleMail({ attachments: [{ name: "a-1.pdf", type: "application/pdf", content }] });
  const { RESEND_API_KEY, RESEND_BASE_URL } = resend.env;
  const { MAIL_FROM } = desk.config;
  const api = createResendMail({ RESEND_API_KEY, RESEND_BASE_URL: RESEND_BASE_URL!, MAIL_FROM });
  await api.send(mail);
  await createConsoleMail({ DATA_DIR: folder, MAIL_FROM }).send(mail);
  const before = smtp.taken.length;
  await desk.services.mail.send(mail);
  while (smtp.taken.length === before) await new Promise((done) => setTimeout(done, 20));
  for (const raw of [smtp.taken.at(-1)!.raw, await Deno.readTextFile(`${folder}/mail/${mail.id}.eml`)]) {
    const read = await simpleParser(raw);
    assertEquals(read.attachments.map(({ filename, contentType }) => [filename, contentType]), [
      ["a-1.pdf", "application/pdf"],
    ]);
    assert(read.attachments[0]!.content.equals(content), "the file is whole");
    assert(read.text && read.html, "text and HTML stay");
  }
  const [sent] = resend.asked[0]!.body["attachments"] as [Record<string, string>];
  assertEquals([sent.filename, sent.content_type], ["a-1.pdf", "application/pdf"]);
  assertEquals(Uint8Array.fromBase64(sent.content!), content);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("sent now: to oneself by whoever sees it, to its recipients by managers, once a minute", async () => {
  const saved = await scheduled("On demand", [agent, manager]);
  const mine = await mailsOf(async () => {
    const answer = await agent.post(`${at(saved)}/send`);
    assertEquals([answer.status, answer.body.lastResult.scheduled], [200, false]);
  });
  assertEquals(mine.flatMap(({ to }) => to), [agent.user.email]);
  assertProblem(await manager.post(`${at(saved)}/send`, { to: "recipients" }), 429, "rate_limited");
  await desk.look("update saved_reports set sent_at = sent_at - interval '2 minutes'");
  assertProblem(await agent.post(`${at(saved)}/send`, { to: "recipients" }), 403, "forbidden");
  assertProblem(await requester.post(`${at(saved)}/send`), 404, "not_found");
  assertProblem(await other.post(`${at(saved)}/send`), 404, "not_found");
  const headers = { "idempotency-key": crypto.randomUUID() };
  const all = await mailsOf(async () => {
    for (let i = 0; i < 2; i++) {
      const answer = await manager.post(`${at(saved)}/send`, { to: "recipients" }, { headers });
      assertEquals(answer.status, 200);
    }
  });
  assertEquals(all.flatMap(({ to }) => to).sort(), [agent.user.email, manager.user.email].sort());
  assertEquals((await manager.get(at(saved))).body.nextRunAt, saved.nextRunAt);
});

Deno.test("sent now by several at once, after a scheduled sending too: one of them sends it", async () => {
  const saved = await scheduled("In a hurry", [agent, manager]);
  await due(saved.id);
  assertEquals((await mailsOf(run)).length, 2);
  const mails = await mailsOf(async () => {
    const answers = await Promise.all([agent, manager, admin].map((one) => one.post(`${at(saved)}/send`)));
    assertEquals(answers.map(({ status }) => status).sort(), [200, 429, 429]);
  });
  assertEquals(mails.length, 1);
});

Deno.test("a report whose days have become too many keeps no other from being sent", async () => {
  const [tooLong, fine] = [
    await scheduled("Since ever", [manager]),
    await scheduled("Not so long", [manager]),
  ];
  await desk.look("update saved_reports set query = $2 where id = $1", [tooLong.id, { from: "2001-01-01" }]);
  await due(tooLong.id, "2 minutes");
  await due(fine.id);
  const mails = await mailsOf(run);
  assertEquals(mails.length, 1);
  assert((await simpleParser(mails[0]!.raw)).subject!.startsWith("Not so long: "));
  const { nextRunAt, lastResult } = (await manager.get(at(tooLong))).body;
  assert(Date.parse(nextRunAt) > Date.now());
  const why = "a report covers at most 5 years";
  assertEquals([lastResult.scheduled, lastResult.notSent, lastResult.people], [true, why, []]);
  assert(Date.now() - Date.parse(lastResult.at) < 60_000, lastResult.at);
  const browser = await PageClient.signedIn(manager);
  const page = textOf(await browser.get(`/reports/saved/${tooLong.id}?preview=email`), "main");
  assert(page.includes(`Nobody was sent it: ${why}.`) && page.includes(`There is no preview: ${why}.`), page);
  assert(textOf(await browser.get("/reports/saved"), `#saved-${tooLong.id}`).includes(`Not sent: ${why}`));
  // Saved again, it is sent, and nothing is left of that.
  const { version } = (await manager.get(at(tooLong))).body;
  await manager.patch(at(tooLong), { version, query: { period: "last-week" } });
  await due(tooLong.id);
  assertEquals((await mailsOf(run)).length, 1);
  assertEquals((await manager.get(at(tooLong))).body.lastResult.notSent, null);
});

Deno.test("a report whose filter is gone tells why nobody got it", async () => {
  const saved = await scheduled("Of a queue", [manager]);
  await desk.look(
    "update saved_reports set query = jsonb_build_object('queueId', array[$2::text]) where id = $1",
    [
      saved.id,
      crypto.randomUUID(),
    ],
  );
  await due(saved.id);
  assertEquals(await mailsOf(run), []);
  const [{ state, note }] = (await manager.get(at(saved))).body.lastResult.people;
  assertEquals([state, note], ["skipped", "Not sent: the report filters by something that is gone"]);
});

Deno.test("a report that was deleted, or is outdated, is sent to nobody", async () => {
  const [deleted, outdated] = [await scheduled("Deleted", [manager]), await scheduled("Outdated", [manager])];
  await due(deleted.id);
  const none = await mailsOf(async () => {
    await run();
    assertEquals((await manager.delete(at(deleted))).status, 204);
    await desk.look("update saved_reports set query = $2 where id = $1", [outdated.id, { period: "once" }]);
    await due(outdated.id);
    assertEquals(await added(desk, run), { audit: 0, events: 0, outbox: 0 });
  });
  assertEquals(none, []);
  const [job] = await desk.look<{ last_error: string }>(
    `select j.last_error from jobs j join outbox o using (tenant_id, id) where o.payload ->> 'savedReportId' = $1`,
    [deleted.id],
  );
  assertEquals(job!.last_error, "Not sent: the report was deleted, or the recipient may no longer see it");
  assertProblem(await manager.post(`${at(outdated)}/send`), 422, "invalid");
});
