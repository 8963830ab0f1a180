import type { Step } from "@/edge/step.ts";

/** What another site had a browser ask for isn't compressed (BREACH): see docs/adr/0025-compression.md. */
export const guardCompression: Step = async ({ request }, next) => {
  const response = await next();
  const site = request.headers.get("sec-fetch-site");
  if ((site === "cross-site" || site === "same-site") && request.headers.has("cookie")) {
    // In one line, because the runtime looks at the first alone.
    const before = response.headers.get("cache-control");
    response.headers.set("cache-control", before ? `${before}, no-transform` : "no-transform");
  }
  return response;
};
