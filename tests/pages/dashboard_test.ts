import { act } from "@/domain/cx.ts";
import { tryFactsLock } from "@/domain/reports/facts/make_facts.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { passMinutes, promise } from "@/tests/helpers/sla_scene.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

// One desk for all: an agent in one queue, a second one, a manager, and tickets in every state.
const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const { desk, admin, agent, requester, queue } = scene;
const [bea, manager] = await Promise.all([
  admin.invite("AGENT", "Bea Agent"),
  admin.invite("MANAGER", "Mona Manager"),
]);
await promise(admin, { firstResponse: 60, resolution: 480 });
await admin.put(`/queues/${queue}/members/${agent.user.id}`);
const elsewhere = (await admin.post("/queues", { name: "Elsewhere" })).body.id as string;

const made = (fields: Record<string, unknown> = {}) => raise(requester, fields);
const assign = async (id: string, assigneeId: string, queueId?: string) => {
  const { version } = (await admin.get(`/tickets/${id}`)).body;
  const answer = await admin.put(`/tickets/${id}/assignment`, {
    version,
    assigneeId,
    ...(queueId && { queueId }),
  });
  assertEquals(answer.status, 200);
};
const move = async (id: string, to: string, fields: Record<string, unknown> = {}) => {
  const { version } = (await admin.get(`/tickets/${id}`)).body;
  assertEquals((await admin.post(`/tickets/${id}/transitions`, { version, to, ...fields })).status, 200);
};
const say = (client: Client, id: string, body: string) =>
  client.post(`/tickets/${id}/comments`, { visibility: "public", body });

const late = await made({ title: "Late and mine" });
await passMinutes(desk, late.id, 130);
await assign(late.id, agent.user.id, queue);
const working = await made({ title: "At work" });
await assign(working.id, agent.user.id, queue);
await move(working.id, "in_progress");
await say(agent, working.id, "I have started");
const asked = await made({ title: "Asked" });
await assign(asked.id, agent.user.id, queue);
await say(agent, asked.id, "Which floor?");
await move(asked.id, "pending", { reason: "requester" });
const answered = await made({ title: "Answered" });
await assign(answered.id, bea!.user.id, elsewhere);
await say(bea!, answered.id, "Have you tried again?");
const vendor = await made({ title: "At the vendor" });
await move(vendor.id, "pending", { reason: "vendor" });
const done = await made({ title: "Done in time" });
await move(done.id, "resolved", { note: "Replaced" });
const overdue = await made({ title: "Done too late" });
await passMinutes(desk, overdue.id, 600);
await move(overdue.id, "resolved", { note: "At last" });
const closed = await made({ title: "Closed" });
await move(closed.id, "cancelled");
await made({ title: "Fresh, in nobody's queue" });
await assign((await made({ title: "Out of sight" })).id, bea!.user.id, elsewhere);
const unseen = await made({ title: "Unseen and unassigned" });
const { version } = (await admin.get(`/tickets/${unseen.id}`)).body;
await admin.put(`/tickets/${unseen.id}/assignment`, { version, assigneeId: null, queueId: elsewhere });
await raise(agent, { title: "Of staff", queueId: queue });
await desk.look("update tickets set created_at = now() - interval '10 days' where id = $1", [working.id]);
await desk.look("update tickets set created_at = now() - interval '45 days' where id = $1", [late.id]);
await desk.look(
  `update jobs set state = 'dead', last_error = 'Refused' where kind = 'email'
    and id in (select id from jobs where kind = 'email' order by id limit 3)`,
);

interface Figure {
  count: number;
  list: string;
}

/** Every figure of an answer. */
function figuresIn(part: unknown): Figure[] {
  if (typeof part !== "object" || part === null) return [];
  return "list" in part ? [part as Figure] : Object.values(part).flatMap(figuresIn);
}

