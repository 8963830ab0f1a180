import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";

/** Outbox messages get their jobs from a trigger. */
export interface NewJob {
  kind: string;
  id: string;
  /** Jobs with the same key run one after the other. */
  orderKey?: string;
  /** Only one job with this key exists at a time. */
  dedupKey?: string;
}

/** A worker is woken after the commit. @returns false when one with its id or `dedupKey` exists */
export async function enqueueJob(cx: Cx, { kind, id, orderKey, dedupKey }: NewJob): Promise<boolean> {
  cx.afterCommit(() => cx.services.wake(kind));
  const made = await cx.db.run(sql`insert into jobs (tenant_id, id, kind, order_key, dedup_key)
    values (${cx.tenant.id}, ${id}, ${kind}, ${orderKey ?? null}, ${
    dedupKey ?? null
  }) on conflict do nothing`);
  return made > 0;
}
