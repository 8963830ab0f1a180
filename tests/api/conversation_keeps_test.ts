import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { openDesk, PASSWORD } from "@/tests/helpers/desk.ts";
import { assertProblem, openScene, raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

async function say(client: Client, id: string, body: string, visibility = "public") {
  const answer = await client.post(`/tickets/${id}/comments`, { body, visibility });
  assertEquals(answer.status, 201);
  return answer.body;
}

async function move(client: Client, id: string, to: string, more: Record<string, unknown> = {}) {
  const { version } = (await client.get(`/tickets/${id}`)).body;
  const answer = await client.post(`/tickets/${id}/transitions`, { version, to, ...more });
  assertEquals(answer.status, 200);
  return answer.body;
}

const bodies = async (client: Client, id: string): Promise<string[]> =>
  (await client.get(`/tickets/${id}/comments`)).body.items.map(({ body }: { body: string }) => body);

Deno.test("A5 a reopened ticket keeps its earlier resolutions in the conversation", async () => {
  await using scene = await openScene();
  const { agent, requester } = scene;
  const ticket = await raise(requester);
  await move(agent, ticket.id, "resolved", { note: "Reset the cached credentials" });
  await move(requester, ticket.id, "open", { note: "Still broken" });
  const browsers = [await PageClient.signedIn(agent), await PageClient.signedIn(requester)];
  const seen = async (browser: PageClient) =>
    textOf(await browser.get(`/tickets/${ticket.key}`), ".ticket-talk");
  for (const browser of browsers) assert((await seen(browser)).includes("Reset the cached credentials"));
  await move(agent, ticket.id, "resolved", { note: "Replaced the token" });
  for (const browser of browsers) {
    const talk = await seen(browser);
    assert(talk.includes("Reset the cached credentials"), talk);
    // The one in force stands in its place, once.
    assertEquals(talk.split("Replaced the token").length, 2);
  }
});

Deno.test("A7 a merge carries the description, with its files; undoing it takes both back", async () => {
  await using scene = await openScene();
  const { desk, agent, requester, stranger } = scene;
  const files = await stranger.upload("/attachments", [{ name: "mail.txt", content: "From IT Suport" }]);
  const [fileId] = files.body.items.map(({ id }: { id: string }) => id);
  const source = await raise(stranger, {
    title: "*Odd* [mail](http://x)",
    description: "From 'IT Suport', with a link to a form.",
    attachmentIds: [fileId],
  });
  const target = await raise(requester, { title: "Phishing", description: "Again" });
  await desk.look("update tickets set created_at = created_at - interval '1 hour' where id = $1", [
    source.id,
  ]);
  await desk.look("update attachments set created_at = created_at - interval '2 hours' where id = $1", [
    fileId,
  ]);
  await say(agent, target.id, "We look into it");
  await desk.look("delete from outbox");
  const merged = await agent.post(`/tickets/${source.id}/merge`, { version: 1, into: target.id });
  assertEquals(merged.status, 200);

  const [carried, ...rest] = (await requester.get(`/tickets/${target.id}/comments`)).body.items;
  assertEquals(
    [carried.body, carried.author.id, carried.visibility, rest.length],
    [
      "**\\*Odd\\* \\[mail\\]\\(http://x\\)**\n\nFrom 'IT Suport', with a link to a form.",
      stranger.user.id,
      "public",
      1,
    ],
  );
  const file = (await requester.get(`/attachments/${fileId}`)).body;
  assertEquals([file.ticketId, file.commentId], [target.id, carried.id]);
  const page = await (await PageClient.signedIn(requester)).get(`/tickets/${target.key}`);
  const talk = textOf(page, ".conversation");
  assert(talk.includes("*Odd* [mail](http://x)") && talk.includes("with a link to a form"), talk);
  assert((await agent.get("/search?q=suport")).text.includes(target.key));
  // Nobody is mailed for text that only moved.
  const mails = await desk.look<{ template: string; recipient: string }>(
    "select template, recipient from outbox",
  );
  assertEquals(mails, [{ template: "ticket_merged", recipient: stranger.user.email }]);

  const undone = await agent.post(`/tickets/${source.id}/unmerge`, { version: merged.body.version });
  assertEquals(undone.status, 200);
  assertEquals(await bodies(agent, target.id), ["We look into it"]);
  assertEquals(await bodies(agent, source.id), []);
  const back = (await agent.get(`/attachments/${fileId}`)).body;
  assertEquals([back.ticketId, back.commentId], [source.id, null]);
});

Deno.test("A7 a description of 64 KiB fits, an empty one leaves the title, and an edited one is undone too", async () => {
  await using scene = await openScene();
  const { agent, requester } = scene;
  const target = await raise(requester);
  const long = "x".repeat(65_536);
  for (const [description, body] of [[long, long], ["", "**Printer jams**"]] as const) {
    const source = await raise(requester, { description });
    assertEquals(
      (await agent.post(`/tickets/${source.id}/merge`, { version: 1, into: target.id })).status,
      200,
    );
    assert((await bodies(agent, target.id)).includes(body));
  }
  const source = await raise(requester, { description: "First words" });
  const merged = (await agent.post(`/tickets/${source.id}/merge`, { version: 1, into: target.id })).body;
  const comments = (await requester.get(`/tickets/${target.id}/comments`)).body.items;
  const carried = comments.find(({ body }: { body: string }) => body.includes("First words"));
  const edited = await requester.patch(`/tickets/${target.id}/comments/${carried.id}`, {
    version: carried.version,
    body: "Other words",
  });
  assertEquals(edited.status, 200);
  const undone = await agent.post(`/tickets/${source.id}/unmerge`, { version: merged.version });
  assertEquals(undone.status, 200);
  assertEquals((await bodies(agent, target.id)).length, 2);
  assertEquals((await agent.get(`/tickets/${source.id}`)).body.description, "First words");
});

Deno.test("case 29 everybody is told once of a merge, and that it was one", async () => {
  await using scene = await openScene();
  const { desk, admin, agent, requester } = scene;
  const [into, from] = [await raise(requester), await raise(requester)];
  for (const { id } of [into, from]) {
    await admin.put(`/tickets/${id}/assignment`, { version: 1, assigneeId: agent.user.id });
  }
  await desk.look("delete from outbox");
  await desk.look("delete from notifications");
  const done = await admin.post(`/tickets/${from.id}/merge`, { version: 2, into: into.key });
  assertEquals(done.status, 200);
  for (const client of [requester, agent]) {
    const { items } = (await client.get("/notifications")).body;
    assertEquals(items.map(({ message }: { message: string }) => message), [
      "Ada Admin merged this into another ticket",
    ]);
  }
  const mails = await desk.look<{ recipient: string; template: string }>(
    "select recipient, template from outbox order by 1",
  );
  assertEquals(
    mails,
    [agent, requester].map(({ user }) => ({ recipient: user.email, template: "ticket_merged" })),
  );
});

Deno.test("A17 reading a ticket reads its notifications, by /v1, by acting and by a form", async (t) => {
  await using scene = await openScene();
  const { agent, requester } = scene;
  const [one, two] = [await raise(requester), await raise(requester)];
  const unread = async () => (await requester.get("/notifications")).body.unread.count;
  for (const { id } of [one, two]) for (const body of ["First", "Second"]) await say(agent, id, body);
  assertEquals(await unread(), 4);
  const browser = await PageClient.signedIn(requester);

  await t.step("looking alone changes nothing: a GET is safe", async () => {
    await browser.get(`/tickets/${one.key}`);
    assertEquals(await unread(), 4);
  });
  await t.step("by the form on its page, for what was there then", async () => {
    const page = await browser.get(`/tickets/${one.key}`);
    assert(textOf(page, ".notices-here").includes("Mark 2 notifications as read"));
    await say(agent, one.id, "Third");
    const answer = await browser.submit(page, "form.notices-here");
    assertEquals([answer.status, answer.location], [303, `/tickets/${one.id}`]);
    assertEquals(await unread(), 3);
  });
  await t.step("by acting on it", async () => {
    const page = await browser.get(`/tickets/${two.key}`);
    await browser.submit(page, `form[action="/tickets/${two.key}/comments"]`, { body: "Thanks" });
    assertEquals(await unread(), 1);
  });
  await t.step("by /v1", async () => {
    assertProblem(await requester.post("/notifications/read", { ticketId: UNKNOWN }), 422, "invalid");
    assertEquals((await requester.post("/notifications/read", { ticketId: one.id })).body.unread.count, 0);
    assertProblem(
      await requester.post("/notifications/read", { ticketId: one.id, all: true }),
      422,
      "invalid",
    );
    assertEquals((await browser.get(`/tickets/${one.key}`)).document.querySelector(".notices-here"), null);
  });
});

Deno.test("A18 time zone and language come from the browser as somebody registers or joins", async () => {
  await using desk = await openDesk();
  const register = async (headers: Record<string, string>, fields: Record<string, string>) => {
    const body = new URLSearchParams({ name: "Ada", password: PASSWORD, ...fields });
    const answer = await desk.fetch(
      new Request(`${desk.config.PUBLIC_URL}/register`, {
        method: "POST",
        body,
        headers: { origin: desk.config.PUBLIC_URL, "sec-fetch-site": "same-origin", ...headers },
      }),
    );
    assertEquals(answer.status, 303);
    await answer.body?.cancel();
  };
  await register({ "accept-language": "de-DE,de;q=0.9,en;q=0.8" }, {
    organisation: "Hafen",
    email: "ada@hafen.example",
    timeZone: "Europe/Berlin",
  });
  await register({ "accept-language": "*" }, {
    organisation: "Quay",
    email: "ada@quay.example",
    timeZone: "Mars/Olympus",
  });
  const rows = await desk.look(
    `select t.name, t.locale, t.time_zone, u.locale as own, u.time_zone as zone,
      (select v.definition ->> 'timeZone' from calendar_versions v where v.tenant_id = t.id) as calendar
    from tenants t join users u on u.tenant_id = t.id order by 1`,
  );
  const of = (name: string, locale: string, zone: string) => ({
    name,
    locale,
    time_zone: zone,
    own: locale,
    zone,
    calendar: zone,
  });
  assertEquals(rows, [of("Hafen", "de-DE", "Europe/Berlin"), of("Quay", "en", "UTC")]);

  const admin = await desk.register("Pier");
  const { body } = await admin.post("/invitations", { email: "ben@pier.example", role: "AGENT" });
  const token = new URL(body.acceptUrl).pathname.split("/").pop()!;
  const browser = new PageClient(desk);
  const page = await browser.get(`/accept-invitation/${token}`);
  const joined = await browser.submit(page, "form[method=post]", {
    name: "Ben",
    password: PASSWORD,
    timeZone: "America/New_York",
  });
  assertEquals(joined.status, 303);
  const [ben] = await desk.look("select locale, time_zone from users where name = 'Ben'");
  assertEquals(ben, { locale: "en", time_zone: "America/New_York" });
});

Deno.test("A14 what mails and pages promise is true of how mail is set up", async (t) => {
  const { composeMail } = await import("@/domain/mail/prepare.ts");
  for (const domain of [undefined, "in.example"]) {
    await t.step(domain ? "replies are taken in" : "replies are lost", async () => {
      await using scene = await openScene(domain ? { INBOUND_DOMAIN: domain } : {});
      const { desk, requester } = scene;
      const payload = { key: "INC-1001", ticketId: crypto.randomUUID(), title: "T", actorName: "Ana" };
      const { paragraphs } = composeMail("ticket_resolved", payload, {
        services: desk.services,
        tenant: requester.tenant,
        email: requester.user.email,
        name: "Rob",
        reader: { locale: "en", timeZone: "UTC" },
        at: "2026-11-30T00:00:00Z",
        invitedBy: "",
        expiresAt: "2026-11-30T00:00:00Z",
        dueAt: null,
        organisations: [],
        resets: [],
      });
      assertEquals(paragraphs.join(" ").includes("reply to reopen it"), domain !== undefined);
      // Without a transport nobody is promised an email.
      const browser = await PageClient.signedIn(requester);
      const form = await browser.get("/tickets/new");
      const answer = await browser.submit(form, "form[method=post][enctype]", {
        title: "T",
        description: "D",
      });
      const page = await browser.follow(answer);
      assertEquals(desk.services.mail.delivers, false);
      assert(!page.html.includes("email you updates"), page.html);
    });
  }
});

Deno.test("needs reply: whose turn it is, in tickets, lists, filters and the board", async (t) => {
  await using scene = await openScene();
  const { admin, agent, requester, stranger, queue, desk } = scene;
  const ticket = await raise(agent, { title: "Mine", requesterId: requester.user.id, queueId: queue });
  const needs = async () => (await agent.get(`/tickets/${ticket.id}`)).body.needsReply;
  const listed = async (value: string) =>
    (await agent.get(`/tickets?needsReply=${value}&sort=created`)).body.items.map((
      { title }: { title: string },
    ) => title);

  await t.step("until staff answer publicly, and again after the requester's side spoke", async () => {
    assertEquals([ticket.needsReply, await needs()], [true, true]);
    await say(agent, ticket.id, "A note", "internal");
    assertEquals(await needs(), true);
    await say(agent, ticket.id, "Which tray?");
    assertEquals(await needs(), false);
    await admin.put(`/tickets/${ticket.id}/watchers/${stranger.user.id}`);
    await say(stranger, ticket.id, "It happens to me too");
    assertEquals(await needs(), true);
    await say(admin, ticket.id, "Both of you: tray 2");
    await say(requester, ticket.id, "Thanks");
    assertEquals(await needs(), true);
  });
  await t.step("staff who ask for themselves wait for an answer like anybody", async () => {
    const own = await raise(agent, { title: "Agent's own" });
    await say(agent, own.id, "Any news?");
    assertEquals((await agent.get(`/tickets/${own.id}`)).body.needsReply, true);
    await move(admin, own.id, "cancelled");
  });
  await t.step("pending and ended tickets need none", async () => {
    const waits = await raise(requester, { title: "Waits" });
    await move(agent, waits.id, "pending", { reason: "vendor" });
    assertEquals((await agent.get(`/tickets/${waits.id}`)).body.needsReply, false);
    await move(agent, waits.id, "resolved", { note: "Done" });
    assertEquals((await agent.get(`/tickets/${waits.id}`)).body.needsReply, false);
  });
  await t.step("lists filter by it, alone and with others", async () => {
    const answered = await raise(requester, { title: "Answered" });
    await say(agent, answered.id, "Done?");
    assertEquals(await listed("true"), ["Mine"]);
    assertEquals(await listed("false"), ["Agent's own", "Waits", "Answered"]);
    assertEquals(await listed("true&status=new&priority=medium"), ["Mine"]);
    assertEquals(await listed("true&queueId=none"), []);
    assertProblem(await agent.get("/tickets?needsReply=perhaps"), 422, "invalid");
    const counts = (await agent.get("/tickets/counts?needsReply=true")).body.matching;
    assertEquals(counts, { count: 1, capped: false });
    const view = (await agent.post("/views", { name: "Turn", filter: { needsReply: true } })).body;
    assertEquals((await agent.get(`/tickets?view=${view.id}`)).body.items.length, 1);
  });
  await t.step("a merge takes what was said along", async () => {
    const late = await raise(requester, { title: "Late" });
    await say(agent, ticket.id, "Anything else?");
    assertEquals(await needs(), false);
    await say(requester, late.id, "Yes, this");
    const merged = await agent.post(`/tickets/${late.id}/merge`, { version: 1, into: ticket.id });
    assertEquals([merged.status, await needs()], [200, true]);
    await agent.post(`/tickets/${late.id}/unmerge`, { version: merged.body.version });
    assertEquals(await needs(), false);
  });
  await t.step("pages say it: a new ticket that was answered isn't an untouched one", async () => {
    const browser = await PageClient.signedIn(agent);
    const list = await browser.get("/tickets?status=new");
    assert(textOf(list, "table").includes("Answered"));
    await say(requester, ticket.id, "And now?");
    const board = await browser.get(`/queues/${queue}`);
    assert(textOf(board, ".board-card").includes("Needs reply"));
    const filtered = await browser.get("/tickets?needsReply=true");
    assert(textOf(filtered, "table").includes("Mine") && filtered.html.includes("Reply: Needs reply"));
    assert(!(await (await PageClient.signedIn(requester)).get("/tickets")).html.includes("Needs reply"));
  });
  assertEquals((await desk.look("select 1 from tickets where needs_reply is null")).length, 0);
});
