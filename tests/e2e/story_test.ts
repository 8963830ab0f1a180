import { type Browser, launchBrowser, newPage, type Page } from "@/tests/helpers/browser.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { type Server, startServer } from "@/tests/helpers/server.ts";

const PASSWORD = "a quiet harbour at dawn";

/** One person's browser: nobody shares cookies. */
async function open(
  browser: Browser,
  server: Server,
  options: { javaScript: boolean; locale?: string; timeZone?: string },
): Promise<Page> {
  return await newPage(browser, { baseUrl: server.url, ...options });
}

/** The language and time zone that a page of settings shows. */
async function placeOn(page: Page, path: string): Promise<string[]> {
  await page.goto(path);
  return await Promise.all(
    ["Language and region", "Time zone"].map((label) => page.getByLabel(label).inputValue()),
  );
}

/** With scripts, the page knows the browser's time zone before anybody has typed. */
async function zoneIsKnown(page: Page, javaScript: boolean): Promise<void> {
  if (javaScript) await page.locator('input[name="timeZone"]:not([value=""])').waitFor({ state: "attached" });
}

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

async function textOf(page: Page): Promise<string> {
  return await page.locator("main").innerText();
}

async function join(page: Page, link: string, name: string, javaScript: boolean): Promise<void> {
  await page.goto(link);
  await zoneIsKnown(page, javaScript);
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await press(page, "Join");
  await page.waitForURL("**/home");
}

async function invite(admin: Page, email: string, role: string): Promise<string> {
  await admin.goto("/admin/users/invitations");
  await admin.getByLabel("Email").fill(email);
  await admin.getByLabel("Role", { exact: true }).selectOption(role);
  await press(admin, "Invite");
  return await admin.locator("#accept-url").inputValue();
}

/** A newcomer's first day, as the README tells it. */
async function story(browser: Browser, server: Server, javaScript: boolean): Promise<void> {
  const berlin = { locale: "de-DE", timeZone: "Europe/Berlin" };
  const admin = await open(browser, server, { javaScript, ...berlin });
  await admin.goto("/");
  await admin.getByRole("link", { name: "Create your organisation" }).click();
  await admin.waitForURL("**/register");
  await zoneIsKnown(admin, javaScript);
  await admin.getByLabel("Organisation").fill("Harbour Works");
  await admin.getByLabel("Your name").fill("Ada Admin");
  await admin.getByLabel("Your email").fill("ada@harbour.example");
  await admin.getByLabel("Password").fill(PASSWORD);
  await press(admin, "Create organisation");
  await admin.waitForURL("**/home");
  // A browser without scripts says its language alone.
  const [here, there] = javaScript ? ["Europe/Berlin", "America/New_York"] : ["UTC", "UTC"];
  assertEquals(await placeOn(admin, "/profile"), ["de-DE", here]);
  assertEquals(await placeOn(admin, "/admin/organisation"), ["de-DE", here]);

  const agent = await open(browser, server, { javaScript, timeZone: "America/New_York" });
  await join(agent, await invite(admin, "ari@harbour.example", "AGENT"), "Ari Agent", javaScript);
  assertEquals(await placeOn(agent, "/profile"), ["en-US", there]);
  const requester = await open(browser, server, { javaScript });
  await join(
    requester,
    await invite(admin, "rita@harbour.example", "REQUESTER"),
    "Rita Requester",
    javaScript,
  );

  await requester.getByRole("link", { name: "New ticket" }).first().click();
  await requester.getByLabel("Title").fill("VPN drops every few minutes");
  await requester.getByLabel("Description").fill("Since **Monday**, at home.");
  await requester.getByLabel("Category").selectOption({ label: "Network" });
  await press(requester, "Create ticket");
  await requester.waitForURL("**/tickets/INC-*");
  const address = new URL(requester.url()).pathname;

  await agent.goto("/tickets");
  await agent.getByRole("link", { name: "VPN drops every few minutes" }).click();
  await agent.getByLabel("Assignee").selectOption({ label: "Ari Agent" });
  await press(agent, "Save");
  assert((await textOf(agent)).includes("Assigned to Ari Agent"));
  await press(agent, "Start work");
  await agent.locator(".composer textarea").fill("The router at home is too old, says the note.");
  await agent.locator(".composer").getByText("Internal note").click();
  await press(agent, "Send");
  await agent.locator(".composer textarea").fill("Hello Rita, please try the new profile.");
  await press(agent, "Send");

  await requester.goto(address);
  const seen = await textOf(requester);
  assert(seen.includes("please try the new profile"));
  assert(!seen.includes("router at home"), "An internal note reached the requester");
  await requester.locator(".composer textarea").fill("It holds now, thank you.");
  await press(requester, "Send");

  await agent.goto(address);
  await agent.locator("summary", { hasText: "Resolve" }).click();
  await agent.getByLabel("Resolution note").fill("New VPN profile.");
  await agent.locator("form").getByRole("button", { name: "Resolve", exact: true }).click();
  assert((await textOf(agent)).includes("is now Resolved"));

  await requester.goto(address);
  const resolved = await textOf(requester);
  assert(resolved.includes("Resolved") && resolved.includes("New VPN profile."));
  await requester.locator("summary[aria-label^='Account']").click();
  await press(requester, "Sign out");
  await requester.waitForURL("**/sign-in");
  await requester.goto(address);
  assertEquals(new URL(requester.url()).searchParams.get("next"), address);
  await requester.getByLabel("Email").fill("rita@harbour.example");
  await requester.getByLabel("Password").fill(PASSWORD);
  await press(requester, "Sign in");
  await requester.waitForURL(`**${address}`);
}

for (const javaScript of [true, false]) {
  Deno.test(`From the first start to a resolved ticket, in a browser with JavaScript ${javaScript ? "on" : "off"}`, async () => {
    await using server = await startServer({ env: { LOG_LEVEL: "warn" } });
    const browser = await launchBrowser();
    try {
      await story(browser, server, javaScript);
    } finally {
      await browser.close();
    }
    assert(!server.output().includes('"level":"error"'), server.output());
    const mails = [...Deno.readDirSync(`${server.dataDir}/mail`)];
    assert(mails.length >= 4, `${mails.length} mails`);
  });
}
