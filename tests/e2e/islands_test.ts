import { assert, assertEquals } from "../helpers/assert.ts";
import { launchBrowser, newPage, type Page } from "../helpers/browser.ts";
import { startServer } from "../helpers/server.ts";

const PASSWORD = "a quiet harbour at dawn";

async function api(url: string, path: string, body: unknown, token?: string) {
  const response = await fetch(`${url}/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}

async function signIn(page: Page): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill("ada@harbour.example");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/home");
}

/** The page's islands are awake when their scripts have run. */
async function awake(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
}

Deno.test("Islands make pages better, under the page's own policy and without an error", async (t) => {
  await using server = await startServer({ env: { LOG_LEVEL: "warn" } });
  const { accessToken } = await api(server.url, "/auth/register", {
    organisation: "Harbour Works",
    name: "Ada Admin",
    email: "ada@harbour.example",
    password: PASSWORD,
  });
  for (const title of ["Printer jams", "VPN drops"]) {
    await api(server.url, "/tickets", { title, description: "" }, accessToken);
  }
  const browser = await launchBrowser();
  try {
    const page = await newPage(browser, { baseUrl: server.url });
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await signIn(page);

    await t.step("? lists the shortcuts, and they lead where they say", async () => {
      await awake(page);
      await page.keyboard.press("?");
      assert(await page.getByRole("dialog").isVisible());
      await page.keyboard.press("Escape");
      await page.keyboard.press("t");
      await page.waitForURL("**/tickets");
      await awake(page);
      await page.keyboard.press("/");
      await page.keyboard.type("VPN");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/tickets?q=VPN");
      assertEquals(await page.locator(".ticket-key").allInnerTexts(), ["INC-1002"]);
    });

    await t.step("a filter applies itself", async () => {
      await page.goto("/tickets");
      await awake(page);
      await page.locator("select[name=assigneeId]").selectOption("me");
      await page.waitForURL(/assigneeId=me/);
      assertEquals(await page.locator(".ticket-key").count(), 0);
    });

    await t.step("a reply that wasn't sent is there again, and gone once it was", async () => {
      await page.goto("/tickets/INC-1001");
      await awake(page);
      await page.keyboard.press("r");
      await page.keyboard.type("Have you tried tray 3?");
      await page.waitForTimeout(600);
      await page.reload();
      await awake(page);
      assertEquals(await page.locator(".composer textarea").inputValue(), "Have you tried tray 3?");
      await page.locator(".composer textarea").press("Control+Enter");
      await page.waitForURL(/#comment-/);
      await page.goto("/tickets/INC-1001");
      await awake(page);
      assertEquals(await page.locator(".composer textarea").inputValue(), "");
      assertEquals(await page.getByText("Have you tried tray 3?").count(), 1);
    });

    await t.step("nothing in the page broke the policy or failed", () => assertEquals(problems, []));
  } finally {
    await browser.close();
  }
});
