import { deepEqual, equal } from "node:assert/strict";
import { launchBrowser, type Page } from "../../../tests/helpers/browser.ts";
import { buildFixture } from "./fixture_build.ts";

const handler = await buildFixture();

interface Opened {
  page: Page;
  /** What went wrong in the page, policy violations included. */
  problems: string[];
  scripts: string[];
  /** Lets the scripts come, and waits until the islands have started. */
  start(): Promise<void>;
}

/** Opens a page whose scripts wait for `start`. */
async function inBrowser(path: string, check: (opened: Opened) => Promise<void>): Promise<void> {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, handler);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    const scripts: string[] = [];
    let release = () => {};
    const released = new Promise<void>((resolve) => release = resolve);
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await page.route("**/_fresh/js/**", async (route) => {
      scripts.push(route.request().url());
      await released;
      await route.continue();
    });
    await page.goto(`http://127.0.0.1:${server.addr.port}${path}`, { waitUntil: "commit" });
    const start = async () => {
      release();
      await page.waitForLoadState("networkidle");
      await page.waitForTimeout(100);
    };
    await check({ page, problems, scripts, start });
  } finally {
    await browser.close();
    await server.shutdown();
  }
}

const options = { sanitizeOps: false, sanitizeResources: false };

Deno.test("islands start under a strict nonce policy, each with a state of its own", options, async () => {
  await inBrowser("/live", async ({ page, problems, start }) => {
    await start();
    const texts = () => page.locator("#one button, #two button").allInnerTexts();
    deepEqual(await texts(), [
      "</script> <!-- </STYLE> <b> 1970-01-01T00:00:00.000Z 3",
      "two 1970-01-01T00:00:01.000Z 3",
    ]);
    await page.click("#one button");
    await page.click("#one button");
    await page.click("#two button");
    deepEqual((await texts()).map((text) => text.slice(-2)), [" 5", " 4"]);
    deepEqual(await page.locator("output").allInnerTexts(), ["10", "8"]);
    await page.click("#local");
    equal(await page.innerText("#local"), "local 1");
    const css = await page.getAttribute('link[rel="stylesheet"]', "href");
    equal(await page.getAttribute("#one button", "data-css"), css);
    deepEqual(problems, []);
  });
});

Deno.test(
  "the comments around islands are gone once they start, and those before keyed components",
  options,
  async () => {
    await inBrowser("/live", async ({ page, start }) => {
      await start();
      const comments = await page.evaluate(() => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
        const found: string[] = [];
        while (walker.nextNode()) found.push((walker.currentNode as Comment).data);
        return found;
      });
      deepEqual(comments, ["/frsh:key", "/frsh:key"]);
    });
  },
);

Deno.test(
  "an island renders anew over its HTML: elements stay, what it knows replaces what was typed",
  options,
  async () => {
    await inBrowser("/live", async ({ page, start }) => {
      const [known, free] = [page.locator("input[name=known]"), page.locator("input[name=free]")];
      await known.fill("typed early");
      await free.fill("typed early");
      await page.evaluate(() => {
        document.querySelector("#typed")!.setAttribute("data-added", "yes");
        (globalThis as { before?: Element }).before = document.querySelector("input[name=free]")!;
      });
      await start();
      deepEqual([await known.inputValue(), await free.inputValue()], ["by the server", "typed early"]);
      equal(await page.evaluate(() => (globalThis as { before?: Element }).before?.isConnected), true);
      equal(await page.getAttribute("#typed", "data-added"), null);
      equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "free");
    });
  },
);

Deno.test("a page without islands loads no script and shows its styles", options, async () => {
  await inBrowser("/item/7", async ({ page, problems, scripts, start }) => {
    await start();
    equal(await page.innerText("h1"), "7");
    deepEqual([scripts, problems], [[], []]);
  });
});
