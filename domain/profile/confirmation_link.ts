import { isUuid } from "@/db/door.ts";
import type { Services } from "@/ports.ts";
import { isSame } from "@/domain/shared/tokens.ts";

/** A link is bound to all of it: another address or a later link has another MAC. */
export interface PendingConfirmation {
  tenantId: string;
  userId: string;
  email: string;
  expiresAt: string;
}

export function confirmationUrl(services: Services, address: PendingConfirmation): string {
  const { tenantId, userId } = address;
  return `${services.config.PUBLIC_URL}/confirm-email/${tenantId}.${userId}.${macOf(services, address)}`;
}

/** Nothing is verified. @returns null for another form */
export function readConfirmation(token: string): { tenantId: string; userId: string; mac: string } | null {
  const [tenantId = "", userId = "", mac = "", more] = token.split(".");
  return more === undefined && mac && isUuid(tenantId) && isUuid(userId) ? { tenantId, userId, mac } : null;
}

export function isConfirmationOf(services: Services, address: PendingConfirmation, mac: string): boolean {
  return isSame(mac, macOf(services, address));
}

function macOf({ secrets }: Services, { tenantId, userId, email, expiresAt }: PendingConfirmation): string {
  return secrets.sign("confirm", JSON.stringify([tenantId, userId, email.toLowerCase(), expiresAt]));
}
