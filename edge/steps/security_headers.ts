import type { Config } from "@/config.ts";
import type { Step } from "@/edge/step.ts";

/** Where Fresh leaves the nonce of the page it rendered. */
export const NONCE = Symbol.for("__freshNonce");

const ALWAYS: [string, string][] = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "strict-origin-when-cross-origin"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["x-frame-options", "DENY"],
  ["permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"],
];

/** Sets the request id and the security headers of every answer, errors too (OWASP ASVS 5.0, V3.4). */
export const setHeaders: Step = async ({ path, incoming: { requestId, services } }, next) => {
  const response = mutable(await next());
  setSecurityHeaders(response, path, services.config);
  response.headers.set("x-request-id", requestId);
  return response;
};

/** Answers made by fetch or Response.redirect have headers that can't be set. */
function mutable(response: Response): Response {
  try {
    response.headers.delete("x-request-id");
    return response;
  } catch {
    return new Response(response.body, response);
  }
}

function setSecurityHeaders(response: Response, path: string, config: Config): void {
  const { headers } = response;
  for (const [name, value] of ALWAYS) headers.set(name, value);
  // An uploaded file must never act as a page of ours.
  const isFile = headers.has("content-disposition");
  const isPreview = config.DEV_PAGES && path.startsWith("/dev/mails/");
  headers.set(
    "content-security-policy",
    isFile ? SANDBOX : isPreview ? PREVIEW : policy(Reflect.get(response, NONCE)),
  );
  // Pages and answers of /v1 are one person's: no cache keeps them (V14.3).
  if (path.startsWith("/v1/") || headers.get("content-type")?.startsWith("text/html")) {
    headers.set("cache-control", "no-store");
  }
  if (config.PUBLIC_URL.startsWith("https:")) {
    headers.set("strict-transport-security", "max-age=31536000; includeSubDomains");
  }
}

const SANDBOX = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// Mails carry inline styles; previews exist in development only.
const PREVIEW = `style-src 'unsafe-inline'; ${SANDBOX}`;

function policy(nonce: unknown): string {
  // Speculation rules are inline and need the nonce; no other inline script ever runs.
  const scripts = typeof nonce === "string" ? `script-src 'self' 'nonce-${nonce}'; connect-src 'self'; ` : "";
  return `default-src 'none'; ${scripts}style-src 'self'; img-src 'self' data:; font-src 'self'; ` +
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}
