import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newContext, newPage, type Page } from "@/tests/helpers/browser.ts";
import { PASSWORD } from "@/tests/helpers/desk.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { ADA, post, signIn, watchProblems } from "@/tests/helpers/visit.ts";
import { until } from "@/tests/process/support.ts";

/** Waits until the page's scripts are alive and a stream is open, here or in another tab. */
async function alive(page: Page): Promise<void> {
  await page.waitForFunction(async () => {
    const { held } = await navigator.locks.query();
    return held?.some(({ name }) => name?.startsWith("servicehub:live:"));
  });
}

Deno.test("Live: replies, states, lists and counts come into open pages; one stream for all tabs", async (t) => {
  await using server = await startServer({ env: { LOG_LEVEL: "info", RATE_LIMIT_SCALE: "1000" } });
  const { url } = server;
  const { accessToken: admin } = await post(url, "/auth/register", ADA);
  const invited = await post(url, "/invitations", { email: "rob@harbour.example", role: "REQUESTER" }, admin);
  const { accessToken: rob } = await post(url, "/auth/invitations/accept", {
    token: invited.acceptUrl.split("/").pop(),
    name: "Rob Requester",
    password: PASSWORD,
  });
  const colleague = await post(url, "/invitations", { email: "ana@harbour.example", role: "AGENT" }, admin);
  await post(url, "/auth/invitations/accept", {
    token: colleague.acceptUrl.split("/").pop(),
    name: "Ana Agent",
    password: PASSWORD,
  });
  const ticket = await post(url, "/tickets", { title: "Printer jams", description: "Tray 2" }, rob);
  const href = `/tickets/${ticket.key}`;
  const browser = await launchBrowser();
  const streams = () =>
    server.output().split("\n").filter((line) => line.includes('"path":"/v1/events"')).length;
  try {
    // Tabs of one browser share its storage.
    const context = await newContext(browser, { baseUrl: url });
    const ada = await context.newPage();
    const problems = watchProblems(ada);
    await signIn(ada);
    const robs = await newPage(browser, { baseUrl: url });
    watchProblems(robs, problems);
    await signIn(robs, "rob@harbour.example");
    await ada.goto(href);
    await robs.goto(href);
    await Promise.all([alive(ada), alive(robs)]);

    await t.step(
      "an agent sees the requester's reply without a reload, and what they type stays",
      async () => {
        await ada.locator(".composer textarea").fill("I am looking into");
        await robs.locator(".composer textarea").fill("It jams again");
        await robs.getByRole("button", { name: "Send" }).last().click();
        await robs.getByText("Reply sent").waitFor();
        await ada.locator(".comment-body", { hasText: "It jams again" }).waitFor({ timeout: 5_000 });
        assertEquals(await ada.locator(".composer textarea").inputValue(), "I am looking into");
        await ada.getByText("Rob Requester replied while you were writing").waitFor();
        await ada.getByRole("button", { name: "Dismiss" }).click();
        assertEquals(await ada.locator(".live-line").count(), 0);
      },
    );

    await t.step("the requester sees the new state, what they may do, and that they are told", async () => {
      await post(url, `${href}/transitions`, { to: "pending", reason: "vendor", version: 1 }, admin);
      await post(url, `${href}/comments`, { body: "Between us", visibility: "internal" }, admin);
      await post(url, `${href}/comments`, { visibility: "public", body: "We wait for a part" }, admin);
      await robs.locator(".ticket-meta", { hasText: "Pending" }).waitFor({ timeout: 5_000 });
      await robs.locator(".comment-body", { hasText: "We wait for a part" }).waitFor();
      assert(!(await robs.content()).includes("Between us"));
      // With the ticket before them they have read it; elsewhere the bell tells.
      await robs.goto("/home");
      await post(url, `${href}/comments`, { visibility: "public", body: "And for a cable" }, admin);
      await robs.locator('a.bell[aria-label*="unread"]').waitFor({ timeout: 10_000 });
      await ada.locator(".side-panel .badge", { hasText: "Pending" }).waitFor({ state: "attached" });
      // The form moves on with the ticket: what is sent now isn't stale.
      const versions = await ada.locator(".state-actions input[name=version]").evaluateAll((all) =>
        all.map((one) => (one as HTMLInputElement).value)
      );
      assertEquals([...new Set(versions)], ["2"]);
    });

    await t.step(
      "two tabs of one browser share one stream, which goes on when the first is closed",
      async () => {
        await robs.goto("about:blank");
        const opened = streams();
        await ada.goto("/tickets");
        await alive(ada);
        // The page that holds the lock asks for its stream next.
        await until(() => streams() > opened, 10_000);
        const before = streams();
        const second = await context.newPage();
        await second.goto(href);
        await alive(second);
        await post(url, `${href}/comments`, { visibility: "public", body: "To both tabs" }, rob);
        await second.locator(".comment-body", { hasText: "To both tabs" }).waitFor({ timeout: 5_000 });
        const held = await second.evaluate(async () => {
          const { held, pending } = await navigator.locks.query();
          return [held?.length, pending?.length];
        });
        assertEquals(held, [1, 1]);
        assertEquals(streams(), before);
        await ada.goto("about:blank");
        await post(url, `${href}/comments`, { visibility: "public", body: "While nobody read" }, rob);
        await second.locator(".comment-body", { hasText: "While nobody read" }).waitFor({ timeout: 5_000 });
        assertEquals(streams(), before + 1);
        await second.close();
      },
    );

    await t.step(
      "rows of a list change where they stand, boxes stay ticked, new tickets are announced",
      async () => {
        await ada.goto("/tickets");
        await alive(ada);
        const row = ada.locator(`tr[data-id="${ticket.id}"]`);
        await row.locator("input[type=checkbox]").check();
        const now = await (await fetch(`${url}/v1${href}`, { headers: { authorization: `Bearer ${admin}` } }))
          .json();
        await post(url, `${href}/transitions`, { to: "in_progress", version: now.version }, admin);
        await row.locator(".badge", { hasText: "In progress" }).waitFor({ timeout: 8_000 });
        assertEquals(await row.locator("input[type=checkbox]").isChecked(), true);
        await post(url, "/tickets", { title: "Scanner is dark", description: "" }, rob);
        await ada.getByText("1 new or updated ticket").waitFor({ timeout: 10_000 });
        assertEquals(await ada.getByText("Scanner is dark").count(), 0);
        await ada.locator(".live-line a").click();
        await ada.getByText("Scanner is dark").waitFor();
      },
    );

    await t.step("figures of the home page follow", async () => {
      await ada.goto("/home");
      await alive(ada);
      await post(url, "/tickets", { title: "Keyboard sticks", description: "" }, rob);
      await ada.getByRole("link", { name: "Keyboard sticks" }).waitFor({ timeout: 8_000 });
    });

    await t.step(
      "colleagues see each other at a ticket and who replies; the requester sees neither",
      async () => {
        await ada.goto(href);
        await robs.goto(href);
        await alive(ada);
        assertEquals(await ada.locator(".presence").count(), 0);
        const ana = await newPage(browser, { baseUrl: url });
        watchProblems(ana, problems);
        await signIn(ana, "ana@harbour.example");
        await ana.goto(href);
        await ada.locator(".presence", { hasText: "Ana Agent is viewing" }).waitFor({ timeout: 5_000 });
        await ana.locator(".presence", { hasText: "Ada Admin is viewing" }).waitFor({ timeout: 5_000 });
        await ana.locator(".composer textarea").pressSequentially("Hello");
        await ada.locator(".presence", { hasText: "Ana Agent is replying" }).waitFor({ timeout: 5_000 });
        assertEquals(await robs.locator(".presence, .presence-place").count(), 0);
        await ana.goto("/tickets");
        await ada.locator(".presence").waitFor({ state: "detached", timeout: 5_000 });
      },
    );

    await t.step("nothing in the page broke the policy or failed", () => assertEquals(problems, []));
  } finally {
    await browser.close();
  }
});
