import { fileURLToPath } from "node:url";
import { denoResolver } from "./resolve.ts";

/** What to bundle for the browser. */
export interface BundleOptions {
  root: string;
  /** Paths of the island modules. */
  islands: string[];
  target: string | string[];
  buildId: string;
  isDev: boolean;
}

/** The scripts for the browser. */
export interface Bundle {
  /** Content by file name. */
  files: Map<string, Uint8Array<ArrayBuffer>>;
  /** File name of the browser runtime. */
  client: string;
  /** File name by the path of the island module. */
  islandFiles: Map<string, string>;
}

const CLIENT = fileURLToPath(new URL("../client/boot.ts", import.meta.url));

/** Bundles the browser runtime and each island as a module of its own; what they share is a chunk. */
export async function bundle(options: BundleOptions): Promise<Bundle> {
  // Loaded here, so that nothing but a build pays for it.
  const esbuild = await import("esbuild");
  const { root, islands, target, buildId, isDev } = options;
  const paths = new Map<string, string>([["fresh-runtime", CLIENT]]);
  for (const path of islands) paths.set(uniqueName(path, paths), path);
  try {
    const result = await esbuild.build({
      entryPoints: Object.fromEntries(paths),
      outdir: "/",
      entryNames: "[name]-[hash]",
      chunkNames: "chunk-[hash]",
      absWorkingDir: root,
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "browser",
      target,
      jsx: "automatic",
      jsxImportSource: "preact",
      minify: !isDev,
      sourcemap: isDev ? "inline" : false,
      legalComments: "none",
      treeShaking: true,
      write: false,
      metafile: true,
      logLevel: "error",
      define: {
        "process.env.NODE_ENV": JSON.stringify(isDev ? "development" : "production"),
        __FRSH_BUILD_ID: JSON.stringify(buildId),
      },
      plugins: [await denoResolver(root)],
    });
    const files = new Map(result.outputFiles.map(({ path, contents }) => [baseName(path), contents.slice()]));
    const built = new Map<string, string>();
    for (const [path, { entryPoint }] of Object.entries(result.metafile.outputs)) {
      if (entryPoint === undefined) continue;
      built.set(baseName(path).replace(/-[^-]*$/, ""), baseName(path));
    }
    const islandFiles = new Map([...paths].map(([name, path]) => [path, built.get(name) ?? ""]));
    return { files, client: built.get("fresh-runtime") ?? "", islandFiles };
  } finally {
    await esbuild.stop();
  }
}

function baseName(path: string): string {
  return path.slice(path.replaceAll("\\", "/").lastIndexOf("/") + 1);
}

function uniqueName(path: string, taken: Map<string, unknown>): string {
  const name = baseName(path).replace(/\.[^.]*$/, "").replace(/[^\w]+/g, "_");
  let unique = name;
  for (let i = 2; taken.has(unique); i++) unique = `${name}_${i}`;
  return unique;
}
