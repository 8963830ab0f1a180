import { timingSafeEqual } from "node:crypto";
import { isUuid } from "@/db/door.ts";
import type { Secrets } from "@/ports.ts";

/**
 * Tokens that are derived, not kept: `<tenant id>.<row id>.<HMAC of both>`. The database holds the row alone, so a copy
 * of it opens nothing, and a link in an e-mail is made as the e-mail leaves. The HMAC has 256 bits.
 */
export type TokenPurpose = "refresh" | "reset" | "invitation";

/** The row that a token names. */
export interface TokenRow {
  tenantId: string;
  id: string;
}

/** The token of a row, for cookies and links. */
export function deriveToken(secrets: Secrets, purpose: TokenPurpose, { tenantId, id }: TokenRow): string {
  const named = `${tenantId}.${id}`;
  return `${named}.${secrets.sign(purpose, named)}`;
}

/** The row that a token names, or null when its form or signature is wrong. */
export function readToken(secrets: Secrets, purpose: TokenPurpose, token: string): TokenRow | null {
  const [tenantId, id, mac, more] = token.split(".");
  if (!tenantId || !id || !mac || more !== undefined || !isUuid(tenantId) || !isUuid(id)) return null;
  return isSame(mac, secrets.sign(purpose, `${tenantId}.${id}`)) ? { tenantId, id } : null;
}

/** Compares two texts in a time that tells nothing of where they differ. */
export function isSame(given: string, wanted: string): boolean {
  const a = new TextEncoder().encode(given);
  const b = new TextEncoder().encode(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}
