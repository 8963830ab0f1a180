import type { StaticFile } from "./build_cache.ts";
import { buildId } from "./build_id.ts";
import { buildCacheOf, type Context } from "./context.ts";
import type { Middleware } from "./types.ts";

const FOREVER = "public, max-age=31536000, immutable";
const NEVER = "no-cache, no-store, max-age=0, must-revalidate";

/** Makes a middleware that serves `static/` and the built scripts. */
export function staticFiles<State>(): Middleware<State> {
  return async (ctx) => {
    const path = pathOf(ctx);
    const file = path === "/" ? null : await buildCacheOf(ctx).readFile(path);
    if (file === null) {
      // Browsers ask for it on their own: spare them the whole error page.
      return path === "/favicon.ico" ? new Response(null, { status: 404 }) : await ctx.next();
    }
    const response = answer(ctx, file);
    if (response.body === null) file.close();
    return response;
  };
}

function pathOf<State>({ url, config }: Context<State>): string {
  try {
    return decodeURIComponent(url.pathname).slice(config.basePath.length) || "/";
  } catch {
    // Not valid percent-encoding: no file has such a name.
    return "/";
  }
}

function answer<State>(ctx: Context<State>, file: StaticFile): Response {
  const { method, headers: asked } = ctx.req;
  if (method !== "GET" && method !== "HEAD") return new Response("Method Not Allowed", { status: 405 });
  const id = ctx.url.searchParams.get("__frsh_c");
  if (id !== null && id !== buildId()) {
    const url = new URL(ctx.url);
    url.searchParams.delete("__frsh_c");
    return new Response(null, { status: 307, headers: { location: url.pathname + url.search } });
  }
  const etag = `W/"${file.hash}"`;
  const isLocked = ctx.config.mode !== "development" && (id !== null || file.immutable);
  const headers = new Headers({
    "Content-Type": file.contentType,
    "Cache-Control": isLocked ? FOREVER : NEVER,
    Etag: etag,
    vary: "If-None-Match",
  });
  const known = asked.get("if-none-match");
  if (known === etag || known === file.hash) return new Response(null, { status: 304, headers });
  headers.set("Content-Length", String(file.size));
  return new Response(method === "HEAD" ? null : file.body, { headers });
}
