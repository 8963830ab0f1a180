import assert from "node:assert/strict";
import { join } from "node:path";
import { type Browser, launchBrowser, newPage, type Page, screenshot } from "./browser.ts";
import { findChromium, SHARED_FOLDER } from "./chromium.ts";

const HTML = `<!doctype html><title>Tiny</title><style>
  body { background: #fff } @media (prefers-color-scheme: dark) { body { background: #000 } }
</style>
<p id="state">plain</p><noscript><p id="without">no script</p></noscript>
<form method="post"><input name="word"><button>Send</button></form>
<script>document.getElementById("state").textContent = "scripted"</script>`;

/** Serves the page, and answers a POST with the word sent and the number of cookies; listens on a free loopback port. */
function serveTiny(): { url: string; stop(): Promise<void> } {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const headers = { "content-type": "text/html; charset=utf-8", "set-cookie": "seen=1" };
      if (request.method !== "POST") return new Response(HTML, { headers });
      const word = (await request.formData()).get("word");
      return new Response(
        `<p id="word">${word} ${request.headers.get("cookie") ?? "no cookie"}</p>`,
        {
          headers,
        },
      );
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    stop: () => server.shutdown(),
  };
}

async function withTiny(
  fn: (browser: Browser, baseUrl: string) => Promise<void>,
): Promise<void> {
  const tiny = serveTiny();
  try {
    await using browser = await launchBrowser({ pictures: true });
    await fn(browser, tiny.url);
  } finally {
    await tiny.stop();
  }
}

const text = (page: Page, selector: string) => page.locator(selector).textContent();

Deno.test("a page runs scripts, submits a form and keeps its cookies to itself", () =>
  withTiny(async (browser, baseUrl) => {
    const page = await newPage(browser, { baseUrl });
    await page.goto("/");
    assert.equal(await text(page, "#state"), "scripted");
    assert.equal(await page.locator("#without").count(), 0);
    await page.fill("input", "häuser");
    await page.click("button");
    assert.equal(await text(page, "#word"), "häuser seen=1");
    const other = await newPage(browser, { baseUrl });
    assert.deepEqual(await other.context().cookies(), []);
  }));

Deno.test("without JavaScript the same page is plain, and its form still works", () =>
  withTiny(async (browser, baseUrl) => {
    const page = await newPage(browser, { baseUrl, javaScript: false });
    await page.goto("/");
    assert.equal(await text(page, "#state"), "plain");
    assert.equal(await text(page, "#without"), "no script");
    await page.fill("input", "x");
    await page.click("button");
    assert.equal(await text(page, "#word"), "x seen=1");
  }));

Deno.test("colour scheme and size are the page's", () =>
  withTiny(async (browser, baseUrl) => {
    const page = await newPage(browser, {
      baseUrl,
      colorScheme: "dark",
      width: 360,
      height: 700,
    });
    await page.goto("/");
    const seen = await page.evaluate(
      () => [
        innerWidth,
        innerHeight,
        getComputedStyle(document.body).backgroundColor,
      ],
    );
    assert.deepEqual(seen, [360, 700, "rgb(0, 0, 0)"]);
  }));

Deno.test("screenshot writes a PNG of the page's width, into folders that it makes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await withTiny(async (browser, baseUrl) => {
      const page = await newPage(browser, { baseUrl, width: 360 });
      await page.goto("/");
      await screenshot(page, join(folder, "a", "b.png"));
    });
    const png = await Deno.readFile(join(folder, "a", "b.png"));
    assert.deepEqual([...png.slice(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
    assert.equal(new DataView(png.buffer).getUint32(16), 360);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("several files that ask at once share one unpacked Chromium", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const env = { PATH: "", [SHARED_FOLDER]: folder };
    const cache = join(folder, "cache");
    const all = await Promise.all([1, 2, 3].map(() => findChromium(env, cache)));
    assert.deepEqual(new Set(all.map((one) => one.executablePath)).size, 1);
    assert.ok(all[0]!.executablePath.startsWith(cache));
    assert.equal([...Deno.readDirSync(cache)].length, 2, "the unpacked one and the lock");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("CHROMIUM_PATH that doesn't start is named in the error", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const missing = join(folder, "nothing");
    await assert.rejects(
      () => findChromium({ CHROMIUM_PATH: missing, [SHARED_FOLDER]: folder }),
      (error: Error) => error.message.includes(`Cannot start CHROMIUM_PATH "${missing}"`),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("CHROMIUM_PATH=system takes the one on PATH that starts, and says so where there is none", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const env = { CHROMIUM_PATH: "system", PATH: folder, [SHARED_FOLDER]: folder };
    const advice = '#!/bin/sh\necho "Install the snap instead" >&2\nexit 1\n';
    await Deno.writeTextFile(join(folder, "chromium-browser"), advice, { mode: 0o755 });
    await assert.rejects(() => findChromium(env), /Cannot find a Chromium that starts on PATH/);
    await writeChromium(folder, "google-chrome");
    const { executablePath } = await findChromium(env);
    assert.equal(executablePath, join(folder, "google-chrome"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("nothing chosen: the packaged Chromium goes before the one on PATH, which stands in where it doesn't run", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await writeChromium(folder, "chromium");
    const env = { PATH: folder, [SHARED_FOLDER]: folder };
    const { executablePath } = await findChromium(env);
    assert.notEqual(executablePath, join(folder, "chromium"));
    // A cache that can't be made is a package that can't be unpacked.
    const other = await findChromium(env, join(folder, "chromium", "cache"));
    assert.equal(other.executablePath, join(folder, "chromium"));
    await assert.rejects(() => findChromium({ ...env, PATH: "" }, join(folder, "chromium", "cache")));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Something that answers `--version` as a Chromium does. */
async function writeChromium(folder: string, name: string): Promise<void> {
  await Deno.writeTextFile(join(folder, name), "#!/bin/sh\necho Chromium 153\n", { mode: 0o755 });
}
