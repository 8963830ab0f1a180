/** An organisation in which everything that people can name or write is a payload. */
import { assertEquals } from "./assert.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import { PAYLOADS } from "./xss_payloads.ts";

/** What bears one payload: by the names that addresses of pages have for it. */
export interface Bearer {
  payload: string;
  values: Record<string, string>;
}

/** Work of this many at a time. */
export async function eachOf<T>(
  items: readonly T[],
  work: (item: T, i: number) => Promise<void>,
  atOnce = 6,
) {
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let i = next++; i < items.length; i = next++) await work(items[i]!, i);
  }));
}

/** Makes all of it; `admin` is named harmlessly, so that what is theirs can be told apart. */
export async function bearPayloads(desk: Desk, admin: Client): Promise<Bearer[]> {
  const people = await desk.look<{ id: string }>(
    `insert into users (tenant_id, email, name, role, password_hash)
      select u.tenant_id, 'p' || n || '@works.example', left(p.label, 120), 'AGENT', u.password_hash
      from users u cross join unnest($2::text[]) with ordinality p(label, n) where u.id = $1 order by n returning id`,
    [admin.user.id, PAYLOADS],
  );
  const agent = await admin.invite("AGENT", "Ana Agent");
  const bearers: Bearer[] = [];
  await eachOf(PAYLOADS, async (payload, i) => {
    bearers[i] = { payload, values: await bear(desk, { admin, agent }, { payload, i, id: people[i]!.id }) };
  });
  // A reply box with hundreds of things to choose from would show the same again and again.
  await desk.look("update canned_replies set archived_at = now() where not (id = any($1))", [
    kept(bearers, "reply"),
  ]);
  await desk.look("update macros set archived_at = now() where not (id = any($1))", [kept(bearers, "macro")]);
  return bearers;
}

/** One in so many bears its payload on the pages that take long. */
export const SAMPLE = 12;

function kept(bearers: Bearer[], name: string): string[] {
  return bearers.filter((_, i) => i % SAMPLE === 0).map(({ values }) => values[name]!);
}

async function bear(
  desk: Desk,
  { admin, agent }: { admin: Client; agent: Client },
  { payload, i, id }: { payload: string; i: number; id: string },
): Promise<Record<string, string>> {
  const made = async (path: string, body: unknown, client = admin) => {
    const answer = await client.post(path, body);
    assertEquals([path, payload, answer.status], [path, payload, 201]);
    return answer.body;
  };
  // Names differ in more than their case.
  const short = (length: number) => `${payload.slice(0, length - 4).replaceAll(/\s+/g, " ").trim()} ${i}`;
  const queue = await made("/queues", { name: short(120), description: payload });
  const category = await made("/categories", { name: short(120), queueId: queue.id });
  const reply = await made("/canned-replies", { title: short(120), body: payload, shared: true });
  const macro = await made("/macros", {
    name: short(120),
    description: payload,
    actions: {
      reply: payload,
      replyVisibility: "public",
      queueId: queue.id,
      categoryId: category.id,
      assigneeId: id,
      note: payload,
      status: "resolved",
    },
  });
  const view = await made("/views", { name: short(80), shared: true, filter: { queueId: [queue.id] } });
  const saved = await made("/saved-reports", {
    name: short(80),
    report: "volume",
    query: { queueId: [queue.id] },
    schedule: { every: "day", hour: 8 },
  });
  const item = await made("/catalog", {
    name: short(120),
    description: payload,
    section: short(80),
    fields: [
      { key: "a", type: "text", label: short(120), help: payload, required: true },
      { key: "b", type: "choice", label: "Choice", options: [short(120), "other"] },
    ],
  });
  const calendar = await made("/calendars", {
    name: short(120),
    timeZone: "UTC",
    week: { monday: [{ from: "09:00", to: "17:00" }] },
    holidays: [{ date: "2100-12-25", name: short(120) }],
  });
  const minutes = { low: 60, medium: 60, high: 60, urgent: 60 };
  const policy = await made("/sla-policies", {
    name: short(120),
    calendarId: calendar.id,
    categoryId: category.id,
    queueId: queue.id,
    targets: { firstResponse: minutes, resolution: minutes },
  });
  const asked = await made(`/catalog/${item.id}/requests`, { answers: { a: payload, b: short(120) } });
  const ticket = await made("/tickets", {
    title: short(200),
    description: payload,
    requesterId: id,
    categoryId: category.id,
  }, agent);
  const at = `/tickets/${ticket.id}`;
  const comment = await made(`${at}/comments`, { visibility: "public", body: payload }, agent);
  await agent.patch(`${at}/comments/${comment.id}`, { body: `${payload} `.repeat(2), version: 1 });
  await made(`${at}/comments`, { body: `@Ada Admin ${payload}`, visibility: "internal" }, agent);
  const files = await agent.upload(`${at}/attachments`, [{ name: "a.txt", content: "a" }]);
  const file = files.body.items[0].id;
  let { version } = (await agent.get(at)).body;
  for (const assigneeId of [admin.user.id, id]) {
    version = (await agent.put(`${at}/assignment`, { version, assigneeId, queueId: queue.id })).body.version;
  }
  await agent.post(`${at}/transitions`, { version, to: "resolved", note: payload });
  // Past what the forms would refuse: the page alone has to be safe.
  await desk.look("update comments set author_id = $2 where id = $1", [comment.id, id]);
  await desk.look("update attachments set name = $2 where id = $1", [file, payload]);
  await desk.look(
    "insert into ticket_tags (tenant_id, ticket_id, tag) select tenant_id, id, left($2, 40) from tickets where id = $1",
    [ticket.id, payload],
  );
  return {
    key: ticket.key,
    asked: asked.key,
    comment: comment.id,
    reply: reply.id,
    macro: macro.id,
    calendar: calendar.id,
    policy: policy.id,
    view: view.id,
    saved: saved.id,
    queue: queue.id,
    category: category.id,
    item: item.id,
    file,
    id,
  };
}
