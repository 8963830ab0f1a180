import { isAbsolute, join } from "node:path";
import { buildId } from "../build_id.ts";
import { bundle } from "./bundle.ts";
import { crawl } from "./crawl.ts";
import { writeBuild } from "./write.ts";

/** Options of {@linkcode Builder}. */
export interface BuildOptions {
  /** The project's folder, with `routes/`, `islands/`, `static/` and `main.ts`, which exports `app`. */
  root?: string;
  /** Where a build is written; relative to `root`. */
  outDir?: string;
}

/** Builds an application to disk. */
export class Builder {
  #root: string;
  #outDir: string;

  constructor({ root = Deno.cwd(), outDir = "_fresh" }: BuildOptions = {}) {
    this.#root = root;
    this.#outDir = isAbsolute(outDir) ? outDir : join(root, outDir);
  }

  /**
   * Writes the build: `server.js` in it exports `{ fetch }`.
   *
   * @throws Error with esbuild's message if an island can't be bundled, or if two have names that differ in case alone
   */
  async build(): Promise<void> {
    const root = this.#root;
    const id = buildId();
    const { routes, islands } = await crawl(root);
    const scripts = await bundle({ root, islands, buildId: id });
    await writeBuild({ root, outDir: this.#outDir, buildId: id, routes, islands, scripts });
  }
}
