import { act } from "@/domain/cx.ts";
import { canReceive } from "@/domain/events/audience.ts";
import { type FeedEvent, readFeed } from "@/domain/events/feed.ts";
import { readPrincipals } from "@/domain/events/principals.ts";
import { FEED_START } from "@/domain/events/position.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { raise } from "@/tests/helpers/ticket_scene.ts";
import { until } from "@/tests/process/support.ts";

const desk = await openDesk();
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
const admin = await desk.register();
const [manager, inside, outside, requester, colleague] = await Promise.all([
  admin.invite("MANAGER", "Mona Manager"),
  admin.invite("AGENT", "Ina Inside"),
  admin.invite("AGENT", "Otto Outside"),
  admin.invite("REQUESTER", "Rob Requester"),
  admin.invite("REQUESTER", "Cora Colleague"),
]);
const people: Record<string, Client> = {
  admin,
  manager: manager!,
  inside: inside!,
  outside: outside!,
  requester: requester!,
  colleague: colleague!,
};

/** Everything in the feed, and who listens. */
async function feed(): Promise<FeedEvent[]> {
  return await act(desk.request(), { kind: "system", tenantId: admin.tenant.id }, async (cx) => {
    const events: FeedEvent[] = [];
    for (let after = FEED_START, more = true; more;) {
      const stretch = await readFeed(cx, { after, limit: 50 });
      events.push(...stretch.events);
      [after, more] = [stretch.end, stretch.more];
    }
    return events;
  });
}

async function principals() {
  const sessions = await desk.look<{ id: string; user_id: string }>("select id, user_id from sessions");
  const ids = sessions.map(({ id }) => id);
  const found = await act(
    desk.request(),
    { kind: "system", tenantId: admin.tenant.id },
    (cx) => readPrincipals(cx, ids),
  );
  return Object.entries(people).map(([name, client]) => {
    const session = sessions.find(({ user_id }) => user_id === client.user.id)!;
    return { name, client, principal: found.get(session.id)! };
  });
}

/** One of everything that tickets differ in. */
async function seed(): Promise<void> {
  const queues = await Promise.all(
    ["Network", "Print"].map(async (name) => (await admin.post("/queues", { name })).body.id),
  );
  await admin.put(`/queues/${queues[0]}/members/${inside!.user.id}`);
  for (const queueId of [null, ...queues]) {
    for (const assignee of [null, outside]) {
      const ticket = await raise(requester!, { title: `In ${queueId}` });
      await admin.put(`/tickets/${ticket.id}/assignment`, {
        version: ticket.version,
        assigneeId: assignee?.user.id ?? null,
        queueId,
      });
      await admin.post(`/tickets/${ticket.id}/comments`, { body: "Between us", visibility: "internal" });
    }
  }
  const watched = await raise(requester!, { title: "Watched" });
  await admin.put(`/tickets/${watched.id}/watchers/${colleague!.user.id}`);
  await admin.put(`/tickets/${watched.id}/assignment`, {
    version: watched.version,
    assigneeId: null,
    queueId: queues[1],
  });
  await admin.put(`/tickets/${watched.id}/watchers/${inside!.user.id}`);
  await admin.post("/categories", { name: "Cables" });
  await admin.post("/macros", { name: "Take it", actions: { assigneeId: "me" } });
  await inside!.post("/canned-replies", { title: "Mine", body: "Hello" });
  await inside!.post("/views", { name: "Mine", filter: {} });
  await requester!.upload("/attachments", [{ name: "a.txt", content: "text" }]);
  await admin.post("/catalog", { name: "Hammer", fields: [] });
  await admin.post("/invitations", { email: "new@works.example", role: "AGENT" });
}
await seed();
// Transactions of other databases of the server hold events back as well.
const [made] = await desk.look<{ count: number }>("select count(*) from events");
await until(async () => (await feed()).length === made!.count, 60_000);

const PLACES: Record<string, (id: string) => string> = {
  queue: (id) => `/queues/${id}`,
  category: (id) => `/categories/${id}`,
  catalog_item: (id) => `/catalog/${id}`,
  calendar: (id) => `/calendars/${id}`,
  sla_policy: (id) => `/sla-policies/${id}`,
  macro: (id) => `/macros/${id}`,
  canned_reply: (id) => `/canned-replies/${id}`,
  view: (id) => `/views/${id}`,
  saved_report: (id) => `/saved-reports/${id}`,
  attachment: (id) => `/attachments/${id}`,
  user: (id) => `/users/${id}`,
  invitation: (id) => `/invitations/${id}`,
  tenant: () => "/tenant",
};

for (const agentsSeeAll of [true, false]) {
  Deno.test(`CHK-09 the hub tells exactly those who may read it (agents see all: ${agentsSeeAll})`, async () => {
    await desk.look("update tenants set agents_see_all = $1", [agentsSeeAll]);
    const events = await feed();
    const wrong: string[] = [];
    let told = 0;
    let kept = 0;
    for (const { name, client, principal } of await principals()) {
      const seen = new Map<string, boolean>();
      const listed = new Set<string>(
        (await client.get("/tickets?limit=100")).body.items.map(({ id }: { id: string }) => id),
      );
      for (const event of events) {
        const hears = canReceive(principal, event);
        const key = `${event.entity} ${event.entityId}`;
        if (event.entity === "ticket") {
          if (!seen.has(key)) seen.set(key, (await client.get(`/tickets/${event.entityId}`)).status === 200);
          const sees = seen.get(key)! && !(event.internal && client.user.role === "REQUESTER");
          if (hears !== sees) wrong.push(`${name} ${event.topic}: hears ${hears}, sees ${sees}`);
          if (seen.get(key) !== listed.has(event.entityId)) wrong.push(`${name}: list and detail disagree`);
        } else if (hears) {
          const { status } = await client.get(PLACES[event.entity]!(event.entityId));
          if (status !== 200) wrong.push(`${name} hears ${event.topic} but reads ${status}`);
        }
        hears ? told++ : kept++;
      }
    }
    assertEquals(wrong, []);
    assert(told > 100 && kept > 100, `${told} told, ${kept} kept`);
  });
}

Deno.test("CHK-09 the pages of the feed hold what the hub would tell, and nothing else", async () => {
  const events = await feed();
  for (const { client, principal } of await principals()) {
    const expected = events.filter((event) => canReceive(principal, event)).map(({ entityId }) => entityId);
    const items: string[] = [];
    for (let path = "/events?limit=7", more = true; more;) {
      const { body } = await client.get(path);
      items.push(...body.items.map(({ entityId }: { entityId: string }) => entityId));
      assert(body.items.length <= 7);
      [path, more] = [`/events?limit=7&after=${body.nextCursor}`, body.more];
    }
    assertEquals(items, expected);
  }
});
