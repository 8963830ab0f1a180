import { clockWords, dueWords, formatMinutes, formatRoughly } from "@/domain/sla/clock/wording.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { type PageAnswer, PageClient } from "@/tests/helpers/browser_client.ts";
import { passMinutes, promise } from "@/tests/helpers/sla_scene.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const { desk } = scene;
await promise(scene.admin, { firstResponse: 60, resolution: 480 });
const agent = await PageClient.signedIn(scene.agent);
const requester = await PageClient.signedIn(scene.requester);
const stranger = await PageClient.signedIn(scene.stranger);

const texts = (page: PageAnswer, selector: string) =>
  [...page.document.querySelectorAll(selector)].map((node) =>
    node.textContent.replaceAll(/\s+/g, " ").trim()
  );

Deno.test("The ticket's page shows both clocks, to staff and to its requester", async () => {
  const ticket = await raise(scene.requester);
  await passMinutes(desk, ticket.id, 50);
  await scene.agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Coming" });
  await passMinutes(desk, ticket.id, 40);
  for (const client of [agent, requester]) {
    const page = await client.get(`/tickets/${ticket.key}`);
    assertEquals(texts(page, ".sla-clock-name"), ["First response", "Resolution"]);
    assertEquals(texts(page, ".sla-clock .badge"), ["Met", "On track"]);
    assertEquals(texts(page, ".sla-clock-foot"), ["50 min of 1 h", "1 h 30 min of 8 hin 6 h"]);
    assert(page.document.querySelector(`a[href="/tickets/${ticket.key}/sla"]`));
  }
});

Deno.test("The explanation has a line for everything that was counted, and is there for who sees the ticket", async () => {
  const ticket = await raise(scene.requester);
  await passMinutes(desk, ticket.id, 70);
  await scene.agent.api("PUT", `/tickets/${ticket.id}/assignment`, {
    body: { assigneeId: null, queueId: scene.queue, version: 1 },
  });
  for (const client of [agent, requester]) {
    const page = await client.get(`/tickets/${ticket.key}/sla`);
    assertEquals(page.status, 200);
    assertEquals(texts(page, ".sla-line-rule"), [
      "Started with policy “Standard”",
      "First-response target breached",
      "Moved to another queue",
      "Now",
    ]);
    assertEquals(texts(page, ".sla-plus"), ["+1 h", "+1 h", "+10 min", "+10 min"]);
    assert(texts(page, ".sla-line-note").includes("Ana Agent · Queue: Network"));
    assert(!page.html.includes("@works.example"));
  }
  assertEquals((await stranger.get(`/tickets/${ticket.key}/sla`)).status, 404);
});

Deno.test("Lists tell staff when tickets are due, and can be cut to those that are late", async () => {
  const late = await raise(scene.requester, { title: "Late one" });
  await passMinutes(desk, late.id, 130);
  const soon = await raise(scene.requester, { title: "Soon one" });
  await passMinutes(desk, soon.id, 48);
  const list = await agent.get("/tickets?status=new&sort=due");
  const row = (page: PageAnswer, title: string) =>
    [...page.document.querySelectorAll("tbody tr")].find((tr) => tr.textContent.includes(title));
  const due = (page: PageAnswer, title: string) => row(page, title)?.querySelector(".c-due");
  assertEquals(due(list, "Late one")?.textContent.trim(), "1 h over");
  assertEquals(due(list, "Late one")?.querySelector("svg")?.getAttribute("aria-label"), "Breached");
  assertEquals(due(list, "Soon one")?.querySelector("svg")?.getAttribute("aria-label"), "At risk");
  const titles = texts(list, ".c-title");
  assert(titles.indexOf("Late one") < titles.indexOf("Soon one"));
  const over = await agent.get("/tickets?sla=breached&sort=due");
  assert(row(over, "Late one") && !row(over, "Soon one"));
  assert(over.html.includes("SLA: Breached"));
  const mine = await requester.get("/tickets?status=new");
  assert(row(mine, "Late one") && !mine.document.querySelector(".c-due"));
});

Deno.test("A desk that promises nothing shows no clocks, and says so where one asks", async () => {
  const { body: { items } } = await scene.other.get("/sla-policies");
  await scene.other.patch(`/sla-policies/${items[0].id}`, { version: 1, archived: true });
  const ticket = await raise(scene.other);
  assertEquals(ticket.sla, { firstResponse: null, resolution: null });
  const client = await PageClient.signedIn(scene.other);
  assertEquals((await client.get(`/tickets/${ticket.key}`)).document.querySelector(".sla-clock"), null);
  const page = await client.get(`/tickets/${ticket.key}/sla`);
  assertEquals(page.status, 200);
  assert(page.html.includes("No SLA applies to this ticket"));
});

Deno.test("words of clocks and times", () => {
  assertEquals([0, 59, 60, 200, 90_000].map(formatMinutes), [
    "0 min",
    "59 min",
    "1 h",
    "3 h 20 min",
    "1,500 h",
  ]);
  const hours = (n: number) => n * 3_600_000;
  assertEquals([1, 60_000, hours(5), hours(-47.9), hours(48)].map(formatRoughly), [
    "1 min",
    "1 min",
    "5 h",
    "47 h",
    "2 d",
  ]);
  const now = "2026-11-23T12:00:00.000Z";
  const clock = {
    state: "running" as const,
    dueAt: "2026-11-23T14:30:00.000Z",
    endedAt: null,
    elapsedMinutes: 10,
    targetMinutes: 60,
  };
  const say = (fields: Partial<Parameters<typeof clockWords>[0]>) => {
    const { word, left } = clockWords({ ...clock, ...fields }, now);
    return [word, left];
  };
  assertEquals(say({}), ["On track", "in 2 h"]);
  assertEquals(say({ elapsedMinutes: 45 }), ["At risk", "in 2 h"]);
  assertEquals(say({ state: "breached", dueAt: "2026-11-23T09:00:00.000Z" }), ["Breached", "3 h over"]);
  assertEquals(say({ state: "paused", dueAt: null }), ["Paused", "50 min left"]);
  assertEquals(say({ state: "met", endedAt: now }), ["Met", null]);
  assertEquals(say({ state: "breached", endedAt: now }), ["Missed", null]);
  assertEquals(say({ state: "stopped", endedAt: now }), ["Stopped", null]);
  const answered = { ...clock, state: "breached" as const, endedAt: now };
  assertEquals(dueWords({ firstResponse: answered, resolution: clock }, now)?.metric, "resolution");
  assertEquals(dueWords({ firstResponse: answered, resolution: null }, now), null);
});
