import { act, actAsUser } from "@/domain/cx.ts";
import { canSeeTicket, ticketVisibility } from "@/domain/permissions.ts";
import { accessClaim } from "@/domain/auth/access_tokens.ts";
import { KIND_FACTS, NOTIFICATION_KINDS, type NotificationKind } from "@/domain/notifications/kinds.ts";
import { notify, type TicketNotification } from "@/domain/notifications/notify.ts";
import { visibleToUser } from "@/domain/tickets/access/visibility.ts";
import { sql } from "@/db/sql.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import { type Desk, openDesk } from "@/tests/helpers/desk.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

/** Who was told of what since the last look, as `name: kind` by page and `name: template` by mail. */
async function told(desk: Desk): Promise<{ shown: string[]; mailed: string[] }> {
  const shown = await desk.look<{ line: string }>(
    `select u.name || ': ' || n.kind as line from notifications n join users u on u.id = n.user_id order by 1`,
  );
  const mailed = await desk.look<{ line: string }>(
    `select u.name || ': ' || o.template as line from outbox o
      join users u on u.email = o.recipient and u.tenant_id = o.tenant_id
      where o.payload ? 'ticketId' order by 1`,
  );
  await desk.look("delete from notifications");
  await desk.look("truncate outbox, jobs cascade");
  return { shown: shown.map(({ line }) => line), mailed: mailed.map(({ line }) => line) };
}

/** Everybody wants every mail. */
async function wantAll(clients: Client[]): Promise<void> {
  const all = Object.fromEntries(NOTIFICATION_KINDS.map((kind) => [kind, { inApp: true, email: true }]));
  for (const client of clients) await client.patch("/me/preferences", { notifications: all });
}

async function watch(desk: Desk, ticketId: string, who: Client): Promise<void> {
  await desk.look(
    `insert into ticket_participants (tenant_id, ticket_id, user_id, kind, status, created_at, updated_at)
      select tenant_id, id, $2, 'watcher', status, created_at, updated_at from tickets where id = $1`,
    [ticketId, who.user.id],
  );
}

function tellAsDesk(desk: Desk, tenantId: string, telling: TicketNotification): Promise<void> {
  return act(desk.request(), { kind: "system", tenantId }, (cx) => notify(cx, telling));
}

