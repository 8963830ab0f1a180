import { inSystem } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import type { RequestInfo } from "@/domain/cx.ts";
import type { JobOutcome } from "./outcome.ts";

/** Has the id of the row it is about. */
export interface Job {
  tenantId: string;
  id: string;
  kind: string;
  /** Number of this claim: a settlement counts only with it. */
  lease: number;
  /** Number of this attempt, from 1. */
  attempts: number;
  /** After this many failed attempts it is a dead letter. */
  maxAttempts: number;
  /** How many processes ended while they held it. */
  lost: number;
}

/**
 * It must be safe to run twice: a job whose worker dies runs again. It waits for other services outside transactions.
 * @returns a note if there was nothing to do; when to run it again, in seconds, if more is left
 * @throws RetryAfter or PermanentFailure; other errors are retried
 */
export type JobHandler = (
  request: RequestInfo,
  job: Job,
  options: { signal: AbortSignal },
) => Promise<{ note?: string; againIn?: number }>;

/** Leases due jobs of a kind, fairly between tenants, in the order of their keys, those of failing lanes last. */
export async function claimJobs(
  kind: string,
  { limit, leaseSeconds, perTenant = limit, perLane = null, slack = limit, heldByTenant = new Map() }: {
    limit: number;
    leaseSeconds: number;
    /** Jobs of one lane at once, by all workers; null where the kind has no lanes. */
    perLane?: number | null | undefined;
    /** How many of these may be of lanes that fail. */
    slack?: number;
    /** Jobs of one tenant at once, including those the worker already holds. */
    perTenant?: number;
    heldByTenant?: ReadonlyMap<string, number>;
  },
): Promise<Job[]> {
  const [tenants, held] = [[...heldByTenant.keys()], [...heldByTenant.values()]];
  return await inSystem("claim jobs", (db) =>
    db.rows<Job & Record<string, unknown>>(sql`
      select tenant_id as "tenantId", id, kind, lease, attempts, max_attempts as "maxAttempts", lost
      from claim_jobs(${kind}, ${limit}, make_interval(secs => ${leaseSeconds}), ${perTenant},
        ${tenants}::uuid[], ${held}::integer[], ${perLane}, ${slack})
      order by id`));
}

/** Jobs whose lease was lost stay as they are (REL-04). @returns also whether some of these, or that waited for them, are due now */
export async function settleJobs(
  outcomes: { job: Job; outcome: JobOutcome }[],
): Promise<{ settled: number; freed: boolean }> {
  const column = <T>(of: (row: typeof outcomes[number]) => T) => outcomes.map(of);
  const rows = await inSystem("settle jobs", (db) =>
    db.rows<{ freed: boolean }>(sql`
      select freed from settle_jobs(${column(({ job }) => job.tenantId)}::uuid[], ${
      column(({ job }) => job.id)
    }::uuid[],
        ${column(({ job }) => job.lease)}::integer[], ${column(({ outcome }) => outcome.state)}::text[],
        ${column(({ outcome }) => outcome.wait)}::float8[], ${
      column(({ outcome }) => outcome.note)
    }::text[])`));
  const again = outcomes.some(({ outcome: { state, wait } }) => state === "back" && wait === 0);
  return { settled: rows.length, freed: again || rows.some(({ freed }) => freed) };
}

/** Milliseconds until the next job of a kind is due; null when none waits. */
export async function untilNextJob(kind: string): Promise<number | null> {
  const row = await inSystem("next job", (db) =>
    db.first<{ ms: number | null }>(
      sql`select (extract(epoch from next_job_run(${kind}) - now()) * 1000)::float8 as ms`,
    ));
  return row?.ms ?? null;
}
