import type { Context } from "./context.ts";
import { HttpError } from "./http_error.ts";
import type { Middleware } from "./types.ts";

/** Options of {@linkcode csrf}. */
// deno-lint-ignore no-explicit-any
export interface CsrfOptions<State = any> {
  /** The origins that may post: one, several, or a test; default the request's own. */
  origin?: string | string[] | ((origin: string, context: Context<State>) => boolean);
}

/**
 * Makes a middleware that refuses unsafe methods from other sites with `HttpError(403)`, by Sec-Fetch-Site
 * and Origin. A request with neither header passes: browsers send one, so cookies still need SameSite.
 */
export function csrf<State>(options: CsrfOptions = {}): Middleware<State> {
  const { origin: allowed } = options;
  function isAllowed(origin: string | null, ctx: Context<State>): boolean {
    if (origin === null) return false;
    if (allowed === undefined) return origin === ctx.url.origin;
    return typeof allowed === "function" ? allowed(origin, ctx) : [allowed].flat().includes(origin);
  }
  return async (ctx) => {
    const { method, headers } = ctx.req;
    if (method === "GET" || method === "HEAD" || method === "OPTIONS") return await ctx.next();
    const site = headers.get("sec-fetch-site");
    const origin = headers.get("origin");
    const trusted = site === "same-origin" || site === "none" || (site === null && origin === null);
    if (trusted || isAllowed(origin, ctx)) return await ctx.next();
    throw new HttpError(403);
  };
}
