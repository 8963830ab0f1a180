import type { Config } from "@/config.ts";
import { isPlainLocal } from "@/domain/auth/cookies.ts";

/** X-Forwarded-For counts only from a trusted proxy, and only its last other address: a client may write the rest. */
export function clientAddress(request: Request, address: string, config: Config): string {
  // Dual-stack sockets report IPv4 peers as mapped addresses (RFC 4291, 2.5.5.2).
  const peer = address.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!config.TRUSTED_PROXIES.includes(peer)) return peer;
  const hops = (request.headers.get("x-forwarded-for") ?? "").split(",").map((hop) => hop.trim()).filter(
    Boolean,
  );
  return hops.reverse().find((hop) => !config.TRUSTED_PROXIES.includes(hop)) ?? peer;
}

export function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

/** By Fetch Metadata or the Origin header; a request with neither proves nothing. */
export function isSameOrigin(request: Request, config: Config): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = request.headers.get("origin");
  if (origin === null) return false;
  // On a local machine there are several names: localhost, 127.0.0.1, [::1].
  const own = isPlainLocal(config) ? new URL(request.url).origin : undefined;
  return origin === new URL(config.PUBLIC_URL).origin || origin === own;
}
