import { deepEqual, doesNotMatch, equal, match, ok, rejects } from "node:assert/strict";
import { dirname } from "node:path";
import { Builder } from "fresh/dev";
import { buildFixture } from "./fixture_build.ts";

const handler = await buildFixture();
const response = await handler(new Request("http://localhost/live"));
const page = await response.text();
const urls = [...(response.headers.get("link") ?? "").matchAll(/<([^>]+)>/g)].map((found) => found[1] ?? "");

/** The scripts that a page asks for, and what these import. */
async function allScripts(): Promise<Map<string, Response>> {
  const scripts = new Map<string, Response>();
  const wanted = [...urls];
  for (let url = wanted.pop(); url !== undefined; url = wanted.pop()) {
    if (scripts.has(url)) continue;
    const script = await handler(new Request(`http://localhost${url}`));
    scripts.set(url, script.clone());
    for (const [, path] of (await script.text()).matchAll(/(?:from|import)\s*"(\.\/[^"]+)"/g)) {
      wanted.push(new URL(path ?? "", `http://localhost${url}`).pathname);
    }
  }
  return scripts;
}

Deno.test("comments mark islands and components with a key; in islands, elements say their key", () => {
  const comments = [...page.matchAll(/<!--(.*?)-->/g)].map((found) => found[1] ?? "");
  deepEqual(comments, [
    ...["frsh:key:x_1", "/frsh:key", "frsh:key:y", "/frsh:key"],
    ...["frsh:island:Counter:0:", "/frsh:island", "frsh:island:Counter:1:second_one", "/frsh:island"],
    ...["frsh:island:Silent:2:", "/frsh:island", "frsh:island:Typed:3:", "/frsh:island"],
    ...["frsh:island:Local:4:", "/frsh:island"],
  ]);
  match(page, /<!--frsh:island:Silent:2:--><!--\/frsh:island-->/);
  match(page, /<li data-frsh-key="a">a<\/li>/);
});

Deno.test("the page's one script has its nonce; only what would end it is escaped", () => {
  const [script = "", ...others] = page.match(/<script\b[^]*?<\/script>/gi) ?? [];
  deepEqual(others, []);
  match(script, new RegExp(`<script[^>]* nonce="${Reflect.get(response, Symbol.for("__freshNonce"))}"`));
  ok(script.includes(String.raw`<\/script> \u003C!-- <\/STYLE> <b>`), script);
  match(page, /<button[^>]*>&lt;\/script/);
});

Deno.test("a partial page starts nothing: it says which islands it has", async () => {
  const partial = await handler(new Request("http://localhost/live?fresh-partial"));
  const id = partial.headers.get("x-fresh-id");
  const [script = "", ...others] = (await partial.text()).match(/<script\b[^]*?<\/script>/gi) ?? [];
  deepEqual(others, []);
  match(script, new RegExp(`^<script[^>]* id="__FRSH_STATE_${id}"`));
  match(script, /^<script[^>]* type="application\/json"/);
  ok(script.includes(String.raw`<\/script> \u003C!-- <\/STYLE> <b>`), script);
  const { islands } = JSON.parse(/>([^]*)<\/script>$/.exec(script)?.[1] ?? "");
  deepEqual(islands.map(({ name, exportName }: Record<string, string>) => [name, exportName]), [
    ["Counter", "default"],
    ["Silent", "Silent"],
    ["Typed", "Typed"],
    ["Local", "default"],
  ]);
  const plain = await handler(new Request("http://localhost/item/7?fresh-partial=true"));
  match(await plain.text(), new RegExp(`id="__FRSH_STATE_${plain.headers.get("x-fresh-id")}"`));
});

Deno.test("scripts are preloaded, called after their file without a hash, and cached for ever", async () => {
  const names = urls.map((url) => url.slice(url.lastIndexOf("/") + 1));
  deepEqual(names, ["fresh-runtime.js", "Counter.js", "Double.js", "Typed.js", "Local.js"]);
  for (const [url, script] of await allScripts()) {
    equal(script.status, 200, url);
    match(script.headers.get("content-type") ?? "", /javascript/);
    match(script.headers.get("cache-control") ?? "", /immutable/);
    doesNotMatch(await script.text(), /\beval\(|new Function\(/);
  }
});

Deno.test("runtime, Preact and signals are at most 20 kB of gzip", async () => {
  let size = 0;
  for (const [url, script] of await allScripts()) {
    if (/Counter|Double|Typed|Local/.test(url)) continue;
    const zipped = script.body?.pipeThrough(new CompressionStream("gzip"));
    size += (await new Response(zipped ?? null).bytes()).length;
  }
  ok(size > 4_000 && size <= 20_480, `${size} bytes`);
});

/** Builds a project in a folder below the fixture's, where its imports are known. */
async function buildWith(files: Record<string, string>): Promise<string[]> {
  const root = await Deno.makeTempDir({
    dir: new URL("./fixture", import.meta.url).pathname,
    prefix: "_fresh_",
  });
  try {
    for (const [path, text] of Object.entries({ ...files, "main.ts": "" })) {
      await Deno.mkdir(dirname(`${root}/${path}`), { recursive: true });
      await Deno.writeTextFile(`${root}/${path}`, text);
    }
    await new Builder({ root }).build();
    const [build] = [...Deno.readDirSync(`${root}/_fresh/static/_fresh/js`)];
    const scripts = [...Deno.readDirSync(`${root}/_fresh/static/_fresh/js/${build?.name}`)];
    return scripts.map(({ name }) => name).filter((name) => /^(?!chunk-).*\.js$/.test(name)).sort();
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("every file in islands/ is an island: two whose names differ in case alone can't be built", async () => {
  await rejects(
    buildWith({
      "islands/Live.tsx": "export const Live = () => 1;",
      "islands/live.ts": "export const two = 2;",
    }),
    /share the same path/,
  );
});

Deno.test("an island module is called after its file; of two with one name the second gets a number", async () => {
  const names = await buildWith({
    "islands/a/Same.tsx": "export const A = () => 1;",
    "islands/b/Same.ts": "export const B = () => 2;",
    "islands/with-dash.ts": "export const C = () => 3;",
    "islands/some_test.ts": "throw 1;",
  });
  deepEqual(names, ["Same.js", "Same_1.js", "fresh-runtime.js", "with_dash.js"]);
});
