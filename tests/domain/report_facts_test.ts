/** How what reports count is made of what happened, kept, checked and rebuilt. */
import { sql } from "@/db/sql.ts";
import { act } from "@/domain/cx.ts";
import { catchUp, tenantsToCount } from "@/domain/reports/facts/catch_up.ts";
import type { Facts } from "@/domain/reports/facts/fact_rows.ts";
import type { Step, TicketState } from "@/domain/reports/facts/history.ts";
import { projectTicket } from "@/domain/reports/facts/project.ts";
import { rebuildSome, startRebuild } from "@/domain/reports/facts/rebuild.ts";
import { Calendar, type CalendarDefinition, WEEKDAYS } from "@/domain/sla/clock/calendar.ts";
import type { LedgerEntry, LedgerKind, Metric, PolicyTargets } from "@/domain/sla/clock/ledger.ts";
import { NONE } from "@/domain/tickets/access/visibility.ts";
import type { Status } from "@/domain/tickets/model/states.ts";
import { checkAllFacts } from "@/jobs/check_facts.ts";
import { countAll } from "@/jobs/count_facts.ts";
import { rollOutSla } from "@/jobs/roll_out_sla.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import type { Client } from "@/tests/helpers/client.ts";
import type { Desk } from "@/tests/helpers/desk.ts";
import { NEVER } from "@/tests/helpers/jobs.ts";
import { passMinutes, promise } from "@/tests/helpers/sla_scene.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const DAY = "2026-03-02";
/** A time of day on Monday, 2 March 2026. */
const at = (time: string) => Date.parse(time.length > 5 ? time : `${DAY}T${time}Z`);
const short = (time: string | null) => time === null ? null : time === "infinity" ? "∞" : time.slice(11, 16);

const [ANA, BEN, HARDWARE, NETWORK] = ["ana", "ben", "hardware", "network"];

const office = (timeZone: string): CalendarDefinition => ({
  timeZone,
  week: Object.fromEntries(
    WEEKDAYS.map((day, i) => [day, i < 5 ? [{ from: "09:00", to: "17:00" }] : []]),
  ) as CalendarDefinition["week"],
  holidays: [],
});

interface Case {
  /** What the log tells after the creation at 09:00. */
  steps: ([time: string, action: string, change: Partial<Step>] | [time: string, action: string])[];
  ledger?: [time: string, kind: LedgerKind, metric?: Metric | null, change?: Partial<LedgerEntry>][];
  /** The ticket as it is; new in no queue, with nobody. */
  now?: Partial<TicketState>;
  timeZone?: string;
  score?: number;
}

function project({ steps, ledger = [], now = {}, timeZone = "UTC", score }: Case): Facts | null {
  const hours = new Calendar(office(timeZone));
  const each = (minutes: number) => ({ low: null, medium: minutes, high: minutes / 2, urgent: minutes / 4 });
  const targets: PolicyTargets = { firstResponse: each(60), resolution: each(240) };
  return projectTicket({
    ticket: {
      id: "t",
      type: "incident",
      source: "web",
      status: "new",
      priority: "medium",
      categoryId: null,
      queueKey: NONE,
      assigneeKey: NONE,
      createdAt: at("09:00"),
      updatedAt: at("16:00"),
      resolvedAt: null,
      closedAt: null,
      merged: false,
      ...now,
    },
    steps: [["09:00", "created"] as [string, string], ...steps].map(([time, action, change]) => ({
      at: at(time),
      action: `ticket.${action}`,
      actorId: ANA,
      reply: false,
      ...change,
    })),
    ledger: ledger.map(([time, kind, metric, change], i) => ({
      id: String(i),
      at: new Date(at(time)).toISOString(),
      kind,
      metric: metric ?? null,
      actorId: null,
      rule: "",
      priority: "medium",
      queueId: null,
      policyVersionId: "p",
      calendarVersionId: "c",
      ...change,
    })),
    versions: { calendar: () => hours, targets: () => targets },
    policyId: ledger.length > 0 ? "policy" : null,
    itemId: null,
    score: score ?? null,
  });
}

const move = (from: Status, to: Status): Partial<Step> => ({ status: { from, to } });
const to = (queue: string, from: string = NONE): Partial<Step> => ({ queue: { from, to: queue } });
const give = (assignee: string, from: string = NONE): Partial<Step> => ({ assignee: { from, to: assignee } });

/** `open 09:00–10:00 created→moved`, of one kind. */
function stays(facts: Facts | null, kind: "status" | "queue" | "agent"): string[] {
  return facts!.stays.filter((stay) => stay.kind === kind).map((stay) =>
    `${stay.status ?? (stay.holder === NONE ? "none" : stay.holder)} ${short(stay.from_at)}–${
      short(stay.to_at)
    } ` +
    `${stay.began}→${stay.ended ?? ""}`
  );
}

