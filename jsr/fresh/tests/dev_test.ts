import { equal, match, ok } from "node:assert/strict";

const config = new URL("../../../deno.json", import.meta.url).pathname;
const fixture = new URL("./fixture/", import.meta.url).pathname;

/** A free port; nobody else asks for it in the moment until it is used. */
function freePort(): number {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  listener.close();
  return port;
}

async function untilUp(base: string): Promise<void> {
  for (let i = 0; i < 100; i++) {
    try {
      await (await fetch(base)).body?.cancel();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`Cannot reach "${base}" in 10 s`);
}

Deno.test("while developing, pages hold the script that reloads them and assets aren't cached", async () => {
  const port = freePort();
  const code = `import { Builder } from "fresh/dev";
const builder = new Builder({ root: ${JSON.stringify(fixture)} });
await builder.listen(() => import(${
    JSON.stringify(`${fixture}main.ts`)
  }), { port: ${port}, hostname: "127.0.0.1" });`;
  const dir = await Deno.makeTempDir({ dir: fixture, prefix: "_fresh_" });
  await Deno.writeTextFile(`${dir}/dev.ts`, code);
  const allowed = ["--allow-read", "--allow-env", "--allow-run", "--allow-write", "--allow-net=127.0.0.1"];
  const args = ["run", "--config", config, ...allowed, `${dir}/dev.ts`];
  const child = new Deno.Command(Deno.execPath(), { args, cwd: "/", stdout: "null", stderr: "null" }).spawn();
  try {
    const base = `http://127.0.0.1:${port}`;
    await untilUp(base);
    const page = await (await fetch(`${base}/`)).text();
    match(page, /<h1>main<\/h1>/);
    ok(/<script\b/.test(page), page);
    const style = await fetch(base + (/href="(\/site\.css[^"]*)"/.exec(page)?.[1] ?? ""));
    equal(style.status, 200);
    match(style.headers.get("cache-control") ?? "", /no-store/);
    await style.body?.cancel();
  } finally {
    child.kill();
    await child.status;
    await Deno.remove(dir, { recursive: true });
  }
});
