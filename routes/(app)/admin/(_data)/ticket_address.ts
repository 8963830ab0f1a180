import type { UserCx } from "@/domain/cx.ts";

/** The address whose emails become tickets; null if the installation receives no email. */
export function ticketAddress({ tenant, services: { config } }: UserCx): string | null {
  return config.INBOUND_DOMAIN ? `${tenant.slug}@${config.INBOUND_DOMAIN}` : null;
}
