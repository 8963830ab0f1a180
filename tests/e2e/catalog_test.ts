import { assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newPage } from "@/tests/helpers/browser.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { ADA, post, signIn, watchProblems } from "@/tests/helpers/visit.ts";

Deno.test("A manager builds an item with a live preview; it is asked for with and without scripts; the desk sees the answers", async (t) => {
  await using server = await startServer({ env: { LOG_LEVEL: "warn" } });
  await post(server.url, "/auth/register", ADA);
  const browser = await launchBrowser();
  try {
    const page = await newPage(browser, { baseUrl: server.url });
    const problems = watchProblems(page);
    await signIn(page);
    await t.step("built", async () => {
      await page.goto("/admin/catalog/new");
      await page.getByLabel("Name").fill("Parking space");
      await page.getByRole("button", { name: "Add a question" }).click();
      await page.getByLabel("Question", { exact: true }).fill("Do you have a car?");
      await page.getByLabel("Answer", { exact: true }).selectOption("Checkbox");
      await page.locator(".builder-preview").getByText("Do you have a car?").waitFor();
      await page.getByRole("button", { name: "Add a question" }).click();
      await page.getByLabel("Question", { exact: true }).nth(1).fill("Number plate");
      await page.getByLabel("Required").nth(1).check();
      await page.getByLabel("Show only if").selectOption({ label: "“Do you have a car?” is ticked" });
      await page.getByRole("button", { name: "Add to catalog" }).last().click();
      await page.getByText("“Parking space” added to the catalog").waitFor();
    });
    await t.step("asked for with scripts: only what is called for, checked before it is sent", async () => {
      await page.goto("/catalog");
      await page.getByRole("link", { name: "Parking space" }).click();
      const plate = page.getByLabel("Number plate");
      await plate.waitFor({ state: "hidden" });
      await page.getByLabel("Do you have a car?").check();
      await plate.waitFor();
      await page.getByRole("button", { name: "Send request" }).click();
      await page.getByText("Must not be empty").waitFor();
      await plate.fill("HH-SH 42");
      await page.getByText("Must not be empty").waitFor({ state: "hidden" });
      await page.getByRole("button", { name: "Send request" }).click();
      await page.waitForURL(/\/tickets\/REQ-/);
      assertEquals(await page.locator(".ticket-side").getByText("HH-SH 42").count(), 1);
    });
    assertEquals(problems, []);
    await t.step("asked for without scripts", async () => {
      const plain = await newPage(browser, { baseUrl: server.url, javaScript: false });
      await signIn(plain);
      await plain.goto("/catalog");
      await plain.getByRole("link", { name: "Parking space" }).click();
      await plain.getByLabel("Do you have a car?").check();
      await plain.getByRole("button", { name: "Send request" }).click();
      await plain.getByText("Must not be empty").first().waitFor();
      assertEquals(await plain.getByLabel("Do you have a car?").isChecked(), true);
      await plain.getByLabel("Number plate").fill("HH-SH 43");
      await plain.getByRole("button", { name: "Send request" }).click();
      await plain.waitForURL(/\/tickets\/REQ-/);
      assertEquals(await plain.locator(".ticket-side").getByText("HH-SH 43").count(), 1);
    });
  } finally {
    await browser.close();
  }
});
