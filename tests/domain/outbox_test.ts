import assert from "node:assert/strict";
import { act } from "@/domain/cx.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import { enqueueMail } from "@/domain/messages/enqueue.ts";
import type { Mail } from "@/ports.ts";
import { type Desk, openDesk } from "@/tests/helpers/desk.ts";
import { until } from "@/tests/process/support.ts";

const ticket = {
  key: "INC-1001",
  ticketId: crypto.randomUUID(),
  title: 'Printer <b>"burns"</b> & smokes',
  actorName: "Ben <script>",
  excerpt: "Line one\n<img src=x onerror=alert(1)>",
};

function enqueue(desk: Desk, tenantId: string, to: string): Promise<void> {
  return act(
    desk.request(),
    { kind: "system", tenantId },
    (cx) => enqueueMail(cx, { to, template: "comment_added", payload: ticket }),
  );
}

/** The desk's transport, failing as long as `broken` says so. */
function breakable(desk: Desk): { sent: Mail[]; broken: boolean } {
  const state = { sent: [] as Mail[], broken: false };
  const { mail } = desk.services;
  desk.services.mail = {
    ...mail,
    async send(message) {
      if (state.broken) throw new Error("Connection refused");
      const answer = await mail.send(message);
      state.sent.push(message);
      return answer;
    },
  };
  return state;
}

const rows = (desk: Desk) =>
  desk.look(`select state, attempts, last_error,
    round(extract(epoch from run_at - now()))::int as wait from jobs order by id`);

Deno.test("a mail leaves as text and HTML, escaped, in its ticket's thread, as a file of mode 0600", async () => {
  await using desk = await openDesk();
  const { tenant, user } = await desk.register("Al <i>pha");
  const { sent } = breakable(desk);
  let woken = 0;
  desk.services.wake = () => woken++;
  await enqueue(desk, tenant.id, user.email);
  assert.equal(woken, 1);
  assert.deepEqual(await drainJobs(desk.services), { done: 1, skipped: 0, failed: 0 });
  const [mail] = sent as [Mail];
  assert.equal(mail.subject, `Re: [INC-1001] ${ticket.title}`);
  assert.match(mail.text, /> <img src=x/);
  assert.match(mail.text, /http:\/\/localhost:8000\/tickets\/INC-1001/);
  assert.doesNotMatch(mail.html, /<img|<script|<b>|<i>/);
  assert.match(mail.html, /&lt;img src=x onerror=alert\(1\)>/);
  assert.equal(mail.thread, `<ticket-${ticket.ticketId}@localhost>`);
  const path = `${desk.config.DATA_DIR}/mail/${mail.id}.eml`;
  assert.equal(Deno.statSync(path).mode! & 0o777, 0o600);
  assert.equal(Deno.statSync(`${desk.config.DATA_DIR}/mail`).mode! & 0o777, 0o700);
  const file = await Deno.readTextFile(path);
  assert.match(file, new RegExp(`^To: ${user.email}\r$`, "m"));
  assert.match(file, new RegExp(`^References: <ticket-${ticket.ticketId}@localhost>\r$`, "m"));
  assert.ok(file.split("\r\n").every((line) => line.length <= 998));
  assert.deepEqual(await drainJobs(desk.services), { done: 0, skipped: 0, failed: 0 });
});

Deno.test("REL-02 what is rolled back is never sent", async () => {
  await using desk = await openDesk();
  const { tenant, user } = await desk.register("Alpha");
  let woken = 0;
  desk.services.wake = () => woken++;
  await assert.rejects(act(desk.request(), { kind: "system", tenantId: tenant.id }, async (cx) => {
    await enqueueMail(cx, { to: user.email, template: "comment_added", payload: ticket });
    throw new Error("No");
  }));
  assert.equal(woken, 0);
  assert.deepEqual(await drainJobs(desk.services), { done: 0, skipped: 0, failed: 0 });
});

Deno.test("REL-05 a failing mail backs off and ends as a dead letter; another one isn't held up", async () => {
  await using desk = await openDesk();
  const { tenant, user } = await desk.register("Alpha");
  const state = breakable(desk);
  await enqueue(desk, tenant.id, user.email);
  state.broken = true;
  for (const wait of [5, 60, 300, 1_800, 7_200, 18_000, 43_200, 86_400]) {
    assert.deepEqual(await drainJobs(desk.services), { done: 0, skipped: 0, failed: 1 });
    const [row] = await rows(desk) as [{ state: string; last_error: string; wait: number }];
    assert.deepEqual([row.state, row.last_error], ["ready", "Connection refused"]);
    assert.ok(row.wait >= wait - 2 && row.wait <= wait * 1.1 + 1, `${row.wait} for ${wait}`);
    assert.deepEqual(await drainJobs(desk.services), { done: 0, skipped: 0, failed: 0 });
    await desk.look("update jobs set run_at = now()");
  }
  assert.deepEqual(await drainJobs(desk.services), { done: 0, skipped: 0, failed: 1 });
  const [dead] = await rows(desk);
  assert.deepEqual([dead!["state"], dead!["attempts"]], ["dead", 9]);
  state.broken = false;
  await enqueue(desk, tenant.id, user.email);
  assert.deepEqual(await drainJobs(desk.services), { done: 1, skipped: 0, failed: 0 });
});

