import { assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newPage } from "@/tests/helpers/browser.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { ADA, post, signIn, watchProblems } from "@/tests/helpers/visit.ts";

Deno.test("An agent chooses several tickets, previews a change, applies it, and keeps the list as a view", async () => {
  await using server = await startServer({ env: { LOG_LEVEL: "warn" } });
  const { accessToken } = await post(server.url, "/auth/register", ADA);
  for (const title of ["One", "Two", "Three", "Four"]) {
    await post(server.url, "/tickets", { title, description: "" }, accessToken);
  }
  const browser = await launchBrowser();
  try {
    const page = await newPage(browser, { baseUrl: server.url });
    const problems = watchProblems(page);
    await signIn(page);
    await page.goto("/tickets");
    await page.getByLabel("Select all on this page").check();
    await page.getByText("4 selected").waitFor();
    await page.getByLabel("4 selected").uncheck();
    // A range: the first, then the third with Shift.
    await page.getByRole("row", { name: /Four/ }).getByRole("checkbox").check();
    await page.getByRole("row", { name: /Two/ }).getByRole("checkbox").click({ modifiers: ["Shift"] });
    await page.getByText("3 selected").waitFor();
    // By keyboard: x on the row that has the focus.
    await page.getByRole("link", { name: "Three" }).focus();
    await page.keyboard.press("x");
    await page.getByText("2 selected").waitFor();
    await page.getByRole("button", { name: "Change selected" }).click();
    await page.getByRole("heading", { name: "Change 2 tickets" }).waitFor();
    await page.getByLabel("Priority").selectOption("Urgent");
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByText("2 would change").waitFor();
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText("2 tickets changed").waitFor();
    await page.goto("/tickets?priority=urgent");
    assertEquals(await page.locator("tbody tr").count(), 2);
    await page.getByText("Save as view").click();
    await page.getByLabel("Name").fill("Fires");
    await page.getByRole("button", { name: "Save view" }).click();
    await page.getByText("View “Fires” saved").waitFor();
    await page.goto("/tickets");
    await page.locator("summary", { hasText: "Views" }).click();
    await page.getByRole("link", { name: "Fires" }).click();
    await page.waitForURL(/priority=urgent.*view=/);
    assertEquals(await page.locator("tbody tr").count(), 2);
    assertEquals(problems, []);
  } finally {
    await browser.close();
  }
});
