import canonicalize from "canonicalize";
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

/** Signatures of the present form start with it; those from before it have none. */
const FORM_2 = "2:";

/** The signature of an audit row: HMAC-SHA-256, under a key that isn't in the database, of its canonical JSON (RFC 8785). */
export function auditMac(services: Services, row: AuditContent): string {
  const { id, tenantId, at, actorId, action, entity, entityId, internal, changes, requestId, ip } = row;
  const content = { id, tenantId, at, actorId, action, entity, entityId, internal, changes, requestId, ip };
  return FORM_2 + services.secrets.sign("audit", canonicalize(["row", 2, content])!);
}

/**
 * Whether `mac` is the signature of the row as the database has it. Rows keep the form that they were signed in.
 * @param row `changes` as JSON text
 */
export function isSigned(
  services: Services,
  row: Omit<AuditContent, "changes"> & { changes: string },
  mac: string,
): boolean {
  const changes = readExactly(row.changes);
  if (changes === undefined) return false;
  const content = { ...row, changes };
  return mac === (mac.startsWith(FORM_2) ? auditMac(services, content) : firstMac(services, content));
}

/** JSON that means the same to every reader. Undefined when a number in it is none of JavaScript's, so never ours. */
function readExactly(json: string): unknown {
  let exact = true;
  const value = JSON.parse(
    json,
    function (_key, value, context?: { source?: string }) {
      if (typeof value === "number") exact &&= digits(context!.source!) === digits(String(value));
      return value;
    } as (key: string, value: unknown) => unknown,
  );
  return exact ? value : undefined;
}

/** A decimal number in one form, whatever zeros and exponent it was written with. */
function digits(number: string): string {
  const [, sign, whole = "", part = "", power = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number) ?? [];
  const all = (whole + part).replace(/^0+/, "");
  const kept = all.replace(/0+$/, "");
  return kept === "" ? "0" : `${sign}${kept}e${Number(power) - part.length + all.length - kept.length}`;
}

/** The form of rows from before version 2: an object and the list of its entries look the same in it. */
function firstMac(services: Services, row: AuditContent): string {
  const { tenantId, id, at, actorId, action, entity, entityId, internal, changes, requestId, ip } = row;
  // No row of the desk ever had anything else.
  if (typeof changes !== "object" || changes === null || Array.isArray(changes)) return "";
  const content = [
    tenantId,
    id,
    at,
    actorId,
    action,
    entity,
    entityId,
    internal,
    entries(changes),
    requestId,
    ip,
  ];
  return services.secrets.sign("audit", JSON.stringify(["row", ...content]));
}

function entries(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(entries);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map((
    [key, inner],
  ) => [key, entries(inner)]);
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
