import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newPage, type Page } from "@/tests/helpers/browser.ts";
import { startServer } from "@/tests/helpers/server.ts";

const PASSWORD = "a quiet harbour at dawn";
const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/home");
}

/** Goes on with the tab key until `name` has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    if (await page.evaluate((wanted) => document.activeElement?.getAttribute("name") === wanted, name)) {
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`Cannot reach "${name}" with the tab key`);
}

Deno.test("an admin says when the team works and what is promised, and a ticket gets its clock", async (t) => {
  await using server = await startServer({ env: { LOG_LEVEL: "warn" } });
  const api = async (method: string, path: string, body?: unknown, token?: string) => {
    const response = await fetch(`${server.url}/v1${path}`, {
      method,
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return await response.json();
  };
  const { accessToken: token } = await api("POST", "/auth/register", {
    organisation: "Harbour Works",
    name: "Ada Admin",
    email: "ada@harbour.example",
    password: PASSWORD,
  });
  const { id: queueId } = await api("POST", "/queues", { name: "Network" }, token);
  await using browser = await launchBrowser();
  const page = await newPage(browser, { baseUrl: server.url });
  await signIn(page, "ada@harbour.example");

  await t.step("a calendar, by the keyboard alone", async () => {
    await page.goto("/admin/calendars/new");
    await page.locator("[name=name]:focus").waitFor();
    await page.keyboard.type("Around the clock");
    for (const day of DAYS) {
      await tabTo(page, `week.${day}`);
      await page.keyboard.press("Control+A");
      await page.keyboard.type(day === "sunday" ? "0-25" : "0-24");
    }
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Sunday: Must be a time such as 17:00, up to 24:00" }).waitFor();
    assertEquals(await page.locator("[name='week.monday']").inputValue(), "0-24");
    await page.locator("[name='week.sunday']").fill("0-24");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/admin/calendars");
    const card = page.locator("section.policy", { hasText: "Around the clock" });
    assert((await card.textContent())!.includes("168 h a week"));
    assertEquals(await card.locator(".week-bar rect").count(), 7);
  });

  await t.step("a policy for incidents of a queue", async () => {
    await page.goto("/admin/sla");
    await page.getByRole("link", { name: "New policy" }).click();
    await page.getByLabel("Name").fill("Network incidents");
    await page.locator("select[name=calendarId]").selectOption({ label: "Around the clock" });
    await page.getByLabel("First response, Medium").fill("45 min");
    await page.getByLabel("Resolution, Medium").fill("6 h");
    await page.locator("select[name=queueId]").selectOption({ label: "Network" });
    await page.locator("select[name=type]").selectOption({ label: "Incident" });
    await page.getByRole("button", { name: "Create policy" }).click();
    await page.waitForURL("**/admin/sla");
    await page.getByText("Queue Network · Incident").waitFor();
  });

  const raise = (fields: Record<string, unknown>) =>
    api("POST", "/tickets", { title: "Switch drops packets", description: "Hall 3", ...fields }, token);
  const ticket = await raise({ queueId });
  await t.step("a ticket in that queue is held to it, and stands in the monitor", async () => {
    await page.goto("/sla");
    const row = page.locator("tbody tr", { hasText: ticket.key });
    assert(/First response.*in 4[45] min/s.test((await row.textContent())!));
    await row.getByRole("link").click();
    await page.waitForURL(`**/tickets/${ticket.key}`);
    await page.getByText("of 45 min").waitFor();
    await page.getByText("of 6 h", { exact: false }).first().waitFor();
    assertEquals(
      (await api("GET", `/tickets/${ticket.id}/sla`, undefined, token)).lines[0].policy.name,
      "Network incidents",
    );
  });

  await t.step(
    "a new version without scripts on a phone: new tickets are held to it",
    async () => {
      const plain = await newPage(browser, { baseUrl: server.url, width: 360, javaScript: false });
      await plain.goto("/sign-in");
      await plain.getByLabel("Email").fill("ada@harbour.example");
      await plain.getByLabel("Password").fill(PASSWORD);
      await plain.locator("main button[type=submit]").click();
      await plain.waitForURL("**/home");
      await plain.goto("/admin/sla");
      await plain.getByRole("link", { name: "Network incidents" }).click();
      await plain.getByLabel("First response, Medium").fill("2 h");
      await plain.getByLabel("Switch to the new version").check();
      assertEquals(await plain.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
      await plain.getByRole("button", { name: "Save new version" }).click();
      await plain.waitForURL("**/admin/sla");
      await plain.getByText("open tickets switch within a minute").waitFor();
      const later = await raise({ queueId });
      assertEquals(later.sla.firstResponse.targetMinutes, 120);
    },
  );
});