/** How many a list has, page by page. */
async function lengthOf(client: Client, list: string): Promise<number> {
  let length = 0;
  for (let cursor: string | null = "";;) {
    const { status, body }: Awaited<ReturnType<Client["get"]>> = await client.get(
      `${list.replace("/v1", "")}&limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    assertEquals([list, status], [list, 200]);
    length += body.items.length;
    cursor = body.nextCursor;
    if (cursor === null) return length;
  }
}

async function dashboardOf(client: Client) {
  const { status, body } = await client.get("/dashboard");
  assertEquals(status, 200);
  return body;
}

const PEOPLE = { requester, agent, manager: manager!, admin };
const partsOf = (body: Record<string, unknown>) =>
  ["requests", "work", "team", "health"].filter((part) => body[part] !== null);

Deno.test("a dashboard has what is for the role, and each number is as long as its list", async (t) => {
  const parts = {
    requester: ["requests"],
    agent: ["work"],
    manager: ["work", "team"],
    admin: ["work", "team", "health"],
  };
  for (const [role, client] of Object.entries(PEOPLE)) {
    await t.step(role, async () => {
      const body = await dashboardOf(client);
      assertEquals(partsOf(body), parts[role as keyof typeof parts]);
      const figures = figuresIn(body);
      assert(figures.length >= 3 && figures.some(({ count }) => count > 0));
      for (const { count, list } of figures) {
        assertEquals([list, count], [list, await lengthOf(client, list)]);
      }
    });
  }
});

Deno.test("the page shows the figures of the API, with their lists", async () => {
  for (const [role, client] of Object.entries(PEOPLE)) {
    const browser = await PageClient.signedIn(client);
    const [page, body] = [await browser.get("/home"), await dashboardOf(client)];
    assertEquals(page.status, 200);
    const links = Map.groupBy(page.document.querySelectorAll("main a"), (a) => a.getAttribute("href"));
    const { health, work, ...others } = body;
    // Of the week before there is the difference.
    for (const weeks of [others.team?.firstResponse, others.team?.resolution]) weeks?.shift();
    // Whoever leads has perhaps no work of their own.
    const own = work && (work.assigned.count > 0 ? work : work.unassigned);
    const shown = [...figuresIn([others, own]), ...figuresIn(health).filter(({ count }) => count > 0)];
    for (const { count, list } of shown) {
      const href = list.replace("/v1/outbox", "/admin/outbox").replace("/v1", "");
      const texts = links.get(href)?.map((a) => a.textContent!) ?? [];
      assert(texts.some((text) => text.includes(String(count))), `${role}: ${count} ${href} ${texts}`);
      if (role === "manager") assertEquals([href, (await browser.get(href)).status], [href, 200]);
    }
    assertEquals(page.document.querySelectorAll("[style]").length, 0);
  }
});

Deno.test("an agent sees what is due next, who waits for them, and their queues", async () => {
  const { work } = await dashboardOf(agent);
  const titles = (list: { title: string }[]) => list.map(({ title }) => title);
  assertEquals([work.assigned.count, work.needsReply.count, work.breached.count], [3, 1, 1]);
  assertEquals(titles(work.dueNext)[0], "Late and mine");
  assertEquals(titles(work.waiting), ["Late and mine"]);
  assertEquals(
    work.queues.map((one: { queue: { name: string }; active: Figure; unassigned: Figure }) => [
      one.queue.name,
      one.active.count,
      one.unassigned.count,
    ]),
    [["Network", 4, 1]],
  );
});

Deno.test("a manager sees attainment, today's breaches, the backlog, its age and who has how much", async () => {
  const { team } = await dashboardOf(manager!);
  // The breach was two hours ago, which on some Mondays was last week.
  const week = team.resolution.find(({ breached }: { breached: Figure }) => breached.count > 0);
  const met = team.resolution.map(({ met }: { met: Figure }) => met.count);
  assertEquals([met, week.breached.count], [[0, 1], 1]);
  assertEquals(week.attainment, week.met.count === 1 ? 50 : 0);
  const isToday = (minutes: number) =>
    new Date(Date.now() - minutes * 60_000).getUTCDate() === new Date().getUTCDate();
  assertEquals(
    [team.breachedToday.firstResponse.count, team.breachedToday.resolution.count, team.breached.count],
    [[70, 540].filter(isToday).length, [120].filter(isToday).length, 1],
  );
  const active = (await admin.get("/tickets/counts")).body.byStatus;
  const open = active.new + active.open + active.in_progress + active.pending;
  assertEquals([team.backlog.count, team.backlog.days.at(-1).open], [open, open]);
  assertEquals(
    team.ageing.map(({ label, count }: { label: string; count: number }) => [label, count]),
    [["Up to 1 day", open - 2], ["1 to 3 days", 0], ["3 to 7 days", 0], ["7 to 30 days", 1], [
      "Over 30 days",
      1,
    ]],
  );
  assertEquals(
    team.load.map((
      { agent, active }: { agent: { name: string }; active: Figure },
    ) => [agent.name, active.count]),
    [["Ana Agent", 3], ["Bea Agent", 2]],
  );
});

Deno.test("while facts are behind the backlog adds up to what is counted, and says that it isn't all", async () => {
  const before = (await dashboardOf(manager!)).team;
  await desk.look("update report_progress set changed_at = '-infinity'");
  await desk.look("delete from report_stays");
  const during = await act(
    desk.request(),
    { kind: "system", tenantId: admin.tenant.id },
    async (cx) => await tryFactsLock(cx) ? (await dashboardOf(manager!)).team : null,
  );
  const counts = (figures: Figure[]) => figures.map(({ count }) => count);
  assertEquals([during.complete, during.backlog.count, counts(during.ageing)], [false, 0, [0, 0, 0, 0, 0]]);
  const { team } = await dashboardOf(manager!);
  assertEquals([team.complete, team.backlog, team.ageing], [true, before.backlog, before.ageing]);
});

Deno.test("the backlog of each day is the report's, whatever was opened and ended meanwhile", async () => {
  const tickets = await desk.look<{ id: string; active: boolean }>(
    `select id, status in ('new', 'open', 'in_progress', 'pending') as active from tickets
      where tenant_id = $1 order by number`,
    [admin.tenant.id],
  );
  // Each was opened on another day; every other one ended some days later, and was reopened.
  for (const [i, { id, active }] of tickets.entries()) {
    await desk.look("delete from report_stays where id = $1 and kind in ('status', 'queue')", [id]);
    const end = active ? null : `${i / 2 + 0.1} days`;
    const stays = i % 2 === 0 ? [["created", `${i * 3 + 0.4} days`, end]] : [
      ["created", `${i * 3 + 2} days`, `${i * 2 + 1} days`],
      ["reopened", `${i + 0.3} days`, end],
    ];
    for (const [position, [began, from, to]] of stays.entries()) {
      await desk.look(
        `insert into report_stays (tenant_id, id, kind, position, status, holder, from_at, to_at, began, ended,
            created_at)
          select tenant_id, id, k.kind, $2, case k.kind when 'status' then 'open' end,
            case k.kind when 'queue' then queue_key end, now() - $3::interval,
            coalesce(now() - $4::interval, 'infinity'), $5, case when $4::text is not null then 'resolved' end,
            now() - $6::interval
          from tickets cross join (values ('status'), ('queue')) k (kind) where id = $1`,
        [id, position, from, to, began, `${i * 5} days`],
      );
    }
  }
  const { team } = await dashboardOf(manager!);
  const report = await manager!.get("/reports/backlog?period=last-30-days&interval=day&by=time");
  assertEquals(report.status, 200);
  const rows = report.body.rows as { key: string; values: { open: number } }[];
  assertEquals(
    team.backlog.days,
    rows.map(({ key, values }) => ({ day: key, open: values.open })),
  );
  assertEquals(new Set(rows.map(({ values }) => values.open)).size > 4, true);
  assertEquals(
    team.ageing.map(({ count }: Figure) => count),
    ["upToOneDay", "upToThreeDays", "upToOneWeek", "upToOneMonth", "older"].map((name) =>
      report.body.total.values[name]
    ),
  );
});

Deno.test("a requester reads the next step of each request, and nothing of the staff's", async () => {
  const { requests } = await dashboardOf(requester);
  const steps = new Map<string, string>(
    requests.items.map((
      { ticket, nextStep }: { ticket: { title: string }; nextStep: { text: string; turn: string } },
    ) => [ticket.title, `${nextStep.turn}: ${nextStep.text}`]),
  );
  assertEquals(steps.get("Asked"), "you: Waiting for you: Ana Agent asked a question");
  assertEquals(steps.get("At work"), "desk: We are working on it");
  assertEquals(steps.get("At the vendor"), "nobody: We are waiting for a vendor");
  assertEquals(steps.get("Done in time"), "you: Resolved: does it work? Reopen it if it doesn't");
  assertEquals(steps.get("Unseen and unassigned"), "desk: We have received it and will look at it soon");
  assertEquals(steps.has("Closed"), false);
  const turns = requests.items.map(({ nextStep }: { nextStep: { turn: string } }) => nextStep.turn === "you");
  assertEquals(turns, turns.toSorted((a: boolean, b: boolean) => Number(b) - Number(a)));
  const page = await (await PageClient.signedIn(requester)).get("/home");
  const said = textOf(page, "main");
  assert(said.includes("Ana Agent asked a question"), said);
  for (const word of ["Backlog", "Unassigned", "System health", "SLA", "Load"]) {
    assert(!said.includes(word), word);
  }
});

Deno.test("an admin is told what failed", async () => {
  const { health } = await dashboardOf(admin);
  assertEquals([health.deadLetters.email.count, health.webhooks.disabled], [3, 0]);
  assertEquals([health.facts.behind.count, health.delivers], [0, false]);
  const page = await (await PageClient.signedIn(admin)).get("/home");
  assert(textOf(page, ".home-health").includes("3 not sent"), textOf(page, ".home-health"));
});

Deno.test("CHK-09 a confined agent is told of their queues alone", async () => {
  const { version } = (await admin.get("/tenant")).body;
  assertEquals((await admin.patch("/tenant", { version, agentsSeeAll: false })).status, 200);
  const body = await dashboardOf(agent);
  const text = JSON.stringify(body);
  assert(
    !text.includes("Unseen and unassigned") && !text.includes("Out of sight") && !text.includes("Elsewhere"),
  );
  const figures = figuresIn(body);
  for (const { count, list } of figures) assertEquals([list, count], [list, await lengthOf(agent, list)]);
  const page = await (await PageClient.signedIn(agent)).get("/home");
  assert(!page.html.includes("Unseen and unassigned") && !page.html.includes("Elsewhere"));
});

Deno.test("without anything each part says what to do next", async () => {
  const { other } = scene;
  const admins = textOf(await (await PageClient.signedIn(other)).get("/home"), "main");
  for (const words of ["There are no agents yet", "Invite people", "–"]) {
    assert(admins.includes(words), admins);
  }
  const agents = await (await PageClient.signedIn((await other.invite("AGENT", "Nick New"))!)).get("/home");
  assertEquals(textOf(agents, ".empty h2"), "No tickets are assigned to you");
  const requester = await other.invite("REQUESTER", "Nora New");
  const page = await (await PageClient.signedIn(requester!)).get("/home");
  assertEquals(textOf(page, ".empty h2"), "You have no open requests");
  assertEquals(
    figuresIn(await dashboardOf(other)).map(({ count }) => count).every((count) => count === 0),
    true,
  );
});