Deno.test("notifications: one event, whom it concerns, by page and by mail", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, stranger, queue } = scene;
  const [ben, mia] = [
    await admin.invite("AGENT", "Ben Agent", [queue]),
    await admin.invite("MANAGER", "Mia Manager"),
  ];
  await admin.put(`/queues/${queue}/members/${agent.user.id}`);
  await wantAll([admin, agent, requester, stranger, ben, mia]);
  const both = (lines: string[]) => ({ shown: lines, mailed: lines });

  let ticket = await raise(requester, { categoryId: scene.category });
  await t.step("a new ticket: its queue is told, and the requester gets a mail with the number", async () => {
    assertEquals(await told(desk), {
      shown: ["Ana Agent: ticket_queued", "Ben Agent: ticket_queued"],
      mailed: ["Ana Agent: ticket_queued", "Ben Agent: ticket_queued", "Rob Requester: ticket_created"],
    });
  });

  await t.step("raised for somebody else: they are told both ways, whoever raised it isn't", async () => {
    await raise(agent, { requesterId: stranger.user.id, queueId: queue });
    assertEquals(await told(desk), both(["Ben Agent: ticket_queued", "Sue Stranger: ticket_created"]));
  });

  await t.step("handed over: who gets it, who had it, and who watches", async () => {
    await watch(desk, ticket.id, mia);
    const path = `/tickets/${ticket.id}/assignment`;
    ticket = (await admin.put(path, { version: 1, assigneeId: agent.user.id })).body;
    assertEquals(await told(desk), both(["Ana Agent: ticket_assigned", "Mia Manager: ticket_changed"]));
    ticket = (await admin.put(path, { version: 2, assigneeId: ben.user.id })).body;
    assertEquals(
      await told(desk),
      both(["Ana Agent: ticket_changed", "Ben Agent: ticket_assigned", "Mia Manager: ticket_changed"]),
    );
    await ben.put(path, { version: 3, assigneeId: agent.user.id });
    ticket = (await agent.put(path, { version: 4, assigneeId: agent.user.id })).body;
    await told(desk);
  });

  await t.step("a reply: everybody who takes part, but not who wrote it", async () => {
    await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Which tray?" });
    assertEquals(await told(desk), both(["Mia Manager: comment_added", "Rob Requester: comment_added"]));
    await requester.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "The left one" });
    assertEquals(await told(desk), both(["Ana Agent: comment_added", "Mia Manager: comment_added"]));
  });

  await t.step("an internal note: staff alone, even where a requester watches", async () => {
    await watch(desk, ticket.id, stranger);
    await admin.post(`/tickets/${ticket.id}/comments`, { body: "the canary sings", visibility: "internal" });
    const [row] = await desk.look("select bool_and(internal) as internal from notifications");
    assertEquals(row, { internal: true });
    assertEquals(await told(desk), both(["Ana Agent: note_added", "Mia Manager: note_added"]));
  });

  await t.step("moves: resolved, opened again and others are told apart", async () => {
    const path = `/tickets/${ticket.id}`;
    const { version } = (await agent.get(path)).body;
    await agent.post(`${path}/transitions`, { version, to: "in_progress" });
    const all = ["Mia Manager", "Rob Requester", "Sue Stranger"];
    assertEquals(await told(desk), both(all.map((name) => `${name}: ticket_moved`)));
    await agent.post(`${path}/transitions`, { version: version + 1, to: "resolved", note: "New roller" });
    assertEquals(await told(desk), both(all.map((name) => `${name}: ticket_resolved`)));
    await requester.post(`${path}/transitions`, { version: version + 2, to: "open" });
    assertEquals(
      await told(desk),
      both(["Ana Agent", "Mia Manager", "Sue Stranger"].map((name) => `${name}: ticket_reopened`)),
    );
  });

  await t.step(
    "edited: who works on it and who watches; a new queue is told of what nobody has",
    async () => {
      const { version } = (await agent.get(`/tickets/${ticket.id}`)).body;
      await admin.patch(`/tickets/${ticket.id}`, { version, priority: "urgent" });
      assertEquals(
        await told(desk),
        both(["Ana Agent", "Mia Manager", "Sue Stranger"].map((name) => `${name}: ticket_changed`)),
      );
      const loose = await raise(requester);
      await told(desk);
      await admin.patch(`/tickets/${loose.id}`, { version: 1, queueId: queue });
      assertEquals(await told(desk), both(["Ana Agent: ticket_queued", "Ben Agent: ticket_queued"]));
      await requester.post(`/tickets/${loose.id}/comments`, { visibility: "public", body: "Anybody there?" });
      assertEquals(await told(desk), both(["Ana Agent: ticket_queued", "Ben Agent: ticket_queued"]));
    },
  );

  await t.step("several reasons: told once, for the strongest; a mention comes first", async () => {
    await tellAsDesk(desk, admin.tenant.id, {
      ticketId: ticket.id,
      recipients: [
        { userId: agent.user.id, kind: "mentioned" },
        { userId: agent.user.id, kind: "ticket_changed" },
        { userId: mia.user.id, kind: "mentioned" },
      ],
      requester: "comment_added",
      watchers: "comment_added",
      assignee: "comment_added",
      queue: "ticket_queued",
      managers: "sla_breached",
    });
    assertEquals(
      await told(desk),
      both([
        "Ada Admin: sla_breached",
        "Ana Agent: mentioned",
        "Ben Agent: ticket_queued",
        "Mia Manager: mentioned",
        "Rob Requester: comment_added",
        "Sue Stranger: comment_added",
      ]),
    );
  });

  await t.step("preferences: each way by itself, and neither", async () => {
    const choose = (inApp: boolean, email: boolean) =>
      mia.patch("/me/preferences", { notifications: { mentioned: { inApp, email } } });
    const mention = () =>
      tellAsDesk(desk, admin.tenant.id, {
        ticketId: ticket.id,
        recipients: [{ userId: mia.user.id, kind: "mentioned" }],
      });
    const line = "Mia Manager: mentioned";
    for (const [inApp, email] of [[true, true], [true, false], [false, true], [false, false]] as const) {
      await choose(inApp, email);
      await mention();
      assertEquals(await told(desk), { shown: inApp ? [line] : [], mailed: email ? [line] : [] });
    }
    await choose(true, true);
  });

  await t.step("nobody who is deactivated, who may not see the ticket, or whom it isn't for", async () => {
    const outsider = await admin.invite("REQUESTER", "Olga Outside");
    await admin.patch(`/users/${ben.user.id}`, { version: 1, active: false });
    const named = [outsider, ben, scene.other].map(({ user }) => ({
      userId: user.id,
      kind: "mentioned" as const,
    }));
    await told(desk);
    await tellAsDesk(desk, admin.tenant.id, { ticketId: ticket.id, recipients: named });
    // A kind for staff is no kind for the requester, whatever the reason.
    await tellAsDesk(desk, admin.tenant.id, { ticketId: ticket.id, requester: "sla_warning" });
    assertEquals(await told(desk), { shown: [], mailed: [] });
    await desk.look("update tenants set agents_see_all = false");
    const elsewhere = (await admin.post("/queues", { name: "Elsewhere" })).body.id;
    const far = await raise(admin, { queueId: elsewhere });
    await told(desk);
    const mention = () =>
      tellAsDesk(desk, admin.tenant.id, {
        ticketId: far.id,
        recipients: [{ userId: agent.user.id, kind: "mentioned" }],
      });
    await mention();
    assertEquals((await told(desk)).shown, []);
    await admin.put(`/queues/${elsewhere}/members/${agent.user.id}`);
    await mention();
    assertEquals((await told(desk)).shown, ["Ana Agent: mentioned"]);
  });
});

