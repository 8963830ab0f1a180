/** A real Chromium for tests, driven by Playwright over a pipe. */
import type { Browser, BrowserContext, Page } from "playwright";
import { type Chromium, findChromium } from "./chromium.ts";

// On import Playwright looks for WSL in /proc, which Deno allows with --allow-all only; this name defers the look.
Deno.env.set("__IS_WSL_TEST__", "1");
const { chromium } = await import("playwright");

export type { Browser, BrowserContext, Page };

/** How a page is opened; `width` and `height` are CSS pixels. */
export interface PageOptions {
  baseUrl: string;
  /** Default true. */
  javaScript?: boolean;
  /** Default "light". */
  colorScheme?: "light" | "dark";
  /** Default 1280. */
  width?: number;
  /** Default 800. */
  height?: number;
  /** Default "en-US". */
  locale?: string;
  /** Default "UTC". */
  timeZone?: string;
  /** Default false: a picture in motion is drawn 60 times a second, which costs a test more than the page does. */
  motion?: boolean;
  /** Default false. */
  bypassCsp?: boolean;
  /** Default false: a phone. */
  touch?: boolean;
}

// A test's browser talks to the server under test only.
const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-gpu",
  "--disable-quic",
];
/** Draws a part of each page only, which takes a third off what it costs without a graphics card. */
const HARDLY_DRAWN = "--force-gpu-mem-available-mb=2";

let found: Promise<Chromium> | undefined;

/**
 * Starts a headless Chromium. Close it, or hold it with `await using`. Rejects when there is none (see chromium.ts).
 * {@linkcode screenshot} needs `pictures`.
 */
export async function launchBrowser({ pictures = false } = {}): Promise<Browser> {
  const { executablePath, env } = await (found ??= findChromium());
  // Chromium refuses to run its sandbox as root.
  const chromiumSandbox = Deno.uid() !== 0;
  const args = pictures ? QUIET : [...QUIET, HARDLY_DRAWN];
  return await chromium.launch({ executablePath, env, args, chromiumSandbox, timeout: 30_000 });
}

/**
 * Opens a context: a browser's profile with cookies and storage of its own. Relative addresses are resolved against
 * `baseUrl`. Waits (navigation, locators) end after 30 s.
 */
export async function newContext(browser: Browser, options: PageOptions): Promise<BrowserContext> {
  const { baseUrl, javaScript = true, colorScheme = "light", width = 1280, height = 800, touch = false } =
    options;
  const { locale = "en-US", timeZone = "UTC", motion = false, bypassCsp = false } = options;
  const context = await browser.newContext({
    baseURL: baseUrl,
    javaScriptEnabled: javaScript,
    colorScheme,
    viewport: { width, height },
    locale,
    timezoneId: timeZone,
    reducedMotion: motion ? "no-preference" : "reduce",
    bypassCSP: bypassCsp,
    isMobile: touch,
    hasTouch: touch,
  });
  context.setDefaultTimeout(30_000);
  return context;
}

/** Opens a page in a context of its own; closing it closes the context. */
export async function newPage(browser: Browser, options: PageOptions): Promise<Page> {
  const context = await newContext(browser, options);
  const page = await context.newPage();
  page.once("close", () => void context.close().catch(() => {}));
  return page;
}

/** Writes the whole page, below the fold too, as a PNG file; missing folders of `path` are made. */
export async function screenshot(page: Page, path: string): Promise<void> {
  await page.screenshot({ path, fullPage: true, animations: "disabled", caret: "hide" });
}
