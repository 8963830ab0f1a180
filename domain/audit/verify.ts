import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { ADMINS, assertRole } from "@/domain/permissions.ts";
import { type Position, readCursor, START, writeCursor } from "@/domain/shared/cursor.ts";
import type { UserCx } from "@/domain/cx.ts";
import { optional } from "@/domain/validation.ts";
import { isSigned, sealMac } from "./mac.ts";

/** The cursor of the previous call. */
export const VerifyAudit = z.object({ cursor: optional(z.string().max(1000)) });

export interface AuditFailure {
  /** `changed`: the row was altered or forged. `removed`: it was deleted. */
  reason: "changed" | "removed" | "seal_changed" | "seal_removed";
  /** A row's id, or a seal's number. */
  id: string;
  at: string | null;
}

/** The log is intact if every call up to the last says `ok`. */
export interface AuditVerification {
  ok: boolean;
  /** Checked by this call. */
  rows: number;
  seals: number;
  /** The first hundred. */
  failures: AuditFailure[];
  /** The number of all failures in this part. */
  wrong: number;
  /** The latest seal: keep it elsewhere to prove later that nothing was cut off. */
  head: { number: number; mac: string } | null;
  /** Null when everything was checked. */
  nextCursor: string | null;
}

const ROWS = "audit-verify:rows";
const SEALS = "audit-verify:seals";
/** Limits per query and per call: verifying blocks the process. */
const SLICE = 500;
const MOST_ROWS = 5_000;
const MOST_SEALS = 50;
const MOST_FAILURES = 100;

/** Each row by its signature, then the seals for missing rows. @throws DomainError forbidden, or invalid for the cursor */
export async function verifyAudit(
  cx: UserCx,
  { cursor }: z.output<typeof VerifyAudit>,
): Promise<AuditVerification> {
  assertRole(cx, ADMINS);
  const result: AuditVerification = {
    ok: true,
    rows: 0,
    seals: 0,
    failures: [],
    wrong: 0,
    head: null,
    nextCursor: null,
  };
  const [part, position] = cursor ? partOf(cx, cursor) : ["rows", START] as const;
  let done = true;
  if (part === "rows") done = await verifyRows(cx, position, result);
  if (done) await verifySeals(cx, part === "seals" ? Number(position.id) : 0, result);
  result.wrong = result.failures.length;
  result.ok = result.wrong === 0;
  result.failures.length = Math.min(result.failures.length, MOST_FAILURES);
  return result;
}

function partOf(cx: UserCx, cursor: string): ["rows" | "seals", Position] {
  const [part, ...rest] = cursor.split(":");
  return part === "s"
    ? ["seals", readCursor(cx, SEALS, rest.join(":"))]
    : ["rows", readCursor(cx, ROWS, rest.join(":"))];
}

interface Row {
  id: string;
  at: string;
  actor_id: string | null;
  action: string;
  entity: string;
  entity_id: string;
  internal: boolean;
  /** JSON text: what a parser loses of it counts too. */
  changes: string;
  request_id: string;
  ip: string;
  mac: string;
}

async function verifyRows(cx: UserCx, from: Position, result: AuditVerification): Promise<boolean> {
  let after = from;
  while (result.rows < MOST_ROWS) {
    const rows = await cx.db.rows<Row & Record<string, unknown>>(sql`
      select id, at, actor_id, action, entity, entity_id, internal, changes::text, request_id, ip, mac from audit_log
      where tenant_id = ${cx.tenant.id} and (at, id) > (${after.at}::timestamptz, ${after.id}::uuid)
      order by at, id limit ${SLICE}`);
    for (const row of rows) {
      const { actor_id, entity_id, request_id, mac, ...rest } = row;
      const content = {
        ...rest,
        tenantId: cx.tenant.id,
        actorId: actor_id,
        entityId: entity_id,
        requestId: request_id,
      };
      if (isSigned(cx.services, content, mac)) continue;
      result.failures.push({ reason: "changed", id: row.id, at: row.at });
    }
    result.rows += rows.length;
    if (rows.length < SLICE) return true;
    after = rows.at(-1)!;
  }
  result.nextCursor = `r:${writeCursor(cx, ROWS, { at: after.at, id: after.id })}`;
  return false;
}

interface SealRow {
  number: number;
  upto: string;
  mac: string;
  digest: string;
  missing: string[];
}

async function verifySeals(cx: UserCx, after: number, result: AuditVerification): Promise<void> {
  // One seal more, at the front: the one the first is chained to.
  const seals = await cx.db.rows<SealRow & Record<string, unknown>>(sql`
    select s.number, s.upto, s.mac, encode(sha256(convert_to(array_to_string(s.ids, ','), 'UTF8')), 'hex') as digest,
      array(select i from unnest(s.ids) i where s.number > ${after} and not exists (select from audit_log a
        where a.tenant_id = s.tenant_id and a.id = i) limit ${MOST_FAILURES}) as missing
    from audit_seals s where s.tenant_id = ${cx.tenant.id} and s.number >= ${after}
    order by s.number limit ${MOST_SEALS + 1}`);
  let previous = { number: 0, mac: "" };
  for (const seal of seals) {
    if (seal.number > after || after === 0) check(cx, seal, { previous, result });
    previous = seal;
  }
  const last = seals.at(-1);
  result.head = last ? { number: last.number, mac: last.mac } : null;
  if (seals.length > MOST_SEALS) {
    result.nextCursor = `s:${writeCursor(cx, SEALS, { at: "", id: String(last!.number) })}`;
  }
}

function check(
  cx: UserCx,
  seal: SealRow,
  { previous, result }: { previous: { number: number; mac: string }; result: AuditVerification },
): void {
  result.seals++;
  const id = String(seal.number);
  for (
    let number = previous.number + 1;
    number < seal.number && number <= previous.number + MOST_FAILURES;
    number++
  ) {
    result.failures.push({ reason: "seal_removed", id: String(number), at: null });
  }
  const mac = sealMac(cx.services, { ...seal, tenantId: cx.tenant.id, previous: previous.mac });
  // After a gap the previous seal is unknown, and the gap is already reported.
  if (seal.number === previous.number + 1 && mac !== seal.mac) {
    result.failures.push({ reason: "seal_changed", id, at: seal.upto });
  }
  for (const missing of seal.missing) result.failures.push({ reason: "removed", id: missing, at: null });
}
