import type { FsItem } from "./files.ts";
import type { Island } from "./types.ts";

/** An opened static file; its reader closes it by reading or by `close()`. */
export interface StaticFile {
  body: ReadableStream<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>;
  size: number;
  hash: string;
  contentType: string;
  /** True for built scripts, whose address changes with their content. */
  immutable: boolean;
  close(): void;
}

/** What a build knows: file routes, islands and where the browser finds their scripts, static files. */
export interface BuildCache {
  root: string;
  buildId: string;
  /** Address of the browser runtime, without the base path. */
  clientEntry: string;
  /** Address of the script that reloads the page on changes; only while developing. */
  devEntry: string | null;
  routes: FsItem[];
  islands: Map<unknown, Island>;
  /** Opens the static file of a URL path; null if there is none. */
  readFile(pathname: string): Promise<StaticFile | null>;
}

/** The cache of an app that nothing was built for: no file routes, islands or static files. */
export function emptyBuildCache(): BuildCache {
  return {
    root: ".",
    buildId: "",
    clientEntry: "",
    devEntry: null,
    routes: [],
    islands: new Map(),
    readFile: () => Promise.resolve(null),
  };
}
