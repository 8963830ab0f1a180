import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newPage, type Page } from "@/tests/helpers/browser.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { ADA, post, signIn, watchProblems } from "@/tests/helpers/visit.ts";

/** Does something until it has its effect: a page is there before its scripts are. */
async function until(
  page: Page,
  what: () => Promise<unknown>,
  effect: () => Promise<boolean>,
): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    await what();
    await page.waitForTimeout(250);
    if (await effect()) return;
  }
  throw new Error(`Cannot see the effect on ${page.url()}`);
}

Deno.test("Searching as one types, and the palette, by keyboard alone", async (t) => {
  await using server = await startServer({ env: { LOG_LEVEL: "warn" } });
  const { accessToken } = await post(server.url, "/auth/register", ADA);
  for (const title of ["Printer jams", "VPN drops", "Printing is slow"]) {
    await post(server.url, "/tickets", { title, description: "" }, accessToken);
  }
  const browser = await launchBrowser();
  try {
    const page = await newPage(browser, { baseUrl: server.url });
    const problems = watchProblems(page);
    await signIn(page);
    const box = page.locator(".topbar").getByRole("combobox");
    const options = page.locator(".topbar").getByRole("option");

    await t.step("the box lists what is found as one types", async () => {
      await until(page, async () => {
        await box.fill("");
        await box.pressSequentially("print");
        await page.waitForTimeout(300);
      }, async () => await options.count() === 3);
      assertEquals(await options.locator(".ticket-key").allInnerTexts(), ["INC-1003", "INC-1001"]);
      assertEquals(await options.locator("mark").allInnerTexts(), ["Printing", "Printer"]);
      assertEquals(await box.getAttribute("aria-expanded"), "true");
    });

    await t.step("arrows go through it, Escape closes it, Enter opens what is active", async () => {
      const active = async () => {
        const id = await box.getAttribute("aria-activedescendant");
        return id ? await page.locator(`#${id}`).innerText() : null;
      };
      assertEquals(await active(), null);
      await box.press("ArrowDown");
      assert((await active())!.includes("Printing is slow"));
      await box.press("ArrowUp");
      await box.press("ArrowUp");
      assert((await active())!.includes("All results"));
      await box.press("Escape");
      assertEquals(await options.count(), 0);
      assertEquals(await box.inputValue(), "print");
      await box.press("ArrowDown");
      await box.press("ArrowDown");
      await box.press("Enter");
      await page.waitForURL("**/tickets/INC-1001");
    });

    await t.step("Enter on the text opens the page of results", async () => {
      await box.fill("vpn");
      await box.press("Enter");
      await page.waitForURL("**/search?q=vpn");
      assertEquals(await page.locator("main .found-title").allInnerTexts(), ["VPN drops"]);
    });

    const palette = page.getByRole("dialog", { name: "Go to anything" });
    await t.step(
      "Ctrl-K opens the palette, with the tickets that were opened, and leads to pages",
      async () => {
        await until(page, () => page.keyboard.press("Control+k"), () => palette.isVisible());
        assert((await palette.getByRole("option").first().innerText()).includes("Printer jams"));
        await page.keyboard.type("new ti");
        await page.keyboard.press("Enter");
        await page.waitForURL("**/tickets/new");
      },
    );

    await t.step("the palette finds tickets and people, and gives the focus back", async () => {
      const title = page.locator("main input[name=title]");
      await title.focus();
      await until(page, () => page.keyboard.press("Control+k"), () => palette.isVisible());
      await page.keyboard.type("ada");
      await palette.getByRole("option", { name: "ada@harbour.example" }).waitFor();
      await page.keyboard.press("Escape");
      await palette.waitFor({ state: "hidden" });
      assert(await title.evaluate((node) => node === document.activeElement));
      await page.keyboard.press("Control+k");
      await page.keyboard.type("slow");
      await palette.locator(".ticket-key", { hasText: "INC-1003" }).waitFor();
      await page.keyboard.press("Enter");
      await page.waitForURL("**/tickets/INC-1003");
    });

    await t.step("? names the palette", async () => {
      const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
      await until(page, () => page.keyboard.press("?"), () => list.isVisible());
      assert((await list.innerText()).includes("Go to a page"));
    });
    assertEquals(problems, []);
  } finally {
    await browser.close();
  }
});
