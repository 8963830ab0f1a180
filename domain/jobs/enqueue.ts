import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";

/** A job to be made. Messages of the outbox get theirs by themselves. */
export interface NewJob {
  kind: string;
  /** The id of the row that it is about. */
  id: string;
  /** Of jobs with the same one, only the oldest unfinished runs. */
  orderKey?: string;
  /** While a job with the same one is there, no other is made. */
  dedupKey?: string;
}

/**
 * Makes a job, in the transaction of what it follows from; a worker is woken after commit.
 *
 * @returns whether it was made: false where one with its id or `dedupKey` is there
 */
export async function enqueueJob(cx: Cx, { kind, id, orderKey, dedupKey }: NewJob): Promise<boolean> {
  cx.afterCommit(() => cx.services.wake(kind));
  const made = await cx.db.run(sql`insert into jobs (tenant_id, id, kind, order_key, dedup_key)
    values (${cx.tenant.id}, ${id}, ${kind}, ${orderKey ?? null}, ${
    dedupKey ?? null
  }) on conflict do nothing`);
  return made > 0;
}
