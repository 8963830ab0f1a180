import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

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

Deno.test("Of more changes than a page has room for, the oldest are links away, each shown once", async () => {
  await using scene = await openScene();
  const { desk } = scene;
  const ticket = await raise(scene.requester);
  const { body: old } = await scene.agent.post(`/tickets/${ticket.id}/comments`, { body: "Remark 1." });
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
  const led = await requester.get(list.document.querySelector(".notice a")!.getAttribute("href")!);
  assert(led.location!.startsWith(`/tickets/${ticket.key}?before=`), led.location!);
  assert((await requester.follow(led)).document.getElementById(`comment-${old.id}`) !== null);
});
