import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Builder } from "fresh/dev";
import { launchBrowser, type Page } from "../../../tests/helpers/browser.ts";
import { makeApp } from "./fixture/main.ts";

const root = new URL("./fixture", import.meta.url).pathname;

interface Opened {
  page: Page;
  /** What went wrong in the page, policy violations included. */
  problems: string[];
  scripts: string[];
  base: string;
}

async function inBrowser(path: string, check: (opened: Opened) => Promise<void>): Promise<void> {
  const app = makeApp();
  (await new Builder({ root }).build({ snapshot: "memory" }))(app);
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, app.handler());
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    const scripts: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("request", (request) => request.resourceType() === "script" && scripts.push(request.url()));
    const base = `http://127.0.0.1:${server.addr.port}`;
    await page.goto(base + path, { waitUntil: "networkidle" });
    await check({ page, problems, scripts, base });
  } finally {
    await browser.close();
    await server.shutdown();
  }
}

const options = { sanitizeOps: false, sanitizeResources: false };

Deno.test("islands come alive under a strict nonce policy, sharing a signal", options, async () => {
  await inBrowser("/live", async ({ page, problems, scripts }) => {
    const texts = () => page.locator("#one, #two, #three").allInnerTexts();
    deepEqual(await texts(), [
      "</script> 1970-01-01T00:00:00.000Z 3",
      "two 1970-01-01T00:00:01.000Z 3",
      "three 1970-01-01T00:00:02.000Z 3",
    ]);
    await page.click("#one");
    await page.click("#three");
    deepEqual((await texts()).map((text) => text.slice(-2)), [" 5", " 5", " 5"]);
    await page.click("#local");
    equal(await page.innerText("#local"), "local 1");
    equal(await page.title(), "Count 5");
    match(await page.getAttribute("#one", "data-css") ?? "", /^\/site\.css\?/);
    ok(scripts.some((url) => /Counter/.test(url)) && scripts.some((url) => /Box/.test(url)), scripts.join());
    deepEqual(problems, []);
  });
});

Deno.test("an island keeps the JSX that a page hands to it", options, async () => {
  await inBrowser("/live", async ({ page, problems }) => {
    equal(await page.innerText("#box h2"), "Title 6");
    equal(await page.innerText("#box .mark"), "inside");
    for (const expected of [["less", 1], ["more", 0], ["less", 1]] as const) {
      await page.click("#toggle");
      deepEqual([await page.innerText("#toggle"), await page.locator("#box u").count()], expected);
    }
    equal(await page.innerText("#box .mark"), "inside");
    await page.click("#three");
    match(await page.innerText("#three"), / 4$/);
    deepEqual(problems, []);
  });
});

Deno.test("a page without islands loads no script and shows its styles", options, async () => {
  await inBrowser("/", async ({ page, problems, scripts }) => {
    equal(await page.innerText("h1"), "main");
    deepEqual([scripts, problems], [[], []]);
  });
});
