import type { Config } from "@/config.ts";
import { DomainError } from "@/domain/errors.ts";
import { isSafe, isSameOrigin } from "@/edge/client.ts";
import { SIGNED_PATHS } from "@/edge/signed_paths.ts";
import { check } from "@/edge/step.ts";

/** Refuses requests that another site has a browser send with our cookies (CSRF), before their body is read. */
export const requireSameOrigin = check(({ request, path, incoming }) => {
  if (!isSafe(request.method) && !mayChangeThings(request, path, incoming.services.config)) {
    throw new DomainError("cross_origin");
  }
});

/** By a token, which no browser adds by itself, from our own pages, or from no browser. Pages take no token. */
function mayChangeThings(request: Request, path: string, config: Config): boolean {
  if (SIGNED_PATHS.has(path)) return true;
  if (path.startsWith("/v1/")) {
    if (request.headers.has("authorization")) return true;
    // Signing in from an allowed origin: without cookies there is nobody to act for.
    const origin = request.headers.get("origin") ?? "";
    if (!request.headers.has("cookie") && config.CORS_ORIGINS.includes(origin)) return true;
  }
  const fromBrowser = ["cookie", "sec-fetch-site", "origin"].some((name) => request.headers.has(name));
  return !fromBrowser || isSameOrigin(request, config);
}
