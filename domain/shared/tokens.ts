import { timingSafeEqual } from "node:crypto";
import { isUuid } from "@/db/door.ts";
import type { Secrets } from "@/ports.ts";

/** `<tenant id>.<row id>.<HMAC of both>`: derived, not stored, so a copy of the database opens nothing. */
export type TokenPurpose = "refresh" | "reset" | "invitation";

export interface TokenRow {
  tenantId: string;
  id: string;
}

export function deriveToken(secrets: Secrets, purpose: TokenPurpose, { tenantId, id }: TokenRow): string {
  const named = `${tenantId}.${id}`;
  return `${named}.${secrets.sign(purpose, named)}`;
}

/** Null when its form or signature is wrong. */
export function readToken(secrets: Secrets, purpose: TokenPurpose, token: string): TokenRow | null {
  const [tenantId, id, mac, more] = token.split(".");
  if (!tenantId || !id || !mac || more !== undefined || !isUuid(tenantId) || !isUuid(id)) return null;
  return isSame(mac, secrets.sign(purpose, `${tenantId}.${id}`)) ? { tenantId, id } : null;
}

/** In constant time. */
export function isSame(given: string, wanted: string): boolean {
  const a = new TextEncoder().encode(given);
  const b = new TextEncoder().encode(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}
