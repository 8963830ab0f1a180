import { act, actAsUser, type Claim, type Cx, type UserCx } from "@/domain/cx.ts";
import { accessClaim } from "@/domain/auth/access_tokens.ts";
import { readMailRow } from "@/domain/mail/mail_row.ts";
import { getMessage, listMessages } from "@/domain/messages/messages.ts";
import { followNotification } from "@/domain/notifications/inbox/read.ts";
import { getDelivery, listDeliveries } from "@/domain/webhooks/deliveries.ts";
import { sql } from "@/db/sql.ts";
import { readTicketRow } from "@/domain/tickets/access/read_ticket.ts";
import { toTicket } from "@/domain/tickets/access/ticket_row.ts";
import { ticketAtEvent } from "@/domain/webhooks/at_event.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { type Desk, openDesk } from "@/tests/helpers/desk.ts";
import { mostRowsRead } from "@/tests/helpers/plans.ts";

const TICKETS = 50_000;
const PAGE = 25;

/** For each ticket an email, a webhook message, a comment and a notification; few messages failed. */
async function seed(desk: Desk, { tenant, user }: Client): Promise<void> {
  await desk.look(`
    -- No triggers for this session: the rows fit together, and checking each foreign key takes most of the time.
    set session_replication_role = replica;
    insert into users (tenant_id, email, name, role, password_hash)
      select '${tenant.id}', 'u' || g || '@big.example', 'User ' || g, 'REQUESTER', '-' from generate_series(1, 5000) g;
    insert into webhook_endpoints (tenant_id, url) values ('${tenant.id}', 'https://example.com/hook');
    insert into tickets (tenant_id, number, type, title, description, status, impact, urgency, priority, requester_id,
        source) select '${tenant.id}', 100000 + g, 'incident', 'Ticket ' || g, '', 'open', 'low', 'low', 'low',
        '${user.id}', 'api' from generate_series(1, ${TICKETS}) g;
    insert into comments (tenant_id, ticket_id, author_id, visibility, body)
      select tenant_id, id, requester_id, 'public', 'Hello' from tickets;
    insert into outbox (tenant_id, id, recipient, template, payload)
      select tenant_id, uuidv7(make_interval(secs => number - 200000)), 'U' || 1 + number % 5000 || '@big.example', 'comment_added',
        jsonb_build_object('ticketId', id, 'metric', 'resolution') from tickets;
    insert into outbox (tenant_id, id, kind, endpoint_id, recipient, template, payload)
      select t.tenant_id, uuidv7(make_interval(secs => number - 200000)), 'webhook', w.id, w.url, 'ticket.created', jsonb_build_object('entity', 'ticket',
        'entityId', t.id) from tickets t join webhook_endpoints w on w.tenant_id = t.tenant_id;
    insert into jobs (tenant_id, id, kind, state, attempts, finished_at, created_at)
      select tenant_id, id, kind, case when n % 1000 = 0 then 'dead' when n % 1000 = 1 then 'ready' else 'done' end, 1,
        now() - interval '31 days', created_at from (select *, row_number() over (order by id) as n from outbox) o;
    insert into inbound_mails (tenant_id, id, provider_id, sender, recipient, outcome, verified, ticket_id)
      select tenant_id, uuidv7(make_interval(secs => number - 200000)), 'mail-' || number, 'u1@big.example', 'desk@in.example', 'opened', true, id
      from tickets where number % 10 = 0;
    insert into jobs (tenant_id, id, kind, state, attempts)
      select tenant_id, id, 'inbound', 'done', 1 from inbound_mails;
    insert into notifications (tenant_id, user_id, kind, ticket_id, payload)
      select tenant_id, '${user.id}', 'comment_added', ticket_id, jsonb_build_object('commentId', id) from comments;
    analyze;`);
}

/** As webhooks read: with an admin's sight. */
const asReader = (cx: Cx) => ({ ...cx, actor: { role: "ADMIN", queueIds: [] } }) as unknown as UserCx;