Deno.test("notifications: unless somebody chose, everything is shown, and mailed as the table of kinds says", async () => {
  await using scene = await openScene();
  const { desk, admin, agent, requester } = scene;
  const ticket = await raise(requester);
  await told(desk);
  for (const kind of NOTIFICATION_KINDS) {
    await tellAsDesk(desk, admin.tenant.id, {
      ticketId: ticket.id,
      recipients: [agent, requester].map(({ user }) => ({ userId: user.id, kind })),
    });
    const names = KIND_FACTS[kind].staff ? ["Ana Agent"] : ["Ana Agent", "Rob Requester"];
    const lines = names.map((name) => `${name}: ${kind}`);
    assertEquals(await told(desk), { shown: lines, mailed: KIND_FACTS[kind].email ? lines : [] });
  }
});

Deno.test("notifications: what SQL says of who may see a ticket is what the policy says, for every role and setting", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Harbour Works");
  const [mine, other] = await Promise.all(
    ["Mine", "Other"].map(async (name) => (await admin.post("/queues", { name })).body.id as string),
  );
  const roles = ["REQUESTER", "AGENT", "MANAGER", "ADMIN"];
  const people: Client[] = [];
  for (const role of roles) {
    people.push(await admin.invite(role, `Some ${role}`, role === "REQUESTER" ? [] : [mine!]));
  }
  const tickets: string[] = [];
  for (const queueId of [undefined, mine, other]) {
    for (const assignee of [null, ...people.slice(1, 2)]) {
      for (const watcher of [null, ...people]) {
        const ticket = await raise(admin, queueId ? { queueId } : {});
        const assigned = { version: 1, assigneeId: assignee?.user.id ?? null };
        if (assignee) await admin.put(`/tickets/${ticket.id}/assignment`, assigned);
        if (watcher) await watch(desk, ticket.id, watcher);
        tickets.push(ticket.id);
      }
    }
  }
  let [yes, no] = [0, 0];
  for (const seeAll of [true, false]) {
    await desk.look("update tenants set agents_see_all = $1", [seeAll]);
    for (const person of people) {
      const claim = accessClaim(person.token!, desk.services.secrets)!;
      await actAsUser(desk.request(), claim, async (cx) => {
        const rows = await cx.db.rows<
          { requester: string; assignee: string; queue: string; sql: boolean; takes: boolean }
        >(
          sql`select t.requester_id as requester, t.assignee_id as assignee, t.queue_id as queue,
            ${visibleToUser(cx)} as sql, exists (select from ticket_participants p
              where p.tenant_id = t.tenant_id and p.ticket_id = t.id and p.user_id = u.id) as takes
          from tickets t, users u where t.tenant_id = ${cx.tenant.id} and u.tenant_id = ${cx.tenant.id}
            and u.id = ${cx.actor.id}`,
        );
        assertEquals(rows.length, tickets.length);
        for (const row of rows) {
          const policy = canSeeTicket(ticketVisibility(cx.tenant, cx.actor), cx.actor, {
            requesterId: row.requester,
            assigneeId: row.assignee,
            queueId: row.queue,
            participates: row.takes,
          });
          assertEquals([person.user.role, seeAll, row.sql], [person.user.role, seeAll, policy]);
          if (policy) yes++;
          else no++;
        }
      });
    }
  }
  assert(yes > 50 && no > 20, `${yes} and ${no}`);
});

Deno.test("notifications: a mail that waits isn't sent to who can't see the ticket by then, or wants none", async () => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, stranger } = scene;
  const ticket = await raise(requester);
  await watch(desk, ticket.id, stranger);
  await desk.look("truncate outbox, jobs cascade");
  await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Hello" });
  await desk.look("delete from ticket_participants where user_id = $1", [stranger.user.id]);
  assertEquals(await drainJobs(desk.services), { done: 1, skipped: 1, failed: 0 });
  const [row] = await desk.look(
    "select last_error from jobs join outbox using (tenant_id, id) where recipient = $1",
    [stranger.user.email],
  );
  assertEquals(row, { last_error: "Not sent: the recipient can no longer see the ticket or comment" });
  for (const kind of NOTIFICATION_KINDS as readonly NotificationKind[]) {
    await desk.look("truncate outbox, jobs cascade");
    await tellAsDesk(desk, admin.tenant.id, {
      ticketId: ticket.id,
      recipients: [{ userId: agent.user.id, kind }],
      facts: { metric: "resolution", percent: 90, rating: 4, to: "pending" },
      text: "Said",
    });
    await desk.look("update jobs set run_at = now()");
    const mails = KIND_FACTS[kind].email ? 1 : 0;
    assertEquals(await drainJobs(desk.services), { done: mails, skipped: 0, failed: 0 });
  }
});
