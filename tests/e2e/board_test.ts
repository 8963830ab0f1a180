import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newPage, type Page } from "@/tests/helpers/browser.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { ADA, signIn, watchProblems } from "@/tests/helpers/visit.ts";

Deno.test("A board: cards move by mouse, by keyboard and without scripts; a conflict brings them back", async (t) => {
  await using server = await startServer({ env: { LOG_LEVEL: "warn" } });
  let token = "";
  const call = async (method: string, path: string, body: unknown = {}) => {
    const response = await fetch(`${server.url}/v1${path}`, {
      method,
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
      ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
  token = (await call("POST", "/auth/register", ADA)).accessToken;
  const queueId = (await call("POST", "/queues", { name: "Network" })).id;
  const make = (title: string) => call("POST", "/tickets", { title, description: "", queueId });
  const [mouse, keys, form] = [await make("By mouse"), await make("By keys"), await make("By form")];
  const statusOf = async ({ id }: { id: string }) => (await call("GET", `/tickets/${id}`)).status;
  const browser = await launchBrowser();
  const openBoard = async (page: Page) => {
    await signIn(page);
    await page.goto(`/queues/${queueId}`);
  };
  try {
    const page = await newPage(browser, { baseUrl: server.url });
    const problems = watchProblems(page);
    await openBoard(page);
    const column = (name: string) => page.getByRole("region", { name, exact: true });
    const card = (key: string) => page.locator(".board-card", { hasText: key });
    await page.locator('.board-card[draggable="true"]').first().waitFor();

    await t.step("by mouse", async () => {
      await card(mouse.key).dragTo(column("In progress"));
      await column("In progress").getByText("By mouse").waitFor();
      await page.getByText(`${mouse.key} is now In progress`).waitFor();
      assertEquals(await statusOf(mouse), "in_progress");
    });
    await t.step("to a state that asks for something", async () => {
      await card(mouse.key).dragTo(column("Resolved"));
      await page.getByLabel("Resolution note").fill("New cable");
      await page.getByRole("button", { name: "Resolve" }).click();
      await column("Resolved").getByText("By mouse").waitFor();
      await page.getByText(`${mouse.key} is now Resolved`).waitFor();
      assertEquals(await statusOf(mouse), "resolved");
    });
    await t.step("where it can't go it stays", async () => {
      await card(mouse.key).dragTo(column("New"));
      await page.getByText(`${mouse.key} can't go from Resolved to New`).waitFor();
      assertEquals(await statusOf(mouse), "resolved");
    });
    await t.step("by keyboard, put back and then dropped", async () => {
      await card(keys.key).focus();
      await page.keyboard.press("Space");
      await page.getByText("picked up").waitFor();
      await page.keyboard.press("ArrowRight");
      await page.getByText("Over Open").waitFor();
      await page.keyboard.press("Escape");
      await page.getByText("stays in New").waitFor();
      await page.keyboard.press("Space");
      await page.getByText("picked up").waitFor();
      await page.keyboard.press("Tab");
      await card(keys.key).focus();
      await page.keyboard.press("Space");
      for (let i = 0; i < 2; i++) await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      await page.getByText(`${keys.key} is now In progress`).waitFor();
      assertEquals(await statusOf(keys), "in_progress");
      assert(await card(keys.key).evaluate((element) => element === document.activeElement));
    });
    await t.step("until a date, by the clock of one's profile", async () => {
      const { version } = await call("GET", "/me");
      await call("PATCH", "/me", { version, timeZone: "Asia/Tokyo" });
      await card(keys.key).dragTo(column("Pending"));
      await page.getByLabel("Waiting for").selectOption("A date");
      await page.getByLabel("Until").fill("2099-01-04T09:30");
      await page.getByRole("button", { name: "Set pending" }).click();
      await page.getByText(`${keys.key} is now Pending`).waitFor();
      assertEquals((await call("GET", `/tickets/${keys.id}`)).pendingUntil, "2099-01-04T00:30:00.000Z");
      await page.locator('.board-card[draggable="true"]').first().waitFor();
      await card(keys.key).dragTo(column("In progress"));
      await page.getByText(`${keys.key} is now In progress`).waitFor();
      assertEquals(await column("In progress").locator(".nav-count").textContent(), "1");
      assertEquals(await column("Pending").locator(".nav-count").textContent(), "0");
    });
    await t.step("a conflict shows what is there now", async () => {
      // What is carried stays as it was picked up.
      await card(keys.key).focus();
      await page.keyboard.press("Space");
      await page.getByText("picked up").waitFor();
      const now = await call("GET", `/tickets/${keys.id}`);
      await call("POST", `/tickets/${keys.id}/transitions`, {
        to: "pending",
        reason: "vendor",
        version: now.version,
      });
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("Enter");
      await page.getByText("Somebody else changed").waitFor();
      await column("Pending").getByText("By keys").waitFor();
      assertEquals(await statusOf(keys), "pending");
    });
    await t.step("what others change is shown as it comes", async () => {
      const counted = (name: string) => column(name).locator(".nav-count");
      const before = Number(await counted("New").textContent());
      const other = await make("By others");
      await column("New").getByText("By others").waitFor();
      assertEquals(await counted("New").textContent(), String(before + 1));
      await call("POST", `/tickets/${other.id}/transitions`, { to: "open", version: other.version });
      await column("Open").getByText("By others").waitFor();
      await call("PUT", `/tickets/${other.id}/assignment`, { assigneeId: null, queueId: null, version: 2 });
      await card(other.key).waitFor({ state: "detached" });
      assertEquals(await counted("Open").textContent(), "0");
    });
    // The browser itself tells of the refused move.
    assertEquals(problems.filter((problem) => !problem.includes("status of 4")), []);
    await t.step("by touch, without a reload", async () => {
      const view = { width: 360, height: 780 };
      const phone = await newPage(browser, { baseUrl: server.url, ...view, touch: true });
      await openBoard(phone);
      await phone.locator(".board.is-ready").waitFor();
      await phone.evaluate(() => document.body.dataset.kept = "yes");
      await phone.getByLabel(`Move ${form.key} to`).selectOption("In progress");
      await phone.locator(".board-card", { hasText: form.key }).getByRole("button", { name: "Move" }).tap();
      await phone.getByText(`${form.key} is now In progress`).waitFor();
      assertEquals(await phone.evaluate(() => document.body.dataset.kept), "yes");
      assert(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      assertEquals(await statusOf(form), "in_progress");
      await phone.context().close();
    });
    await t.step("without scripts", async () => {
      const plain = await newPage(browser, { baseUrl: server.url, javaScript: false });
      await openBoard(plain);
      await plain.getByLabel(`Move ${form.key} to`).selectOption("Open");
      await plain.locator(".board-card", { hasText: form.key }).getByRole("button", { name: "Move" }).click();
      await plain.getByText(`${form.key} is now Open`).waitFor();
      assertEquals(await statusOf(form), "open");
      await plain.getByLabel(`Move ${form.key} to`).selectOption("Resolved");
      await plain.locator(".board-card", { hasText: form.key }).getByRole("button", { name: "Move" }).click();
      await plain.getByLabel("Resolution note").fill("Done");
      await plain.getByRole("button", { name: "Resolve" }).click();
      await plain.getByText(`${form.key} is now Resolved`).waitFor();
    });
  } finally {
    await browser.close();
  }
});
