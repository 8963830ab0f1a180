import { Buffer } from "node:buffer";
import type { Services } from "@/ports.ts";
import { writeSecret } from "./standard_webhooks.ts";

export const OVERLAP_HOURS = 24;

export interface SecretId {
  tenantId: string;
  endpointId: string;
  generation: number;
}

/** Derived, so that a copy of the database contains no secrets. */
export function secretOf(
  { secrets }: Pick<Services, "secrets">,
  { tenantId, endpointId, generation }: SecretId,
): Uint8Array {
  return Buffer.from(secrets.sign("webhook", `${tenantId}:${endpointId}:${generation}`), "base64url");
}

/** The secret in its `whsec_…` form. */
export function secretText(services: Pick<Services, "secrets">, of: SecretId): string {
  return writeSecret(secretOf(services, of));
}
