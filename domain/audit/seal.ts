import { createHash } from "node:crypto";
import { inSystem } from "../../db/door.ts";
import { sql } from "../../db/sql.ts";
import type { Cx } from "../cx.ts";
import { sealMac } from "./mac.ts";

/** Rows that one seal names at most. */
const MOST = 5_000;
/** Rows that are younger wait: a transaction ends within fifteen seconds, so by then all of that time are there. */
const AGE = "1 minute";
/** How far back a seal looks for rows that none names yet, for clocks that were put back. */
const BACK = "1 hour";

/** Organisations that have rows no seal names, by a look across all of them. */
export async function tenantsToSeal(): Promise<string[]> {
  const rows = await inSystem(
    "audit seals",
    (db) => db.rows<{ id: string }>(sql`select id from tenants_to_seal()`),
  );
  return rows.map(({ id }) => id);
}

/**
 * Seals the rows of the organisation's audit log that none of its seals names yet, but for the last minute's.
 *
 * @returns the number and signature of the last seal it made, to be kept elsewhere; null when there was nothing to seal
 */
export async function sealAudit(cx: Cx): Promise<{ number: number; mac: string } | null> {
  await cx.db.run(sql`select pg_advisory_xact_lock(hashtextextended(${`audit ${cx.tenant.id}`}, 0))`);
  let made: { number: number; mac: string } | null = null;
  while (true) {
    const sealed = await sealSome(cx);
    if (!sealed) return made;
    made = sealed;
    if (sealed.rows < MOST) return made;
  }
}

async function sealSome(cx: Cx): Promise<{ number: number; mac: string; rows: number } | null> {
  const last = await cx.db.first<{ number: number; upto: string; mac: string }>(
    sql`select number, upto, mac from audit_seals where tenant_id = ${cx.tenant.id} order by number desc limit 1`,
  );
  const rows = await cx.db.rows<{ id: string; at: string }>(sql`
    with since as (select coalesce(${
    last?.upto ?? null
  }::timestamptz - ${BACK}::interval, '-infinity') as at),
      named as (select unnest(s.ids) as id from audit_seals s, since
        where s.tenant_id = ${cx.tenant.id} and s.upto >= since.at)
    select a.id, a.at from audit_log a, since
    where a.tenant_id = ${cx.tenant.id} and a.at >= since.at and a.at < now() - ${AGE}::interval
      and not exists (select from named where named.id = a.id)
    order by a.at, a.id limit ${MOST}`);
  if (rows.length === 0) return null;
  const ids = rows.map(({ id }) => id);
  const latest = rows.at(-1)!.at;
  const number = (last?.number ?? 0) + 1;
  const upto = last && last.upto > latest ? last.upto : latest;
  const mac = sealMac(cx.services, {
    tenantId: cx.tenant.id,
    number,
    digest: createHash("sha256").update(ids.join(",")).digest("hex"),
    upto,
    previous: last?.mac ?? "",
  });
  await cx.db.run(sql`insert into audit_seals (tenant_id, number, ids, upto, mac)
    values (${cx.tenant.id}, ${number}, ${ids}::uuid[], ${upto}, ${mac})`);
  return { number, mac, rows: rows.length };
}
