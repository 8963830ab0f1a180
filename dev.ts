/** Builds the pages: `build` always, `build --if-stale` after a change. Without an argument, `deno task dev`. */
import { Builder } from "fresh/dev";
import { changedAt, newestSource } from "./dev/sources.ts";
import { bundleStyles } from "./styles/bundle.ts";

const ROOT = import.meta.dirname!;

if (!Deno.args.includes("build")) {
  const { develop } = await import("./dev/mod.ts");
  await develop();
} else if (!Deno.args.includes("--if-stale") || await isStale()) {
  await bundleStyles();
  await new Builder({ root: ROOT }).build();
}

async function isStale(): Promise<boolean> {
  const built = await changedAt(`${ROOT}/_fresh/server.js`);
  return built === 0 || await newestSource(ROOT) > built;
}
