import { buildId } from "./build_id.ts";
import { buildOf, type Context } from "./context.ts";
import type { StaticFile } from "./build.ts";
import type { Middleware } from "./types.ts";

const FOREVER = "public, max-age=31536000, immutable";
const NEVER = "no-cache, no-store, max-age=0, must-revalidate";

/** Makes a middleware that serves `static/` and the built scripts. */
export function staticFiles<State>(): Middleware<State> {
  return async (ctx) => {
    const path = normalized(ctx.url.pathname);
    const { files, base } = buildOf(ctx);
    const file = path === null ? undefined : files.get(path);
    if (file === undefined) {
      // Browsers ask for it on their own: spare them the whole error page.
      return path === "/favicon.ico" ? new Response(null, { status: 404 }) : await ctx.next();
    }
    return await answer(ctx, file, new URL(file.path, base));
  };
}

/** A path as files are named by; null if it isn't valid percent-encoding. */
function normalized(pathname: string): string | null {
  try {
    return `/${decodeURIComponent(pathname).split("/").filter(Boolean).map(encodeURIComponent).join("/")}`;
  } catch {
    return null;
  }
}

async function answer<State>(
  { req, url }: Context<State>,
  { hash, contentType }: StaticFile,
  path: URL,
): Promise<Response> {
  if (req.method !== "GET" && req.method !== "HEAD") {
    return new Response("Method Not Allowed", { status: 405 });
  }
  const id = url.searchParams.get("__frsh_c");
  if (id !== null && id !== buildId()) {
    url.searchParams.delete("__frsh_c");
    return new Response(null, { status: 307, headers: { location: url.pathname + url.search } });
  }
  const headers = new Headers({ "Content-Type": contentType, vary: "If-None-Match" });
  const known = req.headers.get("if-none-match");
  if (known === hash || known === `W/"${hash}"`) return new Response(null, { status: 304, headers });
  headers.set("Etag", `W/"${hash}"`);
  const isLocked = id !== null || url.pathname.startsWith(`/_fresh/js/${buildId()}/`);
  headers.set("Cache-Control", isLocked ? FOREVER : NEVER);
  const file = await Deno.open(path);
  headers.set("Content-Length", String((await file.stat()).size));
  if (req.method === "GET") return new Response(file.readable, { headers });
  file.close();
  return new Response(null, { headers });
}
