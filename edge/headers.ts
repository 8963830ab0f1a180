import type { Config } from "@/config.ts";

/** Where Fresh leaves the nonce of the page it rendered. */
const NONCE = Symbol.for("__freshNonce");

const ALWAYS: [string, string][] = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "strict-origin-when-cross-origin"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["x-frame-options", "DENY"],
  ["permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"],
];

/**
 * Sets what every answer carries, errors too: OWASP ASVS 5.0, V3.4. Pages and what /v1 answers are one person's, so no
 * cache keeps them (V14.3).
 */
export function setSecurityHeaders(
  response: Response,
  { path, config }: { path: string; config: Config },
): void {
  const { headers } = response;
  for (const [name, value] of ALWAYS) headers.set(name, value);
  // A file that somebody sent us is nobody's page.
  const isFile = headers.has("content-disposition");
  const isPreview = config.DEV_PAGES && path.startsWith("/dev/mails/");
  headers.set(
    "content-security-policy",
    isFile ? SANDBOX : isPreview ? PREVIEW : policy(Reflect.get(response, NONCE)),
  );
  if (path.startsWith("/v1/") || headers.get("content-type")?.startsWith("text/html")) {
    headers.set("cache-control", "no-store");
  }
  if (config.PUBLIC_URL.startsWith("https:")) {
    headers.set("strict-transport-security", "max-age=31536000; includeSubDomains");
  }
}

const SANDBOX = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// A mail has its styles in its elements; they are shown so to who works on them, and to nobody else.
const PREVIEW = `style-src 'unsafe-inline'; ${SANDBOX}`;

function policy(nonce: unknown): string {
  // speculation rules are inline, so they need the nonce like any script; nothing else inline ever runs.
  const scripts = typeof nonce === "string" ? `script-src 'self' 'nonce-${nonce}'; connect-src 'self'; ` : "";
  return `default-src 'none'; ${scripts}style-src 'self'; img-src 'self' data:; font-src 'self'; ` +
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}
