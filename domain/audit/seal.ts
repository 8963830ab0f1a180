import { createHash } from "node:crypto";
import { inSystem } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { leastUuid7, timeOfUuid7 } from "@/domain/shared/uuid7.ts";
import { sealMac } from "./mac.ts";

const MOST = 5_000;
/** Younger rows wait: transactions end within fifteen seconds, so older ones are complete. */
const AGE_MS = 60_000;
/** Tolerates clocks that differ or are set back. */
const BACK_MS = 600_000;

export interface AuditSeal {
  number: number;
  mac: string;
  full: boolean;
  /** The last seal before this run; 0 for none. */
  before: number;
  lastId: string;
}

export async function tenantsToSeal(): Promise<string[]> {
  const rows = await inSystem(
    "audit seals",
    (db) => db.rows<{ id: string }>(sql`select id from tenants_to_seal()`),
  );
  return rows.map(({ id }) => id);
}

/** Oldest first, but not the last minute's. `going` is this run's previous seal. @returns null when nothing was sealed */
export async function sealAudit(cx: Cx, going?: AuditSeal): Promise<AuditSeal | null> {
  await cx.db.run(sql`select pg_advisory_xact_lock(hashtextextended(${`audit ${cx.tenant.id}`}, 0))`);
  const last = await cx.db.first<{ number: number; upto: string; mac: string }>(
    sql`select number, upto, mac from audit_seals where tenant_id = ${cx.tenant.id} order by number desc limit 1`,
  );
  // Another process sealed in between: start over.
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
