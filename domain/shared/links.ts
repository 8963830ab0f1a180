import type { Services } from "@/ports.ts";
import { deriveToken, type TokenRow } from "./tokens.ts";

/** Addresses that go into e-mails; their host is the configured one, never the request's. */

/** Where a person signs in to one organisation. */
export function signInUrl(services: Services, slug: string): string {
  return `${services.config.PUBLIC_URL}/o/${slug}/sign-in`;
}

/** Where an invitation is accepted. The link is as good as the account: show it once, keep it nowhere. */
export function invitationUrl(services: Services, row: TokenRow): string {
  return `${services.config.PUBLIC_URL}/accept-invitation/${
    deriveToken(services.secrets, "invitation", row)
  }`;
}

/** Where a new password is set. The link is as good as the account: show it once, keep it nowhere. */
export function resetUrl(services: Services, row: TokenRow): string {
  return `${services.config.PUBLIC_URL}/reset-password/${deriveToken(services.secrets, "reset", row)}`;
}

/** A ticket's page. */
export function ticketUrl(services: Services, key: string): string {
  return `${services.config.PUBLIC_URL}/tickets/${encodeURIComponent(key)}`;
}

/** A webhook endpoint's page. */
export function endpointUrl(services: Services, id: string): string {
  return `${services.config.PUBLIC_URL}/admin/webhooks/${id}`;
}

/** Where a person chooses what is sent to them. */
export function settingsUrl(services: Services): string {
  return `${services.config.PUBLIC_URL}/profile#notifications`;
}

const TOKEN = /[0-9a-f-]{36}\.[0-9a-f-]{36}\.[\w-]+/gi;
const OPENED_BY_TOKEN = new Set(["accept-invitation", "reset-password", "unsubscribe", "confirm-email"]);

/** A path without the tokens in it, as it may stand in a log, however its characters are escaped. */
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

/** A part of a path without percent signs in it, also where it was escaped twice or isn't UTF-8. */
function unescaped(part: string): string {
  for (let text = part, times = 0;; times++) {
    const next = text.replaceAll(/%([0-7][0-9a-f])/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    if (next === text || times === 8) return next;
    text = next;
  }
}
