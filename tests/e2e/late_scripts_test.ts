import { Buffer } from "node:buffer";
import { assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newPage, type Page } from "@/tests/helpers/browser.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { ADA, post, signIn, watchProblems } from "@/tests/helpers/visit.ts";

const FIELDS = [
  { key: "model", type: "choice", label: "Model", required: true, options: ["Small", "Large"] },
  { key: "why", type: "long_text", label: "Why?", required: true },
  { key: "extras", type: "choices", label: "Extras", options: ["Case", "Pen"] },
  { key: "urgent", type: "checkbox", label: "It's urgent" },
  { key: "until", type: "text", label: "Until when?", showIf: { field: "urgent", equals: "yes" } },
];

/** Opens a page whose scripts arrive when `arrive` is called. */
async function openLate(page: Page, path: string): Promise<{ arrive(): Promise<void> }> {
  let release = () => {};
  const released = new Promise<void>((resolve) => release = resolve);
  const scripts = "**/_fresh/js/**";
  await page.route(scripts, async (route) => {
    await released;
    await route.continue();
  });
  // The document isn't loaded before its scripts are.
  await page.goto(path, { waitUntil: "commit" });
  return {
    async arrive() {
      release();
      await page.waitForLoadState("networkidle");
      await page.unroute(scripts);
    },
  };
}

Deno.test("What is typed before the scripts arrive stays when they start", async (t) => {
  await using server = await startServer({ env: { LOG_LEVEL: "warn" } });
  const { accessToken } = await post(server.url, "/auth/register", ADA);
  const item = await post(server.url, "/catalog", { name: "Tablet", fields: FIELDS }, accessToken);
  const { key } = await post(
    server.url,
    "/tickets",
    { title: "Printer jams", description: "" },
    accessToken,
  );
  const browser = await launchBrowser();
  try {
    const page = await newPage(browser, { baseUrl: server.url });
    const problems = watchProblems(page);
    await signIn(page);

    await t.step("the search box", async () => {
      const { arrive } = await openLate(page, "/home");
      const box = page.locator(".topbar .search input");
      await box.fill("print");
      await arrive();
      assertEquals(await box.inputValue(), "print");
      await box.press("e");
      await page.getByRole("listbox").getByText("Printer jams").waitFor();
      assertEquals(await box.inputValue(), "printe");
    });

    await t.step("the request form: text, choice, boxes, and what depends on them", async () => {
      const { arrive } = await openLate(page, `/catalog/${item.id}`);
      await page.getByLabel("Model").selectOption("Large");
      await page.getByLabel("Why?").fill("Maps\nand plans");
      await page.getByLabel("Pen").check();
      await page.getByLabel("It's urgent").check();
      await page.getByLabel("Until when?").fill("Friday");
      await arrive();
      // Shown without its condition, so the form is live.
      await page.getByText("Only when").waitFor({ state: "hidden" });
      assertEquals(await page.getByLabel("Model").inputValue(), "Large");
      assertEquals(await page.getByLabel("Why?").inputValue(), "Maps\nand plans");
      assertEquals(await page.getByLabel("Pen").isChecked(), true);
      assertEquals(await page.getByLabel("Case").isChecked(), false);
      assertEquals(await page.getByLabel("Until when?").inputValue(), "Friday");
      await page.getByRole("button", { name: "Send request" }).click();
      await page.waitForURL(/\/tickets\/REQ-/);
      const side = await page.locator(".ticket-side").innerText();
      assertEquals(["Large", "Pen", "Friday"].filter((answer) => !side.includes(answer)), []);
    });

    await t.step("the reply, its draft, and a file that was chosen", async () => {
      const { arrive } = await openLate(page, `/tickets/${key}`);
      const box = page.locator(".composer textarea");
      await box.fill("Have you tried tray 3?");
      await page.locator(".composer input[type=file]").setInputFiles({
        name: "tray.txt",
        mimeType: "text/plain",
        buffer: Buffer.from("tray 3"),
      });
      await arrive();
      assertEquals(await box.inputValue(), "Have you tried tray 3?");
      await page.locator(".upload-done", { hasText: "tray.txt" }).waitFor();
      await page.waitForFunction(() => JSON.stringify(localStorage).includes("tray 3"));
      await box.press("Control+Enter");
      await page.waitForURL(/#comment-/);
      await page.locator(".conversation").getByText("tray.txt").waitFor();
    });

    await t.step("the preview of a form that is being built", async () => {
      const { arrive } = await openLate(page, `/admin/catalog/${item.id}`);
      const question = page.getByLabel("Question", { exact: true });
      await question.first().fill("Which model?");
      await arrive();
      await page.locator(".builder-preview").getByText("Which model?").waitFor();
    });

    await t.step("suggestions for the field that has the focus", async () => {
      const { arrive } = await openLate(page, `/tickets/${key}/merge`);
      const field = page.locator("#f-into");
      await field.fill("Tablet");
      await arrive();
      await page.locator("#merge-tickets option").first().waitFor({ state: "attached" });
    });

    await t.step("nothing broke the policy or failed", () => assertEquals(problems, []));
  } finally {
    await browser.close();
  }
});
