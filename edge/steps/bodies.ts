import { readBody, withLazyBody } from "@/edge/body.ts";
import { isSafe } from "@/edge/client.ts";
import { check } from "@/edge/step.ts";
import { isMultipart } from "@/edge/upload.ts";

/** So that no transaction waits for a client. A form with files is read later: see `withLazyBody`. */
export const readBodies = check(async (exchange) => {
  const { request } = exchange;
  if (isSafe(request.method) || !request.body) return;
  if (isMultipart(request)) exchange.request = withLazyBody(request);
  else {
    const body = await readBody(request);
    exchange.request = new Request(request.url, { method: request.method, headers: request.headers, body });
  }
});
