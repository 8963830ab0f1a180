import { assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newPage, type Page } from "@/tests/helpers/browser.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { ADA, post, signIn, watchProblems } from "@/tests/helpers/visit.ts";

/** Presses a key until it has its effect: a page is there before its scripts are. */
async function press(page: Page, key: string, effect: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    await page.keyboard.press(key);
    await page.waitForTimeout(250);
    if (await effect()) return;
  }
  throw new Error(`Cannot see what "${key}" does on ${page.url()}`);
}

Deno.test("Islands make pages better, under the page's own policy and without an error", async (t) => {
  await using server = await startServer({ env: { LOG_LEVEL: "warn" } });
  const { accessToken } = await post(server.url, "/auth/register", ADA);
  for (const title of ["Printer jams", "VPN drops"]) {
    await post(server.url, "/tickets", { title, description: "" }, accessToken);
  }
  const browser = await launchBrowser();
  try {
    // What moves for people moves here as well.
    const page = await newPage(browser, { baseUrl: server.url, motion: true });
    const problems = watchProblems(page);
    await signIn(page);

    await t.step("? lists the shortcuts, and they lead where they say", async () => {
      const dialog = page.getByRole("dialog");
      await press(page, "?", () => dialog.isVisible());
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
      await press(page, "t", () => page.url().endsWith("/tickets"));
      const search = page.locator(".topbar .search input");
      await press(page, "/", () => search.evaluate((input) => input === document.activeElement));
      await search.fill("VPN");
      await search.press("Enter");
      await page.waitForURL("**/search?q=VPN");
      assertEquals(await page.locator("main .ticket-key").allInnerTexts(), ["INC-1002"]);
    });

    await t.step("a filter applies itself", async () => {
      await page.goto("/tickets", { waitUntil: "networkidle" });
      await page.locator("select[name=assigneeId]").selectOption("me");
      await page.waitForURL(/assigneeId=me/);
      assertEquals(await page.locator(".ticket-key").count(), 0);
    });

    await t.step("a reply that wasn't sent is there again, and gone once it was", async () => {
      const box = page.locator(".composer textarea");
      const kept = () => page.evaluate(() => JSON.stringify(localStorage));
      await page.goto("/tickets/INC-1001");
      await press(page, "r", () => box.evaluate((area) => area === document.activeElement));
      for (let tries = 0; tries < 40 && !(await kept()).includes("tray 3"); tries++) {
        await box.fill("Have you tried tray 3?");
        await page.waitForTimeout(500);
      }
      await page.reload();
      await page.getByText("Draft restored").waitFor();
      assertEquals(await box.inputValue(), "Have you tried tray 3?");
      await box.press("Control+Enter");
      await page.waitForURL(/#comment-/);
      await page.waitForFunction(() => localStorage.length === 0);
      await page.goto("/tickets/INC-1001");
      assertEquals(await box.inputValue(), "");
      assertEquals(await page.getByText("Have you tried tray 3?").count(), 1);
    });

    await t.step("nothing in the page broke the policy or failed", () => assertEquals(problems, []));
  } finally {
    await browser.close();
  }
});