const acts = (facts: Facts | null) =>
  facts!.acts.map(({ kind, at, agent_key, undone }) =>
    `${kind} ${short(at)} ${agent_key === NONE ? "none" : agent_key}${undone ? " undone" : ""}`
  );

const shares = (facts: Facts | null, metric: Metric) =>
  facts!.breaches.filter((breach) => breach.metric === metric).map((breach) =>
    `${breach.queue_key === NONE ? "none" : breach.queue_key}/${
      breach.agent_key === NONE ? "none" : breach.agent_key
    } ${breach.business_ms / 60_000} of ${short(breach.over_at)}`
  );

/** Started, over, outcome, and business minutes. */
const clock = (facts: Facts | null, metric: "reply" | "resolve") => {
  const { ticket } = facts!;
  const ms = ticket[`${metric}_business_ms`];
  return [
    short(ticket[`${metric}_started_at`]),
    short(ticket[`${metric}_over_at`]),
    ticket[`${metric}_outcome`],
    ms === null ? null : ms / 60_000,
  ];
};

Deno.test("facts: stays are cut by status, queue and assignee while the ticket is active", () => {
  const facts = project({
    steps: [
      ["09:30", "assigned", { ...give(ANA), ...to(NETWORK, HARDWARE) }],
      ["10:00", "transitioned", move("new", "in_progress")],
      ["11:00", "assigned", { ...give(BEN, ANA) }],
      ["12:00", "transitioned", move("in_progress", "pending")],
      ["13:00", "assigned", give(NONE, BEN)],
      ["14:00", "transitioned", move("pending", "resolved")],
      ["15:00", "assigned", to(HARDWARE, NETWORK)],
    ],
    now: { status: "resolved", queueKey: HARDWARE, resolvedAt: at("14:00") },
  });
  assertEquals(stays(facts, "status"), [
    "new 09:00–10:00 created→moved",
    "in_progress 10:00–12:00 moved→moved",
    "pending 12:00–14:00 moved→resolved",
  ]);
  assertEquals(stays(facts, "queue"), [
    "hardware 09:00–09:30 created→moved",
    "network 09:30–14:00 moved→resolved",
  ]);
  assertEquals(stays(facts, "agent"), ["ana 09:30–11:00 moved→moved", "ben 11:00–13:00 moved→moved"]);
  // Back in the one that it came from, though resolved by then.
  assertEquals(facts!.ticket.queues, 3);
  // Resolved by whoever did it, as nobody was assigned.
  assertEquals([acts(facts), facts!.ticket.resolved_by], [["resolution 14:00 ana"], ANA]);
});

Deno.test("facts: a queue's rule that assigned it at once, and a creation of which the log tells nothing", () => {
  const told = project({
    steps: [["10:00", "assigned", give(NONE, BEN)]],
    now: { queueKey: NETWORK },
  });
  assertEquals([stays(told, "queue"), stays(told, "agent")], [
    ["network 09:00–∞ created→"],
    ["ben 09:00–10:00 created→moved"],
  ]);
  // As an import leaves it.
  const imported = project({ steps: [], now: { queueKey: NETWORK, assigneeKey: BEN } });
  assertEquals([stays(imported, "queue"), stays(imported, "agent")], [
    ["network 09:00–∞ created→"],
    ["ben 09:00–∞ created→"],
  ]);
});

Deno.test("facts: what the log lacks, the row says", () => {
  const facts = project({
    steps: [["10:00", "transitioned", move("new", "open")]],
    now: { status: "cancelled", closedAt: at("12:00") },
  });
  assertEquals(stays(facts, "status"), ["new 09:00–10:00 created→moved", "open 10:00–12:00 moved→cancelled"]);
  const moved = project({
    steps: [["09:30", "assigned", to(NETWORK)]],
    now: { queueKey: HARDWARE, updatedAt: at("15:00") },
  });
  assertEquals(stays(moved, "queue"), [
    "none 09:00–09:30 created→moved",
    "network 09:30–15:00 moved→moved",
    "hardware 15:00–∞ moved→",
  ]);
});

