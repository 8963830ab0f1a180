import { isUuid } from "@/db/door.ts";
import type { Services } from "@/ports.ts";
import { isSame } from "@/domain/shared/tokens.ts";

/** What a link confirms: another address, or a link that was sent later, has another code. */
export interface PendingConfirmation {
  tenantId: string;
  userId: string;
  email: string;
  /** RFC 3339. */
  expiresAt: string;
}

/** Where an address is confirmed. */
export function confirmationUrl(services: Services, address: PendingConfirmation): string {
  const { tenantId, userId } = address;
  return `${services.config.PUBLIC_URL}/confirm-email/${tenantId}.${userId}.${macOf(services, address)}`;
}

/** What a token claims; null when it has another form. Nothing is checked yet. */
export function readConfirmation(token: string): { tenantId: string; userId: string; mac: string } | null {
  const [tenantId = "", userId = "", mac = "", more] = token.split(".");
  return more === undefined && mac && isUuid(tenantId) && isUuid(userId) ? { tenantId, userId, mac } : null;
}

/** Whether the code of a token is the one of this address. */
export function isConfirmationOf(services: Services, address: PendingConfirmation, mac: string): boolean {
  return isSame(mac, macOf(services, address));
}

function macOf({ secrets }: Services, { tenantId, userId, email, expiresAt }: PendingConfirmation): string {
  return secrets.sign("confirm", JSON.stringify([tenantId, userId, email.toLowerCase(), expiresAt]));
}
