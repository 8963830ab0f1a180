import assert from "node:assert/strict";
import { act } from "@/domain/cx.ts";
import { enqueueMail } from "@/domain/messages/enqueue.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { type Desk, openDesk } from "@/tests/helpers/desk.ts";
import { startResend } from "@/tests/helpers/resend.ts";
import { startSmtp } from "@/tests/helpers/smtp.ts";

async function enqueue(desk: Desk, tenantId: string, to: string): Promise<void> {
  const payload = { key: "INC-1001", ticketId: crypto.randomUUID(), title: "Printer", actorName: "Ben Bee" };
  await act(
    desk.request(),
    { kind: "system", tenantId },
    (cx) => enqueueMail(cx, { to, template: "comment_added", payload }),
  );
}

/** An admin whose address is known to be theirs, so that no mail waits. */
async function registered(desk: Desk): Promise<Client> {
  const admin = await desk.register();
  await desk.look("delete from jobs");
  await desk.look("update users set email_verified_at = now()");
  return admin;
}

const rows = (desk: Desk) =>
  desk.look<{ state: string; last_error: string | null; provider_id: string | null; wait: number }>(
    `select j.state, j.last_error, o.provider_id, round(extract(epoch from j.run_at - now()))::int as wait
    from jobs j join outbox o using (tenant_id, id) order by id`,
  );

Deno.test("over Resend a mail is sent once, however often its answer is lost, and is known by Resend's id", async () => {
  await using resend = await startResend();
  await using desk = await openDesk(resend.env);
  assert.equal(desk.services.mail.delivers, true);
  const { tenant, user } = await registered(desk);
  await enqueue(desk, tenant.id, user.email);
  resend.moods.push("cut", { status: 500 });
  for (let attempt = 0; attempt < 3; attempt++) {
    await drainJobs(desk.services);
    await desk.look("update jobs set run_at = now()");
  }
  assert.equal(resend.sent.size, 1);
  assert.equal(new Set(resend.asked.map(({ key }) => key)).size, 1);
  assert.equal(resend.asked.length, 3);
  assert.deepEqual(await rows(desk), [
    { state: "done", last_error: null, provider_id: [...resend.sent.values()][0]!.id, wait: 0 },
  ]);
});

Deno.test("REL-05 a mail that Resend has no time for comes back when it said; one that it refuses is dead at once", async () => {
  await using resend = await startResend();
  await using desk = await openDesk(resend.env);
  const { tenant, user } = await registered(desk);
  await enqueue(desk, tenant.id, user.email);
  resend.moods.push({ status: 429, headers: { "retry-after": "200" } });
  await drainJobs(desk.services);
  const [later] = await rows(desk);
  assert.equal(later!.state, "ready");
  assert.ok(later!.wait >= 195 && later!.wait <= 225, `${later!.wait}`);
  await desk.look("update jobs set run_at = now()");
  resend.moods.push({ status: 422, body: { message: "Invalid `to` field" } });
  await drainJobs(desk.services);
  const [dead] = await rows(desk);
  assert.deepEqual([dead!.state, dead!.last_error], ["dead", "Resend answered 422: Invalid `to` field"]);
});

Deno.test("over SMTP a mail is sent, known by the server's id; one for nobody is dead at once, with the reason", async () => {
  await using smtp = await startSmtp();
  await using desk = await openDesk(smtp.env);
  const admin = await registered(desk);
  await enqueue(desk, admin.tenant.id, admin.user.email);
  await drainJobs(desk.services);
  const [sent] = await rows(desk);
  assert.equal(sent!.state, "done");
  assert.match(sent!.provider_id!, /^Q\d+$/);
  await desk.look("update users set email = 'never@x.example'");
  await enqueue(desk, admin.tenant.id, "never@x.example");
  await drainJobs(desk.services);
  const [, dead] = await rows(desk);
  assert.deepEqual(
    [dead!.state, /No such user/.test(dead!.last_error!), dead!.provider_id],
    ["dead", true, null],
  );
});
