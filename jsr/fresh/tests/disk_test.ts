import { deepEqual, equal, match, ok } from "node:assert/strict";

const tests = new URL("./", import.meta.url);
const config = new URL("../../../deno.json", import.meta.url).pathname;
const outDir = await Deno.makeTempDir({ dir: new URL("./fixture", tests).pathname, prefix: "_fresh_" });

/** Runs Deno far away from the project, so that nothing can depend on the working directory. */
function deno(args: string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args,
    cwd: "/",
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

async function build(): Promise<void> {
  const dev = new URL("./fixture/dev.ts", tests).pathname;
  const allowed = ["--allow-read", "--allow-env", "--allow-run", `--allow-write=${outDir}`];
  const { code, stderr } = await deno(["run", "--config", config, ...allowed, dev, outDir]).output();
  equal(code, 0, new TextDecoder().decode(stderr));
}

Deno.test("a build on disk ends by itself and serves from any folder without esbuild", async (t) => {
  try {
    await t.step("build", build);
    await t.step("serve", serve);
  } finally {
    await Deno.remove(outDir, { recursive: true });
  }
});

async function serve(): Promise<void> {
  const entry = `${outDir}/serve.ts`;
  await Deno.writeTextFile(
    entry,
    `import server from "./server.js";
const rss = () => new Response(String(Deno.memoryUsage().rss));
Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen: ({ port }) => console.log(port) },
  (req, info) => req.url.endsWith("/rss") ? rss() : server.fetch(req, info),
);`,
  );
  const allowed = ["--no-prompt", "--allow-read", "--allow-net=127.0.0.1"];
  const child = deno(["run", "--config", config, ...allowed, entry]).spawn();
  try {
    const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const { value: port = "" } = await output.read();
    await output.cancel();
    const base = `http://127.0.0.1:${port.trim()}`;
    await checkServer(base);
    await checkMemory(base);
  } finally {
    child.kill();
    await child.stderr.cancel();
    await child.status;
  }
  await checkGraph(entry);
}

async function checkServer(base: string): Promise<void> {
  const page = await (await fetch(`${base}/item/7`)).text();
  match(page, /<main data-trail="main,first,second"><article><h1>7<\/h1>/);
  const live = await fetch(`${base}/live`);
  match(await live.text(), /id="three"/);
  const link = live.headers.get("link") ?? "";
  const urls = [...link.matchAll(/<([^>]+)>/g)].map((found) => found[1] ?? "");
  ok(urls.length >= 4, link);
  for (const url of [...urls, "/site.css"]) {
    const response = await fetch(base + url);
    equal(response.status, 200, url);
    await response.body?.cancel();
  }
  const [missing, options] = [await fetch(`${base}/none`), await fetch(`${base}/item/7`, { method: "PUT" })];
  deepEqual([missing.status, options.status], [404, 404]);
  await Promise.all([missing.body?.cancel(), options.body?.cancel()]);
}

async function checkMemory(base: string): Promise<void> {
  const bytes = Number(await (await fetch(`${base}/rss`)).text());
  ok(bytes > 0 && bytes < 100_000_000, `${bytes} bytes resident`);
}

/** The server's module graph has no bundler in it. */
async function checkGraph(entry: string): Promise<void> {
  const { stdout } = await deno(["info", "--json", "--config", config, entry]).output();
  const graph: { modules: { specifier: string }[] } = JSON.parse(new TextDecoder().decode(stdout));
  const modules = graph.modules.map(({ specifier }) => specifier);
  ok(modules.length > 10, `${modules.length} modules`);
  deepEqual(modules.filter((specifier) => /esbuild|\/dev\//.test(specifier)), []);
}
