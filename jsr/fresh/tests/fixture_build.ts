import { Builder } from "fresh/dev";

const root = new URL("./fixture", import.meta.url).pathname;

type Handler = (request: Request) => Promise<Response>;

/** Builds the fixture to a folder of its own, which goes when the tests end, and imports the built server. */
export async function buildFixture(): Promise<Handler> {
  const outDir = await Deno.makeTempDir({ dir: root, prefix: "_fresh_" });
  addEventListener("unload", () => Deno.removeSync(outDir, { recursive: true }));
  await new Builder({ root, outDir }).build();
  const { default: server } = await import(`file://${outDir}/server.js`);
  return server.fetch;
}
