import { withoutTokens } from "@/domain/shared/links.ts";
import type { Step } from "@/edge/step.ts";
import { log } from "@/log.ts";

/** Writes one line a request. Tokens in paths stay out of it. */
export const logRequests: Step = async ({ request: { method }, path, incoming }, next) => {
  const started = performance.now();
  const response = await next();
  log("info", "request", {
    requestId: incoming.requestId,
    method,
    path: withoutTokens(path),
    status: response.status,
    ms: Math.round((performance.now() - started) * 10) / 10,
    ip: incoming.ip,
  });
  return response;
};
