import { buildId } from "./build_id.ts";

const CACHE_KEY = "__frsh_c";

/** Adds the build's id to the path of a static file, so that it may be cached for ever. */
export function asset(path: string): string {
  if (!path.startsWith("/") || path.startsWith("//")) return path;
  const url = new URL(path, "http://asset.invalid");
  if (url.searchParams.has(CACHE_KEY)) return path;
  url.searchParams.set(CACHE_KEY, buildId());
  return url.pathname + url.search + url.hash;
}
