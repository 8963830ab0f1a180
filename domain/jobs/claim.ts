import { inSystem } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import type { RequestInfo } from "@/domain/cx.ts";
import type { JobOutcome } from "./outcome.ts";

/** A job as a worker holds it. It has the id of the row that it is about. */
export interface Job {
  tenantId: string;
  id: string;
  kind: string;
  /** Only the holder of this lease may say what became of the job. */
  lease: number;
  /** Which attempt this is, from 1. */
  attempts: number;
  /** After this many it is dead. */
  maxAttempts: number;
  /** How many processes ended while they had it. */
  lost: number;
}

/**
 * Does one job: whole, or not at all, or again without harm, since a job whose worker dies is done again. Opens its own
 * transactions and waits for the outside world between them only.
 *
 * @returns a note where there was nothing to do
 * @throws TryLater or GiveUp to say how it goes on; any other error is tried again after the usual wait
 */
export type JobHandler = (
  request: RequestInfo,
  job: Job,
  options: { signal: AbortSignal },
) => Promise<{ note?: string }>;

/** Leases due jobs of a kind, fairly between organisations and in the order of their keys. */
export async function claimJobs(
  kind: string,
  { most, hold, perTenant = most, held = new Map() }: {
    most: number;
    /** How long the lease lasts, in seconds. */
    hold: number;
    /** What one organisation may have at once, with what the worker holds of it already. */
    perTenant?: number;
    held?: ReadonlyMap<string, number>;
  },
): Promise<Job[]> {
  return await inSystem("claim jobs", (db) =>
    db.rows<Job & Record<string, unknown>>(sql`
      select tenant_id as "tenantId", id, kind, lease, attempts, max_attempts as "maxAttempts", lost
      from claim_jobs(${kind}, ${most}, make_interval(secs => ${hold}), 
        ${perTenant}, ${[...held.keys()]}::uuid[], ${[...held.values()]}::integer[]) order by id`));
}

/**
 * Writes down what became of jobs, in one statement; those whose lease was lost stay as they are (REL-04).
 *
 * @returns how many were still held, and whether jobs that waited for them are due now
 */
export async function settleJobs(
  settled: { job: Job; outcome: JobOutcome }[],
): Promise<{ held: number; freed: boolean }> {
  const column = <T>(of: (row: typeof settled[number]) => T) => settled.map(of);
  const rows = await inSystem("settle jobs", (db) =>
    db.rows<{ freed: boolean }>(sql`
      select freed from settle_jobs(${column(({ job }) => job.tenantId)}::uuid[], ${
      column(({ job }) => job.id)
    }::uuid[],
        ${column(({ job }) => job.lease)}::integer[], ${column(({ outcome }) => outcome.state)}::text[],
        ${column(({ outcome }) => outcome.wait)}::float8[], ${
      column(({ outcome }) => outcome.note)
    }::text[])`));
  return { held: rows.length, freed: rows.some(({ freed }) => freed) };
}

/** How long until the next job of a kind is due, in milliseconds; null when none waits. */
export async function untilNextJob(kind: string): Promise<number | null> {
  const row = await inSystem("next job", (db) =>
    db.first<{ ms: number | null }>(
      sql`select (extract(epoch from next_job_run(${kind}) - now()) * 1000)::float8 as ms`,
    ));
  return row?.ms ?? null;
}