Deno.test(`messages: what is sent, listed and followed is looked up by key, at ${TICKETS} tickets under row security`, async (t) => {
  await using desk = await openDesk();
  const admin = await desk.register("Harbour Works");
  await seed(desk, admin);
  const id = async (from: string) =>
    (await desk.look<{ id: string }>(`select id from ${from} limit 1 offset 300`))[0]!.id;
  const system: Claim = { kind: "system", tenantId: admin.tenant.id };
  const asAdmin = (work: (cx: UserCx) => Promise<unknown>) =>
    actAsUser(
      desk.request(),
      accessClaim(admin.token!, desk.services.secrets)!,
      (cx) => mostRowsRead(cx, work),
    );
  const asSystem = (work: (cx: Cx) => Promise<unknown>) =>
    act(desk.request(), system, (cx) => mostRowsRead(cx, work));

  for (const seeAll of [true, false]) {
    await desk.look("update tenants set agents_see_all = $1", [seeAll]);
    await t.step(`an email that leaves: ${seeAll ? "agents see all" : "agents are confined"}`, async () => {
      const mail = await id("outbox where kind = 'email'");
      const most = await asSystem((cx) => readMailRow(cx, mail));
      assert(most <= 2, `reads ${most} rows`);
    });
  }
  for (const query of [{}, { kind: "email" }, { kind: "webhook" }, { kind: "inbound" }] as const) {
    await t.step(`the list of messages: ${JSON.stringify(query)}`, async () => {
      const most = await asAdmin((cx) => listMessages(cx, { limit: PAGE, ...query }));
      assert(most > PAGE && most <= 25 * PAGE, `reads ${most} rows`);
    });
  }
  await t.step("one message", async () => {
    const [mail, hook] = [await id("outbox where kind = 'email'"), await id("outbox where kind = 'webhook'")];
    for (const one of [mail, hook]) {
      const most = await asAdmin((cx) => getMessage(cx, one));
      assert(most <= 2, `reads ${most} rows`);
    }
  });
  const endpointId = (await desk.look<{ id: string }>("select id from webhook_endpoints"))[0]!.id;
  await t.step("the deliveries of an endpoint", async () => {
    const most = await asAdmin((cx) => listDeliveries(cx, { endpointId, limit: PAGE }));
    assert(most <= 4 * PAGE, `reads ${most} rows`);
  });
  await t.step("one delivery", async () => {
    const one = await id("outbox where kind = 'webhook'");
    const most = await asAdmin((cx) => getDelivery(cx, { endpointId, id: one }));
    assert(most <= 2, `reads ${most} rows`);
  });
  await t.step("a webhook message that is late, by the changes since", async () => {
    const [row] = await desk.look<{ id: string; at: string; audit: string }>(
      `select id, (now() - interval '1 hour')::text as at, uuidv7(interval '-1 hour') as audit from tickets limit 1`,
    );
    const made = (many: number, title: string) =>
      desk.look(
        `insert into audit_log (tenant_id, id, at, action, entity, entity_id, changes)
          select $1, uuidv7(make_interval(secs => g - 3000)), now() + make_interval(secs => g - 3000), 'ticket.edited',
            'ticket', $2, jsonb_build_object('title', jsonb_build_object('from', $3::text || g, 'to', 'x'))
          from generate_series(1, $4) g`,
        [admin.tenant.id, row!.id, title, many],
      );
    const moment = { entityId: row!.id, at: row!.at, auditId: row!.audit };
    let then: unknown;
    const most = () =>
      asSystem(async (cx) => {
        const now = toTicket(asReader(cx), (await readTicketRow(cx, sql`t.id = ${row!.id}`))!);
        then = await ticketAtEvent(cx, moment, now);
      });
    await made(900, "Title ");
    assert(await most() <= 1000, "reads too much");
    assertEquals((then as { title: string }).title, "Title 1");
    // After very many changes it isn't told any more: the message costs the same as before.
    await made(2000, "Other ");
    await desk.look("analyze audit_log");
    const read = await most();
    assert(read <= 1001, `reads ${read} rows`);
    assertEquals(then, null);
  });
  await t.step("a notification that is followed", async () => {
    const one = await id("notifications");
    // Its ticket, the comment's, and that once more: whether the comment may be read there.
    const most = await asAdmin((cx) => followNotification(cx, { id: one }));
    assert(most <= 3, `reads ${most} rows`);
  });
});
