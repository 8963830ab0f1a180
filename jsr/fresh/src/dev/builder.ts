import { fileURLToPath, pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { lookup } from "mrmime";
import { App, type ListenOptions, setBuildCache } from "../app.ts";
import type { BuildCache } from "../build_cache.ts";
import { buildId } from "../build_id.ts";
import { islandsOf } from "../internal.ts";
import { type Bundle, bundle } from "./bundle.ts";
import { crawl, filesBelow, type RouteFile } from "./crawl.ts";
import { writeBuild } from "./disk.ts";
import { DEV_ENTRY, liveReload } from "./live_reload.ts";

/** Options of {@linkcode Builder}; relative folders start at `root`. */
export interface BuildOptions {
  /** The project's folder (default: the working directory). */
  root?: string;
  /** Where a build is written (default "_fresh"). */
  outDir?: string;
  /** Files that are served as they are (default "static"). */
  staticDir?: string;
  islandDir?: string;
  routeDir?: string;
  /** The module that exports `app` (default "main.ts"). */
  serverEntry?: string;
  /** The browsers to build for, in esbuild's words. */
  target?: string | string[];
  /** Files to leave out (default: tests). */
  ignore?: RegExp[];
}

/** {@linkcode BuildOptions} with every default filled in. */
export interface ResolvedBuildConfig extends Required<BuildOptions> {
  mode: "development" | "production";
  buildId: string;
}

/** Everything a build is made of, before it is written or served. */
export interface BuildParts {
  config: ResolvedBuildConfig;
  routes: RouteFile[];
  islands: string[];
  scripts: Bundle;
  /** Address below which the scripts are served. */
  prefix: string;
}

/** Builds an application for production, for tests (in memory), or serves it while developing. */
// deno-lint-ignore no-explicit-any
export class Builder<State = any> {
  config: ResolvedBuildConfig;
  #islands = new Set<string>();

  constructor(options: BuildOptions = {}) {
    const root = absolute(options.root ?? ".", Deno.cwd());
    this.config = {
      root,
      outDir: absolute(options.outDir ?? "_fresh", root),
      staticDir: absolute(options.staticDir ?? "static", root),
      islandDir: absolute(options.islandDir ?? "islands", root),
      routeDir: absolute(options.routeDir ?? "routes", root),
      serverEntry: absolute(options.serverEntry ?? "main.ts", root),
      target: options.target ?? ["chrome99", "firefox99", "safari15"],
      ignore: options.ignore ?? [/[._]test\.(?:[tj]sx?|[mc][tj]s)$/],
      mode: "production",
      buildId: buildId(),
    };
  }

  /** Adds an island that is not in one of the island folders, by the path or file address of its module. */
  registerIsland(specifier: string): void {
    this.#islands.add(absolute(specifier, this.config.root));
  }

  /**
   * Builds into `outDir`, or in memory for tests. The result puts the build behind an app.
   * Throws with esbuild's message if an island can't be bundled.
   */
  async build(
    options: { mode?: ResolvedBuildConfig["mode"]; snapshot?: "disk" | "memory" } = {},
  ): Promise<(app: App<State>) => void> {
    this.config.mode = options.mode ?? "production";
    const parts = await this.#parts();
    if (options.snapshot !== "memory") await writeBuild(parts);
    const cache = await memoryCache(parts);
    return (app) => setBuildCache(app, cache, app.config.mode);
  }

  /** Serves the app while developing; pages reload when the process restarts or islands or static files change. */
  async listen(
    importApp: () => Promise<{ app: App<State> } | App<State>>,
    options: ListenOptions = {},
  ): Promise<void> {
    this.config.mode = "development";
    const imported = await importApp();
    const app = imported instanceof App ? imported : imported.app;
    const cache = await memoryCache(await this.#parts());
    cache.devEntry = DEV_ENTRY;
    setBuildCache(app, cache, "development");
    const { islandDir, staticDir } = this.config;
    const reload = liveReload<State>({
      dirs: [islandDir, staticDir],
      // Server modules can't be loaded twice: only what the browser gets is built anew.
      onChange: async () =>
        void Object.assign(cache, { ...await memoryCache(await this.#parts()), devEntry: DEV_ENTRY }),
    });
    const { basePath, trustProxy } = app.config;
    const handler = app.handler();
    const outer = new App<State>({ basePath, trustProxy, mode: "development" });
    await outer.use(reload).all("*", (ctx) => handler(ctx.req, ctx.info)).listen(options);
  }

  async #parts(): Promise<BuildParts> {
    const { config } = this;
    const { root, target } = config;
    const { routes, islands: found } = await crawl(config);
    const islands = [...new Set([...found, ...this.#islands])];
    const isDev = config.mode === "development";
    const scripts = await bundle({ root, islands, target, buildId: config.buildId, isDev });
    return { config, routes, islands, scripts, prefix: `/_fresh/js/${config.buildId}/` };
  }
}

/** Loads the modules of a build and keeps its scripts in memory; static files are read from their folder. */
async function memoryCache({ config, routes, islands, scripts, prefix }: BuildParts): Promise<BuildCache> {
  const load = (path: string) => import(pathToFileURL(path).href);
  const modules = islands.map(async (path) => {
    const file = prefix + scripts.islandFiles.get(path);
    return { file, name: path.slice(path.lastIndexOf("/") + 1), mod: await load(path) };
  });
  const items = routes.map(async ({ path, isLazy, ...place }) => {
    return { ...place, mod: isLazy ? () => load(path) : await load(path) };
  });
  return {
    root: config.root,
    buildId: config.buildId,
    clientEntry: prefix + scripts.client,
    devEntry: null,
    routes: await Promise.all(items),
    islands: islandsOf(await Promise.all(modules)),
    async readFile(pathname) {
      const script = pathname.startsWith(prefix)
        ? scripts.files.get(pathname.slice(prefix.length))
        : undefined;
      const path = config.staticDir + pathname;
      // Listed, not opened by name, so that no path leaves the folder.
      if (script === undefined && !(await filesBelow(config.staticDir)).includes(path)) return null;
      const body = script ?? await Deno.readFile(path);
      const hash = await digest(body);
      const contentType = contentTypeOf(pathname);
      return { body, size: body.length, hash, contentType, immutable: script !== undefined, close: () => {} };
    },
  };
}

/** The content's hash (SHA-256, 32 hex digits), as entity tag. */
export async function digest(content: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", content)).toHex().slice(0, 32);
}

/** The media type of a file by its extension; bytes if it is unknown. */
export function contentTypeOf(path: string): string {
  const type = lookup(path) ?? "application/octet-stream";
  return /^text\/|json$|xml$|javascript$/.test(type) ? `${type}; charset=utf-8` : type;
}

/** Turns a file address or a path into an absolute path; relative ones start at `root`. */
function absolute(path: string, root: string): string {
  return path.startsWith("file:") ? fileURLToPath(path) : resolve(root, path);
}
