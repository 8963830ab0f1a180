import type { Services } from "@/ports.ts";
import { deriveToken, type TokenRow } from "./tokens.ts";

/** For emails: the host is the configured one, never the request's. */

export function signInUrl(services: Services, slug: string): string {
  return `${services.config.PUBLIC_URL}/o/${slug}/sign-in`;
}

/** As good as the account: show it once, store it nowhere. */
export function invitationUrl(services: Services, row: TokenRow): string {
  return `${services.config.PUBLIC_URL}/accept-invitation/${
    deriveToken(services.secrets, "invitation", row)
  }`;
}

/** As good as the account: show it once, store it nowhere. */
export function resetUrl(services: Services, row: TokenRow): string {
  return `${services.config.PUBLIC_URL}/reset-password/${deriveToken(services.secrets, "reset", row)}`;
}

export function ticketUrl(services: Services, key: string): string {
  return `${services.config.PUBLIC_URL}/tickets/${encodeURIComponent(key)}`;
}

/** A ticket's page with a comment on it, however long the conversation is. */
export function commentPath(key: string, commentId: string): string {
  return `/tickets/${encodeURIComponent(key)}?comment=${commentId}#comment-${commentId}`;
}

export function commentUrl(services: Services, key: string, commentId: string): string {
  return services.config.PUBLIC_URL + commentPath(key, commentId);
}

export function endpointUrl(services: Services, id: string): string {
  return `${services.config.PUBLIC_URL}/admin/webhooks/${id}`;
}

/** A report with its filters; `search` is what its address says behind the question mark. */
export function reportUrl(services: Services, name: string, search: URLSearchParams): string {
  return `${services.config.PUBLIC_URL}/reports/${name}?${search}`;
}

export function savedReportUrl(services: Services, id: string): string {
  return `${services.config.PUBLIC_URL}/reports/saved/${id}`;
}

export function settingsUrl(services: Services): string {
  return `${services.config.PUBLIC_URL}/profile#notifications`;
}

const TOKEN = /[0-9a-f-]{36}\.[0-9a-f-]{36}\.[\w-]+/gi;
const OPENED_BY_TOKEN = new Set(["accept-invitation", "reset-password", "unsubscribe", "confirm-email"]);

/** For logs: a path without the tokens in it, however they are escaped. */
export function withoutTokens(path: string): string {
  let after = false;
  return path.split("/").map((part) => {
    const plain = unescaped(part);
    const secret = after && part !== "" && !OPENED_BY_TOKEN.has(plain.toLowerCase());
    after ||= OPENED_BY_TOKEN.has(plain.toLowerCase());
    if (secret) return "[token]";
    return plain.search(TOKEN) < 0 ? part : plain.replaceAll(TOKEN, "[token]");
  }).join("/");
}

/** Without percent signs, even where it was escaped twice or isn't UTF-8. */
function unescaped(part: string): string {
  for (let text = part, times = 0;; times++) {
    const next = text.replaceAll(/%([0-7][0-9a-f])/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    if (next === text || times === 8) return next;
    text = next;
  }
}
