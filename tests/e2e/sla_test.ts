import { assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newPage } from "@/tests/helpers/browser.ts";
import { PASSWORD } from "@/tests/helpers/desk.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { ALWAYS } from "@/tests/helpers/sla_scene.ts";
import { ADA, signIn } from "@/tests/helpers/visit.ts";

Deno.test("an agent sees what was promised, keeps it, and reads how it was counted", async (t) => {
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
  const admin = await api("POST", "/auth/register", ADA);
  const token = admin.accessToken;
  const { items: [calendar] } = await api("GET", "/calendars", undefined, token);
  await api("PATCH", `/calendars/${calendar.id}`, { version: 1, week: ALWAYS }, token);
  const { acceptUrl } = await api(
    "POST",
    "/invitations",
    { email: "rob@harbour.example", role: "REQUESTER" },
    token,
  );
  const rob = await api("POST", "/auth/invitations/accept", {
    token: acceptUrl.split("/").pop(),
    name: "Rob Requester",
    password: PASSWORD,
  });
  const ticket = await api(
    "POST",
    "/tickets",
    { title: "Printer jams", description: "Tray 2" },
    rob.accessToken,
  );
  await using browser = await launchBrowser();
  const page = await newPage(browser, { baseUrl: server.url });
  await signIn(page, "ada@harbour.example");
  const badges = () => page.locator(".sla-clock .badge").allTextContents();

  await t.step("in the list it is due, and in order", async () => {
    await page.goto("/tickets?status=new&sort=due");
    assertEquals(await page.locator("td.c-due").allTextContents(), ["in 3 h"]);
  });

  await t.step("a reply meets the first response", async () => {
    await page.getByRole("link", { name: "Printer jams" }).click();
    assertEquals(await badges(), ["On track", "On track"]);
    await page.locator("textarea[name=body]").fill("Have you opened tray 2?");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("Have you opened tray 2?").waitFor();
    await page.locator(".sla-clock .badge", { hasText: "Met" }).waitFor();
    assertEquals(await badges(), ["Met", "On track"]);
  });

  await t.step("waiting for the requester lets the resolution stand", async () => {
    const { version } = await api("GET", `/tickets/${ticket.id}`, undefined, token);
    await api(
      "POST",
      `/tickets/${ticket.id}/transitions`,
      { to: "pending", reason: "requester", version },
      token,
    );
    await page.goto(`/tickets/${ticket.key}`);
    assertEquals(await badges(), ["Met", "Paused"]);
  });

  await t.step("the page behind the link says what was counted", async () => {
    await page.getByRole("link", { name: "How this was calculated" }).click();
    await page.waitForURL(`**/tickets/${ticket.key}/sla`);
    assertEquals(await page.locator(".sla-line-rule").allTextContents(), [
      "Started with policy “Standard”",
      "First public reply by staff",
      "Pending: resolution clock paused",
      "Now",
    ]);
  });

  await t.step("its requester reads the same", async () => {
    const theirs = await newPage(browser, { baseUrl: server.url, width: 360, javaScript: false });
    await theirs.goto("/sign-in");
    await theirs.getByLabel("Email").fill("rob@harbour.example");
    await theirs.getByLabel("Password").fill(PASSWORD);
    await theirs.locator("main button[type=submit]").click();
    await theirs.waitForURL("**/home");
    await theirs.goto(`/tickets/${ticket.key}/sla`);
    assertEquals(await theirs.locator(".sla-line-rule").count(), 4);
    assertEquals(await theirs.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  });
});
