import type { MiddlewareHandler } from "hono";
import { incomingOf } from "@/edge/incoming.ts";

/** Lets the configured origins call /v1 from a browser, with a bearer token; cookies are never allowed across. */
export const allowOrigins: MiddlewareHandler = async function allowOrigins(c, next) {
  const origin = c.req.header("origin");
  const { config } = incomingOf(c.req.raw).services;
  if (!origin || !config.CORS_ORIGINS.includes(origin)) return await next();
  if (c.req.method === "OPTIONS" && c.req.header("access-control-request-method")) {
    c.res = new Response(null, {
      status: 204,
      headers: {
        "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
        "access-control-allow-headers":
          "authorization, content-type, idempotency-key, if-match, last-event-id, x-request-id",
        "access-control-max-age": "600",
      },
    });
  } else await next();
  c.res.headers.set("access-control-allow-origin", origin);
  c.res.headers.set("access-control-expose-headers", "etag, location, ratelimit, retry-after, x-request-id");
  c.res.headers.append("vary", "origin");
};
