import type { Services } from "@/ports.ts";

export interface AuditContent {
  id: string;
  tenantId: string;
  at: string;
  actorId: string | null;
  action: string;
  entity: string;
  entityId: string;
  internal: boolean;
  changes: unknown;
  requestId: string;
  ip: string;
}

/** The signature of an audit row: HMAC-SHA-256 under a key that isn't in the database. */
export function auditMac(services: Services, row: AuditContent): string {
  return services.secrets.sign(
    "audit",
    JSON.stringify([
      "row",
      row.tenantId,
      row.id,
      row.at,
      row.actorId,
      row.action,
      row.entity,
      row.entityId,
      row.internal,
      canonical(row.changes),
      row.requestId,
      row.ip,
    ]),
  );
}

/** Sorts object keys, since jsonb doesn't keep their order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map((
    [key, inner],
  ) => [key, canonical(inner)]);
}

export interface SealContent {
  tenantId: string;
  number: number;
  /** SHA-256, in hex, of the comma-separated ids. */
  digest: string;
  upto: string;
  /** Signature of the previous seal; "" for the first. */
  previous: string;
}

export function sealMac(services: Services, seal: SealContent): string {
  const { tenantId, number, digest, upto, previous } = seal;
  return services.secrets.sign("audit", JSON.stringify(["seal", tenantId, number, digest, upto, previous]));
}