Deno.test("REL-04 a worker that lost its lease can't say what became of a mail", async () => {
  await using desk = await openDesk();
  const { tenant, user } = await desk.register("Alpha");
  const { mail } = desk.services;
  desk.services.mail = {
    ...mail,
    async send(message) {
      await desk.look("update jobs set lease = lease + 1");
      return await mail.send(message);
    },
  };
  await enqueue(desk, tenant.id, user.email);
  await drainJobs(desk.services);
  assert.equal((await rows(desk))[0]!["state"], "running");
});

Deno.test("several workers at once send each mail once", async () => {
  await using desk = await openDesk();
  const { tenant, user } = await desk.register("Alpha");
  const { sent } = breakable(desk);
  for (let i = 0; i < 45; i++) await enqueue(desk, tenant.id, user.email);
  let done = 0;
  const drain = async () => done += (await drainJobs(desk.services)).done;
  await Promise.all([drain(), drain(), drain()]);
  // They are of one person and ticket: one that a worker passed over waits for a second.
  await until(async () => (await drain()) === 45, 20_000);
  assert.equal(sent.length, 45);
  assert.equal(new Set(sent.map((mail) => mail.id)).size, 45);
});

Deno.test("mails that nobody wants any more are done without being sent", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const { sent } = breakable(desk);
  await admin.patch("/me/preferences", { notifications: { comment_added: { email: false } } });
  await enqueue(desk, admin.tenant.id, admin.user.email);
  const { body } = await admin.post("/invitations", { email: "ben@alpha.example", role: "AGENT" });
  await admin.delete(`/invitations/${body.id}`);
  await admin.post("/auth/password/forgot", { email: admin.user.email });
  await desk.look("update password_resets set expires_at = now()");
  const gone = await admin.invite("AGENT", "Gone Guy");
  await admin.patch(`/users/${gone.user.id}`, { version: 1, active: false });
  await enqueue(desk, admin.tenant.id, gone.user.email);
  const total = await drainJobs(desk.services);
  assert.deepEqual(total, { done: 0, skipped: 5, failed: 0 });
  assert.equal(sent.length, 0);
  const notes = (await rows(desk)).map((
    row,
  ) => [row["state"], String(row["last_error"]).startsWith("Not sent: ")]);
  assert.deepEqual(notes, Array(5).fill(["done", true]));
});

Deno.test("a mail of an unknown kind fails alone and tells which", async () => {
  await using desk = await openDesk();
  const { tenant, user } = await desk.register("Alpha");
  await desk.look("insert into outbox (tenant_id, recipient, template) values ($1, $2, 'constructor')", [
    tenant.id,
    user.email,
  ]);
  await enqueue(desk, tenant.id, user.email);
  assert.deepEqual(await drainJobs(desk.services), { done: 1, skipped: 0, failed: 1 });
  assert.match(String((await rows(desk))[0]!["last_error"]), /unknown template "constructor"/);
});

Deno.test("an internal note is not sent to whoever is no staff any more as it leaves", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const [ben, cara] = await Promise.all([
    admin.invite("AGENT", "Ben Bee"),
    admin.invite("AGENT", "Cara Cole"),
  ]);
  await desk.look("update jobs set state = 'done'");
  const { sent } = breakable(desk);
  for (const person of [ben!, cara!]) {
    const { id } = (await person.post("/tickets", { title: "Mine", description: "" })).body;
    await admin.post(`/tickets/${id}/comments`, { body: "the canary sings", visibility: "internal" });
    await admin.post(`/tickets/${id}/comments`, { visibility: "public", body: "Hello" });
  }
  await desk.look(
    "update jobs set state = 'done' where id in (select id from outbox where template = 'ticket_created')",
  );
  await admin.patch(`/users/${ben!.user.id}`, { version: 1, role: "REQUESTER" });
  assert.deepEqual(await drainJobs(desk.services), { done: 3, skipped: 1, failed: 0 });
  const secret = sent.filter((mail) => mail.text.includes("canary")).map((mail) => mail.to);
  assert.deepEqual(secret, [cara!.user.email]);
});
