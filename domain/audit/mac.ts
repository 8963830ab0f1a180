import type { Services } from "@/ports.ts";

/** An audit row as it is signed. */
export interface AuditContent {
  id: string;
  tenantId: string;
  /** RFC 3339 with milliseconds. */
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

/** The signature of an audit row: HMAC-SHA-256 of all its content, under a key that the database hasn't. */
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

/** A value with the keys of its objects in order: the database keeps JSON by content, not as it was written. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map((
    [key, inner],
  ) => [key, canonical(inner)]);
}

/** What a seal says: which rows there are, and that the seal before it is the one that was there. */
export interface SealContent {
  tenantId: string;
  number: number;
  /** SHA-256, in hex, of the ids with commas between. */
  digest: string;
  upto: string;
  /** The signature of the seal before; "" for the first. */
  previous: string;
}

/** The signature of a seal. */
export function sealMac(services: Services, seal: SealContent): string {
  const { tenantId, number, digest, upto, previous } = seal;
  return services.secrets.sign("audit", JSON.stringify(["seal", tenantId, number, digest, upto, previous]));
}
