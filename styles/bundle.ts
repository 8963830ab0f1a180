import { fileURLToPath } from "node:url";

const TARGET = new URL("../static/styles.css", import.meta.url);

/** Makes one stylesheet of all, for the builder to find among the static files. Throws with esbuild's message. */
export async function bundleStyles(): Promise<void> {
  // Loaded here, so that nothing but a build pays for it.
  const esbuild = await import("esbuild");
  try {
    const { outputFiles } = await esbuild.build({
      entryPoints: [fileURLToPath(new URL("main.css", import.meta.url))],
      bundle: true,
      minify: true,
      write: false,
      logLevel: "error",
    });
    const css = outputFiles[0]!.text;
    // A file that is written anew without a change would make watchers start over.
    if (await Deno.readTextFile(TARGET).catch(() => "") !== css) await Deno.writeTextFile(TARGET, css);
  } finally {
    await esbuild.stop();
  }
}
