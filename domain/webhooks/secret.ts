import { Buffer } from "node:buffer";
import type { Services } from "@/ports.ts";
import { writeSecret } from "./standard_webhooks.ts";

/** How long the secret before signs as well, in hours. */
export const OVERLAP_HOURS = 24;

/** Whose secret, and the how many-th it is. */
export interface SecretId {
  tenantId: string;
  endpointId: string;
  generation: number;
}

/** The bytes of an endpoint's secret: derived, so that a copy of the database has none. */
export function secretOf(
  { secrets }: Pick<Services, "secrets">,
  { tenantId, endpointId, generation }: SecretId,
): Uint8Array {
  return Buffer.from(secrets.sign("webhook", `${tenantId}:${endpointId}:${generation}`), "base64url");
}

/** The secret as it is handed over: `whsec_…`. */
export function secretText(services: Pick<Services, "secrets">, of: SecretId): string {
  return writeSecret(secretOf(services, of));
}
