import { isSource, newestSource } from "@/dev/sources.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newPage } from "@/tests/helpers/browser.ts";
import { freePort } from "@/tests/helpers/server.ts";
import { until } from "./support.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const ALLOWED = ["net", "read", "write", "env", "run", "sys", "ffi"].map((name) => `--allow-${name}`);
/** A build and a start on a busy machine. */
const ROUND_MS = 90_000;

/** A copy of the project to work on; what others build and serve stays as it is. */
async function copyProject(): Promise<string> {
  const copy = await Deno.makeTempDir({ prefix: "servicehub-dev-" });
  await Deno.chmod(copy, 0o755);
  for await (const { name } of Deno.readDir(ROOT)) {
    if (/^(\.git|_fresh|data|dist|node_modules)$/.test(name)) continue;
    const { success } = await new Deno.Command("cp", { args: ["-r", ROOT + name, copy] }).output();
    assert(success, `Cannot copy ${name}`);
  }
  await Deno.symlink(`${ROOT}node_modules`, `${copy}/node_modules`);
  return copy;
}

/** The command lines of what a process has started, and of what those have. */
async function descendants(pid: number): Promise<string[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-ww", "-eo", "pid=,ppid=,args="] }).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n").map((line) => line.trim().split(/\s+/));
  const below = (parent: string): string[] =>
    lines.filter(([, of]) => of === parent)
      .flatMap(([child, , ...args]) => [args.join(" "), ...below(child!)]);
  return below(String(pid));
}

Deno.test("every module and static file of the product is a source, whose change makes a build stale", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "serve.ts"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: { specifier: string }[] };
  const own = modules.map(({ specifier }) => decodeURI(specifier)).filter((one) =>
    one.startsWith(`file://${ROOT}`) && !one.includes("/node_modules/")
  ).map((one) => one.slice(`file://${ROOT}`.length)).filter((path) => !path.startsWith("_fresh/"));
  assert(own.length > 200, `${own.length} modules`);
  const more = ["define.ts", "edge/mod.ts", "config.ts", "log.ts", "static/favicon.ico", "static/some.woff2"];
  assertEquals([...own, ...more, "styles/base.css", "deno.json"].filter((path) => !isSource(path)), []);
  const others = [
    "static/styles.css",
    "_fresh/server.js",
    "node_modules/a.ts",
    "data/a.json",
    "tests/a.ts",
    "README.md",
  ];
  assertEquals(others.filter(isSource), []);

  const copy = await Deno.makeTempDir({ prefix: "servicehub-sources-" });
  try {
    for (const folder of ["edge/steps", "node_modules", "data"]) {
      await Deno.mkdir(`${copy}/${folder}`, { recursive: true });
    }
    for (const [path, second] of [["log.ts", 10], ["edge/steps/log.ts", 20], ["data/x.json", 30]] as const) {
      await Deno.writeTextFile(`${copy}/${path}`, "");
      await Deno.utime(`${copy}/${path}`, second, second);
    }
    assertEquals(await newestSource(copy), 20_000);
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
});

Deno.test("deno task dev: a change reloads the page, a mistake is shown in it, and nothing is left running", async (t) => {
  const copy = await copyProject();
  const port = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...ALLOWED, "dev.ts"],
    cwd: copy,
    env: { PORT: String(port), DATA_DIR: `${copy}/data` },
    stdout: "null",
    stderr: "null",
  }).spawn();
  const edit = async (path: string, change: (text: string) => string) => {
    await Deno.writeTextFile(`${copy}/${path}`, change(await Deno.readTextFile(`${copy}/${path}`)));
  };
  const browser = await launchBrowser();
  try {
    const page = await newPage(browser, { baseUrl: `http://localhost:${port}` });
    const problem = page.locator("#dev-problem");

    await t.step("the first page waits until the desk is there", async () => {
      await until(
        () =>
          fetch(`http://localhost:${port}/_dev/events`).then((r) => r.body!.cancel()).then(
            () => true,
            () => false,
          ),
        ROUND_MS,
      );
      await page.goto("/sign-in", { timeout: ROUND_MS });
      await page.getByRole("heading", { level: 1 }).waitFor();
    });

    await t.step("a saved file shows itself", async () => {
      await edit("components/Logo.tsx", (text) => text.replace(">ServiceHub<", ">Under work<"));
      await page.getByText("Under work").first().waitFor({ timeout: ROUND_MS });
    });

    await t.step("a mistake in an island lies over the page, and goes when it is mended", async () => {
      await edit("islands/Bell.tsx", (text) => `${text}\nconst broken = ;\n`);
      await problem.waitFor({ timeout: ROUND_MS });
      assert((await problem.innerText()).includes("islands/Bell.tsx"), await problem.innerText());
      // The desk from before still serves.
      assertEquals((await page.request.get("/healthz")).status(), 200);
      await edit("islands/Bell.tsx", (text) => text.replace("\nconst broken = ;\n", ""));
      await problem.waitFor({ state: "detached", timeout: ROUND_MS });
      await page.getByText("Under work").first().waitFor({ timeout: ROUND_MS });
    });

    await t.step("a desk that doesn't start says why in its place", async () => {
      await edit("serve.ts", (text) => `throw new Error("meant to fail");\n${text}`);
      await problem.getByText("meant to fail").waitFor({ timeout: ROUND_MS });
      const response = await page.goto("/sign-in");
      assertEquals(response?.status(), 503);
      await page.locator("pre", { hasText: "meant to fail" }).waitFor();
      await edit("serve.ts", (text) => text.replace(/^throw .*\n/, ""));
      await page.getByText("Under work").first().waitFor({ timeout: ROUND_MS });
    });

    await t.step("of all these rounds one desk is left, and no bundler", async () => {
      const running = await descendants(child.pid);
      assertEquals(running.filter((line) => line.includes("esbuild")), []);
      assertEquals(running.filter((line) => line.includes("serve.ts")).length, 1);
    });

    await t.step("what serves ends with it", async () => {
      child.kill("SIGTERM");
      await child.status;
      assertEquals(await Deno.stat(`${copy}/data/servicehub.pid`).catch(() => null), null);
    });
  } finally {
    await browser.close();
    try {
      child.kill("SIGTERM");
    } catch {
      // It has ended.
    }
    await child.status;
    await Deno.remove(copy, { recursive: true });
  }
});
