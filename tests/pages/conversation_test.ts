import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { TicketPayload } from "@/domain/messages/payloads.ts";
import { composeTicketMail } from "@/domain/mail/templates/ticket_mails.ts";
import { type PageAnswer, PageClient } from "@/tests/helpers/browser_client.ts";
import { openScene, raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

Deno.test("A long conversation opens with what was said last, and what came before is a link away", async () => {
  const scene = await openScene();
  try {
    const ticket = await raise(scene.requester);
    const href = `/tickets/${ticket.key}`;
    for (let i = 1; i <= 60; i++) {
      await scene.agent.post(`${href}/comments`, {
        body: `Note ${i}.`,
        visibility: i % 2 ? "internal" : "public",
      });
    }
    const { version } = (await scene.agent.get(href)).body;
    await scene.agent.post(`${href}/transitions`, { to: "in_progress", version });
    const agent = await PageClient.signedIn(scene.agent);
    const page = await agent.get(href);
    const shown = (html: string) => [...html.matchAll(/Note (\d+)\./g)].map(([, n]) => Number(n));
    assertEquals(shown(page.html), Array.from({ length: 50 }, (_, i) => i + 11));
    assert(page.html.includes("changed the status from"));
    const earlier = page.document.querySelector(`a[href^="${href}?before="]`)!;
    const before = await agent.get(earlier.getAttribute("href")!);
    assertEquals(shown(before.html), Array.from({ length: 10 }, (_, i) => i + 1));
    assertEquals(before.document.querySelector(`a[href^="${href}?before="]`), null);
    const requester = await PageClient.signedIn(scene.requester);
    assertEquals(
      shown((await requester.get(href)).html),
      Array.from({ length: 30 }, (_, i) => 2 * (i + 1)),
    );
    assertEquals((await agent.get(`${href}?before=odd`)).status, 422);
  } finally {
    await scene[Symbol.asyncDispose]();
  }
});

Deno.test("A link to a comment opens the part that it is in, from emails, screens and after a merge", async () => {
  await using scene = await openScene();
  const { desk } = scene;
  const [ticket, target] = [await raise(scene.requester), await raise(scene.requester)];
  const said = async (client: Client, body: string, visibility = "public") =>
    (await client.post(`/tickets/${ticket.id}/comments`, { body, visibility })).body.id as string;
  const old = await said(scene.agent, "The old one.");
  const note = await said(scene.agent, "A note.", "internal");
  await desk.look(
    `insert into comments (tenant_id, ticket_id, author_id, visibility, body)
      select tenant_id, id, requester_id, 'public', 'Later ' || i || '.' from tickets, generate_series(1, 60) i
      where id = $1`,
    [ticket.id],
  );
  const last = await said(scene.agent, "The last one.");
  const requester = await PageClient.signedIn(scene.requester);
  const agent = await PageClient.signedIn(scene.agent);
  const linked = (commentId: string) => {
    const payload = TicketPayload.parse({
      ticketId: ticket.id,
      key: ticket.key,
      title: "",
      commentId,
    });
    const { action } = composeTicketMail("comment_added", { services: desk.services }, payload);
    const { origin, pathname, search, hash } = new URL(action!.url);
    assertEquals([origin, hash], [desk.config.PUBLIC_URL, `#comment-${commentId}`]);
    return pathname + search;
  };
  const has = (page: PageAnswer, id: string) => page.document.getElementById(`comment-${id}`) !== null;
  const latest = (page: PageAnswer) =>
    [...page.document.querySelectorAll(".ticket-talk > a")].some((a) => a.textContent === "Show the latest");

  const opened = await requester.get(linked(old));
  assertEquals([opened.status, has(opened, old), has(opened, last), latest(opened)], [
    200,
    true,
    false,
    true,
  ]);
  const newest = await requester.get(linked(last));
  assertEquals([has(newest, old), has(newest, last), latest(newest)], [false, true, false]);
  assertEquals(has(await agent.get(linked(note)), note), true);
  // What isn't there, or not for this person, leaves the latest part.
  for (const id of [note, UNKNOWN, "nonsense"]) {
    const page = await requester.get(`/tickets/${ticket.key}?comment=${id}`);
    assertEquals([page.status, has(page, last), latest(page)], [200, true, false]);
  }
  const history = await agent.get(`/tickets/${ticket.key}/comments/${old}/history`);
  const back = history.document.querySelector(`main a[href$="#comment-${old}"]`)!.getAttribute("href")!;
  assertEquals(has(await agent.get(back.split("#")[0]!), old), true);

  const { version } = (await scene.agent.get(`/tickets/${ticket.id}`)).body;
  const merge = { into: target.key, version };
  assertEquals((await scene.agent.post(`/tickets/${ticket.id}/merge`, merge)).status, 200);
  const moved = await requester.get(linked(old));
  assertEquals(moved.location, `/tickets/${target.key}?comment=${old}#comment-${old}`);
  assertEquals(has(await requester.follow(moved), old), true);
});

Deno.test("Of more changes than a page has room for, the oldest are links away, each shown once", async () => {
  await using scene = await openScene();
  const { desk } = scene;
  const ticket = await raise(scene.requester);
  const { body: old } = await scene.agent.post(`/tickets/${ticket.id}/comments`, {
    visibility: "public",
    body: "Remark 1.",
  });
  // Changes a second apart, four at each point in time, and a comment among each fifty.
  await desk.look(
    `insert into audit_log (tenant_id, at, actor_id, action, entity, entity_id, changes)
      select $1, now() + make_interval(secs => i / 4), $2, 'ticket.edited', 'ticket', $3,
        jsonb_build_object('title', jsonb_build_object('from', 'x', 'to', 'Title ' || i || '.'))
      from generate_series(1, 450) i`,
    [scene.agent.tenant.id, scene.agent.user.id, ticket.id],
  );
  await desk.look(
    `insert into comments (tenant_id, ticket_id, author_id, visibility, body, created_at)
      select $1, $2, $3, 'public', 'Remark ' || i || '.', now() + make_interval(secs => (i - 1) * 12)
      from generate_series(2, 9) i`,
    [scene.agent.tenant.id, ticket.id, scene.agent.user.id],
  );
  const agent = await PageClient.signedIn(scene.agent);
  const seen: { changes: number[]; remarks: number[] }[] = [];
  let href: string | null | undefined = `/tickets/${ticket.key}`;
  while (href) {
    const page = await agent.get(href);
    const numbers = (word: string) =>
      [...page.html.matchAll(new RegExp(`${word} (\\d+)\\.`, "g"))].map(([, n]) => Number(n));
    seen.push({ changes: numbers("Title"), remarks: numbers("Remark") });
    href = page.document.querySelector(`a[href^="/tickets/${ticket.key}?before="]`)?.getAttribute("href");
  }
  assertEquals(seen.map(({ changes }) => changes.length), [200, 200, 50]);
  const sorted = (numbers: number[]) => numbers.sort((a, b) => a - b);
  assertEquals(sorted(seen.flatMap(({ changes }) => changes)), Array.from({ length: 450 }, (_, i) => i + 1));
  assertEquals(sorted(seen.flatMap(({ remarks }) => remarks)), Array.from({ length: 9 }, (_, i) => i + 1));
  // What was said stands among what was done at that time.
  assert(seen.every(({ remarks }) => remarks.length > 0), JSON.stringify(seen));

  // A notification of a comment that so many changes came after leads to the part that it is in.
  const requester = await PageClient.signedIn(scene.requester);
  const list = await requester.get("/notifications");
  const led = await requester.submit(list, ".notice form");
  assertEquals(led.location, `/tickets/${ticket.key}?comment=${old.id}#comment-${old.id}`);
  assert((await requester.follow(led)).document.getElementById(`comment-${old.id}`) !== null);
});
