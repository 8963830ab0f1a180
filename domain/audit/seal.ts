import { createHash } from "node:crypto";
import { inSystem } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { leastUuid7, timeOfUuid7 } from "@/domain/shared/uuid7.ts";
import { sealMac } from "./mac.ts";

/** Rows that one seal names at most. */
const MOST = 5_000;
/** Rows that are younger wait: a transaction ends within fifteen seconds, so by then all of that time are there. */
const AGE_MS = 60_000;
/** How far back the first look is for rows that no seal names yet, for clocks that differ or were put back. */
const BACK_MS = 600_000;

/** A seal that was made: to be kept elsewhere, and to go on from. */
export interface AuditSeal {
  number: number;
  mac: string;
  /** Whether there may be more to seal. */
  full: boolean;
  /** The last seal that was there before the run that this one is of; 0 for none. */
  before: number;
  /** The last row that it names. */
  lastId: string;
}

/** Organisations that have rows no seal names, by a look across all of them. */
export async function tenantsToSeal(): Promise<string[]> {
  const rows = await inSystem(
    "audit seals",
    (db) => db.rows<{ id: string }>(sql`select id from tenants_to_seal()`),
  );
  return rows.map(({ id }) => id);
}

/**
 * Makes one seal: of the rows of the organisation's audit log that none names yet, oldest first, but for the last
 * minute's. Rows are in order of their ids, which tell when they were made.
 *
 * @param going the seal that this call goes on from; what it and those before named isn't looked at again
 * @returns null when there was nothing to seal
 */
export async function sealAudit(cx: Cx, going?: AuditSeal): Promise<AuditSeal | null> {
  await cx.db.run(sql`select pg_advisory_xact_lock(hashtextextended(${`audit ${cx.tenant.id}`}, 0))`);
  const last = await cx.db.first<{ number: number; upto: string; mac: string }>(
    sql`select number, upto, mac from audit_seals where tenant_id = ${cx.tenant.id} order by number desc limit 1`,
  );
  // Another process sealed in between: then it is looked anew.
  const goesOn = going !== undefined && going.number === last?.number;
  const before = goesOn ? going.before : last?.number ?? 0;
  const back = last ? Date.parse(last.upto) - BACK_MS : 0;
  const rows = await cx.db.rows<{ id: string }>(sql`
    with named as (select unnest(s.ids) as id from audit_seals s
      where s.tenant_id = ${cx.tenant.id} and s.number <= ${before} and s.upto >= ${
    new Date(back).toISOString()
  }::timestamptz)
    select a.id from audit_log a
    where a.tenant_id = ${cx.tenant.id} and a.id > ${goesOn ? going.lastId : leastUuid7(back)}::uuid
      and a.id < ${
    leastUuid7(Date.now() - AGE_MS)
  }::uuid and not exists (select from named where named.id = a.id)
    order by a.id limit ${MOST}`);
  const lastId = rows.at(-1)?.id;
  if (lastId === undefined) return null;
  const number = (last?.number ?? 0) + 1;
  const latest = new Date(timeOfUuid7(lastId)).toISOString();
  const upto = last && last.upto > latest ? last.upto : latest;
  const ids = rows.map(({ id }) => id);
  const mac = sealMac(cx.services, {
    tenantId: cx.tenant.id,
    number,
    digest: createHash("sha256").update(ids.join(",")).digest("hex"),
    upto,
    previous: last?.mac ?? "",
  });
  await cx.db.run(sql`insert into audit_seals (tenant_id, number, ids, upto, mac)
    values (${cx.tenant.id}, ${number}, ${ids}::uuid[], ${upto}, ${mac})`);
  return { number, mac, full: rows.length === MOST, before, lastId };
}
