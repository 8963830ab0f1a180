import { drainJobs } from "@/tests/helpers/jobs.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Answer } from "@/tests/helpers/client.ts";
import type { Desk } from "@/tests/helpers/desk.ts";
import { assertProblem, openScene, raise } from "@/tests/helpers/ticket_scene.ts";

/** The desk's transport, failing as long as `broken` says so. */
function breakable(desk: Desk): { sent: string[]; broken: boolean } {
  const state = { sent: [] as string[], broken: false };
  desk.services.mail = {
    ...desk.services.mail,
    send(mail) {
      if (state.broken) return Promise.reject(new Error("Connection refused"));
      state.sent.push(mail.id);
      return Promise.resolve({ providerId: null });
    },
  };
  return state;
}

/** Fails every message until it is given up. */
async function giveUp(desk: Desk): Promise<void> {
  await desk.look("update jobs set attempts = 8, run_at = now() where state = 'ready'");
  await drainJobs(desk.services);
}

const recipients = ({ body }: Answer) => body.items.map(({ recipient }: { recipient: string }) => recipient);

const NONE = { queued: 0, retrying: 0, sending: 0, sent: 0, skipped: 0, failed: 0 };

Deno.test("outbox: what waits, failed and was sent, and trying again", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, other } = scene;
  const mail = breakable(desk);
  desk.services.wake = () => {};
  await drainJobs(desk.services);
  await desk.look("truncate outbox, jobs cascade");
  const states = async () => {
    const byState: Record<string, { count: number }> = (await admin.get("/outbox/stats")).body.byState;
    return Object.fromEntries(Object.entries(byState).map(([state, { count }]) => [state, count]));
  };

  await t.step("a new ticket's mail waits, with its ticket and no word of what it says", async () => {
    const ticket = await raise(requester, { title: "Canary title", description: "Canary text" });
    const { body } = await admin.get("/outbox?state=queued");
    assertEquals(body.nextCursor, null);
    const [message] = body.items;
    assertEquals(message, {
      id: message.id,
      kind: "email",
      recipient: requester.user.email,
      sender: null,
      template: "ticket_created",
      ticket: { id: ticket.id, key: ticket.key },
      state: "queued",
      attempts: 0,
      maxAttempts: 9,
      note: null,
      nextTryAt: message.nextTryAt,
      createdAt: message.createdAt,
      finishedAt: null,
      delivery: null,
      deliveryAt: null,
    });
    assert(!JSON.stringify(body).includes("Canary"));
    assertEquals((await admin.get(`/outbox/${message.id}`)).body, message);
    const stats = (await admin.get("/outbox/stats")).body;
    assertEquals([stats.oldestWaitingAt, stats.doneLastHour], [message.createdAt, 0]);
  });

  await t.step("a security mail shows neither link nor token", async () => {
    await admin.post("/auth/password/forgot", {
      email: requester.user.email,
      organisation: admin.tenant.slug,
    });
    const { body } = await admin.get("/outbox");
    assertEquals(body.items[0].template, "password_reset");
    assert(!/reset-password|token|http/i.test(JSON.stringify(body)));
  });

  await t.step("given up: shown with its error, retried once, and sent", async () => {
    mail.broken = true;
    await giveUp(desk);
    assertEquals(await states(), { ...NONE, failed: 2 });
    const { body } = await admin.get("/outbox?state=failed");
    assertEquals([body.items[1].note, body.items[1].attempts], ["Connection refused", 9]);
    mail.broken = false;
    const { id } = body.items[1];
    const audited = async () =>
      (await desk.look("select 1 from audit_log where action like '%retried'")).length;
    const retried = await admin.post(`/outbox/${id}/retry`);
    assertEquals([retried.status, retried.body.state, retried.body.attempts, await audited()], [
      200,
      "queued",
      0,
      1,
    ]);
    await drainJobs(desk.services);
    assertEquals(mail.sent, [id]);
    assertEquals(await states(), { ...NONE, sent: 1, failed: 1 });
    assertProblem(await admin.post(`/outbox/${id}/retry`), 409, "conflict");
    assertEquals(await audited(), 1);
    assertEquals((await admin.get("/outbox/stats")).body.doneLastHour, 1);
  });

  await t.step("one that waits for its next try is tried now", async () => {
    mail.broken = true;
    await raise(requester);
    await drainJobs(desk.services);
    const [message] = (await admin.get("/outbox?state=retrying")).body.items;
    assertEquals([message.attempts, message.note], [1, "Connection refused"]);
    assert(Date.parse(message.nextTryAt) > Date.now());
    mail.broken = false;
    assertEquals((await admin.post(`/outbox/${message.id}/retry`)).body.attempts, 1);
    await drainJobs(desk.services);
    assertEquals((await admin.get(`/outbox/${message.id}`)).body.state, "sent");
  });

  await t.step("all that failed, of this organisation alone", async () => {
    mail.broken = true;
    for (let i = 0; i < 5; i++) await raise(requester);
    await raise(await other.invite("REQUESTER", "Olga Other"));
    await giveUp(desk);
    mail.broken = false;
    assertEquals((await states()).failed, 6);
    const { body } = await admin.post("/outbox/retry");
    assertEquals(body, { retried: 6, more: false });
    assertEquals((await admin.post("/outbox/retry")).body, { retried: 0, more: false });
    await drainJobs(desk.services);
    assertEquals((await states()).failed, 0);
    assert((await other.get("/outbox/stats")).body.byState.failed.count > 0);
  });

  await t.step("pages go through all of them once, in every state", async () => {
    for (let i = 0; i < 7; i++) await raise(requester);
    for (const state of ["", "&state=sent", "&state=queued", "&kind=email"]) {
      const whole = (await admin.get(`/outbox?limit=100${state}`)).body.items.map(({ id }: { id: string }) =>
        id
      );
      const seen: string[] = [];
      for (let cursor = ""; cursor !== null;) {
        const { body } = await admin.get(`/outbox?limit=3${state}${cursor && `&cursor=${cursor}`}`);
        seen.push(...body.items.map(({ id }: { id: string }) => id));
        cursor = body.nextCursor;
      }
      assertEquals(seen, whole);
      assert(whole.length >= 7, state);
    }
    assertEquals((await admin.get("/outbox?kind=webhook")).body.items, []);
    assertEquals((await admin.get("/outbox?state=lost")).status, 422);
  });

  await t.step("a mail that came and couldn't be taken in is there as well, and tried again", async () => {
    await desk.look(
      `with mail as (insert into inbound_mails (tenant_id, provider_id, sender, recipient, subject)
          values ($1, 'gone', 'olga@outside.example', 'harbour@in.example', 'Canary subject') returning tenant_id, id)
        insert into jobs (tenant_id, id, kind, state, attempts, last_error, finished_at)
        select tenant_id, id, 'inbound', 'dead', 9, 'The provider was away', now() from mail`,
      [admin.tenant.id],
    );
    const { body } = await admin.get("/outbox?state=failed&kind=inbound");
    const [mail] = body.items;
    assertEquals([body.items.length, mail.sender, mail.recipient, mail.template, mail.note], [
      1,
      "olga@outside.example",
      "harbour@in.example",
      "received",
      "The provider was away",
    ]);
    assert(!JSON.stringify(body).includes("Canary"));
    assertEquals((await admin.post(`/outbox/${mail.id}/retry`)).body.state, "queued");
  });

  await t.step("nobody but admins, and nobody else's", async () => {
    const [message] = (await admin.get("/outbox")).body.items;
    for (const client of [agent, requester]) {
      assertEquals((await client.get("/outbox")).status, 403);
      assertEquals((await client.post("/outbox/retry")).status, 403);
    }
    assertEquals((await other.get(`/outbox/${message.id}`)).status, 404);
    assertEquals((await other.post(`/outbox/${message.id}/retry`)).status, 404);
    assert(!recipients(await other.get("/outbox")).includes(requester.user.email));
  });
});
