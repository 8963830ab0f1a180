/** Builds the pages: `build` always, `build --if-stale` after a change. Without an argument, `deno task dev`. */
import { Builder } from "fresh/dev";
import { bundleStyles } from "./styles/bundle.ts";

const ROOT = new URL("./", import.meta.url);
const SOURCES = [
  "routes",
  "islands",
  "browser",
  "components",
  "domain",
  "live",
  "pages",
  "ports.ts",
  "static",
  "styles",
  "jsr/fresh/src",
  "main.ts",
  "deno.json",
];

if (!Deno.args.includes("build")) {
  const { develop } = await import("./dev/mod.ts");
  await develop();
} else if (!Deno.args.includes("--if-stale") || await isStale()) {
  await bundleStyles();
  await new Builder({ root: import.meta.dirname! }).build();
}

async function isStale(): Promise<boolean> {
  const built = await changedAt(new URL("_fresh/server.js", ROOT));
  if (built === 0) return true;
  for (const source of SOURCES) {
    if (await newestIn(new URL(source, ROOT)) > built) return true;
  }
  return false;
}

async function newestIn(url: URL): Promise<number> {
  let newest = await changedAt(url);
  if (!(await Deno.stat(url).catch(() => null))?.isDirectory) return newest;
  for await (const entry of Deno.readDir(url)) {
    newest = Math.max(newest, await newestIn(new URL(`${encodeURIComponent(entry.name)}`, `${url}/`)));
  }
  return newest;
}

async function changedAt(url: URL): Promise<number> {
  return (await Deno.stat(url).catch(() => null))?.mtime?.getTime() ?? 0;
}
