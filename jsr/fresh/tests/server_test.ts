import { deepEqual, equal, match, ok } from "node:assert/strict";

const fixture = new URL("./fixture", import.meta.url).pathname;
const config = new URL("../../../deno.json", import.meta.url).pathname;
const outDir = await Deno.makeTempDir({ dir: fixture, prefix: "_fresh_" });

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

Deno.test("a build ends by itself and serves from any folder without the bundler", async (t) => {
  try {
    await t.step("build", build);
    await t.step("serve", serve);
  } finally {
    await Deno.remove(outDir, { recursive: true });
  }
});

async function build(): Promise<void> {
  const allowed = ["--allow-read", "--allow-env", "--allow-run", `--allow-write=${fixture}`];
  const { code, stderr } = await deno(["run", "--config", config, ...allowed, `${fixture}/dev.ts`, outDir])
    .output();
  equal(code, 0, new TextDecoder().decode(stderr));
}

async function serve(): Promise<void> {
  const entry = `${outDir}/serve.ts`;
  await Deno.writeTextFile(
    entry,
    `import server from "./server.js";
Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: ({ port }) => console.log(port) }, server.fetch);`,
  );
  const allowed = ["--no-prompt", "--allow-read", "--allow-env", "--allow-net=127.0.0.1"];
  const child = deno(["run", "--config", config, ...allowed, entry]).spawn();
  try {
    const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const { value: port = "" } = await output.read();
    await output.cancel();
    await checkServer(`http://127.0.0.1:${port.trim()}`);
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
  match(await live.text(), /id="two"/);
  const urls = [...(live.headers.get("link") ?? "").matchAll(/<([^>]+)>/g)].map((found) => found[1] ?? "");
  ok(urls.length >= 4, urls.join());
  for (const url of [...urls, "/site.css"]) {
    const response = await fetch(base + url);
    equal(response.status, 200, url);
    await response.body?.cancel();
  }
  const missing = await fetch(`${base}/none`);
  deepEqual([missing.status, await missing.text()], [404, "Not Found"]);
}

/** The server's module graph has no bundler in it. */
async function checkGraph(entry: string): Promise<void> {
  const { stdout } = await deno(["info", "--json", "--config", config, entry]).output();
  const graph: { modules: { specifier: string }[] } = JSON.parse(new TextDecoder().decode(stdout));
  const modules = graph.modules.map(({ specifier }) => specifier);
  ok(modules.length > 10, `${modules.length} modules`);
  deepEqual(modules.filter((specifier) => /esbuild/.test(specifier)), []);
}