Deno.test("facts: reopened, resolved again, cancelled", () => {
  const steps: Case["steps"] = [
    ["10:00", "transitioned", move("new", "resolved")],
    ["11:00", "commented", move("resolved", "open")],
    ["12:00", "assigned", give(BEN)],
    ["13:00", "transitioned", { ...move("open", "resolved"), actorId: null }],
  ];
  const again = project({
    steps,
    now: { status: "resolved", assigneeKey: BEN, resolvedAt: at("13:00") },
    score: 4,
  });
  assertEquals(stays(again, "status"), [
    "new 09:00–10:00 created→resolved",
    "open 11:00–13:00 reopened→resolved",
  ]);
  assertEquals(stays(again, "agent"), ["ben 12:00–13:00 moved→resolved"]);
  assertEquals(acts(again), ["resolution 10:00 ana undone", "resolution 13:00 ben"]);
  const { resolved_at, resolved_by, reopened_at, score } = again!.ticket;
  assertEquals([short(resolved_at), resolved_by, short(reopened_at), score], ["13:00", BEN, "11:00", 4]);

  const cancelled = project({
    steps: [
      ...steps,
      ["14:00", "transitioned", move("resolved", "open")],
      ["15:00", "transitioned", move("open", "cancelled")],
    ],
    now: { status: "cancelled", assigneeKey: BEN, closedAt: at("15:00") },
  });
  assertEquals(acts(cancelled), ["resolution 10:00 ana undone", "resolution 13:00 ben undone"]);
  assertEquals([cancelled!.ticket.resolved_at, cancelled!.ticket.resolved_by], [null, null]);
  assertEquals(stays(cancelled, "agent").at(-1), "ben 14:00–15:00 reopened→cancelled");
  const system = project({
    steps: [["10:00", "transitioned", { ...move("new", "resolved"), actorId: null }]],
    now: { status: "resolved", resolvedAt: at("10:00") },
  });
  assertEquals([acts(system), system!.ticket.resolved_by], [["resolution 10:00 none"], NONE]);
});

Deno.test("facts: merged counts nowhere, undone it goes on, which is neither a reopening nor a resolution", () => {
  const steps: Case["steps"] = [["10:00", "merged", move("new", "closed")]];
  assertEquals(project({ steps, now: { status: "closed", closedAt: at("10:00"), merged: true } }), null);
  const undone = project({ steps: [...steps, ["11:00", "unmerged", move("closed", "new")]] });
  assertEquals(stays(undone, "status"), ["new 09:00–10:00 created→closed", "new 11:00–∞ reopened→"]);
  assertEquals([acts(undone), undone!.ticket.reopened_at], [[], null]);
  const resolved = project({
    steps: [
      ["09:30", "transitioned", move("new", "resolved")],
      ["10:00", "merged", move("resolved", "closed")],
      ["11:00", "unmerged", move("closed", "resolved")],
    ],
    now: { status: "resolved", resolvedAt: at("09:30") },
  });
  assertEquals([acts(resolved), short(resolved!.ticket.resolved_at)], [["resolution 09:30 ana"], "09:30"]);
});

Deno.test("facts: the first reply, and clocks that are met, late, paused, stopped or without a target", () => {
  const reply: Case["steps"] = [["10:30", "commented", { reply: true, actorId: BEN }]];
  const late = project({
    steps: [...reply, ["11:00", "commented", { reply: true }]],
    ledger: [["09:00", "start"], ["10:00", "breach", "firstResponse"], ["10:30", "met", "firstResponse"]],
  });
  assertEquals([short(late!.ticket.replied_at), late!.ticket.replied_by], ["10:30", BEN]);
  assertEquals(acts(late), ["reply 10:30 ben", "reply 11:00 ana"]);
  // A breach stays one; it was answered after 90 minutes all the same.
  assertEquals(clock(late, "reply"), ["09:00", "10:00", "breached", 90]);
  assertEquals(clock(late, "resolve"), ["09:00", "13:00", null, null]);

  const paused = project({
    steps: [],
    ledger: [["09:00", "start"], ["09:30", "met", "firstResponse"], ["10:00", "pause", "resolution"]],
  });
  assertEquals(clock(paused, "reply"), ["09:00", "09:30", "met", 30]);
  assertEquals([clock(paused, "resolve"), shares(paused, "resolution")], [["09:00", "∞", null, null], []]);

  const stopped = project({ steps: [], ledger: [["09:00", "start"], ["09:40", "stop"]] });
  assertEquals(clock(stopped, "reply"), ["09:00", "09:40", "stopped", null]);

  const untargeted = project({
    steps: [],
    ledger: [["09:00", "start", null, { priority: "low" }], ["09:40", "met", "firstResponse", {
      priority: "low",
    }]],
  });
  assertEquals(clock(untargeted, "reply"), [null, null, null, 40]);
  assertEquals([
    project({ steps: reply })!.ticket.reply_business_ms,
    clock(project({ steps: reply }), "reply"),
  ], [
    null,
    [null, null, null, null],
  ]);
});

Deno.test("facts: a breach is shared out by who held the ticket, and adds up to what was used", () => {
  const steps: Case["steps"] = [
    ["10:00", "assigned", { ...give(ANA), ...to(HARDWARE) }],
    ["11:00", "transitioned", move("new", "pending")],
    ["13:00", "transitioned", move("pending", "open")],
    ["14:00", "edited", to(NETWORK, HARDWARE)],
  ];
  const now = { status: "open", queueKey: NETWORK, assigneeKey: ANA } as const;
  const ledger: NonNullable<Case["ledger"]> = [
    ["09:00", "start"],
    ["11:00", "pause", "resolution"],
    ["13:00", "resume", "resolution"],
    ["14:00", "handoff"],
  ];
  const running = project({ steps, ledger, now });
  // Two hours before the pause, one after it, and one more until it will be breached.
  assertEquals(clock(running, "resolve"), ["09:00", "15:00", null, null]);
  assertEquals(shares(running, "resolution"), [
    "none/none 60 of 15:00",
    "hardware/ana 120 of 15:00",
    "network/ana 60 of 15:00",
  ]);
  assertEquals(shares(running, "firstResponse"), ["none/none 60 of 10:00"]);

  // A tighter target is breached at once, after more than it allows.
  const urgent = project({
    steps,
    ledger: [...ledger, ["14:30", "priority", null, { priority: "urgent" }]],
    now: { ...now, priority: "urgent" },
  });
  assertEquals(clock(urgent, "resolve"), ["09:00", "14:30", "breached", null]);
  assertEquals(shares(urgent, "resolution"), [
    "none/none 60 of 14:30",
    "hardware/ana 120 of 14:30",
    "network/ana 30 of 14:30",
  ]);
});

