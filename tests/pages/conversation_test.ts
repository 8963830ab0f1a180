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
