import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { FoundIsland } from "./crawl.ts";
import { denoResolver } from "./resolve.ts";

/** Name of the script that starts islands. */
export const CLIENT = "fresh-runtime";

/** The scripts for the browser by file name. An island's is called after its file, without a hash. */
export type Scripts = Map<string, Uint8Array<ArrayBuffer>>;

/**
 * Bundles the browser runtime and each island as a module of its own; what they share is a chunk.
 *
 * @throws Error with esbuild's message; names that differ in case alone are an error too
 */
export async function bundle(
  { root, islands, buildId }: { root: string; islands: FoundIsland[]; buildId: string },
): Promise<Scripts> {
  // Loaded here, so that nothing but a build pays for it.
  const esbuild = await import("esbuild");
  const client = fileURLToPath(new URL("../client/boot.ts", import.meta.url));
  const paths = islands.map(({ name, path }) => [name, path]);
  try {
    const { outputFiles } = await esbuild.build({
      entryPoints: { [CLIENT]: client, ...Object.fromEntries(paths) },
      outdir: "/",
      absWorkingDir: root,
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "browser",
      target: ["chrome99", "firefox99", "safari15"],
      jsx: "automatic",
      jsxImportSource: "preact",
      minify: true,
      legalComments: "none",
      write: false,
      logLevel: "silent",
      define: { "process.env.NODE_ENV": '"production"', __FRSH_BUILD_ID: JSON.stringify(buildId) },
      plugins: [await denoResolver(root)],
    });
    return new Map(outputFiles.map(({ path, contents }) => [basename(path), contents.slice()]));
  } finally {
    await esbuild.stop();
  }
}