Deno.test("facts: business time is the calendar's, over a weekend in which the clocks go forward", () => {
  // From Friday 16:00 in Berlin, which is 15:00 UTC before and 14:00 UTC after the change on Sunday, 29 March.
  const facts = project({
    timeZone: "Europe/Berlin",
    steps: [["2026-03-30T07:30Z", "assigned", give(BEN)]],
    ledger: [["2026-03-27T15:00Z", "start"]],
    now: { createdAt: at("2026-03-27T15:00Z"), assigneeKey: BEN },
  });
  assertEquals(facts!.ticket.resolve_over_at, "2026-03-30T10:00:00.000Z");
  assertEquals(shares(facts, "resolution"), ["none/none 90 of 10:00", "none/ben 150 of 10:00"]);
});

/** Brings the facts of a client's organisation up to date. */
const count = (desk: Desk, { tenant }: Client, most = 1_000) =>
  act(desk.request(), { kind: "system", tenantId: tenant.id }, (cx) => catchUp(cx, most));

/** All facts of a ticket, as they are kept. */
async function kept(desk: Desk, id: string): Promise<Facts | null> {
  const rows = async (table: string, order: string) =>
    (await desk.look<{ row: Record<string, unknown> }>(
      `select to_jsonb(r) as row from ${table} r where id = $1 order by ${order}`,
      [id],
    )).map(({ row }) => row);
  const [ticket] = await rows("report_tickets", "id");
  if (!ticket) return null;
  return {
    ticket,
    stays: await rows("report_stays", "kind, position"),
    acts: await rows("report_acts", "kind, position"),
    breaches: await rows("report_breaches", "metric, position"),
  } as unknown as Facts;
}

/** What is kept of all tickets, to compare it. */
const everything = async (desk: Desk) =>
  (await desk.look<{ rows: unknown }>(
    `select jsonb_agg(x order by x::text) as rows from (select to_jsonb(r) as x from report_tickets r
      union all select to_jsonb(r) from report_stays r union all select to_jsonb(r) from report_acts r
      union all select to_jsonb(r) from report_breaches r)`,
  ))[0]!.rows;

/** What the process logs while `work` runs. */
async function logged(work: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const lines: string[] = [];
  const { writeSync } = Deno.stderr;
  Deno.stderr.writeSync = (bytes) => lines.push(new TextDecoder().decode(bytes));
  try {
    await work();
  } finally {
    Deno.stderr.writeSync = writeSync;
  }
  return lines.map((line) => JSON.parse(line));
}

/** `new created→moved`, without the times. */
const ways = (facts: Facts | null, kind: "status" | "queue" | "agent", names: Record<string, string> = {}) =>
  facts!.stays.filter((stay) => stay.kind === kind).map(({ status, holder, began, ended }) =>
    `${status ?? names[holder!] ?? holder} ${began}→${ended ?? ""}`
  );

