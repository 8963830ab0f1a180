import { type App, setBuildCache } from "./app.ts";
import type { BuildCache, StaticFile } from "./build_cache.ts";
import type { FsItem } from "./files.ts";
import type { Island } from "./types.ts";

/** A static file of a build. */
export interface FileEntry {
  /** Relative to the folder of the snapshot. */
  path: string;
  hash: string;
  contentType: string;
  immutable?: boolean;
}

/** What a build writes to disk, with the modules it names imported. */
export interface Snapshot {
  buildId: string;
  clientEntry: string;
  routes: FsItem[];
  islands: { file: string; name: string; mod: Record<string, unknown> }[];
  files: Record<string, FileEntry>;
}

/** Finds each exported component of the island modules. */
export function islandsOf(modules: Snapshot["islands"]): Map<unknown, Island> {
  const islands = new Map<unknown, Island>();
  for (const { file, name, mod } of modules) {
    for (const [exportName, fn] of Object.entries(mod)) {
      if (typeof fn === "function") islands.set(fn, { file, name, exportName, fn: fn as Island["fn"] });
    }
  }
  return islands;
}

/** Opens a file on disk for serving; null if it can't be. */
export async function openFile(path: string | URL, entry: FileEntry): Promise<StaticFile | null> {
  try {
    const file = await Deno.open(path);
    const { size } = await file.stat();
    const { hash, contentType, immutable = false } = entry;
    return { body: file.readable, size, hash, contentType, immutable, close: () => file.close() };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Makes the function that serves a built app. `base` is the address of the snapshot's module:
 * files are found relative to it, wherever the process was started.
 */
export function serveSnapshot<State>(
  app: App<State>,
  options: { snapshot: Snapshot; base: string },
): (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response> {
  const { snapshot, base } = options;
  const files = new Map(Object.entries(snapshot.files));
  const cache: BuildCache = {
    root: decodeURIComponent(new URL("..", base).pathname),
    buildId: snapshot.buildId,
    clientEntry: snapshot.clientEntry,
    devEntry: null,
    routes: snapshot.routes,
    islands: islandsOf(snapshot.islands),
    async readFile(pathname) {
      const entry = files.get(pathname);
      return entry === undefined ? null : await openFile(new URL(entry.path, base), entry);
    },
  };
  setBuildCache(app, cache, "production");
  return app.handler();
}
