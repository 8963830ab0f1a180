import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newPage } from "@/tests/helpers/browser.ts";
import { PASSWORD } from "@/tests/helpers/desk.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { ADA, post, signIn, watchProblems } from "@/tests/helpers/visit.ts";

Deno.test("From the bell to the comment; what to be told of; the organisation's settings and its audit log", async (t) => {
  await using server = await startServer({ env: { LOG_LEVEL: "warn" } });
  const { accessToken: admin } = await post(server.url, "/auth/register", ADA);
  const invited = await post(
    server.url,
    "/invitations",
    { email: "rob@harbour.example", role: "REQUESTER" },
    admin,
  );
  const { accessToken: requester } = await post(server.url, "/auth/invitations/accept", {
    token: invited.acceptUrl.split("/").pop(),
    name: "Rob Requester",
    password: PASSWORD,
  });
  const ticket = await post(server.url, "/tickets", { title: "Printer jams", description: "" }, requester);
  const reply = (body: string) =>
    post(server.url, `/tickets/${ticket.id}/comments`, { visibility: "public", body }, admin);
  await reply("Which tray?");
  const browser = await launchBrowser();
  try {
    const rob = await newPage(browser, { baseUrl: server.url });
    const problems = watchProblems(rob);
    await signIn(rob, "rob@harbour.example");
    const bell = rob.locator("a.bell");

    await t.step("the bell counts, and counts again when the window is looked at", async () => {
      assertEquals(await bell.getAttribute("aria-label"), "Notifications: 1 unread");
      await reply("The left one?");
      for (let tries = 0; tries < 40 && await bell.innerText() !== "2"; tries++) {
        await rob.evaluate(() => dispatchEvent(new Event("focus")));
        await rob.waitForTimeout(250);
      }
      assertEquals(await bell.getAttribute("aria-label"), "Notifications: 2 unread");
    });

    await t.step("a notification leads to its comment; resting the pointer on it reads nothing", async () => {
      await bell.click();
      await rob.waitForURL("**/notifications");
      const first = rob.locator(".notice button").first();
      await first.hover();
      await rob.waitForTimeout(600);
      await rob.reload();
      assertEquals(await rob.locator(".notice.is-unread").count(), 2);
      await rob.locator(".notice button").first().click();
      await rob.waitForURL(/\/tickets\/INC-1001\?comment=.*#comment-/);
      const target = rob.locator(new URL(rob.url()).hash);
      assert((await target.innerText()).includes("The left one?"));
      // The ticket before them, they have read the other one as well.
      for (let tries = 0; tries < 40 && await bell.getAttribute("aria-label") !== "Notifications"; tries++) {
        await rob.waitForTimeout(250);
      }
      assertEquals(await bell.getAttribute("aria-label"), "Notifications");
    });

    await t.step(
      "A17 an open ticket reads what comes in, and asks for nothing where nothing is unread",
      async () => {
        const asked: string[] = [];
        rob.on("request", (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
        const reads = () => asked.filter((one) => one === "POST /v1/notifications/read").length;
        await rob.goto(`/tickets/${ticket.key}`);
        await rob.waitForFunction(async () => {
          const { held } = await navigator.locks.query();
          return held?.some(({ name }) => name?.startsWith("servicehub:live:"));
        });
        assertEquals([reads(), await rob.locator(".notices-here").count()], [0, 0]);
        const read = rob.waitForResponse((response) => response.url().endsWith("/v1/notifications/read"));
        await reply("While you look");
        await rob.getByText("While you look").waitFor();
        assertEquals((await (await read).json()).unread.count, 0);
        await rob.goto("/notifications");
        assertEquals(await rob.locator(".notice.is-unread").count(), 0);
        // One that was unread before the ticket was opened is read by opening it, whichever way that was.
        await reply("While you don't");
        await rob.reload();
        assertEquals(await rob.locator(".notice.is-unread").count(), 1);
        const opened = rob.waitForResponse((response) => response.url().endsWith("/v1/notifications/read"));
        await rob.goto(`/tickets/${ticket.key}`);
        await opened;
        await rob.locator(".notices-here").waitFor({ state: "detached" });
        assertEquals([await bell.getAttribute("aria-label"), reads()], ["Notifications", 2]);
      },
    );

    await t.step("all are marked as read", async () => {
      await rob.goto("/notifications");
      await reply("Or the right one?");
      await reply("Both?");
      await rob.reload();
      assertEquals(await rob.locator(".notice.is-unread").count(), 2);
      await rob.getByRole("button", { name: "Mark all as read" }).click();
      await rob.getByText("All notifications marked as read").waitFor();
      assertEquals(await bell.getAttribute("aria-label"), "Notifications");
      assertEquals(await rob.locator(".notice.is-unread").count(), 0);
    });

    await t.step("what isn't wanted isn't told", async () => {
      await rob.goto("/profile#notifications");
      await rob.getByLabel("Someone replies to a ticket you're involved in: In app").uncheck();
      await rob.getByRole("button", { name: "Save notifications" }).click();
      await rob.getByText("Notification settings saved").waitFor();
      await reply("Are you there?");
      await rob.goto("/notifications");
      assertEquals(await rob.locator(".notice").count(), 6);
    });

    await t.step("settings hold at once, and the audit log shows what was changed", async () => {
      const ada = await newPage(browser, { baseUrl: server.url });
      await signIn(ada, "ada@harbour.example");
      await ada.getByRole("link", { name: "Organisation" }).click();
      await ada.getByLabel("Name", { exact: true }).fill("Harbour & Sons");
      await ada.getByLabel("Reopen window (days)").fill("21");
      await ada.getByRole("button", { name: "Save settings" }).click();
      await ada.getByText("Settings saved").waitFor();
      assertEquals(await ada.locator(".brand-org").innerText(), "Harbour & Sons");
      await ada.getByRole("link", { name: "Audit", exact: true }).click();
      await ada.waitForURL("**/admin/audit");
      await ada.getByLabel("Action", { exact: true }).selectOption("tenant.settings_changed");
      await ada.getByRole("button", { name: "Apply" }).click();
      await ada.waitForURL(/action=tenant.settings_changed/);
      assertEquals(await ada.locator(".audit-entry").count(), 1);
      await ada.locator(".audit-entry summary").click();
      const shown = await ada.locator(".changes").innerText();
      assert(shown.includes("14") && shown.includes("21") && shown.includes("Harbour & Sons"), shown);
      await ada.getByRole("link", { name: "Verify" }).click();
      await ada.getByText("The audit log is intact: no entry was changed, added or removed").waitFor();
    });

    await t.step("links of emails from before they named the comment lead to earlier parts too", async () => {
      const long = await post(server.url, "/tickets", { title: "Long talk", description: "" }, admin);
      const said = [];
      for (let i = 1; i <= 52; i++) {
        said.push(
          await post(server.url, `/tickets/${long.id}/comments`, {
            visibility: "public",
            body: `Remark ${i}.`,
          }, admin),
        );
      }
      const ada = await newPage(browser, { baseUrl: server.url });
      watchProblems(ada, problems);
      await signIn(ada);
      await ada.goto(`/tickets/${long.key}#comment-${said[0].id}`);
      await ada.getByText("Remark 1.", { exact: true }).waitFor();
      assertEquals(new URL(ada.url()).searchParams.get("comment"), said[0].id);
      await ada.getByRole("link", { name: "Show the latest" }).click();
      await ada.getByText("Remark 52.", { exact: true }).waitFor();
      assertEquals(await ada.getByText("Remark 1.", { exact: true }).count(), 0);
      await ada.close();
    });

    await t.step("nothing in the page broke the policy or failed", () => assertEquals(problems, []));
  } finally {
    await browser.close();
  }
});