Deno.test("facts follow tickets", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, other, queue } = scene;
  await promise(admin, { firstResponse: 60, resolution: 240 });
  const general = (await agent.get("/queues")).body.items.find(({ id }: { id: string }) => id !== queue).id;
  const names = {
    [queue]: "network",
    [general]: "general",
    [agent.user.id]: "ana",
    [admin.user.id]: "ada",
    [NONE]: "none",
  };
  const path = (id: string) => `/tickets/${id}`;
  const current = async (id: string) => (await admin.get(path(id))).body;
  const change = async (client: Client, id: string, step: string, body: Record<string, unknown>) => {
    const { version } = await current(id);
    const answer = step === ""
      ? await client.patch(path(id), { version, ...body })
      : await (step === "assignment" ? client.put : client.post).call(client, `${path(id)}/${step}`, {
        version,
        ...body,
      });
    assert(answer.status < 300, answer.text);
    return answer.body;
  };
  const say = async (client: Client, id: string, visibility = "public") => {
    const said = await client.post(`${path(id)}/comments`, { body: "Hello", visibility });
    assertEquals(said.status, 201);
  };
  const main = await raise(requester);

  await t.step(
    "created, assigned, moved, answered, paused, resolved, reopened, resolved again, rated",
    async () => {
      await change(agent, main.id, "assignment", { assigneeId: agent.user.id, queueId: queue });
      await say(requester, main.id);
      await say(agent, main.id, "internal");
      await say(agent, main.id);
      await change(agent, main.id, "transitions", { to: "in_progress" });
      await change(agent, main.id, "transitions", { to: "pending", reason: "requester" });
      await say(requester, main.id);
      await change(agent, main.id, "transitions", { to: "resolved", note: "Done" });
      assertEquals(await count(desk, admin), { done: 1, more: false });
      const resolved = await kept(desk, main.id);
      assertEquals(ways(resolved, "status"), [
        "new created→moved",
        "in_progress moved→moved",
        "pending moved→moved",
        "open moved→resolved",
      ]);
      assertEquals(ways(resolved, "queue", names), ["general created→moved", "network moved→resolved"]);
      assertEquals(ways(resolved, "agent", names), ["ana moved→resolved"]);
      assertEquals(resolved!.acts.map(({ kind, agent_key }) => `${kind} ${names[agent_key]}`), [
        "reply ana",
        "resolution ana",
      ]);
      const { ticket } = resolved!;
      assertEquals([ticket.queues, ticket.replied_by, ticket.reply_outcome, ticket.resolve_outcome], [
        2,
        agent.user.id,
        "met",
        "met",
      ]);
      assertEquals(Date.parse(ticket.resolved_at!), Date.parse((await current(main.id)).resolvedAt));
      await change(requester, main.id, "transitions", { to: "open" });
      await change(admin, main.id, "assignment", { assigneeId: admin.user.id });
      await change(agent, main.id, "transitions", { to: "resolved", note: "Done again" });
      assertEquals((await requester.put(`${path(main.id)}/rating`, { score: 4 })).status, 200);
      assertEquals(await count(desk, admin), { done: 1, more: false });
      const again = (await kept(desk, main.id))!;
      assertEquals(ways(again, "status").slice(-2), ["open moved→resolved", "open reopened→resolved"]);
      assertEquals(ways(again, "agent", names), [
        "ana moved→resolved",
        "ana reopened→moved",
        "ada moved→resolved",
      ]);
      assertEquals(
        again.acts.filter(({ kind }) => kind === "resolution").map((
          { agent_key, undone },
        ) => [names[agent_key], undone]),
        [["ana", true], ["ada", false]],
      );
      assertEquals([again.ticket.resolved_by, again.ticket.score], [admin.user.id, 4]);
      assert(
        again.ticket.reopened_at! > ticket.resolved_at! &&
          again.ticket.resolved_at! > again.ticket.reopened_at!,
      );
    },
  );

  await t.step("without a change there is nothing to do, and a rating alone is one", async () => {
    const before = await everything(desk);
    assertEquals(await count(desk, admin), { done: 0, more: false });
    assertEquals(await everything(desk), before);
    await requester.put(`${path(main.id)}/rating`, { score: 2 });
    assertEquals(await count(desk, admin), { done: 1, more: false });
    assertEquals((await kept(desk, main.id))!.ticket.score, 2);
  });

  await t.step("a merged ticket has no facts until that is undone", async () => {
    const source = await raise(requester);
    await count(desk, admin);
    assert(await kept(desk, source.id));
    await change(agent, source.id, "merge", { into: (await raise(requester)).key });
    await count(desk, admin);
    assertEquals(await kept(desk, source.id), null);
    const [left] = await desk.look("select count(*)::int as n from report_stays where id = $1", [source.id]);
    assertEquals(left, { n: 0 });
    await change(agent, source.id, "unmerge", {});
    await count(desk, admin);
    assertEquals(ways(await kept(desk, source.id), "status"), ["new created→closed", "new reopened→"]);
  });

  await t.step("cancelled, categorised and prioritised anew", async () => {
    const ticket = await raise(requester);
    await change(agent, ticket.id, "", {
      priority: "urgent",
      categoryId: scene.category,
      type: "service_request",
    });
    await change(requester, ticket.id, "transitions", { to: "cancelled" });
    await count(desk, admin);
    const facts = (await kept(desk, ticket.id))!;
    assertEquals(ways(facts, "status"), ["new created→cancelled"]);
    const { priority, category_id, type, resolved_at, reply_outcome } = facts.ticket;
    assertEquals([priority, category_id, type, resolved_at, reply_outcome], [
      "urgent",
      scene.category,
      "service_request",
      null,
      "stopped",
    ]);
  });

  await t.step("who was staff when they replied, and who left, count as such", async () => {
    const guest = await admin.invite("AGENT", "Gus Guest");
    const ticket = await raise(requester);
    await say(guest, ticket.id);
    const become = async (body: Record<string, unknown>) => {
      const { version } = (await admin.get(`/users/${guest.user.id}`)).body;
      assertEquals((await admin.patch(`/users/${guest.user.id}`, { version, ...body })).status, 200);
    };
    await become({ role: "REQUESTER" });
    await count(desk, admin);
    assertEquals((await kept(desk, ticket.id))!.ticket.replied_by, guest.user.id);
    // What they say from now on is no reply of the desk.
    const asked = await raise(guest);
    await say(guest, asked.id);
    await become({ role: "AGENT" });
    await become({ active: false });
    await count(desk, admin);
    assertEquals((await kept(desk, asked.id))!.acts, []);
    await say(agent, ticket.id);
    await count(desk, admin);
    assertEquals((await kept(desk, ticket.id))!.acts.map(({ agent_key }) => agent_key), [
      guest.user.id,
      agent.user.id,
    ]);
  });

  await t.step("a policy's new version on its way to open tickets changes their facts", async () => {
    const ticket = await raise(requester);
    await passMinutes(desk, ticket.id, 100);
    await count(desk, admin);
    const before = (await kept(desk, ticket.id))!.ticket;
    assertEquals(before.resolve_outcome, null);
    const policy = (await admin.get("/sla-policies")).body.items[0];
    const targets = { firstResponse: { medium: 60 }, resolution: { medium: 90 } };
    await admin.patch(`/sla-policies/${policy.id}`, { version: policy.version, targets, applyToOpen: true });
    await rollOutSla(desk.request(), NEVER);
    await count(desk, admin);
    const facts = (await kept(desk, ticket.id))!;
    assertEquals([facts.ticket.resolve_outcome, facts.ticket.reply_outcome], ["breached", "breached"]);
    for (const metric of ["resolution", "firstResponse"]) {
      const used = facts.breaches.filter((breach) => breach.metric === metric);
      assertEquals(used.map(({ queue_key, agent_key }) => [names[queue_key], names[agent_key]]), [[
        "general",
        "none",
      ]]);
      const minutes = used[0]!.business_ms / 60_000;
      assert(metric === "resolution" ? minutes >= 100 && minutes < 130 : minutes === 60, String(minutes));
    }
  });

  await t.step("in steps, of one organisation at a time, whose facts are seen by nobody else", async () => {
    await desk.look("update report_progress set changed_at = '-infinity'");
    const before = await everything(desk);
    const n = (await desk.look("select from tickets")).length;
    assertEquals(await count(desk, admin, n - 1), { done: n - 1, more: true });
    assertEquals(await count(desk, admin, n), { done: 1, more: false });
    assertEquals(await everything(desk), before);
    await raise(other);
    assertEquals(await count(desk, admin), { done: 0, more: false });
    assertEquals(await countAll(desk.request(), NEVER), 1);
    assertEquals(await tenantsToCount(), []);
  });

  await t.step("two at once share the work, and what is cut off between steps loses nothing", async () => {
    const mine = [admin.tenant.id];
    await desk.look("update report_progress set changed_at = '-infinity' where tenant_id = $1", mine);
    await desk.look("delete from report_tickets where tenant_id = $1", mine);
    await desk.look("delete from report_stays where tenant_id = $1", mine);
    const n = (await desk.look("select from tickets where tenant_id = $1", mine)).length;
    assertEquals(await count(desk, admin, 2), { done: 2, more: true });
    const system = { kind: "system", tenantId: admin.tenant.id } as const;
    await act(desk.request(), system, async (cx) => {
      await catchUp(cx, 3);
      throw new Error("cut off");
    }).catch(() => {});
    const both = await Promise.all([count(desk, admin), count(desk, admin)]);
    assertEquals(both[0].done + both[1].done, n - 2);
    const before = await everything(desk);
    assertEquals((await act(desk.request(), system, startRebuild), await countAll(desk.request(), NEVER)), n);
    assertEquals(await everything(desk), before);
  });

  await t.step(
    "a rebuild makes all of it anew, whatever became of it, and goes on where it was cut off",
    async () => {
      const before = await everything(desk);
      await desk.look("delete from report_stays where kind = 'agent'");
      await desk.look("update report_acts set agent_key = tenant_id, undone = not undone");
      await desk.look(
        "insert into report_breaches select tenant_id, id, 'resolution', 77, created_at, id, id, 1 from report_tickets",
      );
      await desk.look("update report_tickets set priority = 'low', resolved_at = null");
      const system = { kind: "system", tenantId: admin.tenant.id } as const;
      await act(desk.request(), system, startRebuild);
      await act(desk.request(), system, async (cx) => {
        await rebuildSome(cx);
        throw new Error("cut off");
      }).catch(() => {});
      assertEquals(await tenantsToCount(), [admin.tenant.id]);
      const step = await act(desk.request(), system, rebuildSome);
      assert(step.done > 0 && step.differing === step.done && !step.more, JSON.stringify(step));
      await act(desk.request(), { kind: "system", tenantId: other.tenant.id }, startRebuild);
      assertEquals(await countAll(desk.request(), NEVER), 1);
      assertEquals([await tenantsToCount(), await everything(desk)], [[], before]);
    },
  );

  await t.step(
    "what has new changes comes before what has years to make, and before a run's end",
    async () => {
      const mine = [admin.tenant.id];
      await raise(requester);
      await raise(other);
      await desk.look("update report_progress set changed_at = '-infinity' where tenant_id = $1", mine);
      assertEquals(await tenantsToCount(), [other.tenant.id, admin.tenant.id]);
      await count(desk, admin);
      await raise(requester);
      await desk.look("update report_progress set changed_at = '-infinity' where tenant_id <> $1", mine);
      assertEquals(await tenantsToCount(), [admin.tenant.id, other.tenant.id]);
      assertEquals(await countAll(desk.request(), NEVER, { mostMs: 0 }), 0);
      assertEquals((await tenantsToCount()).length, 2);
      assert(await countAll(desk.request(), NEVER) > 1);
      assertEquals(await tenantsToCount(), []);
    },
  );

  await t.step("a ticket whose facts can't be made holds up no other, nor any report", async () => {
    const made: string[] = [];
    for (let i = 0; i < 6; i++) made.push((await raise(requester)).id);
    const [odd, slow] = [made[1]!, made[4]!];
    await desk.look(`create function spoil() returns trigger language plpgsql as $$ begin
      raise exception 'Spoilt' using errcode = case new.id when '${slow}' then '57014' else 'P0001' end; end $$`);
    await desk.look(`create trigger spoil before insert or update on report_tickets for each row
      when (new.id in ('${odd}', '${slow}')) execute function spoil()`);
    const isComplete = async () => {
      const { status, body } = await admin.get("/reports/volume?period=today");
      return [status, body.complete];
    };
    assertEquals([await count(desk, admin), await isComplete()], [{ done: 0, more: true }, [200, false]]);
    const failed = async (work: () => Promise<unknown>) =>
      (await logged(work)).filter(({ level }) => level === "error").map((
        { message, ticketId },
      ) => [message, ticketId]).sort();
    const both = [odd, slow].sort().map((id) => ["Cannot make the report facts of a ticket", id]);
    assertEquals(await failed(() => countAll(desk.request(), NEVER)), both);
    assertEquals([await tenantsToCount(), await isComplete()], [[], [200, true]]);
    const those = async () => await Promise.all(made.map(async (id) => await kept(desk, id) !== null));
    assertEquals(await those(), [true, false, true, true, false, true]);
    // What steps through all of them does so too, and the check tries again.
    await act(desk.request(), { kind: "system", tenantId: admin.tenant.id }, startRebuild);
    assertEquals(await failed(() => countAll(desk.request(), NEVER)), both);
    assertEquals(await tenantsToCount(), []);
    await desk.look("drop trigger spoil on report_tickets");
    await desk.look("update report_progress set compared_at = null");
    assertEquals(
      await failed(() => checkAllFacts(desk.request(), NEVER)),
      [odd, slow].sort().map((id) => ["Report facts were wrong", id]),
    );
    assertEquals(await those(), made.map(() => true));
  });

  await t.step(
    "nobody waits for who reads a report: what changed is counted and committed before",
    async () => {
      // A statement that reads what reports count, and takes until it is told.
      const [{ lock }] = await desk.look<{ lock: string }>("select facts_lock($1)::text as lock", [
        admin.tenant.id,
      ]) as [{ lock: string }];
      await desk.look("create table lock_seen (held boolean)");
      await desk.look("grant insert on lock_seen to public");
      await desk.look(`create function see_lock() returns boolean language sql volatile security definer as $$
      insert into lock_seen select exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()
        and (classid::bigint << 32) | objid::bigint = ${lock}) returning true $$`);
      await desk.look(
        `create policy seen on report_tickets as restrictive for select using ((select see_lock()))`,
      );
      const browser = await PageClient.signedIn(admin);
      for (const path of ["/reports", "/reports/volume", "/reports/volume/export?format=csv"]) {
        await raise(requester);
        assertEquals((await browser.get(path)).status, 200);
      }
      for (const path of ["/reports/volume", "/reports/volume/tickets?measure=created"]) {
        await raise(requester);
        assertEquals((await admin.get(path)).status, 200);
      }
      await desk.look("drop policy seen on report_tickets");
      const seen = await desk.look<{ held: boolean }>("select held from lock_seen");
      assert(seen.some(({ held }) => held), "facts are made under the lock");
      assert(seen.length >= 10 && seen.filter(({ held }) => !held).length >= 5, JSON.stringify(seen));
      assertEquals(await tenantsToCount(), []);
    },
  );

  await t.step("what others save while a long write is open is missing, and that is said", async () => {
    const system = { kind: "system", tenantId: admin.tenant.id } as const;
    await count(desk, admin);
    await act(desk.request(), system, async (cx) => {
      await cx.db.run(
        sql`update tickets set version = version where tenant_id = ${cx.tenant.id} and id = ${main.id}`,
      );
      await raise(requester);
      await cx.db.run(sql`select pg_sleep(1.1)`);
      assertEquals(await count(desk, admin), { done: 0, more: true });
      // The dashboard says both: that the figures lack something, and how much is to be counted.
      const { team, health } = (await admin.get("/dashboard")).body;
      assertEquals([team.complete, health.facts.behind.count], [false, 1]);
    });
    assertEquals(await count(desk, admin), { done: 2, more: false });
    const { team, health } = (await admin.get("/dashboard")).body;
    assertEquals([team.complete, health.facts.behind.count], [true, 0]);
  });

  await t.step(
    "the daily check finds what differs, tells of each and repairs it; nothing else is one",
    async () => {
      const [wrong, old, merged] = [main, await raise(requester), await raise(requester)];
      await count(desk, admin);
      await change(agent, merged.id, "merge", { into: old.key });
      await count(desk, admin);
      // Of one that didn't change for a month the sample tells.
      await desk.look("update tickets set changed_at = now() - interval '30 days' where id = $1", [old.id]);
      await desk.look("update report_stays set to_at = from_at where id = $1 and kind = 'status'", [
        wrong.id,
      ]);
      await desk.look("update report_tickets set queues = 9 where id = $1", [old.id]);
      await desk.look(
        `insert into report_acts (tenant_id, id, kind, position, at, agent_key)
        select tenant_id, id, 'reply', 9, now(), id from tickets where id = $1`,
        [merged.id],
      );
      // What isn't counted yet is no difference.
      await say(agent, old.id);
      const check = async () => {
        const lines = await logged(() => checkAllFacts(desk.request(), NEVER));
        return lines.filter(({ level }) => level === "error").map((
          { message, ticketId },
        ) => [message, ticketId]).sort();
      };
      await desk.look("update report_progress set compared_at = null");
      assertEquals(await check(), [wrong, merged].map(({ id }) => ["Report facts were wrong", id]).sort());
      const [noted] = await desk.look(
        `select differences, compared_at > now() - interval '10 minutes' as lately from report_progress
        where tenant_id = $1`,
        [admin.tenant.id],
      );
      assertEquals(noted, { differences: 2, lately: true });
      assertEquals(await check(), []);
      await count(desk, admin);
      assertEquals((await kept(desk, old.id))!.acts.length, 1);
      await desk.look("update tickets set changed_at = now() - interval '30 days' where id = $1", [old.id]);
      await desk.look("update report_tickets set queues = 9 where id = $1", [old.id]);
      await desk.look("update report_progress set compared_at = null");
      assertEquals(await check(), [["Report facts were wrong", old.id]]);
    },
  );

  await t.step("what is kept agrees with tickets, clocks and ratings as they are", async () => {
    for (const client of [admin, other]) await count(desk, client);
    const active = "t.status in ('new', 'open', 'in_progress', 'pending')";
    const lasting = "from report_stays s where s.id = t.id and s.to_at = 'infinity' and s.kind =";
    const wrong = {
      tickets: `select from tickets t left join report_tickets r on r.id = t.id
        where (r.id is null) <> (t.merged_at is not null) or r.status <> t.status or r.resolved_at is distinct from t.resolved_at`,
      stays: `select from tickets t where t.merged_at is null and not (
        exists (select ${lasting} 'status' and s.status = t.status) = (${active})
        and exists (select ${lasting} 'queue' and s.holder = t.queue_key) = (${active})
        and exists (select ${lasting} 'agent' and s.holder = t.assignee_key) = (${active} and t.assignee_id is not null))`,
      clocks: `select from sla_clocks k join report_tickets r on r.id = k.ticket_id cross join lateral (
          select r.reply_over_at as over_at, r.reply_outcome as outcome, r.reply_business_ms as ms where k.metric = 'firstResponse'
          union all
          select r.resolve_over_at, r.resolve_outcome, r.resolve_business_ms where k.metric = 'resolution') f
        where k.target_minutes is not null and not (case
          when k.breached_at is not null then f.outcome = 'breached' and f.over_at = k.breached_at
          when k.phase in ('met', 'stopped') then f.outcome = k.phase and f.over_at = k.ended_at
          else f.outcome is null and f.over_at = case k.phase when 'running' then k.due_at else 'infinity' end end
          and (k.phase <> 'met' or f.ms = k.elapsed_ms))`,
      shares: `select from report_tickets r cross join lateral (
          select metric, sum(business_ms) as ms from report_breaches b where b.id = r.id group by metric) b
        join sla_clocks k on k.ticket_id = r.id and k.metric = b.metric where b.ms < k.target_minutes * 60000`,
      ratings:
        `select from ticket_ratings g join report_tickets r on r.id = g.ticket_id where r.score is distinct from g.score`,
    };
    for (const [what, text] of Object.entries(wrong)) {
      assertEquals([what, (await desk.look(text)).length], [what, 0]);
    }
  });
});
