import type { Services } from "../services.ts";
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

const TOKEN = /[0-9a-f-]{36}\.[0-9a-f-]{36}\.[\w-]+/g;

/** A path without the tokens in it, as it may stand in a log. */
export function withoutTokens(path: string): string {
  return path.replaceAll(TOKEN, "[token]");
}
